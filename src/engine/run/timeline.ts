/** The journal as a person is shown it: each change, and each visit from outside as one line, however much came of it. */

import { formatEndpoint } from "../../net/index.ts";
import { DESTINATION_WITHIN, findDestination } from "../../protocols/socks/index.ts";
import type { Arrival, Beginning } from "../outside/arrival.ts";
import type { InputView } from "../protocol/index.ts";
import { describeBeginning, describeChange, describeVolume, describeWay, type Volume } from "./describe.ts";
import type { Input } from "./journal.ts";

interface Entry {
  /** Its (first) place in the journal. */
  readonly at: number;
  readonly timeNs: number;
  readonly method: string;
  text: string;
  /** Of a visit: what has come so far. */
  readonly volume: Volume | undefined;
}

/** A SOCKS client that has not said where to. */
interface Asker {
  readonly entry: Entry;
  readonly connect: Beginning & { readonly kind: "connect" };
  said: Uint8Array;
}

export class Timeline {
  /** Counts the lines, and whatever makes old ones void. */
  structure = 0;
  /** Counts what has come in the lines that there are. */
  growth = 0;
  readonly #entries: Entry[] = [];
  readonly #visits = new Map<number | string, Volume>();
  readonly #askers = new Map<number, Asker>();
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
    this.#askers.clear();
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
    const volume = this.#visits.get(key) ?? this.#beginVisit(at, timeNs, key, arrival);
    if (volume === undefined) return;
    if ("bytes" in arrival) volume.octets += arrival.bytes.length;
    if (arrival.kind === "datagram") volume.datagrams++;
    if (arrival.kind === "line") volume.lines++;
    if (arrival.kind === "octets") this.#listen(arrival.visit, arrival.bytes);
    this.growth++;
  }

  #beginVisit(at: number, timeNs: number, key: number | string, arrival: Arrival): Volume | undefined {
    if (arrival.kind !== "connect" && arrival.kind !== "exec" && arrival.kind !== "datagram")
      return undefined;
    const volume = { octets: 0, datagrams: 0, lines: 0 };
    this.#visits.set(key, volume);
    const entry = this.#addEntry(at, timeNs, METHOD_OUTSIDE, describeBeginning(arrival), volume);
    if (arrival.kind === "connect" && arrival.way.to === undefined) {
      this.#askers.set(arrival.visit, { entry, connect: arrival, said: new Uint8Array(0) });
    }
    return volume;
  }

  /** Where a SOCKS client wants to stands in its first octets. */
  #listen(visit: number, bytes: Uint8Array): void {
    const asker = this.#askers.get(visit);
    if (asker === undefined) return;
    asker.said = Uint8Array.of(...asker.said, ...bytes.subarray(0, DESTINATION_WITHIN));
    const destination = findDestination(asker.said);
    const isOver = destination !== undefined || asker.said.length >= DESTINATION_WITHIN;
    if (isOver) this.#askers.delete(visit);
    if (destination === undefined) return;
    const { client, way } = asker.connect;
    const place = formatEndpoint({ address: destination.host, port: destination.port });
    asker.entry.text = describeWay(client, way, place);
  }

  #addEntry(at: number, timeNs: number, method: string, text: string, volume: Volume | undefined): Entry {
    const entry = { at, timeNs, method, text, volume };
    this.#entries.push(entry);
    this.structure++;
    return entry;
  }
}

/** Stands where a change has the name of its method. */
const METHOD_OUTSIDE = "outside";
/** A list of more is not read; a program that asks every second makes as many in minutes. */
const VISITS_SHOWN_MAX = 300;
