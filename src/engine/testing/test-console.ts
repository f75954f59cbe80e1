/** An engine with a machine whose time the test moves, and a console that talks to it: for tests. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { MachineTimers } from "../../sim/index.ts";
import { Engine, type EngineOptions } from "../engine.ts";
import {
  type EngineMessage,
  type EventName,
  type Events,
  type MethodName,
  type Parameters,
  PROTOCOL_VERSION,
  type Problem,
  type Results,
} from "../protocol/index.ts";
import type { Session } from "../session/session.ts";

/** Each look at the clock takes a microsecond, so that whoever waits for it comes to an end. */
export class TestMachine implements MachineTimers {
  #nowNs = 0;
  #calls: { readonly atNs: number; readonly callback: () => void }[] = [];

  /** Calls that are still to come. */
  get pending(): number {
    return this.#calls.length;
  }

  nowNs(): number {
    this.#nowNs += 1_000;
    return this.#nowNs;
  }

  callAfter(delayMs: number, callback: () => void): () => void {
    const call = { atNs: this.#nowNs + delayMs * 1e6, callback };
    this.#calls.push(call);
    return () => {
      this.#calls = this.#calls.filter((other) => other !== call);
    };
  }

  /** Lets time pass, with all that is due in it. */
  pass(ms: number): void {
    const endNs = this.#nowNs + ms * 1e6;
    for (let next = this.#next(); next !== undefined && next.atNs <= endNs; next = this.#next()) {
      this.#calls = this.#calls.filter((call) => call !== next);
      this.#nowNs = Math.max(this.#nowNs, next.atNs);
      next.callback();
    }
    this.#nowNs = Math.max(this.#nowNs, endNs);
  }

  #next(): { readonly atNs: number; readonly callback: () => void } | undefined {
    return this.#calls.toSorted((a, b) => a.atNs - b.atNs)[0];
  }
}

export class TestConsole {
  readonly machine: TestMachine;
  readonly engine: Engine;
  readonly session: Session;
  readonly events: { readonly event: EventName; readonly data: unknown }[] = [];
  readonly #answers = new Map<number, { result?: unknown; error?: Problem }>();
  #lastId = 0;

  constructor(options: Partial<EngineOptions> & { readonly network?: string } = {}) {
    this.machine = new TestMachine();
    const { network = "ketchup", ...others } = options;
    this.engine = new Engine({
      machine: this.machine,
      place: "worker",
      shipped: { networks: new Map([[network, networkText(network)]]), lessons: new Map() },
      source: { fileName: `${network}.yaml`, text: networkText(network) },
      ...others,
    });
    this.session = this.engine.connect((message) => this.#hear(message));
    this.ask("hello", { version: PROTOCOL_VERSION });
  }

  /** Asks, and lets time pass until the answer is there. */
  ask<Name extends MethodName>(method: Name, params: Parameters<Name>): Results[Name] {
    const { result, error } = this.tryTo(method, params);
    assert.equal(error, undefined, `${method}: ${error?.message}`);
    return result as Results[Name];
  }

  /** Asks for what must fail. */
  fail<Name extends MethodName>(method: Name, params: Parameters<Name>): Problem {
    const { error } = this.tryTo(method, params);
    assert.ok(error !== undefined, `${method} should fail`);
    return error;
  }

  /** Asks without waiting; returns the number of the request. */
  send(method: MethodName, params: unknown): number {
    const id = ++this.#lastId;
    this.session.handle(JSON.parse(JSON.stringify({ id, method, params })));
    return id;
  }

  tryTo<Name extends MethodName>(method: Name, params: unknown): { result?: unknown; error?: Problem } {
    const id = this.send(method, params);
    for (let turn = 0; turn < TURNS_MAX && !this.#answers.has(id); turn++) this.machine.pass(TURN_MS);
    const answer = this.#answers.get(id);
    assert.ok(answer !== undefined, `${method} was not answered`);
    return answer;
  }

  /** What was told under a name, oldest first. */
  told<Name extends EventName>(event: Name): Events[Name][] {
    return this.events.filter((each) => each.event === event).map(({ data }) => data as Events[Name]);
  }

  /** Lets time pass until `isThere`. */
  until(isThere: () => boolean, what: string): void {
    for (let turn = 0; turn < TURNS_MAX && !isThere(); turn++) this.machine.pass(TURN_MS);
    assert.ok(isThere(), `waited in vain for ${what}`);
  }

  #hear(message: EngineMessage): void {
    // As it comes through a WebSocket.
    const heard = JSON.parse(JSON.stringify(message)) as EngineMessage;
    if ("event" in heard) this.events.push(heard);
    else this.#answers.set(heard.id, heard);
  }
}

export function networkText(name: string): string {
  return readFileSync(new URL(`../../../networks/${name}.yaml`, import.meta.url), "utf8");
}

/** Every packet so far: when, and what. */
export function digestOf({ run: { packets } }: Engine): string[] {
  return Array.from({ length: packets.lastNumber }, (_, i) => {
    const packet = packets.packet(i + 1);
    return `${packet?.timeNs} ${Buffer.from(packet?.bytes ?? []).toString("hex")}`;
  });
}

const TURN_MS = 10;
const TURNS_MAX = 20_000;
