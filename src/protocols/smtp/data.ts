/**
 * The content of a mail on the wire: RFC 5321 sections 4.1.1.4 and 4.5.2 (a lone dot ends it, dots are doubled).
 * What must stay true: only CRLF "." CRLF ends a mail. A mail with anything else that looks like an end (LF "." LF,
 * LF "." CRLF, CR "." CR ...) is refused, so that no second mail can be smuggled inside the first past a server that
 * counts lines differently; and content goes on with CRLF only.
 */

import { Writer } from "../../bytes/index.ts";
import { type Connection, fromByteString, LocalError, RemoteError, type Task } from "../../net/index.ts";

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
  const content = new Writer(4096);
  let problem: DataProblem | undefined;
  let octets = 0;
  let afterBareLf = false;
  for (;;) {
    const line = yield* readDataLine(connection, limits);
    const endsInBareLf = line.text.endsWith("\n");
    const isLoneDot = line.text === "." || line.text === ".\n";
    if (isLoneDot && !endsInBareLf && !afterBareLf) break;
    if (line.tooLong) problem ??= "line-too-long";
    // RFC 5321 section 2.3.8: CR and LF only together.
    const isBad = line.text.includes("\r") || (endsInBareLf && limits.strict) || isLoneDot;
    if (isBad) problem ??= "bare-line-end";
    const text = contentOf(line.text, afterBareLf);
    afterBareLf = endsInBareLf;
    octets += text.length + 2;
    if (octets > limits.contentMax) problem ??= "too-large";
    if (octets > limits.contentMax + DISCARDED_MAX) {
      throw new RemoteError("too-large", `sent over ${limits.contentMax + DISCARDED_MAX} octets of content`);
    }
    if (problem === undefined) content.append(fromByteString(`${text}\r\n`));
  }
  return problem === undefined ? { content: content.finish(), problem } : { content: undefined, problem };
}

/** RFC 5321 section 4.5.2: a leading dot was added by the sender, who knows only CRLF as the end of a line. */
function contentOf(line: string, afterBareLf: boolean): string {
  return line.slice(line.startsWith(".") && !afterBareLf ? 1 : 0, line.endsWith("\n") ? -1 : undefined);
}

/** Content as it is sent: dots doubled, the last line ended, the final dot. */
export function emitData(content: Uint8Array): Uint8Array {
  const out = new Writer(content.length + 64);
  for (let at = 0; at < content.length; ) {
    const found = content.indexOf(LF, at);
    const end = found === -1 ? content.length : found + 1;
    checkLine(content, at, end);
    if (content[at] === DOT) out.uint8(DOT);
    out.append(content.subarray(at, end));
    at = end;
  }
  if (content.length > 0 && content[content.length - 1] !== LF) out.append(CRLF);
  return out.uint8(DOT).append(CRLF).finish();
}

/** RFC 5321 section 2.3.8: a client must not send CR or LF alone; whoever let it in is told, not the peer. */
function checkLine(content: Uint8Array, at: number, end: number): void {
  const ended = content[end - 1] === LF;
  const found = content.subarray(at, end).indexOf(CR);
  const carriageReturn = found === -1 ? undefined : at + found;
  if (carriageReturn !== (ended ? end - 2 : undefined)) {
    throw new LocalError("bare-line-end", "the content has a CR or LF that is not part of a CRLF");
  }
  if (end - at - (ended ? 2 : 0) > DATA_LINE_MAX) {
    throw new LocalError("line-too-long", `the content has a line of over ${DATA_LINE_MAX} octets`);
  }
}

/** One line; of one that is too long only the end is kept, marked so that it cannot be taken for a lone dot. */
function* readDataLine(connection: Connection, limits: DataLimits): Task<{ text: string; tooLong: boolean }> {
  let tooLong = false;
  // A doubled dot at the start does not count (section 4.5.3.1.6).
  const max = DATA_LINE_MAX + 1;
  for (let skipped = 0; ; skipped += max) {
    try {
      const text = yield* connection.readLine({ max, timeoutMs: limits.timeoutMs, bareLf: "keep" });
      if (text === null)
        throw new RemoteError("unexpected-end", "closed the connection in the middle of a mail");
      return {
        text: tooLong ? `~${text}` : text,
        tooLong: tooLong || text.length > DATA_LINE_MAX + (text.startsWith(".") ? 1 : 0),
      };
    } catch (error) {
      if (!(error instanceof RemoteError && error.code === "line-too-long")) throw error;
      if (skipped > limits.contentMax) throw new RemoteError("too-large", "sent a line without end");
      // The first `max` octets are surely inside the line.
      tooLong = true;
      yield* connection.read(max, limits.timeoutMs);
    }
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
