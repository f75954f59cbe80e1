/** Reading and writing content as it is framed: RFC 9112 sections 6.2 and 7.1. */

import { FormatError, Writer } from "../../bytes/index.ts";
import { type Connection, formatEndpoint, fromByteString, RemoteError, type Task } from "../../net/index.ts";
import { ContentTooLarge } from "./errors.ts";
import type { Framing } from "./framing.ts";
import { parseFieldLine } from "./wire.ts";

export interface ContentLimits {
  /** Octets of content; more throws ContentTooLarge. */
  readonly contentMax: number;
  /** How long the peer may send nothing. */
  readonly idleMs: number;
}

/**
 * The whole content. Throws ContentTooLarge, FormatError (no chunks), RemoteError "unexpected-end" and what reading
 * throws. Nothing is allocated because a length says so: memory grows with what has come.
 */
export function* readContent(
  connection: Connection,
  framing: Framing,
  limits: ContentLimits,
): Task<Uint8Array> {
  switch (framing.kind) {
    case "none":
      return new Uint8Array(0);
    case "length": {
      if (framing.length > limits.contentMax) throw new ContentTooLarge(limits.contentMax);
      const out = new Writer(Math.min(framing.length, PIECE));
      yield* readInto(out, connection, framing.length, limits.idleMs);
      return out.finish();
    }
    case "chunked":
      return yield* readChunks(connection, limits);
    case "until-end": {
      const out = new Writer(PIECE);
      for (;;) {
        const piece = yield* connection.read(PIECE, limits.idleMs);
        if (piece === null) return out.finish();
        if (out.length + piece.length > limits.contentMax) throw new ContentTooLarge(limits.contentMax);
        out.append(piece);
      }
    }
  }
}

/** RFC 9112 section 7.1: one chunk; none for no octets, for that would be the end. */
export function emitChunk(octets: Uint8Array): Uint8Array {
  if (octets.length === 0) return octets;
  return new Writer(octets.length + 16)
    .append(fromByteString(`${octets.length.toString(16)}\r\n`))
    .append(octets)
    .append(fromByteString("\r\n"))
    .finish();
}

export const LAST_CHUNK = "0\r\n\r\n";

/** The size that a chunk's first line says; extensions are read over (RFC 9112 section 7.1.1). */
export function parseChunkLine(line: string): number {
  const match = /^([0-9A-Fa-f]{1,8})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?$/.exec(line);
  if (match === null) throw new FormatError("http.chunk-size", 0, "is no hexadecimal number");
  return Number.parseInt(match[1], 16);
}

function* readChunks(connection: Connection, { contentMax, idleMs }: ContentLimits): Task<Uint8Array> {
  const out = new Writer(PIECE);
  const line = { max: CHUNK_LINE_MAX, timeoutMs: idleMs, bareLf: "refuse" } as const;
  for (let extensions = 0; ; ) {
    const text = yield* connection.readLine(line);
    if (text === null) throw unexpectedEnd(connection);
    const size = parseChunkLine(text);
    if (size === 0) break;
    extensions += text.length - size.toString(16).length;
    if (extensions > EXTENSIONS_MAX) throw new FormatError("http.chunk-ext", 0, "all of them are too long");
    if (out.length + size > contentMax) throw new ContentTooLarge(contentMax);
    yield* readInto(out, connection, size, idleMs);
    if ((yield* connection.readLine({ ...line, max: 0 })) === null) throw unexpectedEnd(connection);
  }
  // RFC 9112 section 7.1.2: trailers may be thrown away, but not misunderstood.
  for (let count = 0; count <= TRAILERS_MAX; count++) {
    const text = yield* connection.readLine(line);
    if (text === null) throw unexpectedEnd(connection);
    if (text === "") return out.finish();
    parseFieldLine(text);
  }
  throw new FormatError("http.trailer", 0, `has over ${TRAILERS_MAX} fields`);
}

function* readInto(out: Writer, connection: Connection, length: number, idleMs: number): Task {
  for (let left = length; left > 0; ) {
    const piece = yield* connection.read(Math.min(left, PIECE), idleMs);
    if (piece === null) throw unexpectedEnd(connection);
    out.append(piece);
    left -= piece.length;
  }
}

function unexpectedEnd(connection: Connection): RemoteError {
  const peer = formatEndpoint(connection.remote);
  return new RemoteError("unexpected-end", `${peer} closed the connection in the middle of the content`);
}

const PIECE = 64 * 1024;
/** A size, and extensions that nobody uses. */
const CHUNK_LINE_MAX = 1024;
/** Of all chunks: extensions are content for nobody, and must not be a way to send without end. */
const EXTENSIONS_MAX = 16 * 1024;
const TRAILERS_MAX = 50;
