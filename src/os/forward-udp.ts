/**
 * A UDP port of the machine that leads to a UDP port inside a simulated world. The machine's half: each client's socket
 * inside is `engine/outside/flows.ts`.
 */

import type { OutsidePort, Way } from "../engine/outside/index.ts";
import { type DatagramSocket, type Endpoint, HamletError, type Task } from "../net/index.ts";
import type { Forward, ForwardOptions } from "./forward.ts";
import type { OsNetwork } from "./network.ts";

/** Passes datagrams between the clients of `listen` and where the way leads. */
export function* forwardUdp(
  os: OsNetwork,
  options: ForwardOptions & { readonly way: UdpWay },
): Task<Forward> {
  const { address, port } = options.listen;
  const forward = new UdpForward(options, yield* os.bind({ address, port }));
  os.spawn(`forward ${forward.name}`, forward.receiveAll());
  return forward;
}

type UdpWay = Way & { readonly to: Endpoint };

class UdpForward implements Forward, OutsidePort {
  readonly protocol = "udp";
  readonly #options: ForwardOptions & { readonly way: UdpWay };
  readonly #socket: DatagramSocket;
  #isClosed = false;

  constructor(options: ForwardOptions & { readonly way: UdpWay }, socket: DatagramSocket) {
    this.#options = options;
    this.#socket = socket;
  }

  get name(): string {
    return this.#options.way.name;
  }

  get local(): Endpoint {
    return this.#socket.local;
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.close();
  }

  send(bytes: Uint8Array, client: Endpoint): void {
    if (this.#isClosed) return;
    try {
      this.#socket.send(bytes, client);
    } catch (error) {
      // Too large for the machine: lost. The lab must not see it.
      if (!(error instanceof HamletError)) throw error;
      this.explain(error.message);
    }
  }

  explain(text: string): void {
    this.#options.log.info(`${this.name}: ${text}`);
  }

  /** A task of the operating system's side, until `close`. */
  *receiveAll(): Task {
    const { way, entrance } = this.#options;
    try {
      for (;;) {
        const datagram = yield* this.#socket.receive(Number.POSITIVE_INFINITY);
        if (datagram === undefined || !entrance.isOpen) continue;
        // A copy: what is recorded must not keep a larger buffer, nor change.
        const bytes = datagram.bytes.slice();
        entrance.arrive({ kind: "datagram", way, client: datagram.from, bytes }, this);
      }
    } catch (error) {
      if (!(error instanceof HamletError && error.code === "closed")) throw error;
    }
  }
}
