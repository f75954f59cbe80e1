/** Whatever was done, by hand and in whatever order: executed again it gives the same packets, octet for octet. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ChangeName } from "./protocol/index.ts";
import { digestOf, TestConsole } from "./testing/test-console.ts";

test("going back and forth gives the same run, whatever was done by hand", () => {
  fc.assert(
    fc.property(
      fc.array(action, { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(1000), { maxLength: 3 }),
      check,
    ),
    { numRuns: 12 },
  );
});

interface Action {
  readonly method: ChangeName;
  readonly params: object;
  /** How long time goes on afterwards. */
  readonly passMs: number;
}

function check(actions: readonly Action[], moments: readonly number[]): void {
  const console = new TestConsole({ playing: false, story: true });
  try {
    for (const { method, params, passMs } of actions) {
      // What fails now fails again then.
      console.send(method, params);
      if (passMs === 0) continue;
      console.ask("time.play", {});
      console.machine.pass(passMs);
      console.ask("time.pause", {});
    }
    const end = console.engine.timeView();
    const whole = digestOf(console.engine);
    for (const moment of moments) {
      const timeNs = Math.floor((end.nowNs * moment) / 1000);
      assert.equal(console.ask("time.goTo", { to: { timeNs } }).nowNs, timeNs);
      const soFar = digestOf(console.engine);
      // At the last instant more may happen than had happened when it was stopped.
      assert.deepEqual(soFar.slice(0, whole.length), whole.slice(0, soFar.length));
    }
    // More than that instant's first events may have happened at it.
    console.ask("time.goTo", { to: { steps: end.steps } });
    assert.deepEqual(digestOf(console.engine), whole);
  } finally {
    console.engine.close();
  }
}

const host = fc.constantFrom("pc.crepes.fr", "mail.crepes.fr", "mail.hamburger.edu", "pc.hamburger.edu");
const line = fc.constantFrom(
  "ping -c 2 mail.hamburger.edu",
  "dig hamburger.edu MX",
  "mail send --to bob@hamburger.edu --subject Hello --body text",
  "pop fetch",
  "no such command",
);
const change = fc.oneof(
  fc.record({
    method: fc.constant("shell.start" as const),
    params: fc.record({ host, line, columns: fc.constant(80) }),
  }),
  fc.record({
    method: fc.constant("link.cut" as const),
    params: fc.record({ link: fc.constant("ocean"), direction: fc.constantFrom("both", "forth", "back") }),
  }),
  fc.record({ method: fc.constant("link.heal" as const), params: fc.record({ link: fc.constant("ocean") }) }),
  fc.record({ method: fc.constant("host.power" as const), params: fc.record({ host, on: fc.boolean() }) }),
  fc.record({
    method: fc.constant("service.switch" as const),
    params: fc.record({ host, service: fc.constantFrom("smtp", "pop3"), on: fc.boolean() }),
  }),
  fc.record({
    method: fc.constant("link.change" as const),
    params: fc.record({
      link: fc.constant("ocean"),
      direction: fc.constant("both"),
      quality: fc.record({ delayMs: fc.nat(100), loss: fc.constantFrom(0, 0.2) }),
    }),
  }),
  fc.record({
    method: fc.constant("topology.add" as const),
    params: fc.record({
      kind: fc.constantFrom("host", "switch"),
      name: fc.constantFrom("new1", "new2"),
      x: fc.constant(0),
      y: fc.constant(0),
    }),
  }),
  fc.record({
    method: fc.constant("topology.connect" as const),
    params: fc.record({
      a: fc.constantFrom("new1", "new2"),
      b: fc.constantFrom("crepes-lan", "hamburger-lan"),
    }),
  }),
  fc.record({
    method: fc.constant("topology.remove" as const),
    params: fc.record({ node: fc.constantFrom("new1", "pc.crepes.fr") }),
  }),
  fc.record({ method: fc.constant("shell.interrupt" as const), params: fc.record({ shell: fc.nat(4) }) }),
);
const action: fc.Arbitrary<Action> = fc
  .tuple(change, fc.constantFrom(0, 0, 3, 50, 400))
  .map(([{ method, params }, passMs]) => ({ method, params, passMs }));
