import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Schedule } from "./schedule.ts";

test("events come in the order of time, equal times in the order of scheduling", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 200 }), (times) => {
      const schedule = new Schedule();
      const seen: [number, number][] = [];
      for (const [i, time] of times.entries()) schedule.at(time, () => seen.push([schedule.nowNs, i]));
      while (schedule.step());
      const expected = times.map((time, i): [number, number] => [time, i]);
      expected.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      assert.deepEqual(seen, expected);
      assert.equal(schedule.executed, times.length);
    }),
  );
});

test("events may schedule and cancel others, at any time", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ time: fc.nat(50), cancels: fc.nat(60), adds: fc.nat(5) }), { maxLength: 60 }),
      (plan) => {
        const schedule = new Schedule();
        const ran: number[] = [];
        const cancelled = new Set<number>();
        const events = plan.map(({ time, cancels, adds }, i) =>
          schedule.at(time, () => {
            ran.push(i);
            if (cancels < plan.length && !ran.includes(cancels)) cancelled.add(cancels);
            if (cancels < plan.length) schedule.cancel(events[cancels]);
            for (let n = 0; n < adds; n++) schedule.after(n, () => {});
          }),
        );
        let last = 0;
        while (schedule.step()) {
          assert.ok(schedule.nowNs >= last);
          last = schedule.nowNs;
        }
        assert.deepEqual(new Set([...ran, ...cancelled]), new Set(plan.keys()));
        assert.equal(ran.length + cancelled.size, plan.length);
        assert.equal(schedule.pending, 0);
      },
    ),
  );
});

test("what is scheduled in the past comes now", () => {
  const schedule = new Schedule();
  schedule.at(10, () => schedule.at(3, () => {}));
  schedule.step();
  assert.equal(schedule.nextAtNs, 10);
});

test("the clock moves over quiet time, but not over an event", () => {
  const schedule = new Schedule();
  schedule.at(10, () => {});
  schedule.advanceTo(9);
  assert.equal(schedule.nowNs, 9);
  assert.throws(() => schedule.advanceTo(11), RangeError);
});

test("timers that are set and cancelled for ever do not fill the schedule", () => {
  const schedule = new Schedule();
  let timer = schedule.after(1000, () => {});
  for (let i = 0; i < 100_000; i++) {
    schedule.cancel(timer);
    timer = schedule.after(1000, () => {});
  }
  assert.equal(schedule.pending, 1);
  assert.ok(schedule.step());
  assert.equal(schedule.step(), false);
});
