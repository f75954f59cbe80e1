/**
 * UDP clients from outside: each gets a socket of its own on the host at which it comes in (a flow), as behind a
 * translating router, so that answers find their way back.
 */

import {
  type DatagramSocket,
  type Endpoint,
  familyOf,
  formatEndpoint,
  HamletError,
  isSameEndpoint,
  type Network,
  type Task,
  type TaskHandle,
} from "../../net/index.ts";
import type { Beginning } from "./arrival.ts";
import type { OutsidePort } from "./outside.ts";
import type { VisitedHost } from "./visits.ts";

type DatagramArrival = Beginning & { readonly kind: "datagram" };

export class Flows {
  readonly #hosts: { get(name: string): VisitedHost | undefined };
  /** By way and client; the one that was quiet for the longest time comes first. */
  readonly #flows = new Map<string, Flow>();

  constructor(hosts: { get(name: string): VisitedHost | undefined }) {
    this.#hosts = hosts;
  }

  pass({ way, client, bytes }: DatagramArrival, outside: OutsidePort | undefined): void {
    const key = `${way.from} ${formatEndpoint(way.to)} ${formatEndpoint(client)}`;
    const network = this.#hosts.get(way.from)?.network;
    if (network === undefined) {
      outside?.explain(`there is no host ${way.from} to come in at`);
      return;
    }
    let flow = this.#flows.get(key);
    if (flow === undefined) {
      if (this.#flows.size >= FLOWS_MAX) this.#endOldest();
      flow = { to: way.to, client, outside, inside: undefined, waiting: [], heardAtNs: 0, task: undefined };
      flow.task = this.#begin(network, way.name, key, flow);
    }
    // Set anew, it is the youngest in the order of the map.
    this.#flows.delete(key);
    this.#flows.set(key, flow);
    flow.outside = outside;
    flow.heardAtNs = network.clock.nowNs();
    if (flow.inside === undefined) {
      if (flow.waiting.length < WAITING_MAX) flow.waiting.push(bytes);
      return;
    }
    try {
      flow.inside.send(bytes, flow.to);
    } catch (error) {
      // Too large, or the host has just lost its power: lost, as any datagram may be.
      if (!(error instanceof HamletError)) throw error;
      outside?.explain(error.message);
    }
  }

  #begin(network: Network, wayName: string, key: string, flow: Flow): TaskHandle {
    const task = network.spawn(`forward ${wayName} ${formatEndpoint(flow.client)}`, this.#run(network, flow));
    task.whenDone(() => {
      if (this.#flows.get(key) === flow) this.#flows.delete(key);
    });
    return task;
  }

  /** A task of the host: carries the answers back until the flow has been quiet for FLOW_IDLE_MS. */
  *#run(network: Network, flow: Flow): Task {
    let inside: DatagramSocket | undefined;
    try {
      inside = yield* network.bind({ port: 0, address: familyOf(flow.to.address) === 4 ? "0.0.0.0" : "::" });
      flow.inside = inside;
      for (const bytes of flow.waiting.splice(0)) inside.send(bytes, flow.to);
      for (;;) {
        const idleMs = (network.clock.nowNs() - flow.heardAtNs) / 1e6;
        if (idleMs >= FLOW_IDLE_MS) break;
        const answer = yield* inside.receive(FLOW_IDLE_MS - idleMs);
        if (answer === undefined || !isSameEndpoint(answer.from, flow.to)) continue;
        flow.heardAtNs = network.clock.nowNs();
        flow.outside?.send(answer.bytes, flow.client);
      }
    } catch (error) {
      // Nobody listens there: the client hears nothing, as it would of any lost datagram.
      if (!(error instanceof HamletError)) throw error;
      flow.outside?.explain(error.message);
    } finally {
      inside?.close();
    }
  }

  #endOldest(): void {
    for (const [key, flow] of this.#flows) {
      this.#flows.delete(key);
      flow.task?.cancel();
      return;
    }
  }
}

interface Flow {
  readonly to: Endpoint;
  readonly client: Endpoint;
  /** Where answers go: nowhere while it is a ghost's. */
  outside: OutsidePort | undefined;
  /** The host's socket for this client, once it is open. */
  inside: DatagramSocket | undefined;
  /** What came before that. */
  readonly waiting: Uint8Array[];
  heardAtNs: number;
  task: TaskHandle | undefined;
}

/** RFC 4787 section 4.3 REQ-5: a mapping lives for 2 minutes at least, 5 are recommended. */
const FLOW_IDLE_MS = 5 * 60_000;
/** Clients at once: each is a port of its host. More than a lab has programs, few enough to keep. */
const FLOWS_MAX = 1024;
/** Datagrams that may come in while the host opens a socket, which takes no time at all. */
const WAITING_MAX = 16;
