/**
 * Where packets were seen and when socket calls were made, in the order in which it was told: a ring of columns. An
 * event's index is its place in that order. Each names the event before it of the same packet, so that a packet's
 * journey is read backwards from its last. What must stay true: memory is bounded.
 */

import type { FrameEvent } from "../../sim/capture/index.ts";
import { Vocabulary } from "./vocabulary.ts";

export interface LoggedEvent {
  readonly index: number;
  readonly timeNs: number;
  readonly kind: FrameEvent["kind"];
  readonly interfaceId: number;
  readonly reason: string | undefined;
}

export class EventLog {
  readonly #page: number;
  readonly #pagesMax: number;
  readonly #reasons = new Vocabulary(
    REASONS_MAX,
    "a reason that is not kept: there are too many different ones",
  );
  #pages: Page[] = [];
  #forgottenPages = 0;
  #count = 0;

  constructor(eventsMax: number) {
    this.#page = Math.max(1, Math.min(PAGE, Math.ceil(eventsMax / PAGES_MIN)));
    this.#pagesMax = Math.ceil(eventsMax / this.#page);
  }

  /** Events so far: the index of the next one. */
  get count(): number {
    return this.#count;
  }

  /** The oldest that is kept. */
  get firstIndex(): number {
    return this.#forgottenPages * this.#page;
  }

  /** `previous` is the link to the packet's event before, 0 for none; returns the link to this one. */
  append(
    previous: number,
    kind: FrameEvent["kind"],
    interfaceId: number,
    timeNs: number,
    reason: string | undefined,
  ): number {
    const at = this.#count % this.#page;
    if (at === 0) this.#newPage();
    const page = this.#pages[this.#pages.length - 1];
    page.timesNs[at] = timeNs;
    page.previous[at] = previous;
    page.interfaces[at] = interfaceId;
    page.kinds[at] = KINDS.indexOf(kind);
    page.reasons[at] = reason === undefined ? 0 : this.#reasons.idOf(reason, reason);
    // Links are one more than the index, in 32 bits: what is kept is far less than that behind the newest.
    return ++this.#count >>> 0;
  }

  /** A place in the order for something that is kept elsewhere. */
  skip(): number {
    this.append(0, "origin", 0, 0, undefined);
    return this.#count - 1;
  }

  /** The events from the one that `link` names back to the first; `isWhole` is false when older ones are forgotten. */
  backwards(link: number): { readonly events: LoggedEvent[]; readonly isWhole: boolean } {
    const events: LoggedEvent[] = [];
    for (let at = link; at !== 0; ) {
      const index = this.#indexOf(at);
      const page = this.#pages[Math.floor(index / this.#page) - this.#forgottenPages];
      if (index < this.firstIndex || page === undefined || events.length === JOURNEY_MAX)
        return { events, isWhole: false };
      const place = index % this.#page;
      events.push({
        index,
        timeNs: page.timesNs[place],
        kind: KINDS[page.kinds[place]],
        interfaceId: page.interfaces[place],
        reason: this.#reasons.at(page.reasons[place]),
      });
      at = page.previous[place];
    }
    return { events, isWhole: true };
  }

  #indexOf(link: number): number {
    return this.#count - ((this.#count - link) >>> 0) - 1;
  }

  #newPage(): void {
    if (this.#pages.length === this.#pagesMax) {
      this.#pages = this.#pages.slice(1);
      this.#forgottenPages++;
    }
    this.#pages.push({
      timesNs: new Float64Array(this.#page),
      previous: new Uint32Array(this.#page),
      interfaces: new Uint32Array(this.#page),
      kinds: new Uint8Array(this.#page),
      reasons: new Uint16Array(this.#page),
    });
  }
}

interface Page {
  readonly timesNs: Float64Array;
  readonly previous: Uint32Array;
  readonly interfaces: Uint32Array;
  readonly kinds: Uint8Array;
  readonly reasons: Uint16Array;
}

const KINDS = ["origin", "forward", "receive", "drop"] as const;
const PAGE = 16_384;
/** A page is forgotten as a whole, so it must be a small part. */
const PAGES_MIN = 16;
/** What 16 bits can tell apart, and far more than there are kinds of loss. */
const REASONS_MAX = 65_535;
/** A flood through a loop of switches must not make one answer without end. */
const JOURNEY_MAX = 1000;
