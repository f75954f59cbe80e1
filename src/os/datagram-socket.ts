/**
 * A UDP socket of the operating system as a DatagramSocket.
 *
 * The kernel reports ICMP port unreachable only to sockets that are connected to one peer: without a `peer` it never
 * throws "refused", and who asks a closed port waits for the time limit.
 */

import {
  type Clock,
  DATAGRAMS_QUEUED_MAX,
  type Datagram,
  type DatagramOptions,
  type DatagramSocket,
  type Endpoint,
  familyOf,
  formatEndpoint,
  isSameEndpoint,
  type Log,
  NetworkError,
  Signal,
  suspend,
  type Task,
} from "../net/index.ts";
import { networkErrorOf, systemCodeOf } from "./errors.ts";
import { isWithoutIpv6, portOf } from "./listener.ts";
import type { UdpPort } from "./udp-port.ts";

export class OsDatagramSocket implements DatagramSocket {
  readonly local: Endpoint;
  readonly #port: UdpPort;
  readonly #clock: Clock;
  readonly #changed = new Signal();
  readonly #hasRoom = new Signal();
  readonly #peer: Endpoint | undefined;
  readonly #log: Log;
  #queue: Datagram[] = [];
  /** Datagrams that found the queue full. */
  #dropped = 0;
  #refused: NetworkError | undefined;
  #closed = false;
  /** Whom the last datagram went to: no need to look at the address again. */
  #lastTo: Endpoint | undefined;
  #payloadMax = 0;

  constructor(port: UdpPort, clock: Clock, log: Log, peer?: Endpoint) {
    this.local = port.local;
    this.#port = port;
    this.#clock = clock;
    this.#peer = peer;
    this.#log = log;
    port.start({
      handleDatagram: (bytes, from) => this.#handleDatagram(bytes, from),
      handleError: (error, to = peer) => {
        const subject = to === undefined ? portOf(this.local) : formatEndpoint(to);
        const failure = networkErrorOf(error, "talk", subject);
        log.debug(failure.message);
        if (peer !== undefined && failure.code === "refused") this.#handleRefused(peer);
      },
      handleRoom: () => this.#hasRoom.notify(),
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

  *room(octets: number): Task<number> {
    yield* nextTurn();
    while (!this.#closed && this.#port.isFull) yield* this.#hasRoom.wait(this.#clock, LOOK_MS);
    if (this.#closed) throw this.#closedError();
    return Math.max(1, Math.min(BURST_MAX, Math.floor(BURST_OCTETS / Math.max(1, octets))));
  }

  *receive(timeoutMs: number): Task<Datagram | undefined> {
    const endNs = this.#clock.nowNs() + timeoutMs * 1e6;
    for (;;) {
      const datagram = this.#take();
      if (datagram !== undefined) return datagram;
      const leftMs = Math.max(0, (endNs - this.#clock.nowNs()) / 1e6);
      if (!(yield* this.#changed.wait(this.#clock, leftMs))) return this.#take();
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue = [];
    this.#port.close();
    if (this.#dropped > 0) {
      this.#log.info(
        `UDP ${portOf(this.local)}: ${this.#dropped} datagrams were dropped, for nobody took them`,
      );
    }
    this.#changed.notify();
  }

  /** Calls back when the operating system's socket is gone. */
  whenGone(callback: () => void): void {
    this.#port.whenGone(callback);
  }

  #take(): Datagram | undefined {
    if (this.#closed) throw this.#closedError();
    const refused = this.#refused;
    this.#refused = undefined;
    if (refused !== undefined) throw refused;
    return this.#queue.shift();
  }

  #payloadMaxTo(to: Endpoint): number {
    if (this.#peer !== undefined && !isSameEndpoint(to, this.#peer)) {
      throw new TypeError(`this socket talks to ${formatEndpoint(this.#peer)} alone`);
    }
    const family = familyOf(to.address);
    if (family === undefined) throw new TypeError(`"${to.address}" is not an IP address`);
    if (family === 6 && this.#port.family === 4) {
      throw new NetworkError("unreachable", `an IPv4 socket cannot send to ${formatEndpoint(to)}`);
    }
    return PAYLOAD_MAX[family];
  }

  #handleDatagram(bytes: Uint8Array, from: Endpoint): void {
    if (this.#closed) return;
    if (this.#queue.length >= DATAGRAMS_QUEUED_MAX) {
      this.#dropped++;
      return;
    }
    this.#queue.push({ bytes, from });
    this.#changed.notify();
  }

  #handleRefused({ address, port }: Endpoint): void {
    if (this.#closed) return;
    this.#refused = new NetworkError("refused", `nobody listens on UDP port ${port} of ${address}`);
    this.#changed.notify();
  }

  #closedError(): NetworkError {
    return new NetworkError("closed", `UDP ${portOf(this.local)} was closed on our side`);
  }
}

/** How a port is opened: by node:dgram or by fast UDP. Throws an Error with the system's code. */
export type OpenPort = (address: string, port: number, peer?: Endpoint, nic?: string) => Task<UdpPort>;

/** Opens a UDP socket. */
export function* bind(
  options: DatagramOptions,
  openPort: OpenPort,
  clock: Clock,
  log: Log,
): Task<OsDatagramSocket> {
  const { port, peer, interface: nic, address = "::" } = options;
  if (peer !== undefined) return yield* connectPort(options, peer, openPort, clock, log);
  try {
    return new OsDatagramSocket(yield* openPort(address, port, undefined, nic), clock, log);
  } catch (error) {
    if (!isWithoutIpv6(error, address)) {
      throw networkErrorOf(error, "listen", `UDP ${portOf({ address, port })}`);
    }
    log.info(`this machine has no IPv6: UDP port ${port} is bound to 0.0.0.0 only`);
    return yield* bind({ ...options, address: "0.0.0.0" }, openPort, clock, log);
  }
}

/** The socket is of the peer's family: with one peer there is no need for both. */
function* connectPort(
  { port, address = "::", interface: nic }: DatagramOptions,
  peer: Endpoint,
  openPort: OpenPort,
  clock: Clock,
  log: Log,
): Task<OsDatagramSocket> {
  const family = familyOf(peer.address);
  const local = address === "::" && family === 4 ? "0.0.0.0" : address;
  if (familyOf(local) !== family) {
    throw new NetworkError("unreachable", `${local} cannot send to ${formatEndpoint(peer)}`);
  }
  try {
    return new OsDatagramSocket(yield* openPort(local, port, peer, nic), clock, log, peer);
  } catch (error) {
    const isTaken = systemCodeOf(error) === "EADDRINUSE";
    throw isTaken
      ? networkErrorOf(error, "listen", `UDP ${portOf({ address, port })}`)
      : networkErrorOf(error, "connect", formatEndpoint(peer));
  }
}

/** Lets whatever else the event loop has to do go first. */
function* nextTurn(): Task {
  yield* suspend<void>((resolve) => {
    const immediate = setImmediate(resolve);
    return () => clearImmediate(immediate);
  });
}

/** Datagrams, and their octets, of one turn: what fast UDP passes to the kernel in one call. */
const BURST_MAX = 64;
const BURST_OCTETS = 100_000;
/** How often a port that is full is looked at, should nobody say that it has room again. */
const LOOK_MS = 10;
/** RFC 768 and RFC 791: 65,535 octets less the headers of UDP and IPv4; RFC 8200: IPv6 does not count its own. */
const PAYLOAD_MAX = { 4: 65_507, 6: 65_527 } as const;
