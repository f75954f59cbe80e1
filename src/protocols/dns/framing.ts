/** Messages over TCP: RFC 1035 section 4.2.2, each behind its length in two octets. */

import { type Clock, type Connection, RemoteError, type Task } from "../../net/index.ts";

/** The next message; null at the end of the stream. Its first octet may take `idleMs`, the rest `messageMs`. */
export function* readFramed(
  connection: Connection,
  clock: Clock,
  idleMs: number,
  messageMs: number,
): Task<Uint8Array | null> {
  const first = yield* connection.read(1, idleMs);
  if (first === null) return null;
  const deadlineNs = clock.nowNs() + messageMs * 1e6;
  const [second] = yield* readBy(connection, clock, 1, deadlineNs);
  return yield* readBy(connection, clock, (first[0] << 8) | second, deadlineNs);
}

export function framed(message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(2 + message.length);
  bytes[0] = message.length >> 8;
  bytes[1] = message.length;
  bytes.set(message, 2);
  return bytes;
}

function* readBy(connection: Connection, clock: Clock, length: number, deadlineNs: number): Task<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let filled = 0; filled < length; ) {
    const leftMs = Math.max(0, (deadlineNs - clock.nowNs()) / 1e6);
    const part = yield* connection.read(length - filled, leftMs);
    if (part === null) throw new RemoteError("unexpected-end", "the connection ended inside a DNS message");
    bytes.set(part, filled);
    filled += part.length;
  }
  return bytes;
}
