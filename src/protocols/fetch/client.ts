/** Fetches a file over TCP: word by word, or whole with resumption after broken connections. */

import { encodeHex, FormatError, Sha256 } from "../../bytes/index.ts";
import {
  type AddressFamily,
  type Connection,
  formatEndpoint,
  fromByteString,
  type Network,
  NetworkError,
  RemoteError,
  sleep,
  type Task,
} from "../../net/index.ts";
import { BadAnswer, ChecksumMismatch, Refused } from "./errors.ts";
import type { FileSink } from "./store.ts";
import {
  emitRequest,
  isRefusal,
  parseStreamEnd,
  parseStreamHeader,
  REQUEST_MAX,
  type StreamHeader,
} from "./wire.ts";
import { END_LINE, parseWord, WORD_MAX } from "./words.ts";

export interface FetchSource {
  readonly host: string;
  readonly port: number;
  /** A byte string, see emitFileName. */
  readonly name: string;
  readonly family?: AddressFamily;
}

export interface WordsOptions {
  /** How long the connection, and then each answer, may take. */
  readonly timeoutMs: number;
}

/**
 * Asks for word after word and writes each with a line feed; their number. Throws Refused, BadAnswer, RemoteError and
 * NetworkError.
 */
export function* fetchWords(
  network: Network,
  source: FetchSource,
  sink: FileSink,
  { timeoutMs }: WordsOptions,
): Task<number> {
  const connection = yield* network.connect(source.host, source.port, { timeoutMs, ...familyOf(source) });
  const peer = formatEndpoint(connection.remote);
  try {
    let request = emitRequest({ kind: "words", name: source.name });
    let written = 0;
    let echoes = 0;
    for (let count = 0; ; count++) {
      yield* connection.write(request, timeoutMs);
      const line = yield* connection.readLine({ max: WORD_MAX + 2, timeoutMs, bareLf: true });
      if (line === null) throw new RemoteError("unexpected-end", `${peer} ended before the end of the file`);
      if (isRefusal(line)) throw refused(connection, line);
      if (line === END_LINE) {
        connection.close();
        return count;
      }
      if (line === "" || /[\t-\r ]/.test(line)) throw new BadAnswer(peer, "sent a line that is no word");
      echoes = request === `${line}\n` ? echoes + 1 : 0;
      if (echoes === ECHOES_MAX)
        throw new BadAnswer(peer, "sends back whatever it is asked: it serves no files");
      const word = fromByteString(`${parseWord(line)}\n`);
      written += word.length;
      if (written > WORDS_FILE_MAX) throw new BadAnswer(peer, `sent over ${WORDS_FILE_MAX} octets of words`);
      sink.write(word);
      request = `WORD_${count + 1}\n`;
    }
  } finally {
    connection.abort();
  }
}

export interface StreamOptions extends WordsOptions {
  /** Hears of each piece, and of each resumption. */
  readonly onProgress?: (progress: StreamProgress) => void;
}

export interface StreamProgress {
  readonly done: number;
  readonly size: number;
  /** Where the last connection began. */
  readonly resumedAt: number;
  readonly resumptions: number;
}

export interface StreamResult {
  readonly size: number;
  /** Hexadecimal digits. */
  readonly sha256: string;
  readonly resumptions: number;
}

/**
 * Fetches the whole file; a connection that breaks is opened again and goes on where it was, as long as the file is the
 * same. Throws as `fetchWords`, ChecksumMismatch, and the last NetworkError when it does not get on any more.
 */
export function* fetchStream(
  network: Network,
  source: FetchSource,
  sink: FileSink,
  options: StreamOptions,
): Task<StreamResult> {
  const transfer = new StreamTransfer(network, source, sink, options);
  for (let failures = 0, pauseMs = PAUSE_MS; ; ) {
    const before = transfer.done;
    try {
      return yield* transfer.attempt();
    } catch (error) {
      if (!transfer.hasBegun || !isBreak(error)) throw error;
      // Whoever gets on may go on; a connection that brings nothing, again and again, will bring nothing.
      if (transfer.done > before) [failures, pauseMs] = [0, PAUSE_MS];
      if (++failures > FAILURES_MAX) throw error;
      network.log.info(`fetch: ${(error as Error).message}; goes on at octet ${transfer.done}`);
      yield* sleep(network.clock, pauseMs);
      pauseMs = Math.min(2 * pauseMs, PAUSE_MOST_MS);
      transfer.resumptions++;
    }
  }
}

class StreamTransfer {
  done = 0;
  resumptions = 0;
  readonly #network: Network;
  readonly #source: FetchSource;
  readonly #sink: FileSink;
  readonly #options: StreamOptions;
  #version: string | undefined;
  /** Of the octets [0, done). */
  #hash = new Sha256();

  constructor(network: Network, source: FetchSource, sink: FileSink, options: StreamOptions) {
    this.#network = network;
    this.#source = source;
    this.#sink = sink;
    this.#options = options;
  }

  /** Whether a server has begun to send: what fails before that fails for good. */
  get hasBegun(): boolean {
    return this.#version !== undefined;
  }

  *attempt(): Task<StreamResult> {
    const { timeoutMs } = this.#options;
    const { host, port } = this.#source;
    const options = { timeoutMs, ...familyOf(this.#source) };
    const connection = yield* this.#network.connect(host, port, options);
    try {
      const header = yield* this.#begin(connection);
      yield* this.#receive(connection, header);
      const line = yield* connection.readLine({ max: REQUEST_MAX, timeoutMs, bareLf: true });
      if (line === null) throw endedEarly(connection);
      const digest = encodeHex(this.#hash.digest());
      const expected = readOr(connection, () => parseStreamEnd(line));
      if (digest !== expected)
        throw new ChecksumMismatch(formatEndpoint(connection.remote), this.#source.name);
      connection.close();
      return { size: header.size, sha256: digest, resumptions: this.resumptions };
    } finally {
      connection.abort();
    }
  }

  *#begin(connection: Connection): Task<StreamHeader> {
    const { timeoutMs } = this.#options;
    const request = {
      kind: "stream",
      name: this.#source.name,
      offset: this.done,
      version: this.#version,
    } as const;
    yield* connection.write(emitRequest(request), timeoutMs);
    const line = yield* connection.readLine({ max: REQUEST_MAX, timeoutMs, bareLf: true });
    if (line === null) throw endedEarly(connection);
    if (isRefusal(line)) throw refused(connection, line);
    const header = readOr(connection, () => parseStreamHeader(line));
    const isSame = header.version === this.#version && header.offset === this.done;
    if (!isSame && header.offset !== 0)
      throw new BadAnswer(formatEndpoint(connection.remote), "begins where it was not asked to");
    if (!isSame) this.#restart();
    this.#version = header.version;
    return header;
  }

  #restart(): void {
    if (this.done > 0) this.#sink.restart();
    this.done = 0;
    this.#hash = new Sha256();
  }

  *#receive(connection: Connection, { size, offset }: StreamHeader): Task {
    const { timeoutMs, onProgress } = this.#options;
    const report = (): void =>
      onProgress?.({ done: this.done, size, resumedAt: offset, resumptions: this.resumptions });
    report();
    while (this.done < size) {
      const piece = yield* connection.read(Math.min(PIECE, size - this.done), timeoutMs);
      if (piece === null) throw endedEarly(connection);
      this.#sink.write(piece);
      this.#hash.update(piece);
      this.done += piece.length;
      report();
    }
  }
}

/** Whether a new connection may help. */
function isBreak(error: unknown): boolean {
  return (
    error instanceof NetworkError ||
    (error instanceof RemoteError && error.code === "unexpected-end") ||
    (error instanceof Refused && error.reply?.startsWith("503") === true)
  );
}

/** The server has said its last word and ends; so do we, without a reset. */
function refused(connection: Connection, line: string): Refused {
  connection.close();
  return new Refused(formatEndpoint(connection.remote), line);
}

function endedEarly(connection: Connection): RemoteError {
  return new RemoteError(
    "unexpected-end",
    `${formatEndpoint(connection.remote)} ended before the end of the file`,
  );
}

function readOr<T>(connection: Connection, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new BadAnswer(formatEndpoint(connection.remote), `does not speak this protocol (${error.message})`);
  }
}

function familyOf({ family }: FetchSource): { family?: AddressFamily } {
  return family === undefined ? {} : { family };
}

/** A server that never comes to an end fills no disk: a text of a thousand books. */
const WORDS_FILE_MAX = 1 << 30;
/** A server of another kind that sends lines back never comes to an end either; no text is made of our requests. */
const ECHOES_MAX = 100;
const PIECE = 64 * 1024;
/** Connections in a row that bring nothing: with the pauses between them, half a minute. */
const FAILURES_MAX = 6;
const PAUSE_MS = 500;
const PAUSE_MOST_MS = 8000;
