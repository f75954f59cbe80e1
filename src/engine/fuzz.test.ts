/**
 * Whatever consoles send, in whatever state the engine is: each request has one answer, nothing is thrown, nothing goes
 * on after the end. More runs by hand: FUZZ_RUNS=5000 node --test src/engine/fuzz.test.ts
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HamletError } from "../net/index.ts";
import { Engine } from "./engine.ts";
import { PROTOCOL_VERSION } from "./protocol/index.ts";
import type { Session } from "./session/session.ts";
import { type AnyRequest, anyChange, anyRequest, requestOf } from "./testing/requests.ts";
import { digestOf, networkText, TestConsole, TestMachine } from "./testing/test-console.ts";

test("each request has one answer, whoever asks what in whatever order", () => {
  fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), checkAnswers), {
    numRuns: runs(30),
  });
});

test("whatever was done, executed again it gives the same packets", () => {
  const deed = fc.tuple(fc.oneof(anyChange, requestOf("panel.act")), fc.constantFrom(0, 0, 3, 60, 800));
  const deeds = fc.array(deed, { minLength: 1, maxLength: 8 });
  fc.assert(fc.property(deeds, fc.nat(1000), checkPast), { numRuns: runs(8) });
});

function runs(usual: number): number {
  return process.env.FUZZ_RUNS === undefined ? usual : Number(process.env.FUZZ_RUNS);
}

type Step =
  | { readonly kind: "ask"; readonly console: number; readonly request: AnyRequest }
  | { readonly kind: "noise"; readonly console: number; readonly message: unknown }
  | { readonly kind: "pass"; readonly ms: number }
  | { readonly kind: "close" | "hello" | "lag"; readonly console: number };

const console = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 20, arbitrary: fc.record({ kind: fc.constant("ask" as const), console, request: anyRequest }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("noise" as const), console, message: fc.jsonValue() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.constantFrom(1, 60, 900) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("close" as const, "lag" as const), console }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("hello" as const), console }) },
);

/** A console that counts the answers to each of its requests. */
class Asker {
  session: Session;
  readonly answers = new Map<number, number>();
  isClosed = false;
  isBehind = false;
  #lastId = 0;

  constructor(engine: Engine) {
    this.session = engine.connect(
      (message) => this.#hear(message),
      () => this.isBehind,
    );
  }

  ask(method: string, params: unknown): void {
    const id = ++this.#lastId;
    if (!this.isClosed) this.answers.set(id, 0);
    this.session.handle(JSON.parse(JSON.stringify({ id, method, params })));
  }

  #hear(message: object): void {
    assert.ok(!this.isClosed, "who is gone is told nothing");
    const heard = JSON.parse(JSON.stringify(message));
    if ("event" in heard || heard.id === -1) return;
    assert.ok("result" in heard !== "error" in heard);
    assert.equal(this.answers.get(heard.id), 0, "one answer to each request");
    this.answers.set(heard.id, 1);
    if (heard.error === undefined) return;
    const { code, message: text } = heard.error;
    assert.match(code, /^[a-z][a-z0-9-]+$/);
    assert.notEqual(code, "internal", text);
    assert.ok(text.length > 0 && text.length < 10_000 && !/[\r\n]/.test(text), `one line: ${text}`);
  }
}

function checkAnswers(steps: readonly Step[]): void {
  const machine = new TestMachine();
  const engine = newEngine(machine);
  const consoles = [new Asker(engine), new Asker(engine), new Asker(engine)];
  for (const asker of consoles.slice(0, 2)) asker.ask("hello", { version: PROTOCOL_VERSION });
  for (const each of steps) doStep(machine, consoles, each);
  for (const asker of consoles) asker.isBehind = false;
  const failures = engine.lab.failures.filter(({ error }) => !(error instanceof HamletError));
  assert.deepEqual(failures, [], "what fails in the lab is expected there");
  machine.pass(200);
  // Whoever waits for the lab waits no longer than it is there.
  engine.restart(undefined, undefined);
  machine.pass(200);
  for (const asker of consoles)
    if (!asker.isClosed)
      for (const [id, count] of asker.answers) assert.equal(count, 1, `request ${id} was answered`);
  engine.close();
  assert.equal(machine.pending, 0, "no timer is left");
  for (const { session } of consoles) session.handle({ id: 1, method: "time.play", params: {} });
}

function doStep(machine: TestMachine, consoles: readonly Asker[], step: Step): void {
  if (step.kind === "pass") {
    machine.pass(step.ms);
    return;
  }
  const asker = consoles[step.console];
  if (step.kind === "ask") asker.ask(step.request.method, step.request.params);
  else if (step.kind === "noise") asker.session.handle(step.message);
  else if (step.kind === "hello") asker.ask("hello", { version: PROTOCOL_VERSION });
  else if (step.kind === "lag") asker.isBehind = !asker.isBehind;
  else {
    asker.session.close();
    asker.isClosed = true;
  }
}

function newEngine(machine: TestMachine): Engine {
  const text = networkText("ketchup");
  return new Engine({
    machine,
    place: "worker",
    shipped: { networks: new Map([["ketchup", text]]), lessons: new Map() },
    source: { fileName: "ketchup.yaml", text },
  });
}

function checkPast(deeds: readonly (readonly [AnyRequest, number])[], moment: number): void {
  const console = new TestConsole({ playing: false, story: true });
  try {
    for (const [{ method, params }, passMs] of deeds) {
      console.send(method as "story.play", params);
      if (passMs === 0) continue;
      console.ask("time.play", {});
      console.machine.pass(passMs);
      console.ask("time.pause", {});
    }
    const end = console.engine.timeView();
    const text = console.ask("network.text", {});
    const whole = digestOf(console.engine);
    const timeNs = Math.floor((end.nowNs * moment) / 1000);
    console.ask("time.goTo", { to: { timeNs } });
    const soFar = digestOf(console.engine);
    assert.deepEqual(soFar.slice(0, whole.length), whole.slice(0, soFar.length));
    console.ask("time.goTo", { to: { steps: end.steps } });
    assert.deepEqual(digestOf(console.engine), whole);
    assert.deepEqual(console.ask("network.text", {}), text);
  } finally {
    console.engine.close();
  }
}
