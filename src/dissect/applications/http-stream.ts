/**
 * Follows the messages of HTTP/1.1 through the packets of a conversation: what each octet of a packet is. It reads what
 * was sent, not what should have been: what it cannot follow is content, and nothing throws.
 */

import { toByteString } from "../../net/index.ts";
import { parseChunkLine } from "../../protocols/http/content.ts";
import { type Framing, requestFraming, responseFraming } from "../../protocols/http/framing.ts";
import { type Field, isStartLine, parseFieldLine, parseStatusLine } from "../../protocols/http/wire.ts";

export type PieceKind = "start" | "field" | "end" | "content" | "chunk-size" | "chunk-end" | "trailer";

/** Some octets of a packet; a line may go on in the next packet. */
export interface Piece {
  readonly kind: PieceKind;
  readonly length: number;
}

/** Both directions of a conversation: what a response means depends on its request. */
export class HttpStreams {
  readonly #methods: string[] = [];
  readonly #client = new HttpStream((line) => this.#request(line));
  readonly #server = new HttpStream((line) => this.#response(line));

  handle(fromClient: boolean, data: Uint8Array): Piece[] {
    return (fromClient ? this.#client : this.#server).handle(data);
  }

  #request(start: string): (fields: readonly Field[]) => Framing {
    const [method] = start.split(" ");
    if (this.#methods.length < REQUESTS_MAX) this.#methods.push(method);
    return (fields) => requestFraming(method, { major: 1, minor: 1 }, fields);
  }

  #response(start: string): (fields: readonly Field[]) => Framing {
    const { status } = parseStatusLine(start);
    // RFC 9110 section 15.2: the final response is still to come.
    const method = (status < 200 ? this.#methods[0] : this.#methods.shift()) ?? "GET";
    return (fields) => responseFraming(method, status, fields);
  }
}

/** What a packet says of itself to the dissector: "start 16;field 9;end 2". */
export function emitPieces(pieces: readonly Piece[]): string {
  return pieces.map(({ kind, length }) => `${kind} ${length}`).join(";");
}

export function parsePieces(text: string): Piece[] {
  return text.split(";").map((piece) => {
    const [kind, length] = piece.split(" ");
    return { kind: kind as PieceKind, length: Number(length) };
  });
}

class HttpStream {
  readonly #begin: (startLine: string) => (fields: readonly Field[]) => Framing;
  #framingOf: ((fields: readonly Field[]) => Framing) | undefined;
  #kind: PieceKind = "start";
  /** What came of the line so far. */
  #line = "";
  #fields: Field[] = [];
  /** Octets of content that are still to come; Infinity: to the end. */
  #left = 0;
  #isChunked = false;

  constructor(begin: (startLine: string) => (fields: readonly Field[]) => Framing) {
    this.#begin = begin;
  }

  handle(data: Uint8Array): Piece[] {
    const pieces: Piece[] = [];
    for (let at = 0; at < data.length; ) {
      const found = data.indexOf(LF, at);
      const end = found === -1 ? data.length : found + 1;
      const { kind, length } =
        this.#kind === "content"
          ? this.#takeContent(data.length - at)
          : this.#takeLine(data.subarray(at, end), found !== -1);
      pieces.push({ kind, length });
      at += length;
    }
    return pieces;
  }

  #takeContent(available: number): Piece {
    const length = Math.min(this.#left, available);
    this.#left -= length;
    if (this.#left === 0) this.#kind = this.#isChunked ? "chunk-end" : "start";
    return { kind: "content", length };
  }

  #takeLine(octets: Uint8Array, isWhole: boolean): Piece {
    const { length } = octets;
    this.#line += this.#line.length < LINE_MAX ? toByteString(octets) : "";
    const line = this.#line.replace(/\r?\n$/, "");
    const isEmpty = line === "" && isWhole;
    const kind = isEmpty && this.#kind !== "chunk-end" ? "end" : this.#kind;
    // The middle of something that nobody has seen the beginning of.
    if (kind === "start" && isWhole && !isStartLine(line)) {
      this.#readToEnd();
      return { kind: "content", length };
    }
    if (!isWhole) return { kind, length };
    this.#line = "";
    try {
      this.#next(kind, line);
    } catch {
      this.#readToEnd();
    }
    return { kind, length };
  }

  /** What comes behind a whole line. */
  #next(kind: PieceKind, line: string): void {
    if (kind === "start") {
      this.#framingOf = this.#begin(line);
      this.#fields = [];
      this.#kind = "field";
    } else if (kind === "field") {
      if (this.#fields.length < FIELDS_MAX) this.#fields.push(parseFieldLine(line));
    } else if (kind === "chunk-size") {
      this.#left = parseChunkLine(line);
      this.#kind = this.#left === 0 ? "trailer" : "content";
    } else if (kind === "chunk-end") this.#kind = "chunk-size";
    else if (kind === "end" && this.#kind === "field") this.#frame(this.#framingOf?.(this.#fields));
    else if (kind === "end") this.#kind = "start";
  }

  #frame(framing: Framing | undefined): void {
    this.#isChunked = framing?.kind === "chunked";
    this.#left = framing?.kind === "length" ? framing.length : Number.POSITIVE_INFINITY;
    if (framing === undefined || framing.kind === "none") this.#kind = "start";
    else this.#kind = this.#isChunked ? "chunk-size" : "content";
  }

  #readToEnd(): void {
    this.#line = "";
    this.#kind = "content";
    this.#isChunked = false;
    this.#left = Number.POSITIVE_INFINITY;
  }
}

const LF = 10;
/** Of a line that goes over several packets. */
const LINE_MAX = 16 * 1024;
const FIELDS_MAX = 500;
/** Sent ahead of their responses. */
const REQUESTS_MAX = 1000;
