/**
 * A TCP connection of the operating system as a StreamSocket. Read first: `net/stream-socket.ts`.
 *
 * Octets pass through in the chunks in which the kernel hands them over. What must stay true: no more than
 * RECEIVED_MAX waits here unread (then the kernel's window closes), no more than UNSENT_MAX waits unsent, and
 * `onChange` is never called from inside a method.
 */

import type { Socket } from "node:net";
import { type Endpoint, formatEndpoint, NetworkError, type StreamSocket } from "../net/index.ts";
import { endpointOfNode } from "./address.ts";
import { networkErrorOf } from "./errors.ts";

export class OsStreamSocket implements StreamSocket {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  onChange: () => void = () => {};
  readonly #socket: Socket;
  readonly #lingerMs: number;
  /** Received chunks that nobody has taken yet, oldest first from #firstChunk on. */
  #chunks: Uint8Array[] = [];
  #firstChunk = 0;
  #receivedBytes = 0;
  #peerEnded = false;
  #weEnded = false;
  #closed = false;
  #failure: NetworkError | undefined;
  /** Octets sent since other work of the process last had a turn. */
  #turnBytes = 0;
  #resting = false;
  /** Somebody had more to send than there was room for. */
  #wantsRoom = false;

  /** `socket` is connected and allows half-open; `remoteName` is how messages call the peer. */
  constructor(socket: Socket, lingerMs: number, remoteName?: string) {
    this.#socket = socket;
    this.#lingerMs = lingerMs;
    this.local = endpointOfNode(socket.localAddress, socket.localPort);
    this.remote = endpointOfNode(socket.remoteAddress, socket.remotePort);
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#handleData(chunk));
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
    return this.#socket.writableLength;
  }

  receive(maxBytes: number): Uint8Array | null | undefined {
    const chunk = this.#chunks[this.#firstChunk];
    if (chunk !== undefined) return this.#take(chunk, maxBytes);
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#closed) throw this.#closedError();
    return this.#peerEnded ? null : undefined;
  }

  send(bytes: Uint8Array): number {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#weEnded) throw this.#closedError();
    if (this.#resting) return 0;
    const length = Math.min(bytes.length, UNSENT_MAX - this.#socket.writableLength);
    this.#wantsRoom = length < bytes.length;
    if (length <= 0) return 0;
    // Not copied: nobody changes octets that were handed over (net/stream-socket.ts), and a copy costs half the speed.
    const part = length === bytes.length ? bytes : bytes.subarray(0, length);
    this.#socket.write(part, () => this.#handleWritten());
    this.#turnBytes += length;
    if (this.#turnBytes >= TURN_BYTES_MAX) this.#rest();
    return length;
  }

  shutdown(): void {
    if (this.#weEnded) return;
    this.#weEnded = true;
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
    this.#closed = true;
    this.#weEnded = true;
    this.#forgetReceived();
    // Node cannot reset a socket whose end is just being told to the kernel (a moment, see #handleWritten).
    if (this.#socket.writableEnded && !this.#socket.writableFinished) {
      this.#socket.once("finish", () => this.#socket.resetAndDestroy());
    } else if (!this.#socket.destroyed) this.#socket.resetAndDestroy();
  }

  /** The end comes only after the kernel has taken everything, so that an abort meanwhile is still a reset. */
  #handleWritten(): void {
    // There is no "drain" for what the kernel has taken at once.
    if (this.#wantsRoom) this.onChange();
    if (this.#weEnded && this.#socket.writableLength === 0) this.#socket.end();
  }

  #handleData(chunk: Buffer): void {
    if (this.#closed) return;
    // A plain Uint8Array over the same octets, for Buffer's `slice` is another than what pure code expects.
    this.#chunks.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
    this.#receivedBytes += chunk.length;
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
    if (this.#socket.isPaused() && this.#receivedBytes <= RECEIVED_MAX / 2) this.#socket.resume();
    return taken;
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

/** Unread octets at which reading pauses: four reads of the event loop (64 KiB each). */
const RECEIVED_MAX = 256 * 1024;
/** Octets that wait here besides the kernel's own send buffer (some megabytes): enough to keep it filled. */
const UNSENT_MAX = 256 * 1024;
/** A peer that does not take what it was sent before a close holds the socket this long: TCP's own patience is minutes. */
const DELIVERY_MAX_MS = 120_000;
/** Octets after which a sender lets others work: a millisecond or less of a fast loopback. */
const TURN_BYTES_MAX = 1024 * 1024;
