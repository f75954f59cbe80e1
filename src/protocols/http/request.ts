/** How a server reads a request: head, what it must check before the content, content. Throws RequestRefused. */

import { FormatError } from "../../bytes/index.ts";
import {
  type Clock,
  type Connection,
  type Endpoint,
  NetworkError,
  RemoteError,
  type Task,
  withTimeLimit,
} from "../../net/index.ts";
import { readContent } from "./content.ts";
import { ContentTooLarge, RequestRefused } from "./errors.ts";
import { type Framing, requestFraming } from "./framing.ts";
import { parseAuthority, parseTarget, type Target } from "./target.ts";
import {
  type Field,
  fieldList,
  fieldValues,
  parseFieldLine,
  parseRequestLine,
  type RequestLine,
  type Version,
} from "./wire.ts";

/** What is known of a request before its content. */
export interface RequestHead {
  readonly method: string;
  readonly target: Target;
  readonly version: Version;
  readonly fields: readonly Field[];
  /** Whom it was sent to, "www.crepes.fr:8080"; empty where HTTP/1.0 says nothing. */
  readonly authority: string;
  readonly remote: Endpoint;
  readonly framing: Framing;
}

export interface RequestLimits {
  /** Octets of the request line; more is 414. RFC 9112 section 3: at least 8,000. */
  readonly requestLineMax: number;
  /** Octets of all field lines; more is 431. */
  readonly fieldsOctetsMax: number;
  readonly fieldsMax: number;
  /** How long a connection may lie idle, and a request line may take. */
  readonly idleMs: number;
  /** How long the field lines may take, and how long nothing may come of the content. */
  readonly headMs: number;
  /** How long the whole content may take. */
  readonly contentMs: number;
}

export const REQUEST_LIMITS: RequestLimits = {
  requestLineMax: 8192,
  // As servers in wide use: cookies and tokens take some kilobytes.
  fieldsOctetsMax: 32 * 1024,
  fieldsMax: 100,
  // Browsers open connections ahead; who reads a page for longer opens a new one.
  idleMs: 60_000,
  headMs: 20_000,
  // 20 MB over a slow line of 1 Mbit/s take three minutes.
  contentMs: 600_000,
};

/** A request line as it came; undefined: the client is done, or has been idle for too long. */
export function* readRequestLine(
  connection: Connection,
  clock: Clock,
  limits: RequestLimits,
): Task<string | undefined> {
  const line = { max: limits.requestLineMax, timeoutMs: limits.idleMs, bareLf: "refuse" } as const;
  try {
    // However slowly it drips in: one limit for all of it.
    return yield* withTimeLimit(clock, limits.idleMs, firstLine(connection, line), isLate);
  } catch (error) {
    // RFC 9112 section 9.5: nothing was begun, so nothing is to be answered.
    if (isTimeout(error) && !connection.hasInput) return undefined;
    throw refusalOf(error, 414);
  }
}

export function* readHead(
  connection: Connection,
  clock: Clock,
  limits: RequestLimits,
  line: string,
): Task<RequestHead> {
  try {
    const start = parseRequestLine(line);
    if (start.version.major !== 1)
      throw new RequestRefused(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    const fields = yield* withTimeLimit(clock, limits.headMs, readFields(connection, limits), isLate);
    return understand(connection, start, fields);
  } catch (error) {
    throw refusalOf(error, 431);
  }
}

export function* readRequestContent(
  connection: Connection,
  clock: Clock,
  limits: RequestLimits,
  framing: Framing,
  contentMax: number,
): Task<Uint8Array> {
  try {
    const reading = readContent(connection, framing, { contentMax, idleMs: limits.headMs });
    return yield* withTimeLimit(clock, limits.contentMs, reading, isLate);
  } catch (error) {
    throw refusalOf(error, 400);
  }
}

/** RFC 9112 section 2.2: an empty line before a request was sent by old clients after a form. */
function* firstLine(
  connection: Connection,
  line: { max: number; timeoutMs: number; bareLf: "refuse" },
): Task<string | undefined> {
  for (let empty = 0; empty <= EMPTY_LINES_MAX; empty++) {
    const text = yield* connection.readLine(line);
    if (text !== "") return text ?? undefined;
  }
  return "";
}

function* readFields(connection: Connection, limits: RequestLimits): Task<Field[]> {
  const fields: Field[] = [];
  for (let left = limits.fieldsOctetsMax; ; ) {
    const line = yield* connection.readLine({ max: left, timeoutMs: limits.headMs, bareLf: "refuse" });
    if (line === null) throw new RemoteError("unexpected-end", "the request ends in its head");
    if (line === "") return fields;
    left -= line.length;
    if (fields.length >= limits.fieldsMax)
      throw new RequestRefused(431, `more than ${limits.fieldsMax} fields`);
    fields.push(parseFieldLine(line));
  }
}

function understand(connection: Connection, start: RequestLine, fields: readonly Field[]): RequestHead {
  const { method, version } = start;
  // RFC 9110 section 9.1: methods that no resource here has.
  if (!METHODS.includes(method)) throw new RequestRefused(501, `${method.slice(0, 32)} is not implemented`);
  const target = parseTarget(method, start.target);
  const authority = authorityOf(target, version, fieldValues(fields, "Host"));
  const framing = requestFraming(method, version, fields);
  const expectations = fieldList(fields, "Expect").filter((member) => member !== "100-continue");
  // RFC 9110 section 10.1.1.
  if (expectations.length > 0) throw new RequestRefused(417, "only 100-continue may be expected");
  return { method, target, version, fields, authority, remote: connection.remote, framing };
}

/** RFC 9112 section 3.2: exactly one Host; 3.2.2: what an absolute target says counts more. */
function authorityOf(target: Target, version: Version, hosts: readonly string[]): string {
  if (hosts.length > 1) throw new RequestRefused(400, "more than one Host");
  if (hosts.length === 0 && version.minor > 0) throw new RequestRefused(400, "the Host is missing");
  const [host = ""] = hosts;
  if (host !== "" && parseAuthority(host) === undefined)
    throw new RequestRefused(400, "Host is not HOST[:PORT]");
  return target.authority ?? host;
}

/** What a failure while reading means to the client; failures of the network stay what they are. */
function refusalOf(error: unknown, tooLong: 400 | 414 | 431): unknown {
  if (error instanceof RequestRefused) return error;
  if (error instanceof FormatError) return new RequestRefused(400, error.message);
  if (error instanceof ContentTooLarge) return new RequestRefused(413, error.message);
  if (isTimeout(error)) return new RequestRefused(408, "the request did not come to its end in time");
  if (!(error instanceof RemoteError)) return error;
  if (error.code === "line-too-long") return new RequestRefused(tooLong, "a line is too long");
  return error.code === "bare-line-feed" ? new RequestRefused(400, "a line is ended by LF alone") : error;
}

function isTimeout(error: unknown): boolean {
  return error instanceof NetworkError && error.code === "timed-out";
}

function isLate(): NetworkError {
  return new NetworkError("timed-out", "the client takes too long for its request");
}

/** RFC 9110 section 9.3 without CONNECT (no proxy) and TRACE (it shows cookies to scripts); RFC 5789. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];
const EMPTY_LINES_MAX = 2;
