/**
 * What was done to a lab from outside, in order. The part before `position` has happened in this run; what comes after
 * it happened in the run whose past this is.
 */

import type { ChangeName } from "../protocol/index.ts";

export interface Input {
  /** The steps that the world had taken. */
  readonly steps: number;
  readonly timeNs: number;
  readonly method: ChangeName;
  /** As the method's schema has let it through. */
  readonly params: unknown;
}

export class Journal {
  /** Since the start, or since the lab that was opened: changes that could not be kept, and real clients. */
  unrepeatable = 0;
  readonly #inputs: Input[];
  #position = 0;
  #octets = 0;

  /** With inputs: those of another run, all still to come. */
  constructor(inputs: readonly Input[] = []) {
    this.#inputs = [...inputs];
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

  /** The next input has been done. */
  advance(): void {
    this.#position++;
  }

  /** Something new was done: what was known of the future is void. */
  append(input: Input): void {
    this.#inputs.length = this.#position;
    this.#octets += sizeOf(input.params);
    if (this.#inputs.length >= INPUTS_MAX || this.#octets > OCTETS_MAX) {
      this.unrepeatable++;
      return;
    }
    this.#inputs.push(input);
    this.#position++;
  }
}

/** Strings are nearly all of it: files, mails with their attachments. */
function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 8;
  return Object.values(value).reduce((sum: number, part) => sum + sizeOf(part), 16);
}

/** A day of clicking and typing; each is small. */
const INPUTS_MAX = 100_000;
/** Mails with pictures: hundreds of them. */
const OCTETS_MAX = 512 * 1024 * 1024;
