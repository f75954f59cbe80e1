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
  sleep,
  type Task,
  toByteString,
} from "../../net/index.ts";
import { EchoMismatch, ServerFull } from "./errors.ts";
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

export interface ProbeOptions {
  readonly count: number;
  readonly intervalMs: number;
  /** Octets of each datagram, PROBE_SIZE_MIN at least. */
  readonly size: number;
  /** How long an answer may take; after that its probe is lost. */
  readonly timeoutMs: number;
}

/**
 * What became of a probe. One that is answered twice is "answered" and then "duplicate"; "refused" is what the network
 * said of it: nobody listens there (ICMP port unreachable).
 */
export interface ProbeOutcome {
  readonly kind: "answered" | "duplicate" | "late" | "lost" | "refused";
  /** From 1. */
  readonly sequence: number;
  /** Undefined when it is lost. */
  readonly roundTripNs: number | undefined;
}

/** Sends probes at their interval, receives beside it, and reports each outcome as soon as it is known. */
export function* probe(
  network: Network,
  socket: DatagramSocket,
  to: Endpoint,
  options: ProbeOptions,
  report: (outcome: ProbeOutcome) => void,
): Task {
  const run = new ProbeRun(network, to, options, report);
  const sending = network.spawn("echo probes", run.send(socket));
  sending.whenDone(() => {});
  try {
    while (!sending.done || run.isWaiting) {
      const datagram = yield* receiveNext(socket, run.leftMs());
      if (datagram === "refused") run.handleRefused();
      else if (datagram !== undefined) run.handle(datagram);
      run.giveUpLost();
    }
    yield* sending.join();
  } finally {
    sending.cancel();
  }
}

class ProbeRun {
  readonly #network: Network;
  readonly #to: Endpoint;
  readonly #options: ProbeOptions;
  readonly #report: (outcome: ProbeOutcome) => void;
  readonly #identifier: number;
  /** When each probe was sent, by sequence. */
  readonly #sentAtNs = new Map<number, number>();
  /** Those that may still be answered in time, oldest first. */
  readonly #waiting = new Set<number>();
  readonly #answered = new Set<number>();

  constructor(
    network: Network,
    to: Endpoint,
    options: ProbeOptions,
    report: (outcome: ProbeOutcome) => void,
  ) {
    this.#network = network;
    this.#to = to;
    this.#options = options;
    this.#report = report;
    this.#identifier = network.random.uint32();
  }

  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  *send(socket: DatagramSocket): Task {
    const { count, intervalMs, size } = this.#options;
    for (let sequence = 1; sequence <= count; sequence++) {
      if (sequence > 1) yield* sleep(this.#network.clock, intervalMs);
      this.#sentAtNs.set(sequence, this.#network.clock.nowNs());
      this.#waiting.add(sequence);
      socket.send(emitProbe({ identifier: this.#identifier, sequence, size }), this.#to);
    }
  }

  /** How long to wait for the next datagram: until the oldest probe is lost, or a new one is surely sent. */
  leftMs(): number {
    const [oldest] = this.#waiting;
    if (oldest === undefined) return this.#options.intervalMs + this.#options.timeoutMs;
    return Math.max(0, this.#options.timeoutMs - this.#ageNs(oldest) / 1e6);
  }

  handle(datagram: Datagram): void {
    const probe = probeIn(datagram);
    // Whoever else sends to our port is none of our business.
    if (probe?.identifier !== this.#identifier || !this.#sentAtNs.has(probe.sequence)) return;
    const { sequence } = probe;
    const inTime = this.#waiting.delete(sequence);
    const kind = inTime ? "answered" : this.#answered.has(sequence) ? "duplicate" : "late";
    if (inTime) this.#answered.add(sequence);
    this.#report({ kind, sequence, roundTripNs: this.#ageNs(sequence) });
  }

  /** The report does not name a probe to us; those that left later are refused later. */
  handleRefused(): void {
    const [sequence] = this.#waiting;
    if (sequence === undefined) return;
    this.#waiting.delete(sequence);
    this.#report({ kind: "refused", sequence, roundTripNs: this.#ageNs(sequence) });
  }

  giveUpLost(): void {
    for (const sequence of this.#waiting) {
      if (this.#ageNs(sequence) < this.#options.timeoutMs * 1e6) return;
      this.#waiting.delete(sequence);
      this.#report({ kind: "lost", sequence, roundTripNs: undefined });
    }
  }

  #ageNs(sequence: number): number {
    return this.#network.clock.nowNs() - (this.#sentAtNs.get(sequence) ?? 0);
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
