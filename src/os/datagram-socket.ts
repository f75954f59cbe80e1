/**
 * A UDP socket of the operating system as a DatagramSocket.
 *
 * It never throws "refused": the kernel reports ICMP port unreachable only to sockets that are connected to one
 * peer, and these serve many. Who asks a closed port waits for the time limit.
 */

import {
  type BindOptions,
  type Clock,
  DATAGRAMS_QUEUED_MAX,
  type Datagram,
  type DatagramSocket,
  type Endpoint,
  familyOf,
  formatEndpoint,
  type Log,
  NetworkError,
  Signal,
  type Task,
} from "../net/index.ts";
import { networkErrorOf } from "./errors.ts";
import { isWithoutIpv6, portOf } from "./listener.ts";
import type { UdpPort } from "./udp-port.ts";

export class OsDatagramSocket implements DatagramSocket {
  readonly local: Endpoint;
  readonly #port: UdpPort;
  readonly #clock: Clock;
  readonly #changed = new Signal();
  #queue: Datagram[] = [];
  #closed = false;
  /** Whom the last datagram went to: no need to look at the address again. */
  #lastTo: Endpoint | undefined;
  #payloadMax = 0;

  constructor(port: UdpPort, clock: Clock, log: Log) {
    this.local = port.local;
    this.#port = port;
    this.#clock = clock;
    port.start({
      handleDatagram: (bytes, from) => this.#handleDatagram(bytes, from),
      handleError: (error, to) => {
        const subject = to === undefined ? portOf(this.local) : formatEndpoint(to);
        log.debug(networkErrorOf(error, "talk", subject).message);
      },
    });
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    if (this.#closed) throw this.#closedError();
    if (to !== this.#lastTo) {
      this.#payloadMax = this.#payloadMaxTo(to);
      this.#lastTo = to;
    }
    if (bytes.length > this.#payloadMax) {
      throw new NetworkError(
        "message-too-large",
        `${bytes.length} octets to ${formatEndpoint(to)}: a datagram carries at most ${this.#payloadMax} octets there`,
      );
    }
    this.#port.send(bytes, to);
  }

  *receive(timeoutMs: number): Task<Datagram | undefined> {
    const endNs = this.#clock.nowNs() + timeoutMs * 1e6;
    for (;;) {
      const datagram = this.#queue.shift();
      if (datagram !== undefined) return datagram;
      if (this.#closed) throw this.#closedError();
      const leftMs = Math.max(0, (endNs - this.#clock.nowNs()) / 1e6);
      if (!(yield* this.#changed.wait(this.#clock, leftMs)) && this.#queue.length === 0) return undefined;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue = [];
    this.#port.close();
    this.#changed.notify();
  }

  /** Calls back when the operating system's socket is gone. */
  whenGone(callback: () => void): void {
    this.#port.whenGone(callback);
  }

  #payloadMaxTo(to: Endpoint): number {
    const family = familyOf(to.address);
    if (family === undefined) throw new TypeError(`"${to.address}" is not an IP address`);
    if (family === 6 && this.#port.family === 4) {
      throw new NetworkError("unreachable", `an IPv4 socket cannot send to ${formatEndpoint(to)}`);
    }
    return PAYLOAD_MAX[family];
  }

  #handleDatagram(bytes: Uint8Array, from: Endpoint): void {
    if (this.#closed || this.#queue.length >= DATAGRAMS_QUEUED_MAX) return;
    this.#queue.push({ bytes, from });
    this.#changed.notify();
  }

  #closedError(): NetworkError {
    return new NetworkError("closed", `UDP ${portOf(this.local)} was closed on our side`);
  }
}

/** How a port is opened: by node:dgram or by fast UDP. Throws an Error with the system's code. */
export type OpenPort = (address: string, port: number) => Task<UdpPort>;

/** Opens a UDP socket. */
export function* bind(
  options: BindOptions,
  openPort: OpenPort,
  clock: Clock,
  log: Log,
): Task<OsDatagramSocket> {
  const address = options.address ?? "::";
  try {
    return new OsDatagramSocket(yield* openPort(address, options.port), clock, log);
  } catch (error) {
    if (!isWithoutIpv6(error, address)) {
      throw networkErrorOf(error, "listen", `UDP ${portOf({ address, port: options.port })}`);
    }
    log.info(`this machine has no IPv6: UDP port ${options.port} is bound to 0.0.0.0 only`);
    return yield* bind({ ...options, address: "0.0.0.0" }, openPort, clock, log);
  }
}

/** RFC 768 and RFC 791: 65,535 octets less the headers of UDP and IPv4; RFC 8200: IPv6 does not count its own. */
const PAYLOAD_MAX = { 4: 65_507, 6: 65_527 } as const;
