/** A UDP port of a simulated host as a DatagramSocket: `UdpSocket` with the waiting. */

import {
  type Clock,
  type Datagram,
  type DatagramSocket,
  type Endpoint,
  Signal,
  sleep,
  type Task,
} from "../net/index.ts";
import type { UdpSocket } from "./kernel/udp-socket.ts";
import { errorCode, type SocketLog } from "./socket-calls.ts";
import { parseMac } from "./wire/ethernet.ts";

export class SimDatagramSocket implements DatagramSocket {
  readonly local: Endpoint;
  readonly #socket: UdpSocket;
  readonly #clock: Clock;
  readonly #log: SocketLog | undefined;
  readonly #changed = new Signal();
  #isClosed = false;

  constructor(socket: UdpSocket, clock: Clock, log?: SocketLog) {
    this.#socket = socket;
    this.#clock = clock;
    this.#log = log;
    this.local = socket.local;
    socket.onChange = () => this.#changed.notify();
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    this.#log?.tell("sendto", { remote: to, octets: bytes.length });
    this.#socket.send(bytes, to);
  }

  sendOnLink(bytes: Uint8Array, to: Endpoint, hardwareAddress: string): void {
    const mac = parseMac(hardwareAddress);
    if (mac === undefined) throw new TypeError(`"${hardwareAddress}" is not a MAC address`);
    this.#log?.tell("sendto", { remote: to, octets: bytes.length });
    this.#socket.sendOnLink(bytes, to, mac);
  }

  *room(octets: number, to: Endpoint): Task<number> {
    for (let waitMs = TURN_MS; ; waitMs = FULL_MS) {
      yield* sleep(this.#clock, waitMs);
      const room = this.#socket.room(octets, to);
      if (room > 0) return Math.min(room, BURST_MAX);
    }
  }

  *receive(timeoutMs: number): Task<Datagram | undefined> {
    const call = this.#log?.begin("recvfrom");
    try {
      const datagram = yield* this.#next(timeoutMs);
      if (datagram === undefined) call?.end({ error: "timed-out" });
      else call?.end({ remote: datagram.from, octets: datagram.bytes.length });
      return datagram;
    } catch (error) {
      call?.end({ error: errorCode(error) });
      throw error;
    }
  }

  close(): void {
    if (!this.#isClosed) this.#log?.tell("close");
    this.#isClosed = true;
    this.#socket.close();
  }

  *#next(timeoutMs: number): Task<Datagram | undefined> {
    const endNs = this.#clock.nowNs() + timeoutMs * 1e6;
    for (;;) {
      const datagram = this.#socket.take();
      if (datagram !== undefined) return datagram;
      const leftMs = (endNs - this.#clock.nowNs()) / 1e6;
      if (leftMs <= 0 || !(yield* this.#changed.wait(this.#clock, leftMs))) return this.#socket.take();
    }
  }
}

/** What a program takes to make a burst of datagrams, about: no host sends in no time. */
const TURN_MS = 0.1;
/** How often a program looks whether a full queue has room again. */
const FULL_MS = 1;
/** With TURN_MS, 3.6 Gbit/s of 1,400 octets each: more than that needs a link faster than any lab's. */
const BURST_MAX = 32;
