/**
 * What was done to a lab from outside, in order: changes of consoles, and arrivals from programs of the machine. The part
 * before `position` has happened in this run; what comes after it happened in the run whose past this is.
 */

import { type Arrival, octetsOf } from "../outside/arrival.ts";
import type { ChangeName } from "../protocol/index.ts";
import { Timeline } from "./timeline.ts";

/** Something that was done, with its place. */
export type Input = Place & Deed;

export interface Place {
  /** The steps that the world had taken. */
  readonly steps: number;
  readonly timeNs: number;
}

export type Deed =
  /** The parameters are as the method's schema has let them through. */
  { readonly method: ChangeName; readonly params: unknown } | { readonly arrival: Arrival };

/** How much a journal holds; absent: the constants below. */
export interface JournalLimits {
  readonly changesMax?: number;
  readonly changedOctetsMax?: number;
  readonly arrivedOctetsMax?: number;
}

export class Journal {
  /** What a person is shown of it. */
  readonly timeline = new Timeline();
  readonly #limits: Required<JournalLimits>;
  readonly #inputs: Input[] = [];
  #position = 0;
  #size: Size = NOTHING;
  /** What was too much, and how many inputs there were then. */
  #lost: { readonly count: number; readonly after: number } | undefined;
  #isOutsideFull = false;

  /** After another one: all of its inputs, still to come. */
  constructor(limits: JournalLimits = {}, before?: Journal) {
    this.#limits = { ...LIMITS, ...limits };
    if (before === undefined) return;
    for (const input of before.#inputs) this.#push(input);
    this.#lost = before.#lost;
    this.#isOutsideFull = before.#isOutsideFull;
  }

  get inputs(): readonly Input[] {
    return this.#inputs;
  }

  get position(): number {
    return this.#position;
  }

  /** The input that comes next, undefined when the future is open. */
  get next(): Input | undefined {
    return this.#inputs[this.#position];
  }

  /** Changes, connections, commands and datagrams that could not be kept, for there were too many. */
  get unrepeatable(): number {
    return this.#lost?.count ?? 0;
  }

  /** Whether arrivals are not recorded any more, in this run. */
  get isOutsideFull(): boolean {
    return this.#isOutsideFull;
  }

  /** The next input has been done. */
  advance(): void {
    this.#position++;
  }

  /** Something new was done: what was known of the future is void. */
  append(input: Input): void {
    this.#cut();
    if ("arrival" in input) this.#appendArrival(input, input.arrival);
    else if (this.#hasRoomFor(input)) this.#push(input);
    else this.#lose();
    this.#position = this.#inputs.length;
  }

  /** A visit ends here, in the past that will be executed again. Always kept: there is one for each visit at the most. */
  appendFarewell(input: Input): void {
    this.#cut();
    this.#push(input);
    this.#position = this.#inputs.length;
  }

  #appendArrival(input: Input, arrival: Arrival): void {
    if (!this.#isOutsideFull && this.#hasRoomFor(input)) {
      this.#push(input);
      return;
    }
    this.#isOutsideFull = true;
    const isBeginning = !("visit" in arrival) || arrival.kind === "connect" || arrival.kind === "exec";
    if (isBeginning) this.#lose();
  }

  #lose(): void {
    const { count, after } = this.#lost ?? { count: 0, after: this.#inputs.length };
    this.#lost = { count: count + 1, after };
  }

  /** What was lost after the place of the cut is of no account any more. */
  #cut(): void {
    if (this.#position === this.#inputs.length) return;
    const kept = this.#inputs.slice(0, this.#position);
    this.#inputs.length = 0;
    this.#size = NOTHING;
    this.timeline.clear();
    for (const input of kept) this.#push(input);
    if (this.#lost !== undefined && this.#lost.after > kept.length) this.#lost = undefined;
    this.#isOutsideFull = false;
  }

  #push(input: Input): void {
    this.#size = sizeWith(this.#size, input);
    this.#inputs.push(input);
    this.timeline.add(input);
  }

  #hasRoomFor(input: Input): boolean {
    const { changes, changedOctets, arrivedOctets } = sizeWith(this.#size, input);
    const { changesMax, changedOctetsMax, arrivedOctetsMax } = this.#limits;
    return changes <= changesMax && changedOctets <= changedOctetsMax && arrivedOctets <= arrivedOctetsMax;
  }
}
interface Size {
  readonly changes: number;
  readonly changedOctets: number;
  readonly arrivedOctets: number;
}

function sizeWith({ changes, changedOctets, arrivedOctets }: Size, input: Input): Size {
  if ("arrival" in input) {
    return { changes, changedOctets, arrivedOctets: arrivedOctets + octetsOf(input.arrival) };
  }
  return { changes: changes + 1, changedOctets: changedOctets + sizeOf(input.params), arrivedOctets };
}

/** Strings are nearly all of it: files, mails with their attachments. */
function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 8;
  return Object.values(value).reduce((sum: number, part) => sum + sizeOf(part), 16);
}

const NOTHING: Size = { changes: 0, changedOctets: 0, arrivedOctets: 0 };
const LIMITS: Required<JournalLimits> = {
  /** A day of clicking and typing; each is small. */
  changesMax: 100_000,
  /** Mails with pictures: hundreds of them. */
  changedOctetsMax: 512 * 1024 * 1024,
  /** From real clients: a day of mails and pages, or a transfer of minutes; beside a million packets it is not much. */
  arrivedOctetsMax: 256 * 1024 * 1024,
};
