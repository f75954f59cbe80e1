/** The HTTP client: one connection with one request after the other, or one URL in one go. Redirects are the caller's. */

import { FormatError } from "../../bytes/index.ts";
import {
  type Clock,
  type Connection,
  formatEndpoint,
  type Network,
  NetworkError,
  RemoteError,
  type Task,
  withTimeLimit,
} from "../../net/index.ts";
import { emitChunk, LAST_CHUNK, readContent } from "./content.ts";
import { BadResponse } from "./errors.ts";
import { responseFraming } from "./framing.ts";
import { type HttpUrl, parseHttpUrl } from "./target.ts";
import {
  emitRequestHead,
  type Field,
  fieldList,
  HTTP_1_1,
  parseFieldLine,
  parseStatusLine,
  type StatusLine,
  type Version,
} from "./wire.ts";

export interface ClientRequest {
  /** Absent: GET. */
  readonly method?: string;
  /** "/menu?day=1" */
  readonly target: string;
  /** What the Host field says: "www.crepes.fr". */
  readonly host: string;
  /** Without Host, Content-Length and Transfer-Encoding. */
  readonly fields?: readonly Field[];
  readonly content?: Uint8Array | undefined;
  /** Sends the content in chunks, as if its length were not known. */
  readonly isChunked?: boolean;
  /** Absent: HTTP/1.1. */
  readonly version?: Version;
}

export interface ClientResponse extends StatusLine {
  readonly fields: readonly Field[];
  readonly content: Uint8Array;
}

export interface ClientLimits {
  /** Name look-up and handshake. */
  readonly connectMs: number;
  /** How long the server may say nothing. */
  readonly idleMs: number;
  /** How long a whole response may take. */
  readonly totalMs: number;
  /** Octets of content. */
  readonly contentMax: number;
}

const CLIENT_LIMITS: ClientLimits = {
  connectMs: 10_000,
  idleMs: 30_000,
  totalMs: 600_000,
  contentMax: 64 * 1024 * 1024,
};

/** Asks for one URL on a connection of its own. Throws LocalError, RemoteError, NetworkError. */
export function* httpRequest(
  network: Network,
  url: string | HttpUrl,
  request: Omit<ClientRequest, "target" | "host"> = {},
  limits: Partial<ClientLimits> = {},
): Task<ClientResponse> {
  const { host, port, hostField, target } = typeof url === "string" ? parseHttpUrl(url) : url;
  const timeoutMs = limits.connectMs ?? CLIENT_LIMITS.connectMs;
  const connection = yield* network.connect(host, port, { timeoutMs });
  try {
    const client = new HttpClient(connection, network.clock, limits);
    // RFC 9112 section 9.6: a client that sends no more says so.
    const fields = [...(request.fields ?? []), { name: "Connection", value: "close" }];
    const response = yield* client.exchange({ ...request, fields, target, host: hostField });
    connection.close();
    return response;
  } finally {
    connection.abort();
  }
}

/** A connection to a server. Several requests may be sent before their responses are received, in the same order. */
export class HttpClient {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #limits: ClientLimits;
  #isReusable = true;

  constructor(connection: Connection, clock: Clock, limits: Partial<ClientLimits> = {}) {
    this.#connection = connection;
    this.#clock = clock;
    this.#limits = { ...CLIENT_LIMITS, ...limits };
  }

  /** Whether another request may follow: RFC 9112 section 9.3. */
  get isReusable(): boolean {
    return this.#isReusable;
  }

  *exchange(request: ClientRequest): Task<ClientResponse> {
    yield* this.send(request);
    return yield* this.receive(request.method ?? "GET");
  }

  *send(request: ClientRequest): Task {
    const {
      method = "GET",
      target,
      host,
      fields = [],
      content,
      isChunked = false,
      version = HTTP_1_1,
    } = request;
    const framing: Field[] = isChunked
      ? [{ name: "Transfer-Encoding", value: "chunked" }]
      : // RFC 9110 section 8.6: also for no content, where the method would have some.
        content !== undefined || METHODS_WITH_CONTENT.includes(method)
        ? [{ name: "Content-Length", value: String(content?.length ?? 0) }]
        : [];
    // RFC 9110 section 7.2: Host comes first.
    const head = emitRequestHead({ method, target, version }, [
      { name: "Host", value: host },
      ...fields,
      ...framing,
    ]);
    if (fieldList(fields, "Connection").includes("close")) this.#isReusable = false;
    const { idleMs } = this.#limits;
    yield* this.#connection.write(head, idleMs);
    for (let at = 0; content !== undefined && at < content.length; at += PIECE) {
      const piece = content.subarray(at, at + PIECE);
      yield* this.#connection.write(isChunked ? emitChunk(piece) : piece, idleMs);
    }
    if (isChunked) yield* this.#connection.write(LAST_CHUNK, idleMs);
  }

  /** The response to a request with this method. Throws BadResponse, RemoteError, NetworkError. */
  *receive(method: string): Task<ClientResponse> {
    const late = (): NetworkError =>
      new NetworkError(
        "timed-out",
        `${this.#peer} did not send its whole response in ${this.#limits.totalMs} ms`,
      );
    try {
      return yield* withTimeLimit(this.#clock, this.#limits.totalMs, this.#receive(method), late);
    } catch (error) {
      this.#isReusable = false;
      if (!(error instanceof FormatError)) throw error;
      throw new BadResponse(`${this.#peer} does not speak HTTP: ${error.message}`, { cause: error });
    }
  }

  *#receive(method: string): Task<ClientResponse> {
    for (let interim = 0; interim <= INTERIM_MAX; interim++) {
      const start = parseStatusLine(yield* this.#line(START_MAX));
      if (start.version.major !== 1)
        throw new BadResponse(`${this.#peer} speaks HTTP/${start.version.major}`);
      const fields = yield* this.#fields();
      if (start.status === 101) throw new BadResponse(`${this.#peer} changes to a protocol nobody asked for`);
      // RFC 9110 section 15.2: interim responses may come at any time.
      if (start.status < 200) continue;
      const framing = responseFraming(method, start.status, fields);
      const wishes = fieldList(fields, "Connection");
      const isPersistent =
        start.version.minor > 0 ? !wishes.includes("close") : wishes.includes("keep-alive");
      if (!isPersistent || framing.kind === "until-end") this.#isReusable = false;
      return { ...start, fields, content: yield* readContent(this.#connection, framing, this.#limits) };
    }
    throw new BadResponse(`${this.#peer} sent over ${INTERIM_MAX} interim responses`);
  }

  *#fields(): Task<Field[]> {
    const fields: Field[] = [];
    for (let left = FIELDS_OCTETS_MAX; ; ) {
      const line = yield* this.#line(left);
      if (line === "") return fields;
      left -= line.length;
      if (fields.length >= FIELDS_MAX) throw new BadResponse(`${this.#peer} sent over ${FIELDS_MAX} fields`);
      fields.push(parseFieldLine(line));
    }
  }

  *#line(max: number): Task<string> {
    const line = yield* this.#connection.readLine({ max, timeoutMs: this.#limits.idleMs, bareLf: "refuse" });
    if (line !== null) return line;
    throw new RemoteError("unexpected-end", `${this.#peer} closed the connection before its response`);
  }

  get #peer(): string {
    return formatEndpoint(this.#connection.remote);
  }
}

const METHODS_WITH_CONTENT = ["POST", "PUT", "PATCH"];
const PIECE = 64 * 1024;
const START_MAX = 8192;
const FIELDS_OCTETS_MAX = 64 * 1024;
const FIELDS_MAX = 200;
/** A server that is busy may say 102 now and then. */
const INTERIM_MAX = 20;
