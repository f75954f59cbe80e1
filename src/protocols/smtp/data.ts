/**
 * The content of a mail on the wire: RFC 5321 sections 4.1.1.4 and 4.5.2 (a lone dot ends it, dots are doubled).
 * What must stay true: only CRLF "." CRLF ends a mail. A mail with anything else that looks like an end (LF "." LF,
 * LF "." CRLF, CR "." CR ...) is refused, so that no second mail can be smuggled inside the first past a server that
 * counts lines differently; and content goes on with CRLF only.
 */

import { Writer } from "../../bytes/index.ts";
import { type Connection, LocalError, RemoteError, type Scanned, type Task } from "../../net/index.ts";

export interface DataLimits {
  /** Octets of the content, dots undoubled. */
  readonly contentMax: number;
  readonly timeoutMs: number;
  /** Refuse every bare LF. Absent: one that ends an ordinary line becomes CRLF, for many a tool sends a text file as it is. */
  readonly strict?: boolean;
}

/** The content, or what is wrong with it; in both cases the end of the data has been read. */
export type ReceivedData =
  | { readonly content: Uint8Array; readonly problem: undefined }
  | { readonly content: undefined; readonly problem: DataProblem };

export type DataProblem = "bare-line-end" | "line-too-long" | "too-large";

/** Reads content up to and with its final dot. Throws RemoteError "too-large" when the client does not stop sending. */
export function* receiveData(connection: Connection, limits: DataLimits): Task<ReceivedData> {
  const reader = new ContentReader(limits);
  if (yield* connection.scan((unread) => reader.read(unread), limits.timeoutMs)) return reader.finish();
  throw new RemoteError("unexpected-end", "closed the connection in the middle of a mail");
}

/** Takes a mail out of the stream in pieces as large as they come: lines that need no change are copied together. */
class ContentReader {
  readonly #limits: DataLimits;
  readonly #content = new Writer(4096);
  #problem: DataProblem | undefined;
  /** Of the content, also when it is not kept any more. */
  #octets = 0;
  /** Of a line that is too long: those that were used up already. */
  #longLine = 0;
  #afterBareLf = false;

  constructor(limits: DataLimits) {
    this.#limits = limits;
  }

  read(unread: Uint8Array): Scanned {
    let at = 0;
    // Octets from here on are to be copied as they are.
    let copyFrom = 0;
    // The next CR, so that each octet is looked at once.
    let cr = -1;
    for (;;) {
      const lf = unread.indexOf(LF, at);
      if (lf === -1) break;
      const isBare = lf === 0 || unread[lf - 1] !== CR;
      const end = isBare ? lf : lf - 1;
      const wasDoubled = unread[at] === DOT && this.#longLine === 0 && !this.#afterBareLf;
      const isLoneDot = unread[at] === DOT && this.#longLine === 0 && end === at + 1;
      if (isLoneDot && !isBare && !this.#afterBareLf) {
        this.#keep(unread, copyFrom, at);
        return { used: lf + 1, isOver: true };
      }
      // RFC 5321 section 4.5.2: a leading dot was added by the sender, who knows only CRLF as the end of a line.
      const start = wasDoubled ? at + 1 : at;
      if (cr < at) cr = indexOrEnd(unread, CR, at);
      // RFC 5321 section 2.3.8: CR and LF only together.
      const isWrong = cr < end || isLoneDot || (isBare && this.#limits.strict === true);
      this.#count(end - start, isWrong);
      if (isBare || wasDoubled) {
        this.#keep(unread, copyFrom, at);
        if (isBare) this.#keepLine(unread.subarray(start, end));
        copyFrom = isBare ? lf + 1 : start;
      }
      this.#longLine = 0;
      this.#afterBareLf = isBare;
      at = lf + 1;
    }
    this.#keep(unread, copyFrom, at);
    return { used: at + this.#passOver(unread.length - at), isOver: false };
  }

  finish(): ReceivedData {
    if (this.#problem !== undefined) return { content: undefined, problem: this.#problem };
    return { content: this.#content.finish(), problem: undefined };
  }

  /** One line more, with so many octets that are here. */
  #count(octets: number, isWrong: boolean): void {
    const { contentMax } = this.#limits;
    const length = this.#longLine + octets;
    if (length > DATA_LINE_MAX) this.#problem ??= "line-too-long";
    if (isWrong) this.#problem ??= "bare-line-end";
    this.#octets += length + CRLF.length;
    if (this.#octets > contentMax) this.#problem ??= "too-large";
    if (this.#octets > contentMax + DISCARDED_MAX) {
      throw new RemoteError("too-large", `sent over ${contentMax + DISCARDED_MAX} octets of content`);
    }
  }

  #keep(unread: Uint8Array, from: number, to: number): void {
    if (this.#problem === undefined && to > from) this.#content.append(unread.subarray(from, to));
  }

  #keepLine(line: Uint8Array): void {
    if (this.#problem === undefined) this.#content.append(line).append(CRLF);
  }

  /** How much of the beginning of a line is used up before its end is here: nothing, unless it is too long. */
  #passOver(octets: number): number {
    // With a doubled dot, and a CR that may belong to the line's end.
    if (octets <= DATA_LINE_MAX + 2) return 0;
    this.#problem ??= "line-too-long";
    this.#longLine += octets - 1;
    if (this.#longLine > this.#limits.contentMax) {
      throw new RemoteError("too-large", "sent a line without end");
    }
    return octets - 1;
  }
}

function indexOrEnd(octets: Uint8Array, octet: number, from: number): number {
  const found = octets.indexOf(octet, from);
  return found === -1 ? octets.length : found;
}

/** Content as it is sent: dots doubled, the last line ended, the final dot. */
export function emitData(content: Uint8Array): Uint8Array {
  const out = new Writer(content.length + 64);
  let copied = 0;
  for (let at = 0; at < content.length; ) {
    const found = content.indexOf(LF, at);
    const end = found === -1 ? content.length : found + 1;
    checkLine(content, at, end);
    if (content[at] === DOT) {
      out.append(content.subarray(copied, at)).uint8(DOT);
      copied = at;
    }
    at = end;
  }
  out.append(content.subarray(copied));
  if (content.length > 0 && content[content.length - 1] !== LF) out.append(CRLF);
  return out.uint8(DOT).append(CRLF).finish();
}

/** RFC 5321 section 2.3.8: a client must not send CR or LF alone; whoever let it in is told, not the peer. */
function checkLine(content: Uint8Array, at: number, end: number): void {
  const ended = content[end - 1] === LF;
  const found = content.indexOf(CR, at);
  const carriageReturn = found === -1 || found >= end ? undefined : found;
  if (carriageReturn !== (ended ? end - 2 : undefined)) {
    throw new LocalError("bare-line-end", "the content has a CR or LF that is not part of a CRLF");
  }
  if (end - at - (ended ? 2 : 0) > DATA_LINE_MAX) {
    throw new LocalError("line-too-long", `the content has a line of over ${DATA_LINE_MAX} octets`);
  }
}

const DOT = 46;
const CR = 13;
const LF = 10;
const CRLF = Uint8Array.of(CR, LF);

/** RFC 5321 section 4.5.3.1.6: 1,000 octets with the CRLF. */
export const DATA_LINE_MAX = 998;
/** So much more than allowed is read and thrown away, so that the client gets its 552; then the connection is cut. */
const DISCARDED_MAX = 16 * 1024 * 1024;
