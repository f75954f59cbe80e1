/** A UDP port of a simulated host as a DatagramSocket: `UdpSocket` with the waiting. */

import {
  type Clock,
  type Datagram,
  type DatagramSocket,
  type Endpoint,
  Signal,
  type Task,
} from "../net/index.ts";
import type { UdpSocket } from "./kernel/udp-socket.ts";

export class SimDatagramSocket implements DatagramSocket {
  readonly local: Endpoint;
  readonly #socket: UdpSocket;
  readonly #clock: Clock;
  readonly #changed = new Signal();

  constructor(socket: UdpSocket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    this.local = socket.local;
    socket.onChange = () => this.#changed.notify();
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    this.#socket.send(bytes, to);
  }

  *receive(timeoutMs: number): Task<Datagram | undefined> {
    const endNs = this.#clock.nowNs() + timeoutMs * 1e6;
    for (;;) {
      const datagram = this.#socket.take();
      if (datagram !== undefined) return datagram;
      const leftMs = (endNs - this.#clock.nowNs()) / 1e6;
      if (leftMs <= 0 || !(yield* this.#changed.wait(this.#clock, leftMs))) return this.#socket.take();
    }
  }

  close(): void {
    this.#socket.close();
  }
}
