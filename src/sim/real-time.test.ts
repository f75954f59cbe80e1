import assert from "node:assert/strict";
import { test } from "node:test";
import { systemTimers } from "../os/timers.ts";
import { type MachineTimers, RealTimeDriver, type TimedWorld } from "./real-time.ts";
import { Schedule } from "./schedule.ts";

/** A machine whose time moves only as the test says, and by the work that events do. */
class ManualMachine implements MachineTimers {
  #nowNs = 5e9;
  #calls: { atNs: number; callback: () => void }[] = [];

  nowNs(): number {
    return this.#nowNs;
  }

  callAfter(delayMs: number, callback: () => void): () => void {
    const call = { atNs: this.#nowNs + delayMs * 1e6, callback };
    this.#calls.push(call);
    return () => {
      this.#calls = this.#calls.filter((other) => other !== call);
    };
  }

  get callCount(): number {
    return this.#calls.length;
  }

  /** The machine is busy, or asleep, for so long. */
  work(ms: number): void {
    this.#nowNs += ms * 1e6;
  }

  /** Lets `ms` pass: every call comes at its time, or as soon afterwards as the machine is free. */
  pass(ms: number): void {
    const endNs = this.#nowNs + ms * 1e6;
    for (;;) {
      const [next] = this.#calls.toSorted((a, b) => a.atNs - b.atNs);
      if (next === undefined || next.atNs > endNs) break;
      this.#nowNs = Math.max(this.#nowNs, next.atNs);
      this.#calls = this.#calls.filter((call) => call !== next);
      next.callback();
    }
    this.#nowNs = Math.max(this.#nowNs, endNs);
  }
}

class TestWorld implements TimedWorld {
  readonly schedule = new Schedule();
  /** What happened, and at what virtual time in ms. */
  readonly events: [string, number][] = [];

  get nowNs(): number {
    return this.schedule.nowNs;
  }

  get nextAtNs(): number | undefined {
    return this.schedule.nextAtNs;
  }

  step(): boolean {
    return this.schedule.step();
  }

  runUntil(timeNs: number): void {
    while ((this.nextAtNs ?? Number.POSITIVE_INFINITY) <= timeNs) this.step();
    this.schedule.advanceTo(timeNs);
  }

  note(text: string, afterMs = 0): void {
    this.schedule.after(afterMs * 1e6, () => this.events.push([text, this.nowNs / 1e6]));
  }

  /** An event every `everyMs` that keeps the machine busy for `workMs`. */
  tick(machine: ManualMachine, everyMs: number, workMs = 0): void {
    this.schedule.after(everyMs * 1e6, () => {
      machine.work(workMs);
      this.events.push(["tick", this.nowNs / 1e6]);
      this.tick(machine, everyMs, workMs);
    });
  }
}

function setUp(speed: number) {
  const machine = new ManualMachine();
  const world = new TestWorld();
  let turns = 0;
  const driver = new RealTimeDriver(world, { speed, machine, onTurn: () => turns++ });
  return { machine, world, driver, turnCount: () => turns };
}

test("virtual time keeps pace with the machine's, at any speed", () => {
  for (const speed of [1, 0.25, 10]) {
    const { machine, world, driver, turnCount } = setUp(speed);
    world.tick(machine, 10);
    driver.start();
    machine.pass(1000);
    assert.equal(world.events.length, 100 * speed);
    assert.ok(turnCount() >= 25);
    assert.equal(driver.lagNs, 0);
    driver.stop();
    assert.equal(world.nowNs, 1e9 * speed);
    assert.equal(machine.callCount, 0, "no timer is left");
    machine.pass(1000);
    assert.equal(world.nowNs, 1e9 * speed);
  }
});

test("what comes from outside enters at the virtual time of now", () => {
  const { machine, world, driver } = setUp(2);
  world.note("planned", 100);
  driver.start();
  machine.pass(30);
  assert.equal(
    driver.enter(() => world.nowNs / 1e6),
    60,
  );
  driver.enter(() => world.note("caused", 7));
  machine.pass(100);
  assert.deepEqual(world.events, [
    ["caused", 67],
    ["planned", 100],
  ]);
});

test("enter first runs what is due, and inside another enter nothing", () => {
  const { machine, world, driver } = setUp(1);
  world.note("due", 5);
  driver.start();
  machine.work(10);
  driver.enter(() => {
    assert.deepEqual(world.events, [["due", 5]]);
    world.note("later");
    machine.work(10);
    driver.enter(() => assert.equal(world.nowNs, 10e6));
    assert.equal(world.events.length, 1);
  });
  machine.pass(1);
  assert.deepEqual(world.events.at(-1), ["later", 10]);
});

test("a world in which nothing is planned costs no timer, until something enters", () => {
  const { machine, world, driver } = setUp(1);
  driver.start();
  assert.equal(machine.callCount, 0);
  machine.pass(3_600_000);
  driver.enter(() => world.note("hello", 1));
  assert.equal(machine.callCount, 1);
  machine.pass(1);
  assert.deepEqual(world.events, [["hello", 3_600_001]]);
  assert.equal(driver.lagNs, 0, "an hour without events is no lag");
});

test("paused, nothing moves, not even what is due now; step runs one event; then time goes on from there", () => {
  const { machine, world, driver } = setUp(1);
  world.tick(machine, 10);
  driver.start();
  machine.pass(25);
  driver.speed = 0;
  assert.ok(driver.isPaused);
  driver.enter(() => world.note("entered"));
  machine.pass(1000);
  driver.enter(() => {});
  assert.equal(world.nowNs, 25e6);
  assert.deepEqual(
    world.events.map(([text]) => text),
    ["tick", "tick"],
  );
  assert.equal(machine.callCount, 0);
  assert.ok(driver.step());
  assert.deepEqual(world.events.at(-1), ["entered", 25]);
  assert.ok(driver.step());
  assert.deepEqual(world.events.at(-1), ["tick", 30]);
  driver.speed = 1;
  assert.throws(() => driver.step(), /paused/);
  machine.pass(10);
  assert.deepEqual(world.events.at(-1), ["tick", 40]);
});

test("as fast as possible: turns of 20 ms, one after the other", () => {
  const { machine, world, driver } = setUp(Number.POSITIVE_INFINITY);
  world.tick(machine, 1000, 1);
  driver.start();
  machine.pass(0);
  const first = world.events.length;
  // The clock is looked at after every 16th event.
  assert.ok(first >= 20 && first < 20 + 16, `${first} events of 1 ms in the first turn`);
  machine.pass(100);
  assert.ok(world.events.length > 100);
  assert.ok(world.nowNs >= 100e9);
});

test("a machine that is too slow falls behind, keeps its event loop alive, and says how far", () => {
  const { machine, world, driver, turnCount } = setUp(1);
  // Each millisecond of the world takes two of the machine.
  world.tick(machine, 1, 2);
  driver.start();
  machine.pass(4000);
  assert.ok(turnCount() >= 4000 / 35, `${turnCount()} turns`);
  assert.ok(Math.abs(world.nowNs - 2000e6) < 60e6, `${world.nowNs / 1e6} ms of 2000`);
  assert.ok(Math.abs(driver.lagNs - 2000e6) < 60e6, `${driver.lagNs / 1e6} ms of lag`);
});

test("a short pause of the process is made good, a long one is lost: time does not jump", () => {
  const { machine, world, driver } = setUp(1);
  world.tick(machine, 1);
  driver.start();
  machine.pass(100);
  machine.work(50);
  machine.pass(50);
  assert.equal(world.nowNs, 200e6);
  assert.equal(driver.lagNs, 0);
  machine.work(60_000);
  machine.pass(100);
  assert.ok(world.nowNs <= 401e6, `${world.nowNs / 1e6} ms`);
  assert.ok(Math.abs(driver.lagNs - 59_900e6) < 2e6, `${driver.lagNs / 1e6} ms of lag`);
});

test("a world that is behind does not run inside enter: that would starve the event loop", () => {
  const { machine, world, driver } = setUp(1);
  world.tick(machine, 1, 2);
  driver.start();
  machine.pass(200);
  const before = world.events.length;
  for (let i = 0; i < 10; i++) driver.enter(() => {});
  assert.ok(world.events.length - before <= 35, "one turn at most");
});

test("an action that throws leaves the driver going", () => {
  const { machine, world, driver } = setUp(1);
  world.tick(machine, 1);
  driver.start();
  assert.throws(
    () =>
      driver.enter(() => {
        throw new Error("from outside");
      }),
    /from outside/,
  );
  machine.pass(10);
  assert.equal(world.events.length, 10);
});

test("a speed is a number from 0 up", () => {
  const { world, driver } = setUp(1);
  for (const speed of [-1, Number.NaN]) {
    assert.throws(() => new RealTimeDriver(world, { speed, machine: new ManualMachine() }), RangeError);
    assert.throws(() => {
      driver.speed = speed;
    }, RangeError);
  }
});

test("on the machine's own timers", async () => {
  const world = new TestWorld();
  const driver = new RealTimeDriver(world, { speed: 1000, machine: systemTimers });
  const done = new Promise<void>((resolve) => world.schedule.at(10e9, resolve));
  const beganMs = performance.now();
  driver.start();
  await done;
  const tookMs = performance.now() - beganMs;
  driver.stop();
  assert.ok(tookMs >= 9.9, `${tookMs} ms for 10 s at 1000 times the speed`);
});
