/** What moves in the network: flights for the canvas, the load of each link for it and the inspector. */

import type { Events, LoadView, TimeView } from "../../engine/protocol/index.ts";
import type { Session } from "../engine/session.ts";
import { Store } from "../engine/store.ts";
import { Flights } from "./flights.ts";

export type LinkLoad = readonly [LoadView | undefined, LoadView | undefined];

export class TrafficStore {
  readonly flights = new Flights();
  /** Both directions of each link; changes several times a second while somebody watches. */
  readonly loads = new Store<ReadonlyMap<string, LinkLoad>>(new Map());
  /** Something new is to be drawn. */
  onChange = (): void => {};
  #labId: number | undefined;

  /** Until the returned function is called. */
  attach({ client, clock, time, network }: Session): () => void {
    const forget = (): void => {
      const { labId } = time.get() ?? {};
      if (labId !== this.#labId) {
        this.#labId = labId;
        this.flights.clear();
        this.loads.set(new Map());
      }
      this.onChange();
    };
    const stops = [
      client.on("traffic", (traffic) => this.#receive(traffic, clock.pace, time.get())),
      time.subscribe(forget),
      network.subscribe(() => this.onChange()),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  #receive({ hops, loads, nowNs }: Events["traffic"], pace: number, time: TimeView | undefined): void {
    // On the way to another moment everything moves at once: nothing to follow with the eye.
    if (time?.travelling === undefined) this.flights.add(hops, nowNs, performance.now(), pace);
    const next = new Map(this.loads.get());
    for (const load of loads) {
      const [forth, back] = next.get(load.link) ?? [undefined, undefined];
      next.set(load.link, load.direction === 0 ? [load, back] : [forth, load]);
    }
    this.loads.set(next);
    this.onChange();
  }
}
