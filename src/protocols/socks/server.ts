/**
 * A SOCKS5 server's side of one connection: greeting, request, then octets both ways until both have ended.
 * Where it connects to, and with whose resolver, is the caller's `dial`: the proxy of `hamlet up` dials from a host
 * inside the lab.
 */

import { FormatError, joinBytes } from "../../bytes/index.ts";
import { type Clock, type Connection, NetworkError, RemoteError, relay, type Task } from "../../net/index.ts";
import { replyFor } from "./errors.ts";
import {
  COMMAND_CONNECT,
  type Destination,
  emitMethodSelection,
  emitReply,
  greetingLength,
  METHOD_NO_ACCEPTABLE,
  METHOD_NONE_REQUIRED,
  messageLength,
  parseGreeting,
  parseRequest,
  REPLY_ADDRESS_TYPE_NOT_SUPPORTED,
  REPLY_COMMAND_NOT_SUPPORTED,
  REPLY_GENERAL_FAILURE,
  REPLY_SUCCEEDED,
  type Request,
} from "./wire.ts";

export interface SocksServerOptions {
  readonly clock: Clock;
  /** Opens the connection that a client asks for; `host` is a name or an address. Throws NetworkError. */
  dial(host: string, port: number): Task<Connection>;
  /** Limit for each message of the client. Absent: NEGOTIATION_MS. */
  readonly negotiationMs?: number;
  /** How long nothing may move once the two are joined. Absent: IDLE_MS. */
  readonly idleMs?: number;
}

/** Serves one client; throws RemoteError when it does not speak SOCKS5, NetworkError when the dialled host failed. */
export function* serveSocks(connection: Connection, options: SocksServerOptions): Task {
  const negotiationMs = options.negotiationMs ?? NEGOTIATION_MS;
  yield* selectMethod(connection, negotiationMs);
  const { command, destination } = yield* readRequest(connection, negotiationMs);
  // RFC 1928 section 4: BIND and UDP ASSOCIATE exist, too; the README says why not here.
  if (command !== COMMAND_CONNECT) {
    yield* answer(connection, REPLY_COMMAND_NOT_SUPPORTED, negotiationMs);
    throw new RemoteError("unsupported-command", `SOCKS command ${command} is not supported`);
  }
  const target = yield* dialFor(connection, destination, options, negotiationMs);
  yield* relay(connection, target, options.clock, { idleMs: options.idleMs ?? IDLE_MS });
}

/** Section 3: the client offers methods, we choose one. */
function* selectMethod(connection: Connection, timeoutMs: number): Task {
  const first = yield* connection.readExactly(2, timeoutMs);
  if (first[0] !== 5) throw notSocks(first[0]);
  const rest = yield* connection.readExactly(greetingLength(first) - 2, timeoutMs);
  const { methods } = parseGreeting(joinBytes([first, rest]));
  const method = methods.includes(METHOD_NONE_REQUIRED) ? METHOD_NONE_REQUIRED : METHOD_NO_ACCEPTABLE;
  yield* connection.write(emitMethodSelection({ method }), timeoutMs);
  if (method === METHOD_NO_ACCEPTABLE) {
    // Section 3: the client must close the connection after this answer.
    yield* part(connection, timeoutMs);
    throw new RemoteError("no-acceptable-method", "the client offers no SOCKS connection without a password");
  }
}

function* readRequest(connection: Connection, timeoutMs: number): Task<Request> {
  const first = yield* connection.readExactly(5, timeoutMs);
  let length: number;
  try {
    length = messageLength(first);
  } catch (error) {
    throw yield* refuseFormat(connection, error, REPLY_ADDRESS_TYPE_NOT_SUPPORTED, timeoutMs);
  }
  const bytes = joinBytes([first, yield* connection.readExactly(length - 5, timeoutMs)]);
  try {
    return parseRequest(bytes);
  } catch (error) {
    throw yield* refuseFormat(connection, error, REPLY_GENERAL_FAILURE, timeoutMs);
  }
}

/** Dials and answers: section 6. */
function* dialFor(
  connection: Connection,
  destination: Destination,
  options: SocksServerOptions,
  timeoutMs: number,
): Task<Connection> {
  let target: Connection;
  try {
    target = yield* options.dial(destination.host, destination.port);
  } catch (error) {
    yield* answer(connection, replyFor(error) ?? REPLY_GENERAL_FAILURE, timeoutMs);
    throw error;
  }
  let answered = false;
  try {
    const { address, port } = target.local;
    const reply = { reply: REPLY_SUCCEEDED, bound: { host: address, port } };
    yield* connection.write(emitReply(reply), timeoutMs);
    answered = true;
    return target;
  } finally {
    if (!answered) target.abort();
  }
}

/** A reply that ends the dialogue; section 6 wants the connection closed within 10 seconds of it. */
function* answer(connection: Connection, reply: number, timeoutMs: number): Task {
  yield* connection.write(emitReply({ reply, bound: NOTHING_BOUND }), timeoutMs);
  yield* part(connection, timeoutMs);
}

/** Lets the client read our last words; how it takes its leave no longer matters. */
function* part(connection: Connection, timeoutMs: number): Task {
  try {
    yield* connection.finish(Math.min(timeoutMs, CLOSE_AFTER_FAILURE_MS));
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
  }
}

function* refuseFormat(
  connection: Connection,
  error: unknown,
  reply: number,
  timeoutMs: number,
): Task<unknown> {
  if (!(error instanceof FormatError)) return error;
  yield* answer(connection, reply, timeoutMs);
  return new RemoteError("bad-request", `the SOCKS request is malformed: ${error.message}`, { cause: error });
}

function notSocks(first: number): RemoteError {
  const guess =
    first === 4
      ? "it speaks SOCKS version 4: ask it for version 5 (curl: --socks5-hostname)"
      : first >= 0x41 && first <= 0x5a
        ? "it seems to speak HTTP: configure the proxy as SOCKS5"
        : `its first octet is ${first}, not 5`;
  return new RemoteError("not-socks", `the client does not speak SOCKS5: ${guess}`);
}

const NOTHING_BOUND: Destination = { host: "0.0.0.0", port: 0 };
/** A program sends these few octets at once; a person with telnet is no use case. */
const NEGOTIATION_MS = 10_000;
/** RFC 5382 section 5 REQ-5: a middlebox keeps an established connection at least 2 hours 4 minutes. */
const IDLE_MS = 124 * 60_000;
/** RFC 1928 section 6: the server closes at most 10 seconds after it found the failure. */
const CLOSE_AFTER_FAILURE_MS = 5_000;
