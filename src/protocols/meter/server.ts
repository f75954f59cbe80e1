/**
 * The server: iperf3's, one test at a time, and beside it round trips for as many as ask. Every TCP connection opens
 * with a cookie that says whose it is; every UDP peer is known by its address. Read session.ts for a test's course.
 */

import {
  type Connection,
  type Datagram,
  type DatagramSocket,
  type Endpoint,
  lastly,
  mayAnswer,
  type Network,
  NetworkError,
  type Service,
  Signal,
  sayLast,
  serve,
  serveDatagrams,
  type Task,
} from "../../net/index.ts";
import { Session } from "./session.ts";
import { COOKIE_SIZE, isRoundTripsHello, METER_PORT, parseCookie, ROUND_TRIPS_HELLO, State } from "./wire.ts";

export interface MeterServerOptions {
  /** Absent: 5201. 0 takes a free port, the same one for TCP and UDP. */
  readonly port?: number;
  /** Absent: every address of both families. */
  readonly address?: string;
  /** TCP connections at once. Absent: CONNECTIONS_MAX. */
  readonly connectionsMax?: number;
  /** How long a client may leave us without its next word. Absent: ANSWER_MS. */
  readonly answerMs?: number;
}

export interface MeterServer {
  /** The same port for TCP and UDP. */
  readonly local: Endpoint;
  readonly tcp: Endpoint;
  readonly udp: Endpoint;
  readonly isBusy: boolean;
  /** Stops; a test under way gets `graceMs` to end. */
  stop(graceMs: number): Task;
}

/** Starts the server; throws NetworkError as `listen` and `bind` do, and then nothing of it is left. */
export function* startMeterServer(network: Network, options: MeterServerOptions = {}): Task<MeterServer> {
  const where = options.address === undefined ? {} : { address: options.address };
  const server = new Server(network, options.answerMs ?? ANSWER_MS);
  const tcp: Service = yield* serve(
    network,
    {
      name: "meter",
      port: options.port ?? METER_PORT,
      ...where,
      connectionsMax: options.connectionsMax ?? CONNECTIONS_MAX,
      refuse: sayBusy,
    },
    (connection) => server.talk(connection),
  );
  let socket: DatagramSocket | undefined;
  try {
    socket = yield* network.bind({ port: tcp.local.port, ...where });
  } finally {
    if (socket === undefined) yield* lastly(tcp.stop(0));
  }
  const bound: DatagramSocket = socket;
  const receiving = network.spawn("meter udp", server.receive(bound));
  return {
    local: tcp.local,
    tcp: tcp.local,
    udp: bound.local,
    get isBusy() {
      return server.isBusy;
    },
    *stop(graceMs: number): Task {
      const withFarewell = server.isBusy ? graceMs + FAREWELL_MS : graceMs;
      const stopping = network.spawn("meter stop", tcp.stop(withFarewell));
      yield* server.endTest(graceMs);
      yield* stopping.join();
      receiving.cancel();
      bound.close();
    },
  };
}

class Server {
  readonly #network: Network;
  readonly #answerMs: number;
  #socket: DatagramSocket | undefined;
  #test: Session | undefined;
  /** A test is over. */
  readonly #ended = new Signal();
  /** Who gets its datagrams back, and when it was last heard; the longest silent one first. */
  readonly #mirrored = new Map<string, number>();

  constructor(network: Network, answerMs: number) {
    this.#network = network;
    this.#answerMs = answerMs;
  }

  get isBusy(): boolean {
    return this.#test !== undefined;
  }

  *talk(connection: Connection): Task {
    const opening = yield* connection.readExactly(COOKIE_SIZE, this.#answerMs);
    if (isRoundTripsHello(opening)) return yield* this.#mirror(connection);
    const cookie = parseCookie(opening);
    if (this.#test?.cookie === cookie) return yield* this.#test.addConnection(connection);
    if (this.#test !== undefined || this.#socket === undefined) return yield* sayBusy(connection);
    const test = new Session(this.#network, this.#socket, cookie, this.#answerMs);
    this.#test = test;
    try {
      yield* test.run(connection);
    } finally {
      this.#test = undefined;
      this.#ended.notify();
    }
  }

  /** Gives a test that is under way `graceMs`, then tells its client that it is over. */
  *endTest(graceMs: number): Task {
    const { clock } = this.#network;
    const test = this.#test;
    if (test === undefined) return;
    yield* this.#ended.wait(clock, graceMs);
    if (this.#test !== test) return;
    try {
      yield* test.sayStopped();
    } catch (error) {
      // The client has gone by itself.
      if (!(error instanceof NetworkError)) throw error;
    }
    if (this.#test === test) yield* this.#ended.wait(clock, FAREWELL_MS);
  }

  /** Serves the UDP socket until it is closed. */
  *receive(socket: DatagramSocket): Task {
    this.#socket = socket;
    try {
      yield* serveDatagrams(socket, (datagram) => {
        if (this.#test?.handleDatagram(datagram) !== true) this.#reflect(socket, datagram);
      });
    } finally {
      this.#socket = undefined;
    }
  }

  *#mirror(connection: Connection): Task {
    yield* connection.write(ROUND_TRIPS_HELLO, this.#answerMs);
    for (;;) {
      const bytes = yield* connection.read(PIECE_MAX, IDLE_MS);
      if (bytes === null) return;
      yield* connection.write(bytes, IDLE_MS);
    }
  }

  /**
   * Sends back what a peer sends that has said hello. A hello alone is answered by itself, never
   * amplified.
   */
  #reflect(socket: DatagramSocket, { bytes, from }: Datagram): void {
    if (!mayAnswer(from, socket.local)) return;
    const peer = `${from.address} ${from.port}`;
    const nowNs = this.#network.clock.nowNs();
    const heardAtNs = this.#mirrored.get(peer);
    const isKnown = heardAtNs !== undefined && nowNs - heardAtNs < IDLE_MS * 1e6;
    if (!isKnown && !isRoundTripsHello(bytes)) return;
    this.#mirrored.delete(peer);
    this.#mirrored.set(peer, nowNs);
    if (this.#mirrored.size > PEERS_MAX) {
      const [oldest] = this.#mirrored.keys();
      this.#mirrored.delete(oldest);
    }
    socket.send(bytes, from);
  }
}

/** To who wants a test, or anything at all, while there is no place for it. */
function* sayBusy(connection: Connection): Task {
  yield* sayLast(connection, Uint8Array.of(State.accessDenied));
}

/** A dialogue's next word: time for some retransmissions on a line that loses a fourth. */
const ANSWER_MS = 30_000;
/** How long the client of a test may take to go when the server is stopped. */
const FAREWELL_MS = 500;
/** Who measures round trips and says nothing for so long has gone. */
const IDLE_MS = 30_000;
/** A control connection, 128 streams, and some round trips beside them. */
const CONNECTIONS_MAX = 256;
/** UDP peers whose round trips are remembered; the longest silent one is forgotten for a new one. */
const PEERS_MAX = 1024;
/** Octets sent back at a time. */
const PIECE_MAX = 64 * 1024;
