/**
 * The packets that the display filter lets through, as the page knows them: a view of the engine, its state, and the
 * pages of rows. Another filter takes the place of the old one when its first rows are there, so nothing flickers.
 */

import type { PacketRowView, PacketViewState } from "../../../engine/protocol/index.ts";
import type { EngineClient } from "../../engine/client.ts";
import { Store } from "../../engine/store.ts";
import { PageCache } from "./page-cache.ts";

export interface PacketListState {
  /** Undefined until the first view is open. */
  readonly view: PacketViewState | undefined;
  /** Why the filter that was asked for does not apply. */
  readonly problem: string | undefined;
  /** Raised whenever a row came or may be another. */
  readonly revision: number;
}

/** Where one looks at first: at the newest packets, at the oldest, or at this packet. */
export type Anchor = "end" | "start" | number;

export class PacketList {
  readonly state = new Store<PacketListState>({ view: undefined, problem: undefined, revision: 0 });
  readonly rows: PageCache<PacketRowView>;
  readonly #engine: EngineClient;
  #forget: (() => void) | undefined;
  /** Whether the newest rows are looked at: the list then grows when these are here, so that no empty row is seen. */
  following = false;
  /** Told of, but not shown yet. */
  #latest: PacketViewState | undefined;
  #turn = 0;
  /** The view that is being opened, as the engine told of it last: it may say all that there is before it is shown. */
  #opening: PacketViewState | undefined;
  /** Who waits for more of it. */
  #onOpening: (() => void) | undefined;

  constructor(engine: EngineClient) {
    this.#engine = engine;
    this.rows = new PageCache<PacketRowView>({
      fetch: () => Promise.resolve([]),
      onChange: () => this.#change({}),
      nowMs: () => performance.now(),
    });
  }

  /** Opens the view of a filter; what is on show stays until it is there. */
  async open(filter: string, anchor: Anchor): Promise<void> {
    const turn = this.#nextTurn();
    this.#forget ??= this.#engine.on("packets", (view) => this.#told(view));
    let opened: PacketViewState;
    try {
      opened = await this.#engine.request("packets.view", { filter });
    } catch (error) {
      if (turn === this.#turn)
        this.#change({ problem: error instanceof Error ? error.message : String(error) });
      return;
    }
    if (turn !== this.#turn) {
      this.#closeView(opened.view);
      return;
    }
    this.#opening = opened;
    await this.#foundAgain(turn);
    const asked = this.#opening;
    const first = turn === this.#turn ? await this.#firstRows(asked, anchor) : undefined;
    if (turn !== this.#turn) {
      this.#closeView(opened.view);
      return;
    }
    const before = this.state.get().view;
    const view = this.#opening;
    this.#opening = undefined;
    this.rows.reset((from, count) => this.#fetch(view.view, from, count), asked.matched, first);
    if (view !== asked) this.rows.changed(view.matched);
    this.#change({ view, problem: undefined });
    if (before !== undefined) this.#closeView(before.view);
  }

  /** The index of a packet in the view, or of the next one; undefined when the view has gone. */
  async find(number: number): Promise<number | undefined> {
    const view = this.state.get().view?.view;
    if (view === undefined) return undefined;
    try {
      return (await this.#engine.request("packets.find", { view, number })).index;
    } catch {
      return undefined;
    }
  }

  /** Nobody looks any more. What was on show stays, for who opens it again. */
  close(): void {
    this.#nextTurn();
    this.#forget?.();
    this.#forget = undefined;
    const view = this.state.get().view?.view;
    if (view !== undefined) this.#closeView(view);
  }

  #nextTurn(): number {
    this.#onOpening?.();
    return ++this.#turn;
  }

  /** The same packets once more, after a pause or of another run: a part of them is no reason to lose one's place. */
  async #foundAgain(turn: number): Promise<void> {
    const shown = this.state.get().view;
    const isPart = ({ filter, matched, scanned, total }: PacketViewState): boolean =>
      filter === shown?.filter && matched < shown.matched && scanned < total;
    while (turn === this.#turn && this.#opening !== undefined && isPart(this.#opening)) {
      await new Promise<void>((resolve) => {
        this.#onOpening = resolve;
      });
    }
  }

  /** The rows that will be seen first; a view that is still being searched may have none yet. */
  async #firstRows(view: PacketViewState, anchor: Anchor) {
    const { pageSize, wantedFrom } = this.rows;
    const last = Math.max(0, view.matched - 1);
    // The same packets again, of another run or after a pause: where one looks already.
    const isAgain = this.state.get().view?.filter === view.filter;
    try {
      const index =
        anchor === "end"
          ? last
          : isAgain
            ? Math.min(last, wantedFrom)
            : anchor === "start"
              ? 0
              : (await this.#engine.request("packets.find", { view: view.view, number: anchor })).index;
      const from = Math.floor(index / pageSize) * pageSize;
      return { from, rows: await this.#fetch(view.view, from, pageSize) };
    } catch {
      return undefined;
    }
  }

  async #fetch(view: number, from: number, count: number): Promise<readonly PacketRowView[]> {
    return (await this.#engine.request("packets.rows", { view, from, count })).rows;
  }

  #told(view: PacketViewState): void {
    if (view.view === this.#opening?.view) {
      this.#opening = view;
      this.#onOpening?.();
    }
    if (view.view !== this.state.get().view?.view) return;
    this.rows.changed(view.matched);
    const isFetching = this.#latest !== undefined;
    this.#latest = view;
    if (!isFetching) this.#showLatest();
  }

  async #showLatest(): Promise<void> {
    while (this.#latest !== undefined) {
      const view = this.#latest;
      if (this.following) await this.rows.load(Math.max(0, view.matched - SEEN_MAX), view.matched);
      // Another view may have taken its place meanwhile.
      const isShown = view.view === this.state.get().view?.view;
      if (this.#latest === view || !isShown) this.#latest = undefined;
      if (isShown) this.#change({ view });
    }
  }

  #change(change: Partial<PacketListState>): void {
    const before = this.state.get();
    this.state.set({ ...before, ...change, revision: before.revision + 1 });
  }

  #closeView(view: number): void {
    this.#engine.request("packets.close", { view }).catch(() => {
      // It has gone with its lab or its connection.
    });
  }
}

/** As many rows as a high screen shows. */
const SEEN_MAX = 80;
