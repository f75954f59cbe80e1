/** The journal as a person is shown it: each change, and each visit from outside as one line, however much came of it. */

import type { Arrival } from "../outside/arrival.ts";
import type { InputView } from "../protocol/index.ts";
import { describeBeginning, describeChange, describeVolume, type Volume } from "./describe.ts";
import type { Input } from "./journal.ts";

interface Entry {
  /** Its (first) place in the journal. */
  readonly at: number;
  readonly timeNs: number;
  readonly method: string;
  readonly text: string;
  /** Of a visit: what has come so far. */
  readonly volume: Volume | undefined;
}

export class Timeline {
  /** Counts the lines, and whatever makes old ones void. */
  structure = 0;
  /** Counts what has come in the lines that there are. */
  growth = 0;
  readonly #entries: Entry[] = [];
  readonly #visits = new Map<number | string, Volume>();
  #count = 0;

  add(input: Input): void {
    const at = this.#count++;
    if ("arrival" in input) this.#addArrival(at, input.timeNs, input.arrival);
    else
      this.#addEntry(at, input.timeNs, input.method, describeChange(input.method, input.params), undefined);
  }

  clear(): void {
    this.#entries.length = 0;
    this.#visits.clear();
    this.#count = 0;
    this.structure++;
  }

  /** How many lines have begun before a place in the journal. */
  begunBefore(position: number): number {
    return this.#entries.findLastIndex(({ at }) => at < position) + 1;
  }

  /** All changes, and the last visits. */
  views(position: number): InputView[] {
    let visitsTooMany = this.#entries.filter(({ volume }) => volume !== undefined).length - VISITS_SHOWN_MAX;
    const shown = this.#entries.filter(({ volume }) => volume === undefined || visitsTooMany-- <= 0);
    return shown.map(({ at, timeNs, method, text, volume }) => {
      const ahead = at >= position;
      return { timeNs, method, text: volume === undefined ? text : text + describeVolume(volume), ahead };
    });
  }

  #addArrival(at: number, timeNs: number, arrival: Arrival): void {
    const key = arrival.kind === "datagram" ? describeBeginning(arrival) : arrival.visit;
    let volume = this.#visits.get(key);
    if (arrival.kind === "connect" || arrival.kind === "exec" || arrival.kind === "datagram") {
      if (volume === undefined) {
        volume = { octets: 0, datagrams: 0, lines: 0 };
        this.#visits.set(key, volume);
        this.#addEntry(at, timeNs, METHOD_OUTSIDE, describeBeginning(arrival), volume);
      }
    }
    if (volume === undefined) return;
    if ("bytes" in arrival) volume.octets += arrival.bytes.length;
    if (arrival.kind === "datagram") volume.datagrams++;
    if (arrival.kind === "line") volume.lines++;
    this.growth++;
  }

  #addEntry(at: number, timeNs: number, method: string, text: string, volume: Volume | undefined): void {
    this.#entries.push({ at, timeNs, method, text, volume });
    this.structure++;
  }
}

/** Stands where a change has the name of its method. */
const METHOD_OUTSIDE = "outside";
/** A list of more is not read; a program that asks every second makes as many in minutes. */
const VISITS_SHOWN_MAX = 300;
