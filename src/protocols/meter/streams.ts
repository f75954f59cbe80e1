/**
 * What flows in a test, on either side: four loops, one for each transport and direction. They do as little as they
 * can for each block or datagram, because what they cost is what they measure.
 */

import { FormatError } from "../../bytes/index.ts";
import {
  type Clock,
  type Connection,
  type Datagram,
  type DatagramSocket,
  type Endpoint,
  NetworkError,
  sleep,
  type Task,
} from "../../net/index.ts";
import type { Parameters } from "./messages.ts";
import { Receipts } from "./receipts.ts";
import { parseDatagram, stampDatagram } from "./wire.ts";

/** One stream of a test as one side counts it. */
export class Stream {
  /** iperf3 numbers its streams 1, 3, 4, 5 ... */
  readonly id: number;
  /** Octets that a sender has handed over, or a TCP receiver has read. */
  octets = 0;
  /** Octets of the write that is under way: some of them may have gone. */
  inHand = 0;
  /** Datagrams that a sender has sent. */
  packets = 0;
  /** Of a UDP receiver. */
  readonly receipts = new Receipts();
  /** When something came first and last, for a receiver. */
  firstAtNs: number | undefined;
  lastAtNs = 0;
  /** Of a TCP sender: octets handed over that have not left for good. */
  unsentBytes: () => number = () => 0;
  #omitted = { handed: 0, counted: 0, packets: 0 };

  constructor(index: number) {
    this.id = index === 0 ? 1 : index + 2;
  }

  /** Octets that count: those that have gone, or have come, since `reset`. */
  get counted(): number {
    return Math.max(0, this.octets + this.receipts.octets - this.unsentBytes() - this.#omitted.counted);
  }

  /** Octets that a sender has handed over since `reset`: no less than what is received. */
  get handed(): number {
    return this.octets + this.inHand - this.#omitted.handed;
  }

  get countedPackets(): number {
    return this.packets > 0 ? this.packets - this.#omitted.packets : this.receipts.packets;
  }

  handleArrival(nowNs: number): void {
    this.firstAtNs ??= nowNs;
    this.lastAtNs = nowNs;
  }

  /** The end of the omitted time. */
  reset(): void {
    this.receipts.reset();
    const counted = Math.max(0, this.octets - this.unsentBytes());
    this.#omitted = { handed: this.octets, counted, packets: this.packets };
  }
}

/** What all streams of a test share. */
export class Flow {
  readonly parameters: Parameters;
  isOver = false;
  /** Octets that may still be sent. */
  #left: number;

  constructor(parameters: Parameters) {
    this.parameters = parameters;
    this.#left = parameters.octets === 0 ? Number.POSITIVE_INFINITY : parameters.octets;
  }

  /** Whether `size` octets more may be sent; then they are taken. The last block may go beyond, as iperf3's does. */
  take(size: number): boolean {
    if (this.isOver || this.#left <= 0) return false;
    this.#left -= size;
    return true;
  }

  /** All that was to be sent is on its way. */
  get isSpent(): boolean {
    return this.#left <= 0;
  }
}

export function* sendOctets(clock: Clock, connection: Connection, flow: Flow, stream: Stream): Task {
  const { size, rateBps } = flow.parameters;
  // One block for all writes: it never changes.
  const block = new Uint8Array(size);
  const beganNs = clock.nowNs();
  stream.unsentBytes = () => connection.unsentBytes;
  while (flow.take(size)) {
    stream.inHand = size;
    yield* connection.write(block, STALL_MS);
    stream.inHand = 0;
    stream.octets += size;
    if (rateBps === 0) continue;
    const dueNs = beganNs + Math.round((stream.octets * 8e9) / rateBps);
    if (dueNs > clock.nowNs()) yield* sleep(clock, (dueNs - clock.nowNs()) / 1e6);
  }
}

/** Ends with the stream. */
export function* receiveOctets(clock: Clock, connection: Connection, flow: Flow, stream: Stream): Task {
  for (;;) {
    const count = yield* connection.skip(Number.POSITIVE_INFINITY);
    if (count === null || flow.isOver) return;
    stream.octets += count;
    stream.handleArrival(clock.nowNs());
  }
}

export function* sendDatagrams(
  clock: Clock,
  socket: DatagramSocket,
  to: Endpoint,
  flow: Flow,
  stream: Stream,
): Task {
  const { size, rateBps, wideCounters } = flow.parameters;
  const bytes = new Uint8Array(size);
  const sendNext = (): boolean => {
    if (!flow.take(size)) return false;
    stampDatagram(bytes, { sentAtNs: clock.nowNs(), packet: ++stream.packets }, wideCounters);
    socket.send(bytes, to);
    stream.octets += size;
    return true;
  };
  if (rateBps > 0) yield* paced(clock, (size * 8e9) / rateBps, flow, sendNext);
  else {
    for (;;) {
      const room = yield* socket.room(size, to);
      for (let sent = 0; sent < room; sent++) if (!sendNext()) return;
    }
  }
}

/** At a steady rate, whether anybody can take it or not; `sendNext` is false at the end. */
function* paced(clock: Clock, intervalNs: number, flow: Flow, sendNext: () => boolean): Task {
  let dueNs = clock.nowNs();
  while (!flow.isOver) {
    const nowNs = clock.nowNs();
    // Who could not keep up does not send all of the rest at once.
    dueNs = Math.max(dueNs, nowNs - CATCH_UP_MAX_NS);
    for (let burst = 0; dueNs <= nowNs && burst < BURST_MAX; burst++) {
      if (!sendNext()) return;
      dueNs += intervalNs;
    }
    yield* sleep(clock, Math.max(0, Math.ceil(dueNs - nowNs)) / 1e6);
  }
}

/** Ends when the socket is closed. */
export function* receiveDatagrams(clock: Clock, socket: DatagramSocket, flow: Flow, stream: Stream): Task {
  for (;;) {
    const datagram = yield* receiveNext(socket, Number.POSITIVE_INFINITY);
    if (datagram !== undefined) countDatagram(clock, datagram, flow, stream);
  }
}

export function countDatagram(clock: Clock, { bytes }: Datagram, flow: Flow, stream: Stream): void {
  if (flow.isOver) return;
  try {
    const header = parseDatagram(bytes, flow.parameters.wideCounters);
    stream.handleArrival(clock.nowNs());
    stream.receipts.handle(header, bytes.length, stream.lastAtNs);
  } catch (error) {
    // Too short for a header: somebody else's, or a connect message that came twice.
    if (!(error instanceof FormatError)) throw error;
  }
}

/** The next datagram; undefined after the time, or when a closed port was reported. */
export function* receiveNext(socket: DatagramSocket, timeoutMs: number): Task<Datagram | undefined> {
  try {
    return yield* socket.receive(timeoutMs);
  } catch (error) {
    if (error instanceof NetworkError && error.code === "refused") return undefined;
    throw error;
  }
}

/** A peer that takes nothing for so long is gone. */
const STALL_MS = 60_000;
/** Datagrams that go in one turn, as many as a socket's queue holds. */
const BURST_MAX = 256;
/** A timer of the event loop may be late by so much and its datagrams still go. */
const CATCH_UP_MAX_NS = 20_000_000;
