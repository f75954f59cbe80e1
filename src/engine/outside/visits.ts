/**
 * The clients from outside in one lab: what arrivals do there. Must depend on the arrivals and the lab alone: they come
 * again on the way to a moment of the past, without anybody outside. Read first: arrival.ts, outside.ts.
 */

import type { Host } from "../../host/index.ts";
import type { Network } from "../../net/index.ts";
import type { Arrival, News } from "./arrival.ts";
import { CommandVisit } from "./command-visit.ts";
import { ConnectionVisit } from "./connection-visit.ts";
import { Flows } from "./flows.ts";
import type { Outside, OutsidePort, OutsideStream, OutsideTerminal } from "./outside.ts";

/** What visits need of a host of the lab. */
export interface VisitedHost {
  readonly network: Network;
  readonly exec: Host["exec"];
}

export interface Visit {
  /** Whether somebody outside hears it. */
  readonly isLive: boolean;
  handle(news: News): void;
}

export class Visits {
  readonly #hosts: { get(name: string): VisitedHost | undefined };
  readonly #open = new Map<number, Visit>();
  readonly #flows: Flows;
  #lastNumber = 0;

  constructor(hosts: { get(name: string): VisitedHost | undefined }) {
    this.#hosts = hosts;
    this.#flows = new Flows(hosts);
  }

  /** Numbers count up, also over those of a past that was executed again. */
  newNumber(): number {
    return ++this.#lastNumber;
  }

  /** The numbers of those that go on: with somebody outside, or ghosts. */
  open(kind: "live" | "ghost"): number[] {
    return [...this.#open].filter(([, { isLive }]) => isLive === (kind === "live")).map(([number]) => number);
  }

  /** Does what has come. What is for nobody any more does nothing. */
  perform(arrival: Arrival, outside: Outside | undefined): void {
    switch (arrival.kind) {
      case "connect":
        this.#begin(arrival.visit, (onEnd) => {
          const network = this.#hosts.get(arrival.way.from)?.network;
          return new ConnectionVisit(arrival, network, outside as OutsideStream | undefined, onEnd);
        });
        break;
      case "exec":
        this.#begin(arrival.visit, (onEnd) => {
          const host = this.#hosts.get(arrival.host);
          return new CommandVisit(arrival, host, outside as OutsideTerminal | undefined, onEnd);
        });
        break;
      case "datagram":
        this.#flows.pass(arrival, outside as OutsidePort | undefined);
        break;
      default:
        this.#open.get(arrival.visit)?.handle(arrival);
    }
  }

  #begin(number: number, make: (onEnd: () => void) => Visit): void {
    this.#lastNumber = Math.max(this.#lastNumber, number);
    let hasEnded = false;
    const visit = make(() => {
      hasEnded = true;
      this.#open.delete(number);
    });
    if (!hasEnded) this.#open.set(number, visit);
  }
}
