/**
 * A TCP socket of node:net that lends its octets: the sockets of a process all read into one piece of memory, which
 * holds them only until `onOctets` returns. By itself Node takes 64 KiB of fresh memory for every read, however little
 * it brings, and a reader that only counts pays for it as much as one that keeps. What must stay true: who keeps
 * octets copies them.
 */

import { connect as connectNode, Socket } from "node:net";

export interface LendingSocket {
  readonly node: Socket;
  /** Called with at least one octet; they are others' as soon as it returns. */
  onOctets: (octets: Uint8Array) => void;
}

/** Begins to connect; `node` says how that ends. */
export function connectLending(host: string, port: number): LendingSocket {
  const options = { host, port, allowHalfOpen: true, noDelay: true, autoSelectFamily: false };
  return lending((reading) => connectNode({ ...options, ...reading }));
}

/** Of a socket that has come in and is paused; it may be given up for another one with the same connection. */
export function lendingFrom(accepted: Socket): LendingSocket {
  const { _handle: handle } = accepted as object as Handled;
  // Node takes its `onread` at the making of a socket only, and it makes those that come in by itself.
  if (!SHARES || typeof handle?.useUserBuffer !== "function") return lending(() => accepted);
  const options = { handle, allowHalfOpen: true, pauseOnCreate: true };
  const result = lending((reading) => new Socket({ ...options, ...reading } as object));
  (accepted as object as Handled)._handle = null;
  // Without its connection it has nothing to close; it is no longer counted among those of its server.
  accepted.destroy();
  return result;
}

type Reading = { onread?: { buffer: Uint8Array; callback: (length: number, buffer: Uint8Array) => boolean } };
type Handled = { _handle: { useUserBuffer?: unknown } | null };

function lending(open: (reading: Reading) => Socket): LendingSocket {
  let socket: { node: Socket; onOctets: LendingSocket["onOctets"] } | undefined;
  const take = (length: number): boolean => {
    socket?.onOctets(length === memory.length ? memory : memory.subarray(0, length));
    // Who has enough pauses the socket.
    return true;
  };
  socket = { node: open(SHARES ? { onread: { buffer: memory, callback: take } } : {}), onOctets: () => {} };
  if (!SHARES) socket.node.on("data", (chunk: Buffer) => socket.onOctets(chunk));
  return socket;
}

/** Where the kernel fills memory while nobody looks (Windows' overlapped reads), each read must have its own. */
const SHARES = process.platform !== "win32";
/** Two of Linux's largest segments: fewer system calls, and yet all of it stays in the processor's cache. */
const memory = new Uint8Array(128 * 1024);
