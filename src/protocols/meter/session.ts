/**
 * One test as the server runs it: parameters, streams, the flow, results. The client leads; each state that it must
 * answer has its time limit, and whatever happens the streams are gone at the end.
 */

import { FormatError, Writer } from "../../bytes/index.ts";
import {
  type Connection,
  type Datagram,
  type DatagramSocket,
  type Endpoint,
  formatEndpoint,
  type Network,
  NetworkError,
  Signal,
  sleep,
  type Task,
  type TaskHandle,
  withTimeLimit,
} from "../../net/index.ts";
import { NOT_IMPLEMENTED, outOfTurn } from "./errors.ts";
import { emitResults, type Parameters, parseParameters, parseResults, readJson } from "./messages.ts";
import { countDatagram, Flow, receiveOctets, Stream, sendDatagrams, sendOctets } from "./streams.ts";
import { resultsOf, secondsOf } from "./summary.ts";
import { isUdpConnect, State, stateName, UDP_CONNECT_REPLY } from "./wire.ts";

export class Session {
  readonly cookie: string;
  readonly #network: Network;
  readonly #socket: DatagramSocket;
  readonly #answerMs: number;
  readonly #streams: Stream[] = [];
  readonly #connections: Connection[] = [];
  readonly #peers = new Map<string, { stream: Stream; to: Endpoint }>();
  /** The last peer heard: most datagrams come in a row from one. */
  #lastPeer: { stream: Stream; to: Endpoint } | undefined;
  readonly #running: TaskHandle[] = [];
  readonly #changed = new Signal();
  #control: Connection | undefined;
  #flow: Flow | undefined;
  #state: "opening" | "creating" | "running" | "over" = "opening";

  constructor(network: Network, socket: DatagramSocket, cookie: string, answerMs: number) {
    this.#network = network;
    this.#socket = socket;
    this.cookie = cookie;
    this.#answerMs = answerMs;
  }

  /** The whole test, on its control connection. */
  *run(control: Connection): Task {
    this.#control = control;
    try {
      const flow = yield* this.#agree(control);
      yield* this.#say(control, State.createStreams);
      // From here on its next word is TEST_END; that it has gone is known at once.
      const word = this.#spawn(control.readExactly(1, this.#limitMs(flow.parameters)));
      yield* this.#waitForStreams(control, flow.parameters.parallel, word);
      this.#state = "running";
      // In one piece: where TCP holds a second small segment back (RFC 9293, Nagle), the start would be late.
      yield* this.#say(control, State.testStart, State.testRunning);
      const beganNs = this.#network.clock.nowNs();
      this.#begin(flow);
      yield* this.#mustBeEnd(control, word);
      yield* this.#waitForRest(flow.parameters);
      flow.isOver = true;
      const { parameters } = flow;
      const nowNs = this.#network.clock.nowNs();
      const seconds = secondsOf(this.#streams, parameters, parameters.reverse, beganNs, nowNs);
      yield* this.#exchangeResults(control, flow, seconds);
    } finally {
      this.#end();
    }
  }

  /** Tells the client of a test that runs to go; `run` ends when it has. */
  *sayStopped(): Task {
    if (this.#state !== "running" || this.#control === undefined) return;
    yield* this.#control.write(Uint8Array.of(State.serverTerminate), this.#answerMs);
    this.#control.end();
  }

  /** A TCP stream of this test; it lasts until the test is over. */
  *addConnection(connection: Connection): Task {
    const parameters = this.#flow?.parameters;
    if (this.#state !== "creating" || parameters?.protocol !== "tcp" || this.#isFull)
      throw outOfTurn(formatEndpoint(connection.remote), "a stream that was not asked for");
    this.#connections.push(connection);
    this.#streams.push(new Stream(this.#streams.length));
    this.#changed.notify();
    while (!this.#isOver) yield* this.#changed.wait(this.#network.clock, Number.POSITIVE_INFINITY);
    connection.abort();
  }

  /** Whether the datagram belongs to this test. */
  handleDatagram(datagram: Datagram): boolean {
    const { from } = datagram;
    const last = this.#lastPeer;
    const peer =
      last?.to.port === from.port && last.to.address === from.address
        ? last
        : this.#peers.get(`${from.address} ${from.port}`);
    if (peer === undefined) return this.#addPeer(datagram);
    this.#lastPeer = peer;
    // Its reply was lost, so that the client asks again.
    if (isUdpConnect(datagram.bytes)) this.#socket.send(UDP_CONNECT_REPLY, from);
    else if (this.#flow !== undefined && !this.#flow.parameters.reverse)
      countDatagram(this.#network.clock, datagram, this.#flow, peer.stream);
    return true;
  }

  get #isOver(): boolean {
    return this.#state === "over";
  }

  get #isFull(): boolean {
    return this.#streams.length >= (this.#flow?.parameters.parallel ?? 0);
  }

  #addPeer({ bytes, from }: Datagram): boolean {
    const isWanted = this.#state === "creating" && this.#flow?.parameters.protocol === "udp" && !this.#isFull;
    if (!isWanted || !isUdpConnect(bytes)) return false;
    const stream = new Stream(this.#streams.length);
    this.#streams.push(stream);
    this.#peers.set(`${from.address} ${from.port}`, { stream, to: from });
    this.#socket.send(UDP_CONNECT_REPLY, from);
    this.#changed.notify();
    return true;
  }

  *#agree(control: Connection): Task<Flow> {
    yield* this.#say(control, State.parameterExchange);
    const json = yield* readJson(control, this.#answerMs);
    const { parameters, unsupported } = yield* this.#checked(control, () => parseParameters(json));
    if (unsupported !== undefined) {
      yield* this.#refuse(control);
      throw outOfTurn(formatEndpoint(control.remote), `a request for ${unsupported}, which we do not do`);
    }
    this.#flow = new Flow(parameters);
    this.#state = "creating";
    if (parameters.wantsRoundTrips) yield* this.#say(control, State.roundTripsOffered);
    return this.#flow;
  }

  *#waitForStreams(control: Connection, count: number, word: TaskHandle<Uint8Array>): Task {
    const { clock } = this.#network;
    const endNs = clock.nowNs() + this.#answerMs * 1e6;
    while (this.#streams.length < count) {
      if (word.done) yield* this.#mustBeEnd(control, word);
      const leftMs = (endNs - clock.nowNs()) / 1e6;
      if (leftMs <= 0 || !(yield* this.#changed.wait(clock, leftMs))) {
        const problem = `${formatEndpoint(control.remote)} opened ${this.#streams.length} of ${count} streams`;
        throw new NetworkError("timed-out", `${problem} within ${this.#answerMs} ms`);
      }
    }
  }

  #begin(flow: Flow): void {
    const { protocol, reverse, omitMs } = flow.parameters;
    if (omitMs > 0) this.#spawn(this.#omit(omitMs));
    if (protocol === "tcp") {
      for (const [i, connection] of this.#connections.entries()) {
        const pump = reverse
          ? sendOctets(this.#network.clock, connection, flow, this.#streams[i])
          : receiveOctets(this.#network.clock, connection, flow, this.#streams[i]);
        this.#spawn(pump);
      }
    } else if (reverse) {
      for (const { stream, to } of this.#peers.values())
        this.#spawn(sendDatagrams(this.#network.clock, this.#socket, to, flow, stream));
    }
  }

  #spawn<T>(task: Task<T>): TaskHandle<T> {
    const handle = this.#network.spawn(`meter test ${this.cookie.slice(0, 4)}`, task);
    // A stream that breaks is the client's to notice: it leads.
    handle.whenDone(() => this.#changed.notify());
    this.#running.push(handle);
    return handle;
  }

  *#omit(omitMs: number): Task {
    yield* sleep(this.#network.clock, omitMs);
    for (const stream of this.#streams) stream.reset();
  }

  /** How long the client may take from the beginning of its streams to TEST_END. */
  #limitMs({ durationMs, omitMs }: Parameters): number {
    return this.#answerMs + (durationMs === 0 ? UNTIMED_MAX_MS : durationMs + omitMs + OVERTIME_MS);
  }

  *#mustBeEnd(control: Connection, word: TaskHandle<Uint8Array>): Task {
    const [octet] = yield* word.join();
    if (octet !== State.testEnd) throw outOfTurn(formatEndpoint(control.remote), stateName(octet));
  }

  /** The client's TEST_END may overtake the last octets of a test that ends by them: they come by other connections. */
  *#waitForRest({ protocol, reverse, octets }: Parameters): Task {
    if (octets === 0 || protocol === "udp" || reverse) return;
    const { clock } = this.#network;
    const endNs = clock.nowNs() + REST_MAX_MS * 1e6;
    const counted = (): number => this.#streams.reduce((sum, stream) => sum + stream.counted, 0);
    while (counted() < octets && clock.nowNs() < endNs) yield* sleep(clock, LOOK_MS);
  }

  *#exchangeResults(control: Connection, flow: Flow, seconds: number): Task {
    yield* this.#say(control, State.exchangeResults);
    const ids = this.#streams.map((stream) => stream.id);
    const ours = resultsOf(this.#streams, flow.parameters, seconds, flow.parameters.reverse);
    const json = yield* readJson(control, this.#answerMs);
    yield* this.#checked(control, () => parseResults(json, ids));
    yield* control.write(emitResults(ours), this.#answerMs);
    yield* this.#say(control, State.displayResults);
    const octets = ours.reduce((sum, stream) => sum + stream.octets, 0);
    this.#network.log.info(
      `meter: ${formatEndpoint(control.remote)}: ${octets} octets in ${seconds.toFixed(3)} s`,
    );
    // IPERF_DONE, or its end.
    yield* control.read(1, this.#answerMs);
  }

  /** Parses what the client sent; a client whose words make no sense is told so. */
  *#checked<T>(control: Connection, parse: () => T): Task<T> {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      yield* this.#refuse(control);
      throw outOfTurn(formatEndpoint(control.remote), error.message);
    }
  }

  /** Says that we cannot, and waits until that has been read: the connection is reset afterwards. */
  *#refuse(control: Connection): Task {
    const message = new Writer(9).uint8(State.serverError).uint32(NOT_IMPLEMENTED).uint32(0).finish();
    yield* control.write(message, this.#answerMs);
    const late = (): Error => new NetworkError("timed-out", `${formatEndpoint(control.remote)} stayed on`);
    yield* withTimeLimit(this.#network.clock, this.#answerMs, control.finish(this.#answerMs), late);
  }

  *#say(control: Connection, ...states: number[]): Task {
    yield* control.write(Uint8Array.from(states), this.#answerMs);
  }

  #end(): void {
    if (this.#flow !== undefined) this.#flow.isOver = true;
    this.#state = "over";
    for (const handle of this.#running) handle.cancel();
    this.#changed.notify();
  }
}

/** What a client may take beyond its own time: full buffers at a low rate, a path around the world. */
const OVERTIME_MS = 60_000;
/** A test that ends by its octets has no time of its own. */
const UNTIMED_MAX_MS = 3_600_000;
/** What is still in the buffers of a loaded machine or of a slow line comes within it. */
const REST_MAX_MS = 2000;
const LOOK_MS = 5;
