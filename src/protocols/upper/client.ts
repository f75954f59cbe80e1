/** The upper-casing client: lines over a TCP connection, or one datagram per line over UDP. */

import { decodeUtf8Lossy, encodeUtf8 } from "../../bytes/index.ts";
import {
  type AddressFamily,
  type Connection,
  type DatagramSocket,
  type Endpoint,
  formatEndpoint,
  fromByteString,
  LocalError,
  type Network,
  NetworkError,
  RemoteError,
  type Task,
} from "../../net/index.ts";
import { ServerFull } from "./errors.ts";
import { isRefusal } from "./wire.ts";

export interface UpperClientOptions {
  readonly family?: AddressFamily;
  /** How long the connection, and then each answer, may take. */
  readonly timeoutMs: number;
}

/**
 * Asks line by line over TCP. A server that serves one line per connection, as the textbook's does, is connected to
 * again for the next one.
 */
export class UpperClient {
  readonly #network: Network;
  readonly #host: string;
  readonly #port: number;
  readonly #options: UpperClientOptions;
  #connection: Connection | undefined;
  /** Lines answered on this connection. */
  #asked = 0;

  constructor(network: Network, host: string, port: number, options: UpperClientOptions) {
    this.#network = network;
    this.#host = host;
    this.#port = port;
    this.#options = options;
  }

  /** The server's end of the connection, once there is one. */
  get server(): Endpoint | undefined {
    return this.#connection?.remote;
  }

  /** Throws NetworkError as `Network.connect` does. */
  *connect(): Task {
    this.#asked = 0;
    this.#connection = yield* this.#network.connect(this.#host, this.#port, this.#options);
  }

  /** The capitals of one line (without line end). Throws ServerFull, RemoteError and NetworkError. */
  *ask(line: string): Task<string> {
    const open = this.#connection;
    if (open !== undefined) {
      const answer = yield* this.#askOn(open, line, this.#asked === 0);
      if (answer !== undefined) return answer;
      open.close();
    }
    yield* this.connect();
    return (yield* this.#askOn(this.#connection as Connection, line, true)) as string;
  }

  /** Ends our side and waits for the server to end its own. */
  *finish(): Task {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection === undefined) return;
    try {
      yield* connection.finish(this.#options.timeoutMs);
    } catch (error) {
      // All answers are in; how the server ends is its affair.
      if (!(error instanceof NetworkError)) throw error;
    }
  }

  close(): void {
    this.#connection?.close();
  }

  /** Undefined: the server has ended a connection on which it had answered before. */
  *#askOn(connection: Connection, line: string, fresh: boolean): Task<string | undefined> {
    const { timeoutMs } = this.#options;
    try {
      yield* connection.write(emitLine(line), timeoutMs);
      const answer = yield* connection.readLine({ max: ANSWER_MAX, timeoutMs, bareLf: true });
      if (answer !== null) {
        this.#asked++;
        return readAnswer(answer, connection.remote);
      }
    } catch (error) {
      if (fresh || !(error instanceof NetworkError && error.code === "reset")) throw error;
    }
    if (!fresh) return undefined;
    const peer = formatEndpoint(connection.remote);
    throw new RemoteError("unexpected-end", `${peer} closed the connection without an answer`);
  }
}

export interface UpperDatagramOptions {
  /** How long one answer may take. */
  readonly timeoutMs: number;
  /** Datagrams sent for one line before it is given up. */
  readonly triesMax: number;
  /** Hears of each one that was not answered in time. */
  readonly onTimeout?: (tries: number) => void;
}

/**
 * Asks for one line over UDP; undefined when none of the datagrams was answered. Each line has a port of its own, so
 * that a late answer to an earlier one cannot be taken for its answer: the protocol itself does not number them.
 */
export function* upperDatagram(
  network: Network,
  to: Endpoint,
  line: string,
  options: UpperDatagramOptions,
): Task<string | undefined> {
  const bytes = encodeUtf8(line);
  if (bytes.length > DATAGRAM_MAX) throw tooLong(DATAGRAM_MAX);
  const socket = yield* network.bind({ port: 0, peer: to });
  try {
    for (let tries = 1; tries <= options.triesMax; tries++) {
      socket.send(bytes, to);
      const answer = yield* receiveFrom(network, socket, to, options.timeoutMs);
      if (answer !== undefined) return decodeUtf8Lossy(answer).replace(/\r?\n$/, "");
      options.onTimeout?.(tries);
    }
    return undefined;
  } finally {
    socket.close();
  }
}

/** The next datagram from there; what others send to our port is none of our business. */
function* receiveFrom(
  network: Network,
  socket: DatagramSocket,
  from: Endpoint,
  timeoutMs: number,
): Task<Uint8Array | undefined> {
  const endNs = network.clock.nowNs() + timeoutMs * 1e6;
  for (;;) {
    const leftMs = (endNs - network.clock.nowNs()) / 1e6;
    const datagram = leftMs > 0 ? yield* socket.receive(leftMs) : undefined;
    if (datagram === undefined) return undefined;
    if (formatEndpoint(datagram.from) === formatEndpoint(from)) return datagram.bytes;
  }
}

function emitLine(line: string): Uint8Array {
  const bytes = encodeUtf8(`${line}\n`);
  if (bytes.length > LINE_MAX) throw tooLong(LINE_MAX);
  return bytes;
}

function readAnswer(octets: string, peer: Endpoint): string {
  const answer = decodeUtf8Lossy(fromByteString(octets));
  if (isRefusal(answer)) throw new ServerFull(formatEndpoint(peer), answer);
  return answer;
}

function tooLong(max: number): LocalError {
  return new LocalError("line-too-long", `a line may have ${max} octets, no more`);
}

/** Less than any socket's buffers hold: writing the whole line before reading cannot block both sides. */
const LINE_MAX = 32 * 1024;
/** Three octets for each one, as some Greek letters take, and some more. */
const ANSWER_MAX = 4 * LINE_MAX;
/** What UDP over IPv4 can carry (RFC 768, RFC 791). */
const DATAGRAM_MAX = 65_507;
