/**
 * A TCP connection as a dialogue uses it: lines, exact counts, back-pressure, a time limit on every wait.
 * The same class stands on the operating system's sockets and on the simulated ones (`StreamSocket`).
 *
 * Text is handled as byte strings: each character is one octet (U+0000 to U+00FF), so nothing is lost or
 * guessed; who needs UTF-8 decodes it (`bytes/utf8.ts`).
 */

import { type Endpoint, formatEndpoint } from "./address.ts";
import { type Clock, Signal } from "./clock.ts";
import { NetworkError, RemoteError } from "./errors.ts";
import type { StreamSocket } from "./stream-socket.ts";
import type { Task } from "./task.ts";

export interface LineOptions {
  /** Longest line in octets, without its end. A longer one throws RemoteError "line-too-long". */
  readonly max: number;
  readonly timeoutMs: number;
  /**
   * Whether a bare LF ends a line too. Absent: false, for what delimits messages must be strict (SMTP smuggling).
   * "refuse": such a line is read and thrown away with RemoteError "bare-line-feed", so that who types into a
   * tool that sends LF alone hears of it instead of waiting for ever.
   * "keep": it comes with its LF, so that the caller can tell.
   */
  readonly bareLf?: boolean | "refuse" | "keep";
}

/** What `Connection.scan` is told. */
export interface Scanned {
  readonly used: number;
  readonly isOver: boolean;
}

export class Connection {
  readonly #socket: StreamSocket;
  readonly #clock: Clock;
  readonly #changed = new Signal();
  /** Received octets: [0, #start) is read, [#start, #end) is not, what follows is room for more. */
  #buffer: Uint8Array = EMPTY;
  #start = 0;
  #end = 0;
  #ended = false;
  #closed = false;

  constructor(socket: StreamSocket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    socket.onChange = () => this.#changed.notify();
  }

  get local(): Endpoint {
    return this.#socket.local;
  }

  get remote(): Endpoint {
    return this.#socket.remote;
  }

  /** Octets written that are not yet on their way for good. */
  get unsentBytes(): number {
    return this.#socket.unsentBytes;
  }

  /** The next octets, at least one and at most `max`; null at the end of the stream. */
  *read(max: number, timeoutMs: number): Task<Uint8Array | null> {
    if (this.#unread === 0 && !(yield* this.#fill(timeoutMs))) return null;
    return this.#take(Math.min(max, this.#unread));
  }

  /**
   * How many octets came, at least one; null at the end of the stream. For who wants to see none of them: it costs a
   * good deal less than `read`, which nobody may call afterwards.
   */
  *skip(timeoutMs: number): Task<number | null> {
    if (this.#unread > 0) return this.#take(this.#unread).length;
    for (let endNs: number | undefined; ; ) {
      const count = this.#skip();
      if (count !== undefined) return count;
      endNs ??= this.#clock.nowNs() + timeoutMs * 1e6;
      if (!(yield* this.#waitUntil(endNs))) throw timedOut(this.remote, "send anything", timeoutMs);
    }
  }

  /** Exactly `length` octets; throws RemoteError "unexpected-end" when the stream ends before. */
  *readExactly(length: number, timeoutMs: number): Task<Uint8Array> {
    const result = new Uint8Array(length);
    for (let filled = 0; filled < length; ) {
      const part = yield* this.read(length - filled, timeoutMs);
      if (part === null) throw unexpectedEnd(this.remote, `after ${filled} of ${length} octets`);
      result.set(part, filled);
      filled += part.length;
    }
    return result;
  }

  /**
   * One line without its end (CRLF); null at the end of the stream before its first octet. Throws RemoteError:
   * "line-too-long" (the stream is then in the middle of that line), "unexpected-end" inside a line,
   * "bare-line-feed" (see LineOptions).
   */
  *readLine(options: LineOptions): Task<string | null> {
    for (let searched = 0; ; ) {
      const found = this.#findLineEnd(searched, (options.bareLf ?? false) !== false);
      const length = found === undefined ? this.#unread : found.length;
      // An undecided CR at the end may belong to the line's end.
      const mayEnd = found === undefined && length > 0 && this.#buffer[this.#end - 1] === CR;
      if (length - (mayEnd ? 1 : 0) > options.max) {
        throw new RemoteError(
          "line-too-long",
          `${formatEndpoint(this.remote)} sent a line of over ${options.max} octets`,
        );
      }
      if (found !== undefined) {
        const line = toByteString(this.#take(found.length));
        this.#start += found.endLength;
        if (options.bareLf === "refuse" && found.endLength === 1) {
          throw new RemoteError(
            "bare-line-feed",
            `${formatEndpoint(this.remote)} ended a line with LF alone`,
          );
        }
        return options.bareLf === "keep" && found.endLength === 1 ? `${line}\n` : line;
      }
      searched = Math.max(0, length - 1);
      if (!(yield* this.#fill(options.timeoutMs))) {
        if (length === 0) return null;
        throw unexpectedEnd(this.remote, "in the middle of a line");
      }
    }
  }

  /**
   * Shows `use` all that is unread, again with more, until it has all it wants; false when the stream ends before.
   * `use` says how many octets it has used up: the others stay unread. For large contents that are delimited by
   * something, where a line at a time would be slow. Who uses up nothing for ever must set its own bound.
   */
  *scan(use: (unread: Uint8Array) => Scanned, timeoutMs: number): Task<boolean> {
    if (this.#unread === 0 && !(yield* this.#fill(timeoutMs))) return false;
    for (;;) {
      const { used, isOver } = use(this.#buffer.subarray(this.#start, this.#end));
      this.#start += used;
      if (isOver) return true;
      if (!(yield* this.#fill(timeoutMs))) return false;
    }
  }

  /**
   * Hands octets (or a byte string) to the network; waits while the send buffer is full. The octets must not be
   * changed any more.
   * Throws NetworkError: reset, timed-out (no room came within `timeoutMs`), closed.
   */
  *write(data: Uint8Array | string, timeoutMs: number): Task {
    let rest = typeof data === "string" ? fromByteString(data) : data;
    for (let endNs: number | undefined; ; ) {
      const taken = this.#socket.send(rest);
      if (taken === rest.length) return;
      rest = rest.subarray(taken);
      if (taken > 0 || endNs === undefined) endNs = this.#clock.nowNs() + timeoutMs * 1e6;
      if (!(yield* this.#waitUntil(endNs))) throw timedOut(this.remote, "take our data", timeoutMs);
    }
  }

  /** Ends our direction; the peer reads its end of stream after all that was written. Reading goes on. */
  end(): void {
    this.#socket.shutdown();
  }

  /** Done with both directions; what was written is still delivered. */
  close(): void {
    this.#closed = true;
    this.#socket.close();
  }

  /** Breaks the connection: the peer sees a reset. Does nothing after `close`, so that a `finally` may say it. */
  abort(): void {
    if (!this.#closed) this.#socket.abort();
    this.#closed = true;
  }

  /** Ends our direction and waits until the peer has ended its own; what it still sends is thrown away. */
  *finish(timeoutMs: number): Task {
    this.end();
    try {
      while ((yield* this.skip(timeoutMs)) !== null);
    } finally {
      this.close();
    }
  }

  /**
   * Takes the socket out, with what was received and not read yet: for `relay`, which moves octets without looking
   * at them. Nothing may be read or written here afterwards; `close` and `abort` still reach the socket.
   */
  detach(): { socket: StreamSocket; unread: Uint8Array } {
    const unread = this.#buffer.subarray(this.#start, this.#end);
    this.#buffer = EMPTY;
    this.#start = 0;
    this.#end = 0;
    return { socket: this.#socket, unread };
  }

  /** Whether octets are waiting to be read without waiting (a client that pipelines). */
  get hasInput(): boolean {
    return this.#unread > 0 || this.#receive();
  }

  get #unread(): number {
    return this.#end - this.#start;
  }

  /** Waits until there is more unread; false at the end of the stream. */
  *#fill(timeoutMs: number): Task<boolean> {
    for (let endNs: number | undefined; ; ) {
      if (this.#receive()) return true;
      if (this.#ended) return false;
      endNs ??= this.#clock.nowNs() + timeoutMs * 1e6;
      if (!(yield* this.#waitUntil(endNs))) throw timedOut(this.remote, "send anything", timeoutMs);
    }
  }

  /** Waits for any news of the socket; false when `endNs` came first, however much else has happened. */
  *#waitUntil(endNs: number): Task<boolean> {
    const leftMs = (endNs - this.#clock.nowNs()) / 1e6;
    return leftMs > 0 && (yield* this.#changed.wait(this.#clock, leftMs));
  }

  #skip(): number | null | undefined {
    if (this.#ended) return null;
    const socket = this.#socket;
    const count = socket.skip === undefined ? lengthOf(socket.receive(READ_CHUNK)) : socket.skip();
    if (count === null) this.#ended = true;
    return count;
  }

  #receive(): boolean {
    if (this.#ended) return false;
    const bytes = this.#socket.receive(READ_CHUNK);
    if (bytes === null) this.#ended = true;
    if (bytes === null || bytes === undefined) return false;
    const unread = this.#unread;
    if (unread === 0) {
      this.#buffer = bytes;
      this.#start = 0;
      this.#end = bytes.length;
      return true;
    }
    // What was handed out is never written again: more goes behind it, or all that is unread moves to a larger place.
    if (bytes.length > this.#buffer.length - this.#end) {
      const larger = new Uint8Array(Math.max(2 * unread, unread + bytes.length));
      larger.set(this.#buffer.subarray(this.#start, this.#end));
      this.#buffer = larger;
      this.#start = 0;
      this.#end = unread;
    }
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
    return true;
  }

  #take(length: number): Uint8Array {
    const taken = this.#buffer.subarray(this.#start, this.#start + length);
    this.#start += length;
    return taken;
  }

  #findLineEnd(from: number, bareLf: boolean): { length: number; endLength: number } | undefined {
    const filled = this.#end === this.#buffer.length ? this.#buffer : this.#buffer.subarray(0, this.#end);
    for (let at = this.#start + from; ; at++) {
      at = filled.indexOf(LF, at);
      if (at === -1) return undefined;
      const afterCr = at > this.#start && filled[at - 1] === CR;
      if (afterCr) return { length: at - 1 - this.#start, endLength: 2 };
      if (bareLf) return { length: at - this.#start, endLength: 1 };
    }
  }
}

/** One character per octet. */
export function toByteString(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += STRING_CHUNK) {
    // A plain array: engines spread a typed one octet by octet, ten times slower.
    const codes: number[] = new Array(Math.min(STRING_CHUNK, bytes.length - at));
    for (let i = 0; i < codes.length; i++) codes[i] = bytes[at + i];
    text += String.fromCharCode(...codes);
  }
  return text;
}

/** The octets of a byte string; a character above U+00FF is a mistake of the caller. */
export function fromByteString(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) throw new RangeError(`"${text[i]}" is no octet: encode text (UTF-8) before it is sent`);
    bytes[i] = code;
  }
  return bytes;
}

function lengthOf(received: Uint8Array | null | undefined): number | null | undefined {
  return received?.length ?? (received as null | undefined);
}

function timedOut(remote: Endpoint, what: string, timeoutMs: number): NetworkError {
  return new NetworkError("timed-out", `${formatEndpoint(remote)} did not ${what} for ${timeoutMs} ms`);
}

function unexpectedEnd(remote: Endpoint, where: string): RemoteError {
  return new RemoteError("unexpected-end", `${formatEndpoint(remote)} closed the connection ${where}`);
}

const EMPTY = new Uint8Array(0);
const CR = 13;
const LF = 10;
/** As many octets as one receive may bring: the size of a pipe or socket read that others use too. */
const READ_CHUNK = 64 * 1024;
/** Arguments of one call; engines limit them at some 65,000. */
const STRING_CHUNK = 8 * 1024;
