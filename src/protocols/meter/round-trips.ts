/**
 * Round trips: a request of some octets, the same octets back, then the next (the textbook's echo), against a meter or
 * an echo server; and `Probes`, which measure the delay that a test's own load makes.
 */

import {
  type AddressFamily,
  addressesOf,
  type Connection,
  type DatagramSocket,
  type Endpoint,
  formatEndpoint,
  type Network,
  NetworkError,
  sleep,
  type Task,
  type TaskHandle,
} from "../../net/index.ts";
import { type Interval, Intervals } from "./intervals.ts";
import { Latencies, type LatencySummary } from "./latency.ts";
import { receiveNext } from "./streams.ts";
import { COOKIE_SIZE, isRoundTripsHello, ROUND_TRIPS_HELLO } from "./wire.ts";

export interface RoundTripOptions {
  readonly protocol: "tcp" | "udp";
  readonly durationMs: number;
  /** Octets of a request, and of its answer. */
  readonly size: number;
  /** An answer that takes longer is lost (UDP), or the end of the test (TCP). */
  readonly timeoutMs: number;
  readonly intervalMs: number;
  readonly family?: AddressFamily;
  onInterval?(interval: Interval): void;
  /** Called when it is cancelled or fails after it has begun: what was measured until then. */
  onInterrupted?(report: RoundTripReport): void;
}

export interface RoundTripReport {
  readonly server: Endpoint;
  readonly interrupted: boolean;
  /** Those that were answered or lost. */
  readonly requests: number;
  readonly lost: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly latency: LatencySummary | undefined;
  readonly intervals: readonly Interval[];
}

/**
 * One request after the other for the whole time. Throws NetworkError "timed-out" when nobody answers the first,
 * "refused" when nobody listens there.
 */
export function* measureRoundTrips(
  network: Network,
  host: string,
  port: number,
  options: RoundTripOptions,
): Task<RoundTripReport> {
  const exchange =
    options.protocol === "tcp"
      ? yield* openTcp(network, host, port, options)
      : yield* openUdp(network, host, port, options);
  try {
    return yield* repeat(network, exchange, options);
  } finally {
    exchange.close();
  }
}

/** How one request goes and its answer comes: false when it was lost. */
interface Exchange {
  readonly server: Endpoint;
  once(): Task<boolean>;
  close(): void;
}

function* repeat(network: Network, exchange: Exchange, options: RoundTripOptions): Task<RoundTripReport> {
  const { clock } = network;
  const beganNs = clock.nowNs();
  const endNs = beganNs + options.durationMs * 1e6;
  const latencies = new Latencies();
  let requests = 0;
  const counts = () => ({ octets: latencies.count * options.size, roundTrips: latencies });
  const intervals = new Intervals(beganNs, options.intervalMs, counts, (each) => options.onInterval?.(each));
  const report = (interrupted: boolean): RoundTripReport => {
    const nowNs = clock.nowNs();
    intervals.handleEnd(nowNs);
    const seconds = (nowNs - beganNs) / 1e9;
    return {
      server: exchange.server,
      interrupted,
      requests,
      lost: requests - latencies.count,
      seconds,
      perSecond: seconds === 0 ? 0 : latencies.count / seconds,
      latency: latencies.summary(),
      intervals: intervals.all,
    };
  };
  let isWhole = false;
  try {
    for (let nowNs = beganNs; nowNs < endNs; ) {
      const isAnswered = yield* exchange.once();
      requests++;
      const sentAtNs = nowNs;
      nowNs = clock.nowNs();
      if (isAnswered) latencies.add(nowNs - sentAtNs);
      if (nowNs >= intervals.dueNs) intervals.handleTime(nowNs);
    }
    isWhole = true;
  } finally {
    if (!isWhole) options.onInterrupted?.(report(true));
  }
  return report(false);
}

function* openTcp(network: Network, host: string, port: number, options: RoundTripOptions): Task<Exchange> {
  const { timeoutMs, size } = options;
  const family = options.family === undefined ? {} : { family: options.family };
  const connection: Connection = yield* network.connect(host, port, { timeoutMs, ...family });
  let isOpen = false;
  try {
    yield* connection.write(ROUND_TRIPS_HELLO, timeoutMs);
    const answer = yield* connection.readExactly(COOKIE_SIZE, timeoutMs);
    if (!isRoundTripsHello(answer)) throw silent(connection.remote);
    isOpen = true;
  } finally {
    if (!isOpen) connection.abort();
  }
  const request = new Uint8Array(size);
  return {
    server: connection.remote,
    *once() {
      yield* connection.write(request, timeoutMs);
      for (let left = size; left > 0; ) {
        const part = yield* connection.read(left, timeoutMs);
        if (part === null) throw new NetworkError("closed", `${formatEndpoint(connection.remote)} has gone`);
        left -= part.length;
      }
      return true;
    },
    close: () => connection.close(),
  };
}

function* openUdp(network: Network, host: string, port: number, options: RoundTripOptions): Task<Exchange> {
  const { timeoutMs, size } = options;
  const [address] = yield* addressesOf(network.resolver, host, options.family);
  const to = { address, port };
  const socket = yield* network.bind({ port: 0, peer: to });
  let isOpen = false;
  try {
    for (let attempt = 0; attempt < HELLO_TRIES && !isOpen; attempt++) {
      socket.send(ROUND_TRIPS_HELLO, to);
      isOpen = yield* awaitAnswer(network, socket, timeoutMs, isRoundTripsHello);
    }
    if (!isOpen) throw silent(to);
  } finally {
    if (!isOpen) socket.close();
  }
  let sequence = 0;
  return {
    server: to,
    *once() {
      const request = numbered(size, ++sequence);
      socket.send(request, to);
      const isAnswer = (bytes: Uint8Array): boolean => startsAs(bytes, request);
      return yield* awaitAnswer(network, socket, timeoutMs, isAnswer);
    },
    close: () => socket.close(),
  };
}

/** Whether the answer came in time; late ones to earlier requests are passed over. */
function* awaitAnswer(
  network: Network,
  socket: DatagramSocket,
  timeoutMs: number,
  isAnswer: (bytes: Uint8Array) => boolean,
): Task<boolean> {
  const endNs = network.clock.nowNs() + timeoutMs * 1e6;
  for (let leftMs = timeoutMs; leftMs > 0; leftMs = (endNs - network.clock.nowNs()) / 1e6) {
    const datagram = yield* socket.receive(leftMs);
    if (datagram !== undefined && isAnswer(datagram.bytes)) return true;
  }
  return false;
}

/** Asks the meter server beside a test, at a fixed pace, how long the way is now. */
export class Probes {
  readonly latencies = new Latencies();
  readonly #network: Network;
  readonly #to: Endpoint;
  readonly #sentAtNs = new Map<number, number>();
  #running: TaskHandle[] = [];
  #socket: DatagramSocket | undefined;

  constructor(network: Network, to: Endpoint) {
    this.#network = network;
    this.#to = to;
  }

  *begin(): Task {
    const socket = yield* this.#network.bind({ port: 0, peer: this.#to });
    this.#socket = socket;
    this.#running = [this.#send(socket), this.#receive(socket)].map((task) =>
      this.#network.spawn("meter probes", task),
    );
    for (const handle of this.#running) handle.whenDone(() => {});
  }

  end(): void {
    for (const handle of this.#running) handle.cancel();
    this.#socket?.close();
  }

  *#send(socket: DatagramSocket): Task {
    for (let sequence = 1; ; sequence++) {
      this.#sentAtNs.set(sequence, this.#network.clock.nowNs());
      // What was not answered long ago is lost.
      this.#sentAtNs.delete(sequence - PROBES_WAITING_MAX);
      // Each says hello, so that it does not matter which of them is lost.
      const probe = new Uint8Array(PROBE_SIZE);
      probe.set(ROUND_TRIPS_HELLO);
      probe.set(numbered(4, sequence), COOKIE_SIZE);
      socket.send(probe, this.#to);
      // RFC 2330 section 11.1: at even times they could meet a full queue, or an empty one, always.
      yield* sleep(this.#network.clock, PROBE_INTERVAL_MS * (0.5 + this.#network.random.fraction()));
    }
  }

  *#receive(socket: DatagramSocket): Task {
    for (;;) {
      const datagram = yield* receiveNext(socket, Number.POSITIVE_INFINITY);
      if (datagram === undefined || datagram.bytes.length !== PROBE_SIZE) continue;
      const [a, b, c, d] = datagram.bytes.subarray(COOKIE_SIZE);
      const sequence = ((d << 24) | (c << 16) | (b << 8) | a) >>> 0;
      const sentAtNs = this.#sentAtNs.get(sequence);
      if (sentAtNs === undefined) continue;
      this.#sentAtNs.delete(sequence);
      this.latencies.add(this.#network.clock.nowNs() - sentAtNs);
    }
  }
}

/** As many octets as there is room for of the number, the low ones first. */
function numbered(size: number, sequence: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < Math.min(4, size); i++) bytes[i] = sequence >>> (8 * i);
  return bytes;
}

/** The same length, and the same number at the front. */
function startsAs(bytes: Uint8Array, request: Uint8Array): boolean {
  if (bytes.length !== request.length) return false;
  for (let i = 0; i < Math.min(4, bytes.length); i++) if (bytes[i] !== request[i]) return false;
  return true;
}

function silent(to: Endpoint): NetworkError {
  return new NetworkError(
    "timed-out",
    `${formatEndpoint(to)} sends nothing back: it is neither a meter nor an echo server`,
  );
}

/** On a line that loses 40 % both ways, one of eight comes back with 97 %. */
const HELLO_TRIES = 8;
/** On average ten a second: enough for a mean of each second, too few to be a load. */
const PROBE_INTERVAL_MS = 100;
/** As ping's. */
const PROBE_SIZE = 56;
/** Probes that may still be answered: those of 10 s. */
const PROBES_WAITING_MAX = 100;
