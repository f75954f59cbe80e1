/** A SOCKS5 client: asks the proxy at the other end of an open connection for a connection to somewhere else. */

import { FormatError } from "../../bytes/index.ts";
import { type Connection, formatEndpoint, RemoteError, type Task } from "../../net/index.ts";
import { errorFor } from "./errors.ts";
import {
  COMMAND_CONNECT,
  type Destination,
  emitGreeting,
  emitRequest,
  METHOD_NONE_REQUIRED,
  messageLength,
  parseMethodSelection,
  parseReply,
  REPLY_SUCCEEDED,
  type Reply,
} from "./wire.ts";

/**
 * After it, `connection` leads to `target`; the answer is where the proxy's own end is bound. `timeoutMs` is the
 * limit for each answer. Throws NetworkError when the proxy could not connect, RemoteError when it is no proxy.
 */
export function* connectThrough(
  connection: Connection,
  target: Destination,
  timeoutMs: number,
): Task<Destination> {
  // RFC 1928 section 3.
  yield* connection.write(emitGreeting({ methods: [METHOD_NONE_REQUIRED] }), timeoutMs);
  const selection = parse(parseMethodSelection, yield* connection.readExactly(2, timeoutMs));
  if (selection.method !== METHOD_NONE_REQUIRED) {
    throw new RemoteError(
      "authentication-required",
      "the proxy accepts no connection without authentication",
    );
  }
  // Section 4.
  yield* connection.write(emitRequest({ command: COMMAND_CONNECT, destination: target }), timeoutMs);
  const reply = yield* readReply(connection, timeoutMs);
  const { host, port } = target;
  if (reply.reply !== REPLY_SUCCEEDED) throw errorFor(reply, formatEndpoint({ address: host, port }));
  return reply.bound;
}

function* readReply(connection: Connection, timeoutMs: number): Task<Reply> {
  const first = yield* connection.readExactly(5, timeoutMs);
  const length = parse(messageLength, first);
  const rest = yield* connection.readExactly(length - first.length, timeoutMs);
  return parse(parseReply, Uint8Array.of(...first, ...rest));
}

function parse<T>(parser: (bytes: Uint8Array) => T, bytes: Uint8Array): T {
  try {
    return parser(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new RemoteError("bad-reply", `the proxy does not speak SOCKS5: ${error.message}`, { cause: error });
  }
}
