/**
 * A TCP connection of the operating system as a StreamSocket. Read first: `net/stream-socket.ts`, lending-socket.ts.
 *
 * Octets pass through in the chunks in which the kernel hands them over; what is sent in one turn of the tasks leaves
 * in one system call. What must stay true: no more than RECEIVED_MAX waits here unread (then the kernel's window
 * closes), no more than UNSENT_MAX waits unsent, and `onChange` is never called from inside a method.
 */

import type { Socket } from "node:net";
import { type Endpoint, formatEndpoint, NetworkError, type StreamSocket } from "../net/index.ts";
import { endpointOfNode } from "./address.ts";
import { networkErrorOf } from "./errors.ts";
import type { LendingSocket } from "./lending-socket.ts";

export class OsStreamSocket implements StreamSocket {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  onChange: () => void = () => {};
  readonly #socket: Socket;
  readonly #lingerMs: number;
  /** Received chunks that nobody has taken yet, oldest first from #firstChunk on. */
  #chunks: Uint8Array[] = [];
  #firstChunk = 0;
  /** Of #chunks, or of what is only counted. */
  #receivedBytes = 0;
  /** Nobody wants to see the octets any more. */
  #skips = false;
  #peerEnded = false;
  #weEnded = false;
  #closed = false;
  #failure: NetworkError | undefined;
  /** What was sent in this turn, oldest first. */
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  /** Octets sent since other work of the process last had a turn. */
  #turnBytes = 0;
  #resting = false;
  /** Somebody had more to send than there was room for. */
  #wantsRoom = false;

  /** `lending` is connected and allows half-open; `remoteName` is how messages call the peer. */
  constructor(lending: LendingSocket, lingerMs: number, remoteName?: string) {
    const socket = lending.node;
    this.#socket = socket;
    this.#lingerMs = lingerMs;
    this.local = endpointOfNode(socket.localAddress, socket.localPort);
    this.remote = endpointOfNode(socket.remoteAddress, socket.remotePort);
    socket.setNoDelay(true);
    lending.onOctets = (octets) => this.#handleOctets(octets);
    socket.on("end", () => {
      this.#peerEnded = true;
      this.onChange();
    });
    socket.on("drain", () => this.onChange());
    socket.on("error", (error) => {
      this.#failure ??= networkErrorOf(error, "talk", remoteName ?? formatEndpoint(this.remote));
      this.onChange();
    });
  }

  /** Begins to read: a connection that waits to be accepted keeps its octets in the kernel. */
  start(): void {
    this.#socket.resume();
  }

  /** Calls back when the operating system's socket is gone. */
  whenGone(callback: () => void): void {
    this.#socket.once("close", callback);
  }

  /** Whether `close` or `abort` was called: it goes away by itself. */
  get isClosed(): boolean {
    return this.#closed;
  }

  get unsentBytes(): number {
    return this.#socket.writableLength + this.#gatheredBytes;
  }

  receive(maxBytes: number): Uint8Array | null | undefined {
    const chunk = this.#chunks[this.#firstChunk];
    if (chunk !== undefined) return this.#take(chunk, maxBytes);
    return this.#nothing();
  }

  skip(): number | null | undefined {
    this.#skips = true;
    const skipped = this.#receivedBytes;
    if (skipped === 0) return this.#nothing();
    this.#forgetReceived();
    this.#resume();
    return skipped;
  }

  send(bytes: Uint8Array): number {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#weEnded) throw this.#closedError();
    if (this.#resting) return 0;
    const length = Math.min(bytes.length, UNSENT_MAX - this.unsentBytes);
    this.#wantsRoom = length < bytes.length;
    if (length <= 0) return 0;
    // Not copied: nobody changes octets that were handed over (net/stream-socket.ts), and a copy costs half the speed.
    this.#gather(length === bytes.length ? bytes : bytes.subarray(0, length));
    this.#turnBytes += length;
    if (this.#turnBytes >= TURN_BYTES_MAX) this.#rest();
    return length;
  }

  shutdown(): void {
    if (this.#weEnded) return;
    this.#weEnded = true;
    this.#flush();
    if (this.#socket.writableLength === 0) this.#socket.end();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#forgetReceived();
    this.shutdown();
    this.#linger();
  }

  abort(): void {
    this.#flush();
    this.#closed = true;
    this.#weEnded = true;
    this.#forgetReceived();
    // Node cannot reset a socket whose end is just being told to the kernel (a moment, see #handleWritten).
    if (this.#socket.writableEnded && !this.#socket.writableFinished) {
      this.#socket.once("finish", () => this.#socket.resetAndDestroy());
    } else if (!this.#socket.destroyed) this.#socket.resetAndDestroy();
  }

  #gather(part: Uint8Array): void {
    this.#gathered.push(part);
    this.#gatheredBytes += part.length;
    if (this.#gathered.length === PARTS_MAX) this.#flush();
    // Tasks run in microtasks: this one comes when all that are ready have had their turn.
    else if (this.#gathered.length === 1) queueMicrotask(() => this.#flush());
  }

  /** Hands what was gathered to the kernel, or to Node when that is full. */
  #flush(): void {
    const parts = this.#gathered;
    if (parts.length === 0) return;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    const last = parts.length - 1;
    if (last > 0) this.#socket.cork();
    for (let index = 0; index < last; index++) this.#socket.write(parts[index]);
    this.#socket.write(parts[last], () => this.#handleWritten());
    if (last > 0) this.#socket.uncork();
  }

  /** The end comes only after the kernel has taken everything, so that an abort meanwhile is still a reset. */
  #handleWritten(): void {
    // There is no "drain" for what the kernel has taken at once.
    if (this.#wantsRoom) this.onChange();
    if (this.#weEnded && this.#socket.writableLength === 0) this.#socket.end();
  }

  #handleOctets(octets: Uint8Array): void {
    if (this.#closed) return;
    // A plain Uint8Array: Buffer's `slice` is another than what pure code expects.
    if (!this.#skips) this.#chunks.push(new Uint8Array(octets));
    this.#receivedBytes += octets.length;
    if (this.#receivedBytes >= RECEIVED_MAX) this.#socket.pause();
    this.onChange();
  }

  #take(chunk: Uint8Array, maxBytes: number): Uint8Array {
    const taken = chunk.length <= maxBytes ? chunk : chunk.subarray(0, maxBytes);
    if (taken === chunk) this.#firstChunk++;
    else this.#chunks[this.#firstChunk] = chunk.subarray(maxBytes);
    if (this.#firstChunk === this.#chunks.length) {
      this.#chunks = [];
      this.#firstChunk = 0;
    }
    this.#receivedBytes -= taken.length;
    this.#resume();
    return taken;
  }

  #resume(): void {
    if (this.#socket.isPaused() && this.#receivedBytes <= RECEIVED_MAX / 2) this.#socket.resume();
  }

  /** Why there is nothing to take. */
  #nothing(): null | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#closed) throw this.#closedError();
    return this.#peerEnded ? null : undefined;
  }

  #forgetReceived(): void {
    this.#chunks = [];
    this.#firstChunk = 0;
    this.#receivedBytes = 0;
  }

  /**
   * When a kernel closes a socket in which octets are unread, it resets the connection and throws away what it had
   * still to send. So what comes after `close` is read and dropped for a while; what comes later meets the reset.
   */
  #linger(): void {
    const socket = this.#socket;
    if (socket.destroyed) return;
    let timer = setTimeout(() => this.abort(), DELIVERY_MAX_MS);
    socket.once("finish", () => {
      clearTimeout(timer);
      timer = setTimeout(() => socket.destroy(), this.#lingerMs);
    });
    socket.once("close", () => clearTimeout(timer));
    socket.resume();
  }

  /** A kernel that takes everything at once would let one sender keep the whole process to itself. */
  #rest(): void {
    this.#resting = true;
    setImmediate(() => {
      this.#resting = false;
      this.#turnBytes = 0;
      this.onChange();
    });
  }

  #closedError(): NetworkError {
    return new NetworkError(
      "closed",
      `the connection to ${formatEndpoint(this.remote)} was closed on our side`,
    );
  }
}

/** Unread octets at which reading pauses: some reads of the event loop (lending-socket.ts). */
const RECEIVED_MAX = 256 * 1024;
/**
 * Octets that wait here besides the kernel's own send buffer (some megabytes): what one system call takes. On the
 * loopback calls of 1 MiB carry twice as much as calls of 128 KiB (bench/README.md).
 */
const UNSENT_MAX = 1024 * 1024;
/** Pieces that one system call takes (IOV_MAX of Linux). */
const PARTS_MAX = 1024;
/** A peer that does not take what it was sent before a close holds the socket this long: TCP's own patience is minutes. */
const DELIVERY_MAX_MS = 120_000;
/** Octets after which a sender lets others work: a millisecond or less of a fast loopback. */
const TURN_BYTES_MAX = 1024 * 1024;
