/** The file server: words and whole files over TCP, whole files as datagrams over UDP (datagram-server.ts). */

import { FormatError, Sha256 } from "../../bytes/index.ts";
import {
  type Connection,
  type Endpoint,
  type Network,
  sayLast,
  serveTcpAndUdp,
  sleep,
  type Task,
  type TcpAndUdpService,
} from "../../net/index.ts";
import { serveFiles } from "./datagram-server.ts";
import { WordTooLong } from "./errors.ts";
import type { FileStore, OpenFile } from "./store.ts";
import {
  emitStreamEnd,
  emitStreamHeader,
  FETCH_PORT,
  type FetchRequest,
  NOT_FOUND,
  parseFileName,
  parseRequest,
  REQUEST_MAX,
} from "./wire.ts";
import { END_LINE, emitWord, WordReader } from "./words.ts";

export interface FetchServerOptions {
  readonly files: FileStore;
  /** Absent: 12001. 0 takes a free port, the same one for TCP and UDP. */
  readonly port?: number;
  /** Absent: every address of both families. */
  readonly address?: string;
  /** TCP connections at once. Absent: CONNECTIONS_MAX. */
  readonly connectionsMax?: number;
  /** How long a TCP client may ask nothing, or not take what it is sent. Absent: IDLE_MS. */
  readonly idleMs?: number;
}

export interface FetchServer extends TcpAndUdpService {
  readonly tcp: Endpoint;
  readonly udp: Endpoint;
}

/** Starts the server; throws NetworkError as `listen` and `bind` do, and then nothing of it is left. */
export function* startFetchServer(network: Network, options: FetchServerOptions): Task<FetchServer> {
  const { port = FETCH_PORT, connectionsMax = CONNECTIONS_MAX, idleMs = IDLE_MS, files, ...rest } = options;
  const full = `503 server full: ${connectionsMax} clients are served already, try again later`;
  const refuse = (connection: Connection): Task => sayLast(connection, full);
  const server = yield* serveTcpAndUdp(
    network,
    { ...rest, name: "fetch", port, connectionsMax, refuse },
    {
      tcp: (connection) => fetchDialogue(network, connection, files, idleMs),
      udp: (socket) => serveFiles(network, socket, files),
    },
  );
  // Neither transport was left out.
  return server as FetchServer;
}

/** One TCP client: one file, in the way that its first line asks for. */
export function* fetchDialogue(
  network: Network,
  connection: Connection,
  files: FileStore,
  idleMs: number,
): Task {
  const line = yield* connection.readLine({ max: REQUEST_MAX, timeoutMs: idleMs, bareLf: true });
  if (line === null) return;
  const request = readRequest(line);
  if (request === undefined) return yield* sayLast(connection, "400 a name or /stream OFFSET VERSION NAME");
  const parts = parseFileName(request.name);
  const file = parts && files.open(parts);
  // Forbidden and missing look the same from outside.
  if (file === undefined) return yield* sayLast(connection, NOT_FOUND);
  try {
    if (request.kind === "words") yield* sendWords(connection, file, idleMs);
    else yield* sendStream(network, connection, file, request, idleMs);
  } finally {
    file.close();
  }
}

/** The first word is the answer to the name; WORD_1 asks for the second, and so on, until EOF. */
function* sendWords(connection: Connection, file: OpenFile, idleMs: number): Task {
  const words = new WordReader(file);
  for (let asked = 1; ; asked++) {
    const word = nextWord(words);
    if (word === undefined) return yield* sayLast(connection, "413 word too long: this file is no text");
    if (word === null) return yield* sayLast(connection, END_LINE, idleMs);
    yield* connection.write(`${emitWord(word)}\n`, idleMs);
    const line = yield* connection.readLine({ max: REQUEST_MAX, timeoutMs: idleMs, bareLf: true });
    if (line === null) return;
    if (line !== `WORD_${asked}`) return yield* sayLast(connection, `400 WORD_${asked} was expected`);
  }
}

/** The header, the octets from where the client is, and the checksum of the whole file. */
function* sendStream(
  network: Network,
  connection: Connection,
  file: OpenFile,
  request: FetchRequest & { readonly kind: "stream" },
  idleMs: number,
): Task {
  const { size, version } = file;
  const offset = request.version === version && request.offset <= size ? request.offset : 0;
  yield* connection.write(emitStreamHeader({ size, offset, version }), idleMs);
  const hash = new Sha256();
  for (let at = 0; at < size; ) {
    // What the client has already is read for the checksum only.
    const end = at < offset ? offset : size;
    const piece = file.read(at, Math.min(PIECE, end - at));
    if (piece.length === 0) return connection.abort();
    hash.update(piece);
    if (at >= offset) yield* connection.write(piece, idleMs);
    else if ((at / PIECE) % PIECES_PER_TURN === PIECES_PER_TURN - 1) yield* sleep(network.clock, 0);
    at += piece.length;
  }
  // A file that was changed meanwhile is a mixture: without its checksum nobody takes it for whole.
  if (!file.isUnchanged()) return connection.abort();
  yield* sayLast(connection, emitStreamEnd(hash.digest()), idleMs);
}

function readRequest(line: string): FetchRequest | undefined {
  try {
    return parseRequest(line);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** Null at the end; undefined for a word that is too long. */
function nextWord(words: WordReader): string | null | undefined {
  try {
    return words.next() ?? null;
  } catch (error) {
    if (error instanceof WordTooLong) return undefined;
    throw error;
  }
}

/** Octets read from a file at a time. */
const PIECE = 64 * 1024;
/** So much is hashed before others get a turn: 4 MiB, a tenth of a second. */
const PIECES_PER_TURN = 64;
/** Each has a file open and a piece of it in memory. */
const CONNECTIONS_MAX = 256;
/** Long enough for a person who types the dialogue into netcat. */
const IDLE_MS = 5 * 60_000;
