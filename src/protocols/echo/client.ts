/** The client's side of RFC 862: pieces over a TCP connection, numbered probes over UDP. */

import { FormatError } from "../../bytes/index.ts";
import {
  type Connection,
  type Datagram,
  type DatagramSocket,
  type Endpoint,
  formatEndpoint,
  type Network,
  NetworkError,
  type Task,
  toByteString,
} from "../../net/index.ts";
import { EchoMismatch, ServerFull } from "./errors.ts";
import type { ProbeAnswer, ProbePath } from "./probe.ts";
import { type EchoProbe, emitProbe, isRefusal, parseProbe, REFUSAL_MAX } from "./wire.ts";

/**
 * Sends octets and reads as many back; throws EchoMismatch when they differ, ServerFull when the server takes no more
 * clients. Sending goes on beside reading: with both in turn, client and server would each wait for the other to read
 * as soon as the buffers are full.
 */
export function* echoBytes(
  network: Network,
  connection: Connection,
  bytes: Uint8Array,
  timeoutMs: number,
): Task {
  const sending = network.spawn("echo send", connection.write(bytes, timeoutMs));
  // Joined only at the end: a failure before that is no failure that nobody hears of.
  sending.whenDone(() => {});
  try {
    for (let at = 0; at < bytes.length; ) {
      const part = yield* connection.read(bytes.length - at, timeoutMs);
      if (part === null)
        throw new NetworkError("closed", `${formatEndpoint(connection.remote)} ended after ${at} octets`);
      const wrong = firstDifference(part, bytes, at);
      if (wrong !== undefined) {
        if (at === 0) yield* checkRefusal(connection, part, timeoutMs);
        throw new EchoMismatch(formatEndpoint(connection.remote), wrong);
      }
      at += part.length;
    }
    yield* sending.join();
  } finally {
    sending.cancel();
  }
}

/** Throws ServerFull when what begins with `first` says so. */
function* checkRefusal(connection: Connection, first: Uint8Array, timeoutMs: number): Task {
  let text = toByteString(first);
  while (text.length < REFUSAL_MAX && !text.includes("\n")) {
    const part = yield* connection.read(REFUSAL_MAX - text.length, timeoutMs);
    if (part === null) break;
    text += toByteString(part);
  }
  if (isRefusal(text)) throw new ServerFull(formatEndpoint(connection.remote), text.slice(0, REFUSAL_MAX));
}

/**
 * Sends one datagram and waits for its echo: the round trip in ns, or undefined when none came in time. Throws
 * NetworkError "refused" when the network reports that nobody listens there.
 */
export function* echoDatagram(
  network: Network,
  socket: DatagramSocket,
  to: Endpoint,
  bytes: Uint8Array,
  timeoutMs: number,
): Task<number | undefined> {
  const sentAtNs = network.clock.nowNs();
  socket.send(bytes, to);
  for (;;) {
    const ageNs = network.clock.nowNs() - sentAtNs;
    if (ageNs > timeoutMs * 1e6) return undefined;
    const datagram = yield* socket.receive(timeoutMs - ageNs / 1e6);
    if (datagram === undefined) return undefined;
    // Late answers to earlier datagrams may still come in.
    if (isSame(datagram.bytes, bytes) && formatEndpoint(datagram.from) === formatEndpoint(to)) {
      return network.clock.nowNs() - sentAtNs;
    }
  }
}

/** Probes over UDP; `socket` talks to `to` alone where a closed port is to be heard of. */
export class UdpProbes implements ProbePath {
  readonly #socket: DatagramSocket;
  readonly #to: Endpoint;
  readonly #size: number;
  readonly #identifier: number;

  /** `size`: octets of each datagram, PROBE_SIZE_MIN at least. */
  constructor(network: Network, socket: DatagramSocket, to: Endpoint, size: number) {
    this.#socket = socket;
    this.#to = to;
    this.#size = size;
    this.#identifier = network.random.uint32();
  }

  send(sequence: number): void {
    this.#socket.send(emitProbe({ identifier: this.#identifier, sequence, size: this.#size }), this.#to);
  }

  *receive(timeoutMs: number): Task<ProbeAnswer | undefined> {
    const datagram = yield* receiveNext(this.#socket, timeoutMs);
    if (datagram === undefined) return undefined;
    // Those that left later are refused later.
    if (datagram === "refused")
      return { kind: "refused", sequence: undefined, from: this.#to.address, ttl: undefined };
    const probe = probeIn(datagram);
    // Whoever else sends to our port is none of our business.
    if (probe?.identifier !== this.#identifier) return undefined;
    return { kind: "reply", sequence: probe.sequence, from: datagram.from.address, ttl: undefined };
  }

  close(): void {
    this.#socket.close();
  }
}

/** The next datagram, or that the network reported a closed port; undefined after the time. */
function* receiveNext(socket: DatagramSocket, timeoutMs: number): Task<Datagram | "refused" | undefined> {
  try {
    return yield* socket.receive(timeoutMs);
  } catch (error) {
    if (error instanceof NetworkError && error.code === "refused") return "refused";
    throw error;
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && firstDifference(a, b, 0) === undefined;
}

/** The first place in `whole` at which `part`, which stands at `start`, differs from it. */
function firstDifference(part: Uint8Array, whole: Uint8Array, start: number): number | undefined {
  for (let i = 0; i < part.length; i++) if (part[i] !== whole[start + i]) return start + i;
  return undefined;
}

function probeIn(datagram: Datagram): EchoProbe | undefined {
  try {
    return parseProbe(datagram.bytes);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
