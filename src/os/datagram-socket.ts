/**
 * A UDP socket of the operating system as a DatagramSocket.
 *
 * It never throws "refused": the kernel reports ICMP port unreachable only to sockets that are connected to one
 * peer, and these serve many. Who asks a closed port waits for the time limit.
 */

import { createSocket, type Socket, type SocketType } from "node:dgram";
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
  suspend,
  type Task,
} from "../net/index.ts";
import { addressOfNode, endpointOfNode, mappedAddress } from "./address.ts";
import { networkErrorOf } from "./errors.ts";
import { isWithoutIpv6, portOf } from "./listener.ts";

export class OsDatagramSocket implements DatagramSocket {
  readonly local: Endpoint;
  readonly #socket: Socket;
  readonly #family: 4 | 6;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #changed = new Signal();
  #queue: Datagram[] = [];
  #closed = false;

  /** `socket` is bound already; see `bind`. */
  constructor(socket: Socket, clock: Clock, log: Log) {
    const { address, port, family } = socket.address();
    this.local = endpointOfNode(address, port);
    this.#socket = socket;
    this.#family = family === "IPv6" ? 6 : 4;
    this.#clock = clock;
    this.#log = log;
    socket.on("message", (bytes, from) => this.#handleMessage(bytes, from.address, from.port));
    socket.on("error", (error) => log.debug(networkErrorOf(error, "talk", portOf(this.local)).message));
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    if (this.#closed) throw this.#closedError();
    const family = familyOf(to.address);
    if (family === undefined) throw new TypeError(`"${to.address}" is not an IP address`);
    if (bytes.length > PAYLOAD_MAX[family]) {
      const limit = `a datagram carries at most ${PAYLOAD_MAX[family]} octets over IPv${family}`;
      throw new NetworkError(
        "message-too-large",
        `${bytes.length} octets to ${formatEndpoint(to)}: ${limit}`,
      );
    }
    if (family === 6 && this.#family === 4) {
      throw new NetworkError("unreachable", `an IPv4 socket cannot send to ${formatEndpoint(to)}`);
    }
    if (this.#socket.getSendQueueSize() > UNSENT_MAX) return;
    const address = family < this.#family ? mappedAddress(to.address) : to.address;
    // A copy, for the kernel may take it later than the caller changes it.
    this.#socket.send(Buffer.from(bytes), to.port, address, (error) => {
      if (error !== null) this.#log.debug(networkErrorOf(error, "talk", formatEndpoint(to)).message);
    });
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
    this.#socket.close();
    this.#changed.notify();
  }

  /** Calls back when the operating system's socket is gone. */
  whenGone(callback: () => void): void {
    this.#socket.once("close", callback);
  }

  #handleMessage(bytes: Buffer, address: string, port: number): void {
    if (this.#queue.length >= DATAGRAMS_QUEUED_MAX) return;
    const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#queue.push({ bytes: view, from: { address: addressOfNode(address), port } });
    this.#changed.notify();
  }

  #closedError(): NetworkError {
    return new NetworkError("closed", `UDP ${portOf(this.local)} was closed on our side`);
  }
}

/** Opens a UDP socket. */
export function* bind(options: BindOptions, clock: Clock, log: Log): Task<OsDatagramSocket> {
  const address = options.address ?? "::";
  try {
    return new OsDatagramSocket(yield* openSocket(address, options.port), clock, log);
  } catch (error) {
    if (!isWithoutIpv6(error, address)) {
      throw networkErrorOf(error, "listen", `UDP ${portOf({ address, port: options.port })}`);
    }
    log.info(`this machine has no IPv6: UDP port ${options.port} is bound to 0.0.0.0 only`);
    return yield* bind({ ...options, address: "0.0.0.0" }, clock, log);
  }
}

function* openSocket(address: string, port: number): Task<Socket> {
  const type: SocketType = familyOf(address) === 4 ? "udp4" : "udp6";
  const socket = createSocket({ type, ipv6Only: false, lookup: takeAsIs });
  let opened: Socket | undefined;
  try {
    opened = yield* suspend<Socket>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind({ address, port, exclusive: true }, () => {
        socket.off("error", reject);
        resolve(socket);
      });
      return () => {};
    });
    return opened;
  } finally {
    // Failed, or cancelled, perhaps when it was bound already.
    if (opened === undefined) socket.close();
  }
}

/** Only addresses come here: no name look-up, whose thread pool would delay every datagram. */
function takeAsIs(
  address: string,
  _options: unknown,
  callback: (error: Error | null, address: string, family: number) => void,
): void {
  callback(null, address, familyOf(address) ?? 4);
}

/** RFC 768 and RFC 791: 65,535 octets less the headers of UDP and IPv4; RFC 8200: IPv6 does not count its own. */
const PAYLOAD_MAX = { 4: 65_507, 6: 65_527 } as const;
/** Octets that may wait for the kernel to take them, as much as its own buffer for a UDP socket. */
const UNSENT_MAX = 212_992;
