/**
 * The client of iperf3's protocol: it leads a test through its states and says when it is over. Read wire.ts for the
 * states, README.md for the exchange drawn.
 */

import { FormatError, Reader } from "../../bytes/index.ts";
import {
  type AddressFamily,
  type Connection,
  type DatagramSocket,
  type Endpoint,
  formatEndpoint,
  type Network,
  NetworkError,
  Signal,
  type Task,
  type TaskHandle,
} from "../../net/index.ts";
import { notOurProtocol, outOfTurn, serverBusy, serverFailed } from "./errors.ts";
import { sayAtOnce } from "./farewell.ts";
import { type Interval, Intervals } from "./intervals.ts";
import type { LatencySummary } from "./latency.ts";
import {
  emitParameters,
  emitResults,
  type Parameters,
  parseResults,
  readJson,
  type StreamResult,
} from "./messages.ts";
import { Probes } from "./round-trips.ts";
import { Flow, receiveDatagrams, receiveOctets, Stream, sendDatagrams, sendOctets } from "./streams.ts";
import {
  type DatagramTotals,
  datagramTotalsOf,
  resultsOf,
  secondsOf,
  type Totals,
  totalsOf,
} from "./summary.ts";
import { emitCookie, isState, isUdpConnectReply, makeCookie, State, stateName, UDP_CONNECT } from "./wire.ts";

export interface MeterOptions {
  /** `omitMs` and `wantsRoundTrips` are the client's own business. */
  readonly parameters: Omit<Parameters, "omitMs" | "wantsRoundTrips" | "wideCounters">;
  /** How long the server may leave us without its next word. */
  readonly timeoutMs: number;
  readonly intervalMs: number;
  readonly family?: AddressFamily;
  onInterval?(interval: Interval): void;
  /** Called when the test is cancelled or fails after it has begun: what this side has counted until then. */
  onInterrupted?(report: PartialMeterReport): void;
}

/** What this side knows by itself. */
export interface PartialMeterReport {
  readonly server: Endpoint;
  readonly parameters: Parameters;
  readonly interrupted: boolean;
  /** Undefined where only the other side knows. */
  readonly sent: Totals | undefined;
  readonly received: Totals | undefined;
  /** Undefined for TCP, and where only the other side knows. */
  readonly datagrams: DatagramTotals | undefined;
  /** Round trips beside the streams; undefined when the server offers none (iperf3). */
  readonly latency: LatencySummary | undefined;
  readonly intervals: readonly Interval[];
}

export interface MeterReport extends PartialMeterReport {
  readonly interrupted: false;
  readonly sent: Totals;
  readonly received: Totals;
}

/** Runs one test. Throws RemoteError "busy", "server-error", "protocol", and NetworkError. */
export function* runMeter(
  network: Network,
  host: string,
  port: number,
  options: MeterOptions,
): Task<MeterReport> {
  const family = options.family === undefined ? {} : { family: options.family };
  const control = yield* network.connect(host, port, { timeoutMs: options.timeoutMs, ...family });
  const test = new ClientTest(network, control, options);
  try {
    return yield* test.run();
  } finally {
    test.end();
  }
}

class ClientTest {
  readonly #network: Network;
  readonly #control: Connection;
  readonly #options: MeterOptions;
  readonly #parameters: Parameters;
  readonly #cookie: string;
  readonly #flow: Flow;
  readonly #streams: Stream[] = [];
  /** Begin to send, one for each stream. */
  readonly #senders: (() => Task)[] = [];
  readonly #connections: Connection[] = [];
  readonly #sockets: DatagramSocket[] = [];
  readonly #running: TaskHandle[] = [];
  readonly #changed = new Signal();
  #probes: Probes | undefined;
  #state: "opening" | "running" | "over" = "opening";

  constructor(network: Network, control: Connection, options: MeterOptions) {
    this.#network = network;
    this.#control = control;
    this.#options = options;
    this.#parameters = { ...options.parameters, omitMs: 0, wantsRoundTrips: true, wideCounters: false };
    this.#cookie = makeCookie(network.random);
    this.#flow = new Flow(this.#parameters);
  }

  *run(): Task<MeterReport> {
    yield* this.#write(emitCookie(this.#cookie));
    yield* this.#expect(State.parameterExchange);
    yield* this.#write(emitParameters(this.#parameters));
    const answer = yield* this.#nextState();
    const offersRoundTrips = answer === State.roundTripsOffered;
    if (offersRoundTrips) yield* this.#expect(State.createStreams);
    else this.#mustBe(State.createStreams, answer);
    for (let i = 0; i < this.#parameters.parallel; i++) yield* this.#open(i);
    yield* this.#expect(State.testStart);
    this.#state = "running";
    yield* this.#expect(State.testRunning);
    if (offersRoundTrips) {
      this.#probes = new Probes(this.#network, this.#control.remote);
      yield* this.#probes.begin();
    }
    return yield* this.#measure();
  }

  /** Whatever has happened: nothing is left over. */
  end(): void {
    // Interrupted, or something has failed.
    if (this.#state === "running") sayAtOnce(this.#control, State.clientTerminate);
    this.#flow.isOver = true;
    for (const handle of this.#running) handle.cancel();
    this.#probes?.end();
    for (const connection of this.#connections) connection.abort();
    for (const socket of this.#sockets) socket.close();
    this.#control.close();
  }

  *#open(index: number): Task {
    const stream = new Stream(index);
    if (this.#parameters.protocol === "tcp") yield* this.#openTcp(stream);
    else yield* this.#openUdp(stream);
    this.#streams.push(stream);
  }

  *#openTcp(stream: Stream): Task {
    const { address, port } = this.#control.remote;
    const { timeoutMs } = this.#options;
    const connection = yield* this.#network.connect(address, port, { timeoutMs });
    this.#connections.push(connection);
    yield* connection.write(emitCookie(this.#cookie), timeoutMs);
    if (this.#parameters.reverse)
      this.#receive(receiveOctets(this.#network.clock, connection, this.#flow, stream));
    else this.#senders.push(() => sendOctets(this.#network.clock, connection, this.#flow, stream));
  }

  *#openUdp(stream: Stream): Task {
    const server = this.#control.remote;
    const { clock } = this.#network;
    const socket = yield* this.#network.bind({ port: 0, peer: server });
    this.#sockets.push(socket);
    yield* this.#introduce(socket, server);
    if (this.#parameters.reverse) this.#receive(receiveDatagrams(clock, socket, this.#flow, stream));
    else this.#senders.push(() => sendDatagrams(clock, socket, server, this.#flow, stream));
  }

  /** A UDP stream begins with a message and its reply, and each of them may be lost; a closed port is "refused". */
  *#introduce(socket: DatagramSocket, server: Endpoint): Task {
    for (let attempt = 0; attempt < UDP_CONNECT_TRIES; attempt++) {
      socket.send(UDP_CONNECT, server);
      const reply = yield* socket.receive(UDP_CONNECT_MS);
      if (reply !== undefined && isUdpConnectReply(reply.bytes)) return;
    }
    throw new NetworkError("timed-out", `${formatEndpoint(server)} did not answer over UDP`);
  }

  *#measure(): Task<MeterReport> {
    const { clock } = this.#network;
    const { durationMs, reverse, protocol } = this.#parameters;
    // The word that begins the test may be late, behind what the server sends already.
    const beganNs = Math.min(clock.nowNs(), ...this.#streams.flatMap(({ firstAtNs }) => firstAtNs ?? []));
    for (const sender of this.#senders) this.#spawn("meter stream", sender());
    // Until our TEST_END only bad news can come.
    const limitMs = (durationMs || UNTIMED_MAX_MS) + this.#options.timeoutMs;
    const news = this.#spawn("meter control", this.#nextState(limitMs));
    const intervals = new Intervals(
      beganNs,
      this.#options.intervalMs,
      () => ({ octets: this.#counted, roundTrips: this.#probes?.latencies }),
      (each) => this.#options.onInterval?.(each),
    );
    let ours: StreamResult[] | undefined;
    let theirs: StreamResult[] | undefined;
    try {
      yield* this.#wait(beganNs, intervals, news);
      ours = this.#stopCounting(beganNs, intervals);
      if (!news.done) yield* this.#write(Uint8Array.of(State.testEnd));
      this.#mustBe(State.exchangeResults, yield* news.join());
      this.#state = "over";
      theirs = yield* this.#exchange(ours);
    } finally {
      if (theirs === undefined) {
        ours ??= this.#stopCounting(beganNs, intervals);
        this.#options.onInterrupted?.(this.#partialReport(ours, intervals));
      }
    }
    const [sent, received] = reverse ? [theirs, ours] : [ours, theirs];
    return {
      ...this.#partialReport(ours, intervals),
      interrupted: false,
      sent: totalsOf(sent),
      received: totalsOf(received),
      datagrams: protocol === "udp" ? datagramTotalsOf(received) : undefined,
    };
  }

  #stopCounting(beganNs: number, intervals: Intervals): StreamResult[] {
    const isSender = !this.#parameters.reverse;
    this.#flow.isOver = true;
    this.#probes?.end();
    const nowNs = this.#network.clock.nowNs();
    intervals.handleEnd(nowNs);
    const seconds = secondsOf(this.#streams, this.#parameters, isSender, beganNs, nowNs);
    return resultsOf(this.#streams, this.#parameters, seconds, isSender);
  }

  #partialReport(ours: readonly StreamResult[], intervals: Intervals): PartialMeterReport {
    const { reverse, protocol } = this.#parameters;
    return {
      server: this.#control.remote,
      parameters: this.#parameters,
      interrupted: true,
      sent: reverse ? undefined : totalsOf(ours),
      received: reverse ? totalsOf(ours) : undefined,
      datagrams: reverse && protocol === "udp" ? datagramTotalsOf(ours) : undefined,
      latency: this.#probes?.latencies.summary(),
      intervals: intervals.all,
    };
  }

  *#exchange(ours: readonly StreamResult[]): Task<StreamResult[]> {
    yield* this.#write(emitResults(ours));
    const json = yield* readJson(this.#control, this.#options.timeoutMs);
    const ids = this.#streams.map((stream) => stream.id);
    const theirs = this.#parsed(() => parseResults(json, ids));
    yield* this.#expect(State.displayResults);
    yield* this.#write(Uint8Array.of(State.iperfDone));
    return theirs;
  }

  /** Until the time is over, the octets are all there, or nothing goes any more. */
  *#wait(beganNs: number, intervals: Intervals, news: TaskHandle): Task {
    const { clock } = this.#network;
    const { durationMs, octets, reverse } = this.#parameters;
    const endNs = durationMs === 0 ? Number.POSITIVE_INFINITY : beganNs + durationMs * 1e6;
    let progress = { octets: 0, atNs: beganNs };
    for (let nowNs = beganNs; nowNs < endNs && !news.done; nowNs = clock.nowNs()) {
      if (octets > 0) {
        if (reverse ? this.#counted >= octets : this.#isAllSent) return;
        if (this.#counted > progress.octets) progress = { octets: this.#counted, atNs: nowNs };
        // UDP: the rest was lost.
        if (reverse && nowNs - progress.atNs > QUIET_MAX_NS) return;
      }
      const wakeNs = Math.min(endNs, intervals.dueNs, octets > 0 ? nowNs + LOOK_NS : endNs);
      yield* this.#changed.wait(clock, (wakeNs - nowNs) / 1e6);
      // The last interval is closed with the test itself.
      if (clock.nowNs() < endNs) intervals.handleTime(clock.nowNs());
    }
  }

  get #counted(): number {
    return this.#streams.reduce((sum, stream) => sum + stream.counted, 0);
  }

  get #isAllSent(): boolean {
    return this.#flow.isSpent && this.#connections.every((connection) => connection.unsentBytes === 0);
  }

  /** From the beginning on: when the first octets come is when the test begins. */
  #receive(stream: Task): void {
    this.#spawn("meter stream", stream);
  }

  #spawn<T>(name: string, task: Task<T>): TaskHandle<T> {
    const handle = this.#network.spawn(name, task);
    handle.whenDone(() => this.#changed.notify());
    this.#running.push(handle);
    return handle;
  }

  *#write(bytes: Uint8Array): Task {
    yield* this.#control.write(bytes, this.#options.timeoutMs);
  }

  *#expect(state: number): Task {
    this.#mustBe(state, yield* this.#nextState());
  }

  #mustBe(expected: number, octet: number): void {
    if (octet !== expected) {
      if (!isState(octet)) throw notOurProtocol(formatEndpoint(this.#control.remote));
      const what = `${stateName(octet)} instead of ${stateName(expected)}`;
      throw outOfTurn(formatEndpoint(this.#control.remote), what);
    }
  }

  /** What the server says next; its refusals are errors. */
  *#nextState(timeoutMs = this.#options.timeoutMs): Task<number> {
    const peer = formatEndpoint(this.#control.remote);
    const [octet] = yield* this.#control.readExactly(1, timeoutMs);
    if (octet === State.accessDenied) throw serverBusy(peer);
    if (octet === State.serverTerminate) throw outOfTurn(peer, "SERVER_TERMINATE: it was stopped");
    if (octet !== State.serverError) return octet;
    const numbers = new Reader(yield* this.#control.readExactly(8, this.#options.timeoutMs));
    throw serverFailed(peer, numbers.uint32("meter.error"));
  }

  #parsed<T>(parse: () => T): T {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw outOfTurn(formatEndpoint(this.#control.remote), error.message);
    }
  }
}

/** Together less than a server waits for its streams. */
const UDP_CONNECT_TRIES = 8;
const UDP_CONNECT_MS = 1000;
/** As the server's: a test that ends by its octets has no time of its own. */
const UNTIMED_MAX_MS = 3_600_000;
/** How often a test that ends by its octets looks whether they are there. */
const LOOK_NS = 10_000_000;
/** A server that should send more and does not for so long has sent it all. */
const QUIET_MAX_NS = 2_000_000_000;
