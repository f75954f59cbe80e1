/** The HTTP server: one task per connection, requests answered in their order (RFC 9112 section 9). */

import {
  type Connection,
  type Endpoint,
  HamletError,
  messageOf,
  type Network,
  NetworkError,
  type Service,
  serve,
  type Task,
} from "../../net/index.ts";
import { RequestRefused } from "./errors.ts";
import {
  REQUEST_LIMITS,
  type RequestHead,
  type RequestLimits,
  readHead,
  readRequestContent,
  readRequestLine,
} from "./request.ts";
import { type HttpResponse, type ResponseFrame, textResponse, writeResponse } from "./response.ts";
import { reasonOf } from "./status.ts";
import { fieldList, HTTP_1_1, HTTP_PORT } from "./wire.ts";

export interface HttpRequest extends RequestHead {
  readonly content: Uint8Array;
}

/** Answers a request. What it throws is answered by 500, and told to the log only. */
export type HttpHandler = (request: HttpRequest) => Task<HttpResponse>;

export interface HttpServerOptions {
  readonly handler: HttpHandler;
  /** Absent: 80. 0 takes a free port. */
  readonly port?: number;
  /** Absent: every address of both families. */
  readonly address?: string;
  /** Connections at once; one more is answered by 503. Absent: CONNECTIONS_MAX. */
  readonly connectionsMax?: number;
  /** Octets of content that a request may have, or what says so before the content is read. Absent: CONTENT_MAX. */
  readonly contentMax?: number | ((head: RequestHead) => number);
  readonly limits?: Partial<RequestLimits>;
  /** What the Server field says. */
  readonly serverName?: string;
  /** The name in logs. Absent: "http". */
  readonly name?: string;
}

export interface HttpServer {
  readonly tcp: Endpoint;
  readonly connectionCount: number;
  /** Stops it: idle connections end at once, requests under way get `graceMs`. */
  stop(graceMs: number): Task;
}

/** Starts the server; throws NetworkError as `listen` does. */
export function* startHttpServer(network: Network, options: HttpServerOptions): Task<HttpServer> {
  const state = new ServerState();
  const service: Service = yield* serve(
    network,
    {
      name: options.name ?? "http",
      port: options.port ?? HTTP_PORT,
      ...(options.address !== undefined && { address: options.address }),
      connectionsMax: options.connectionsMax ?? CONNECTIONS_MAX,
      refuse: (connection) => refuse(network, connection, options),
    },
    (connection) => serveHttp(network, connection, options, state),
  );
  return {
    tcp: service.local,
    get connectionCount() {
      return service.connectionCount;
    },
    *stop(graceMs) {
      state.stop();
      yield* service.stop(graceMs);
    },
  };
}

/** What the connections of one server share. */
class ServerState {
  readonly #idle = new Set<Connection>();
  isStopping = false;

  /** The connection waits for a request, or does not any more. */
  setIdle(connection: Connection, isIdle: boolean): void {
    if (isIdle) this.#idle.add(connection);
    else this.#idle.delete(connection);
  }

  /** A client that is idle reads the end of the stream, and ends its own. */
  stop(): void {
    this.isStopping = true;
    for (const connection of this.#idle) connection.end();
  }
}

/** One connection: request after request until one side has enough. */
export function* serveHttp(
  network: Network,
  connection: Connection,
  options: HttpServerOptions,
  state = new ServerState(),
): Task {
  const limits = { ...REQUEST_LIMITS, ...options.limits };
  for (let served = 1; ; served++) {
    state.setIdle(connection, true);
    let line: string | undefined;
    try {
      line = yield* readRequestLine(connection, network.clock, limits);
    } catch (error) {
      if (!(error instanceof RequestRefused)) throw error;
      yield* answerRefusal(network, connection, options, error, undefined);
      return yield* linger(connection);
    } finally {
      state.setIdle(connection, false);
    }
    if (line === undefined) return;
    const mayGoOn = served < REQUESTS_MAX && !state.isStopping;
    const isOver = yield* exchange(network, connection, options, limits, line, mayGoOn);
    // A server that was stopped meanwhile has not seen this connection idle.
    if (isOver || state.isStopping) return yield* linger(connection);
  }
}

/** One request and its response; true when the connection is to end. */
function* exchange(
  network: Network,
  connection: Connection,
  options: HttpServerOptions,
  limits: RequestLimits,
  line: string,
  mayGoOn: boolean,
): Task<boolean> {
  let head: RequestHead | undefined;
  try {
    head = yield* readHead(connection, network.clock, limits, line);
    const content = yield* readAdmitted(network, connection, options, limits, head);
    const response = yield* handle(network, options, { ...head, content });
    const frame = frameOf(network, options, head, !mayGoOn || !isPersistent(head));
    return yield* writeResponse(connection, frame, response);
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    yield* answerRefusal(network, connection, options, error, head ?? methodIn(line));
    return true;
  }
}

/** The content, once it is known that it is wanted. */
function* readAdmitted(
  network: Network,
  connection: Connection,
  options: HttpServerOptions,
  limits: RequestLimits,
  head: RequestHead,
): Task<Uint8Array> {
  const { contentMax = CONTENT_MAX } = options;
  const max = typeof contentMax === "number" ? contentMax : contentMax(head);
  if (head.framing.kind === "length" && head.framing.length > max)
    throw new RequestRefused(413, `the content may have ${max} octets`);
  // RFC 9110 section 10.1.1: not to HTTP/1.0, and only where content comes.
  const isExpected = fieldList(head.fields, "Expect").includes("100-continue");
  if (isExpected && head.version.minor > 0 && head.framing.kind !== "none")
    yield* connection.write("HTTP/1.1 100 Continue\r\n\r\n", WRITE_MS);
  return yield* readRequestContent(connection, network.clock, limits, head.framing, max);
}

function* handle(network: Network, { handler, name = "http" }: HttpServerOptions, request: HttpRequest) {
  try {
    return yield* handler(request);
  } catch (error) {
    const level = error instanceof HamletError ? "warn" : "error";
    network.log[level](`${name}: ${request.method} ${request.target.path}: ${messageOf(error)}`);
    return textResponse(500, "The server has failed; its log says why.\r\n");
  }
}

function* answerRefusal(
  network: Network,
  connection: Connection,
  options: HttpServerOptions,
  { status, message }: RequestRefused,
  request: Pick<RequestHead, "method" | "version"> | undefined,
): Task {
  network.log.info(`${options.name ?? "http"}: refused a request: ${status} ${message}`);
  const frame = frameOf(network, options, request ?? { method: "GET", version: HTTP_1_1 }, true);
  yield* writeResponse(
    connection,
    frame,
    textResponse(status, `${status} ${reasonOf(status)}: ${message}\r\n`),
  );
}

/** RFC 9112 section 9.3: unless the client says otherwise, or speaks HTTP/1.0 and does not say so. */
function isPersistent({ version, fields }: RequestHead): boolean {
  const wishes = fieldList(fields, "Connection");
  return !wishes.includes("close") && (version.minor > 0 || wishes.includes("keep-alive"));
}

function frameOf(
  network: Network,
  { serverName = SERVER_NAME }: HttpServerOptions,
  { method, version }: Pick<RequestHead, "method" | "version">,
  isLast: boolean,
): ResponseFrame {
  return { method, version, isLast, serverName, nowMs: network.clock.unixMs(), writeMs: WRITE_MS };
}

/** A response to HEAD has no content also where the rest of the request is bad. */
function methodIn(line: string): Pick<RequestHead, "method" | "version"> {
  return { method: line.startsWith("HEAD ") ? "HEAD" : "GET", version: HTTP_1_1 };
}

function* refuse(network: Network, connection: Connection, options: HttpServerOptions): Task {
  const frame = frameOf(network, options, { method: "GET", version: HTTP_1_1 }, true);
  yield* writeResponse(connection, frame, textResponse(503, "Too many connections; try again.\r\n"));
  yield* linger(connection);
}

/**
 * RFC 9112 section 9.6: our end first, then what the client still sends is read for a while: closing before would
 * reset the connection, and the client might lose the response.
 */
function* linger(connection: Connection): Task {
  connection.end();
  try {
    for (let reads = 0; reads < LINGER_READS_MAX; reads++) {
      if ((yield* connection.read(LINGER_READ, LINGER_MS)) === null) return;
    }
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
  }
}

const SERVER_NAME = "Hamlet";
/** Browsers open six to a host; each holds at most one request and one response in memory. */
const CONNECTIONS_MAX = 256;
/** Of a request, when nobody says more: forms. */
const CONTENT_MAX = 1024 * 1024;
/** On one connection; then the client opens another, which spreads them over time. */
const REQUESTS_MAX = 1000;
/** How long a client may not take what it asked for. */
const WRITE_MS = 60_000;
const LINGER_MS = 2000;
const LINGER_READ = 64 * 1024;
/** 16 MB in all: what a client may still send that has not yet heard that it is refused. */
const LINGER_READS_MAX = 256;
