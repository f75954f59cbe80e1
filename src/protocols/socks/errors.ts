/** SOCKS replies and the failures of the network that they stand for, in both directions. */

import { HamletError, NetworkError, type NetworkErrorCode, RemoteError } from "../../net/index.ts";
import {
  describeReply,
  REPLY_ADDRESS_TYPE_NOT_SUPPORTED,
  REPLY_COMMAND_NOT_SUPPORTED,
  REPLY_CONNECTION_REFUSED,
  REPLY_GENERAL_FAILURE,
  REPLY_HOST_UNREACHABLE,
  REPLY_NETWORK_UNREACHABLE,
  REPLY_NOT_ALLOWED,
  REPLY_TTL_EXPIRED,
  type Reply,
} from "./wire.ts";

/** The reply (RFC 1928 section 6) for a connection that could not be made; undefined when the fault is our own. */
export function replyFor(error: unknown): number | undefined {
  if (!(error instanceof HamletError)) return undefined;
  return repliesByCode.get(error.code) ?? REPLY_GENERAL_FAILURE;
}

/** What a reply other than "succeeded" means to the client that asked for `target`. */
export function errorFor(reply: Reply, target: string): HamletError {
  const text = `the proxy could not connect to ${target}: ${describeReply(reply)}`;
  const code = codesByReply.get(reply.reply);
  if (code !== undefined) return new NetworkError(code, text);
  return new RemoteError("proxy-failed", text, { reply: String(reply.reply) });
}

const repliesByCode: ReadonlyMap<string, number> = new Map<NetworkErrorCode, number>([
  ["refused", REPLY_CONNECTION_REFUSED],
  ["unreachable", REPLY_HOST_UNREACHABLE],
  ["name-not-found", REPLY_HOST_UNREACHABLE],
  ["name-server-failed", REPLY_HOST_UNREACHABLE],
  ["permission", REPLY_NOT_ALLOWED],
  // The standard has no reply for silence; others say this, and clients print something sensible for it.
  ["timed-out", REPLY_TTL_EXPIRED],
]);

const codesByReply: ReadonlyMap<number, NetworkErrorCode> = new Map([
  [REPLY_NOT_ALLOWED, "permission"],
  [REPLY_NETWORK_UNREACHABLE, "unreachable"],
  [REPLY_HOST_UNREACHABLE, "unreachable"],
  [REPLY_CONNECTION_REFUSED, "refused"],
  [REPLY_TTL_EXPIRED, "timed-out"],
  [REPLY_COMMAND_NOT_SUPPORTED, "failed"],
  [REPLY_ADDRESS_TYPE_NOT_SUPPORTED, "failed"],
]);
