/**
 * A UDP port of the machine that leads to a UDP port inside a simulated world. Each client gets a socket of its own
 * on the gateway (a flow), as behind a translating router, so that answers find their way back.
 */

import {
  type DatagramSocket,
  type Endpoint,
  familyOf,
  formatEndpoint,
  HamletError,
  type Task,
  type TaskHandle,
} from "../net/index.ts";
import type { ForwardOptions } from "./forward-tcp.ts";
import type { Forward, Gateway } from "./gateway.ts";
import type { OsNetwork } from "./network.ts";

/** Passes datagrams between the clients of `listen` and `to` (an address inside). */
export function* forwardUdp(
  os: OsNetwork,
  gateway: Gateway,
  options: ForwardOptions & { readonly to: Endpoint },
): Task<Forward> {
  const { address, port } = options.listen;
  const outside = yield* os.bind({ address, port });
  const forward = new UdpForward(gateway, options.name, outside, options.to);
  os.spawn(`forward ${options.name}`, forward.receiveAll());
  return forward;
}

class UdpForward implements Forward {
  readonly name: string;
  readonly protocol = "udp";
  readonly #gateway: Gateway;
  readonly #outside: DatagramSocket;
  readonly #to: Endpoint;
  /** By client; the one that was quiet for the longest time comes first. */
  readonly #flows = new Map<string, Flow>();

  constructor(gateway: Gateway, name: string, outside: DatagramSocket, to: Endpoint) {
    this.name = name;
    this.#gateway = gateway;
    this.#outside = outside;
    this.#to = to;
  }

  get local(): Endpoint {
    return this.#outside.local;
  }

  get clientCount(): number {
    return this.#flows.size;
  }

  close(): void {
    this.#outside.close();
    this.#gateway.enter(() => {
      for (const flow of this.#flows.values()) flow.task?.cancel();
    });
  }

  /** A task of the operating system's side, until `close`. */
  *receiveAll(): Task {
    try {
      for (;;) {
        const datagram = yield* this.#outside.receive(Number.POSITIVE_INFINITY);
        if (datagram !== undefined) this.#gateway.enter(() => this.#pass(datagram.bytes, datagram.from));
      }
    } catch (error) {
      if (!(error instanceof HamletError && error.code === "closed")) throw error;
    }
  }

  #pass(bytes: Uint8Array, client: Endpoint): void {
    const key = formatEndpoint(client);
    let flow = this.#flows.get(key);
    if (flow === undefined) {
      if (this.#flows.size >= FLOWS_MAX) this.#endOldest();
      flow = { client, inside: undefined, waiting: [], heardAtNs: 0, task: undefined };
      const { network } = this.#gateway;
      flow.task = network.spawn(`forward ${this.name} ${key}`, this.#runFlow(key, flow));
    }
    // Set anew, it is the youngest in the order of the map.
    this.#flows.delete(key);
    this.#flows.set(key, flow);
    flow.heardAtNs = this.#gateway.network.clock.nowNs();
    if (flow.inside !== undefined) flow.inside.send(bytes, this.#to);
    else if (flow.waiting.length < WAITING_MAX) flow.waiting.push(bytes);
  }

  /** A task of the gateway: carries the answers back until the flow has been quiet for FLOW_IDLE_MS. */
  *#runFlow(key: string, flow: Flow): Task {
    const { network, log } = this.#gateway;
    let inside: DatagramSocket | undefined;
    try {
      inside = yield* network.bind({ port: 0, address: familyOf(this.#to.address) === 4 ? "0.0.0.0" : "::" });
      flow.inside = inside;
      for (const bytes of flow.waiting.splice(0)) inside.send(bytes, this.#to);
      for (;;) {
        const idleMs = (network.clock.nowNs() - flow.heardAtNs) / 1e6;
        if (idleMs >= FLOW_IDLE_MS) break;
        const answer = yield* inside.receive(FLOW_IDLE_MS - idleMs);
        if (answer === undefined || !sameEndpoint(answer.from, this.#to)) continue;
        flow.heardAtNs = network.clock.nowNs();
        this.#outside.send(answer.bytes, flow.client);
      }
    } catch (error) {
      // Nobody listens there: the client hears nothing, as it would of any lost datagram.
      if (!(error instanceof HamletError)) throw error;
      log.info(`${this.name}: ${error.message}`);
    } finally {
      inside?.close();
      if (this.#flows.get(key) === flow) this.#flows.delete(key);
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
  readonly client: Endpoint;
  /** The gateway's socket for this client, once it is open. */
  inside: DatagramSocket | undefined;
  /** What came before that. */
  readonly waiting: Uint8Array[];
  heardAtNs: number;
  task: TaskHandle | undefined;
}

function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && a.address === b.address;
}

/** RFC 4787 section 4.3 REQ-5: a mapping lives for 2 minutes at least, 5 are recommended. */
const FLOW_IDLE_MS = 5 * 60_000;
/** Clients at once: each is a port of the gateway. More than a lab has programs, few enough to keep. */
const FLOWS_MAX = 1024;
/** Datagrams that may come in while the gateway opens a socket, which takes no time at all. */
const WAITING_MAX = 16;
