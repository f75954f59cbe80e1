/** Files as datagrams: each part is sent once, at a steady rate, whatever becomes of it. */

import { encodeUtf8, FormatError, sha256 } from "../../bytes/index.ts";
import {
  type Datagram,
  type DatagramSocket,
  type Endpoint,
  formatEndpoint,
  mayAnswer,
  type Network,
  serveDatagrams,
  sleep,
  type Task,
  type TaskHandle,
} from "../../net/index.ts";
import {
  COOKIE_SIZE,
  DATAGRAM_FILE_MAX,
  emitDatagram,
  type FetchDatagram,
  PART_SIZE,
  parseDatagram,
} from "./datagram.ts";
import type { FileStore, OpenFile } from "./store.ts";
import { NOT_FOUND, parseFileName } from "./wire.ts";

type Request = FetchDatagram & { readonly type: "request" };

/** Serves until the socket is closed or the task cancelled; transfers under way end with it. */
export function* serveFiles(network: Network, socket: DatagramSocket, files: FileStore): Task {
  const server = new DatagramServer(network, socket, files);
  try {
    yield* serveDatagrams(socket, (datagram) => {
      if (mayAnswer(datagram.from, socket.local)) server.handle(datagram);
    });
  } finally {
    server.stop();
  }
}

class DatagramServer {
  readonly #network: Network;
  readonly #socket: DatagramSocket;
  readonly #files: FileStore;
  readonly #secret: Uint8Array;
  /** By client and identifier: a request that comes twice starts one transfer. */
  readonly #transfers = new Map<string, TaskHandle>();

  constructor(network: Network, socket: DatagramSocket, files: FileStore) {
    this.#network = network;
    this.#socket = socket;
    this.#files = files;
    this.#secret = network.random.bytes(32);
  }

  handle({ bytes, from }: Datagram): void {
    const request = requestIn(bytes);
    if (request === undefined) return;
    const { identifier } = request;
    const cookie = this.#cookieFor(from, identifier);
    // Shorter than the request: a forged one gains nothing.
    if (request.cookie.every((octet, i) => octet === cookie[i])) this.#begin(from, request);
    else this.#send(from, { type: "cookie", identifier, cookie });
  }

  #begin(from: Endpoint, request: Request): void {
    const key = `${formatEndpoint(from)} ${request.identifier}`;
    if (this.#transfers.has(key)) return;
    const parts = this.#transfers.size < TRANSFERS_MAX ? parseFileName(request.name) : undefined;
    const file = parts && this.#files.open(parts);
    const refusal = this.#refusalOf(file);
    if (file === undefined || refusal !== undefined) {
      file?.close();
      this.#send(from, { type: "refusal", identifier: request.identifier, text: refusal ?? NOT_FOUND });
      return;
    }
    const handle = this.#network.spawn(`fetch udp ${key}`, this.#transfer(from, request, file));
    this.#transfers.set(key, handle);
    handle.whenDone(() => this.#transfers.delete(key));
  }

  stop(): void {
    for (const handle of [...this.#transfers.values()]) handle.cancel();
  }

  *#transfer(to: Endpoint, { identifier, rate }: Request, file: OpenFile): Task {
    const { clock } = this.#network;
    const { size } = file;
    const least = Math.max(RATE_LEAST, size / TRANSFER_MAX_S);
    const perSecond = rate === 0 ? RATE_DEFAULT : Math.min(Math.max(rate, least), RATE_MOST);
    const startNs = clock.nowNs();
    try {
      for (let offset = 0; offset < size || offset === 0; offset += PART_SIZE) {
        const earlyMs = (offset / perSecond) * 1000 - (clock.nowNs() - startNs) / 1e6;
        if (earlyMs >= TICK_MS) yield* sleep(clock, earlyMs);
        const bytes = file.read(offset, Math.min(PART_SIZE, size - offset));
        // The file has shrunk; the client will find the rest lost.
        if (bytes.length < Math.min(PART_SIZE, size - offset)) return;
        this.#send(to, { type: "part", identifier, size, offset, bytes });
      }
    } finally {
      file.close();
    }
  }

  #refusalOf(file: OpenFile | undefined): string | undefined {
    if (this.#transfers.size >= TRANSFERS_MAX)
      return `503 server full: ${TRANSFERS_MAX} transfers are under way`;
    if (file === undefined) return NOT_FOUND;
    return file.size > DATAGRAM_FILE_MAX
      ? `413 over ${DATAGRAM_FILE_MAX} octets: fetch it over TCP`
      : undefined;
  }

  #cookieFor(from: Endpoint, identifier: number): Uint8Array {
    return sha256(this.#secret, encodeUtf8(`${formatEndpoint(from)} ${identifier}`)).subarray(0, COOKIE_SIZE);
  }

  #send(to: Endpoint, datagram: FetchDatagram): void {
    this.#socket.send(emitDatagram(datagram), to);
  }
}

function requestIn(bytes: Uint8Array): Request | undefined {
  try {
    const datagram = parseDatagram(bytes);
    return datagram.type === "request" ? datagram : undefined;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** Each has a file open. */
const TRANSFERS_MAX = 64;
/** Octets per second: 8 Mbit/s, what any line of today carries. */
const RATE_DEFAULT = 1_000_000;
const RATE_LEAST = 1000;
/** Nobody keeps a place for longer, however slow a rate it asks for: whether it still listens, UDP does not say. */
const TRANSFER_MAX_S = 600;
const RATE_MOST = 1_000_000_000;
/** Timers of an operating system are no finer; what is due within one tick goes out together. */
const TICK_MS = 2;
