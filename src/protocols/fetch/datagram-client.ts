/** Fetches a file as datagrams and tells what of it was lost: UDP without any help. */

import { FormatError } from "../../bytes/index.ts";
import {
  type DatagramSocket,
  type Endpoint,
  formatEndpoint,
  type Network,
  NetworkError,
  type Task,
} from "../../net/index.ts";
import {
  COOKIE_SIZE,
  DATAGRAM_FILE_MAX,
  emitDatagram,
  type FetchDatagram,
  PART_SIZE,
  parseDatagram,
} from "./datagram.ts";
import { BadAnswer, Refused } from "./errors.ts";

export interface DatagramFetchOptions {
  /** How long an answer to the request may take before it is sent again. */
  readonly timeoutMs: number;
  /** The transfer is over when nothing has come for so long. Absent: QUIET_MS. */
  readonly quietMs?: number;
  /** Octets per second that the server is to send. Absent: the server's own rate. */
  readonly rate?: number;
}

/** What arrived. */
export interface DatagramFetchResult {
  /** The whole file, zeros where parts are lost. */
  readonly bytes: Uint8Array;
  readonly partCount: number;
  /** The lost octets [start, end), neighbours together. */
  readonly lost: readonly { readonly start: number; readonly end: number }[];
  readonly lostParts: number;
  readonly duplicateParts: number;
  /** Parts that came after one that was sent later. */
  readonly overtakenParts: number;
  /** From the first part to the last one. */
  readonly durationNs: number;
}

/**
 * `name` is a byte string. Throws Refused, BadAnswer, and NetworkError "timed-out" when no part comes at all,
 * "refused" when nobody listens there.
 */
export function* fetchDatagrams(
  network: Network,
  server: Endpoint,
  name: string,
  options: DatagramFetchOptions,
): Task<DatagramFetchResult> {
  const socket = yield* network.bind({ port: 0, peer: server });
  try {
    return yield* new DatagramFetch(network, socket, server, name, options).run();
  } finally {
    socket.close();
  }
}

class DatagramFetch {
  readonly #network: Network;
  readonly #socket: DatagramSocket;
  readonly #server: Endpoint;
  readonly #peer: string;
  readonly #name: string;
  readonly #options: DatagramFetchOptions;
  readonly #identifier: number;
  #cookie: Uint8Array = new Uint8Array(COOKIE_SIZE);
  #bytes: Uint8Array = new Uint8Array(0);
  /** By number of the part: whether it is here. */
  #arrived: boolean[] = [];
  #arrivedCount = 0;
  #duplicates = 0;
  #overtaken = 0;
  #furthest = -1;
  #firstAtNs = 0;
  #lastAtNs = 0;

  constructor(
    network: Network,
    socket: DatagramSocket,
    server: Endpoint,
    name: string,
    options: DatagramFetchOptions,
  ) {
    this.#network = network;
    this.#socket = socket;
    this.#server = server;
    this.#peer = formatEndpoint(server);
    this.#name = name;
    this.#options = options;
    this.#identifier = network.random.uint32();
  }

  *run(): Task<DatagramFetchResult> {
    yield* this.#ask();
    const quietMs = this.#options.quietMs ?? QUIET_MS;
    while (this.#arrivedCount < this.#arrived.length) {
      const datagram = yield* this.#receive(quietMs);
      if (datagram === undefined) break;
      if (datagram.type === "part") this.#take(datagram);
    }
    return this.#result();
  }

  /** Sends the request, and again with the cookie, until the first part is here. */
  *#ask(): Task {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      this.#send();
      for (;;) {
        const datagram = yield* this.#receive(this.#options.timeoutMs);
        if (datagram === undefined) break;
        if (datagram.type === "refusal") throw new Refused(this.#peer, datagram.text);
        if (datagram.type === "part") return this.#take(datagram);
        if (datagram.type === "cookie" && this.#cookie.every((octet) => octet === 0)) {
          this.#cookie = datagram.cookie.slice();
          this.#send();
        }
      }
    }
    throw new NetworkError("timed-out", `${this.#peer} did not answer ${TRIES_MAX} requests over UDP`);
  }

  #send(): void {
    const request = { rate: this.#options.rate ?? 0, cookie: this.#cookie, name: this.#name };
    const datagram = emitDatagram({ type: "request", identifier: this.#identifier, ...request });
    this.#socket.send(datagram, this.#server);
  }

  #take({ size, offset, bytes }: FetchDatagram & { readonly type: "part" }): void {
    this.#lastAtNs = this.#network.clock.nowNs();
    if (this.#arrivedCount === 0) this.#begin(size);
    if (size !== this.#bytes.length) throw new BadAnswer(this.#peer, "changed the size of the file");
    const number = offset / PART_SIZE;
    if (this.#arrived[number]) {
      this.#duplicates++;
      return;
    }
    if (number < this.#furthest) this.#overtaken++;
    this.#furthest = Math.max(this.#furthest, number);
    this.#arrived[number] = true;
    this.#arrivedCount++;
    this.#bytes.set(bytes, offset);
  }

  #begin(size: number): void {
    if (size > DATAGRAM_FILE_MAX) throw new BadAnswer(this.#peer, `sends ${size} octets, which is too much`);
    this.#firstAtNs = this.#lastAtNs;
    this.#bytes = new Uint8Array(size);
    this.#arrived = new Array<boolean>(Math.max(1, Math.ceil(size / PART_SIZE))).fill(false);
  }

  #result(): DatagramFetchResult {
    const lost: { start: number; end: number }[] = [];
    for (const [number, here] of this.#arrived.entries()) {
      if (here) continue;
      const start = number * PART_SIZE;
      const end = Math.min(start + PART_SIZE, this.#bytes.length);
      const last = lost.at(-1);
      if (last?.end === start) last.end = end;
      else lost.push({ start, end });
    }
    return {
      bytes: this.#bytes,
      partCount: this.#arrived.length,
      lost,
      lostParts: this.#arrived.length - this.#arrivedCount,
      duplicateParts: this.#duplicates,
      overtakenParts: this.#overtaken,
      durationNs: this.#lastAtNs - this.#firstAtNs,
    };
  }

  /** The server's next datagram of this transfer, undefined when none came in time. */
  *#receive(timeoutMs: number): Task<FetchDatagram | undefined> {
    const { clock } = this.#network;
    const endNs = clock.nowNs() + timeoutMs * 1e6;
    for (;;) {
      const leftMs = (endNs - clock.nowNs()) / 1e6;
      const datagram = leftMs > 0 ? yield* this.#socket.receive(leftMs) : undefined;
      if (datagram === undefined) return undefined;
      const parsed = parsedOrNone(datagram.bytes);
      if (parsed?.identifier === this.#identifier) return parsed;
    }
  }
}

function parsedOrNone(bytes: Uint8Array): FetchDatagram | undefined {
  try {
    return parseDatagram(bytes);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** With a tenth of the datagrams lost each way, no request gets through in one of 40,000 runs. */
const TRIES_MAX = 6;
/** Longer than any pause that a rate within the server's bounds makes, but for the slowest. */
const QUIET_MS = 2000;
