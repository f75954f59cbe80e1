/**
 * A message as a tree of entities with the octets where each begins and ends: what a server of mail tells about a
 * message without decoding it (IMAP's BODYSTRUCTURE). Messages within messages are taken apart too. One pass over the
 * lines, whatever the nesting. Never throws: what is broken has the parts that can be seen, and every multipart has one.
 */

import { fromByteString } from "../../net/index.ts";
import { rawParameters } from "./parameters.ts";
import { type Field, fieldValue, parseMessage } from "./wire.ts";

export interface Entity {
  readonly fields: readonly Field[];
  /** As written: "TEXT", "Plain". */
  readonly type: string;
  readonly subtype: string;
  /** Of the type, as written: nothing of RFC 2231 is decoded. */
  readonly parameters: readonly (readonly [string, string])[];
  /** The header is [start, bodyStart), the body [bodyStart, end). */
  readonly start: number;
  readonly bodyStart: number;
  readonly end: number;
  /** Line ends in the body. */
  readonly lines: number;
  /** Of a multipart, at least one; undefined when it is none. */
  readonly parts: readonly Entity[] | undefined;
  /** The message that a message/rfc822 holds. */
  readonly message: Entity | undefined;
}

export function parseEntity(content: Uint8Array): Entity {
  return new EntityParser(content).parse();
}

/** A delimiter line of a multipart that stands around what is being read. */
interface Delimiter {
  readonly lineStart: number;
  /** Where the line after it begins. */
  readonly next: number;
  /** Which of the boundaries, counted from the outermost. */
  readonly level: number;
  readonly isClose: boolean;
}

class EntityParser {
  readonly #content: Uint8Array;
  readonly #boundaries: Uint8Array[] = [];
  #parts = 0;
  /** What ended the entity that was read last; undefined: the end of the content. */
  #stopped: Delimiter | undefined;
  /** Line ends before each block. */
  readonly #blockLines = [0];

  constructor(content: Uint8Array) {
    this.#content = content;
  }

  parse(): Entity {
    return this.#entity(0, "text", "plain", 0);
  }

  #entity(start: number, defaultType: string, defaultSubtype: string, depth: number): Entity {
    const { fields, bodyStart } = this.#header(start);
    const declared = rawParameters(fieldValue(fields, "Content-Type") ?? "");
    const slash = declared.value.indexOf("/");
    const isDeclared = slash > 0 && slash < declared.value.length - 1;
    // RFC 2045 section 5.2: what is not said, or cannot be read, is text.
    let type = isDeclared ? declared.value.slice(0, slash) : defaultType;
    let subtype = isDeclared ? declared.value.slice(slash + 1) : defaultSubtype;
    let parts: Entity[] | undefined;
    let message: Entity | undefined;
    const boundary = declared.parameters.find(([name]) => name.toLowerCase() === "boundary")?.[1] ?? "";
    const isMultipart = type.toLowerCase() === "multipart";
    const mayNest = depth < DEPTH_MAX && this.#parts < PARTS_MAX;
    if (isMultipart && mayNest && boundary.trimEnd() !== "") {
      parts = this.#multipart(bodyStart, boundary.trimEnd(), subtype.toLowerCase() === "digest", depth);
    } else if (isMultipart) {
      // No boundary, or too deep: nobody can take it apart, so it is said to be in one piece.
      [type, subtype] = mayNest ? ["text", "plain"] : ["application", "octet-stream"];
      this.#skip(bodyStart);
    } else if (mayNest && /^message\/(rfc822|global)$/i.test(`${type}/${subtype}`)) {
      this.#parts++;
      message = this.#entity(bodyStart, "text", "plain", depth + 1);
    } else this.#skip(bodyStart);
    // An empty part right before a delimiter begins behind the line end that is the delimiter's: what holds it does, too.
    const lastEnd = message?.end ?? parts?.at(-1)?.end ?? bodyStart;
    const end = Math.max(bodyStart, lastEnd, this.#endOfStopped());
    const lines = this.#countLines(bodyStart, end);
    return {
      fields,
      type,
      subtype,
      parameters: declared.parameters,
      start,
      bodyStart,
      end,
      lines,
      parts,
      message,
    };
  }

  /** The header, which a delimiter may cut short. */
  #header(start: number): { fields: readonly Field[]; bodyStart: number } {
    const isDelimiter = (line: string): boolean => {
      const octets = fromByteString(line);
      return this.#boundaries.some((each) => delimiterKind(octets, 0, octets.length, each) !== undefined);
    };
    const { fields, bodyAt } = parseMessage(this.#content.subarray(start), isDelimiter);
    return { fields, bodyStart: start + bodyAt };
  }

  #multipart(bodyStart: number, boundary: string, isDigest: boolean, depth: number): Entity[] {
    const level = this.#boundaries.length;
    // RFC 2046 section 5.1.5: the parts of a digest are messages.
    const [type, subtype] = isDigest ? ["message", "rfc822"] : ["text", "plain"];
    this.#boundaries.push(fromByteString(`--${boundary.replace(/[\u0100-\uffff]/g, "?")}`));
    const parts: Entity[] = [];
    this.#skip(bodyStart);
    while (this.#stopped !== undefined && this.#stopped.level === level && !this.#stopped.isClose) {
      const { next } = this.#stopped;
      if (this.#parts < PARTS_MAX) {
        this.#parts++;
        parts.push(this.#entity(next, type, subtype, depth + 1));
      } else this.#skip(next);
    }
    this.#boundaries.pop();
    const afterClose = this.#stopped;
    // What stands behind the last delimiter is for nobody; a multipart around this one may end there.
    if (afterClose !== undefined && afterClose.level === level) this.#skip(afterClose.next);
    return parts.length > 0 ? parts : [this.#nothing(bodyStart)];
  }

  /** The part of a multipart that has none: who asks for the structure must be told of one (RFC 9051 section 9, "body"). */
  #nothing(bodyStart: number): Entity {
    // A delimiter right behind the header leaves no body, and takes no line end out of the header.
    const at = Math.max(bodyStart, this.#endOfStopped());
    const position = { start: at, bodyStart: at, end: at, lines: 0 };
    return {
      fields: [],
      type: "text",
      subtype: "plain",
      parameters: [],
      ...position,
      parts: undefined,
      message: undefined,
    };
  }

  #skip(from: number): void {
    this.#stopped = this.#boundaries.length === 0 ? undefined : this.#find(from);
  }

  /** Where what was read last ends: the line end before a delimiter belongs to the delimiter. */
  #endOfStopped(): number {
    if (this.#stopped === undefined) return this.#content.length;
    const at = this.#stopped.lineStart;
    if (at < 1 || this.#content[at - 1] !== LF) return at;
    return at >= 2 && this.#content[at - 2] === CR ? at - 2 : at - 1;
  }

  /** The first delimiter at `from`, which is the beginning of a line, or behind it. */
  #find(from: number): Delimiter | undefined {
    const content = this.#content;
    for (let at = from; at < content.length; ) {
      const found = content.indexOf(LF, at);
      const next = found === -1 ? content.length : found + 1;
      if (content[at] === HYPHEN && content[at + 1] === HYPHEN) {
        for (let level = this.#boundaries.length - 1; level >= 0; level--) {
          const kind = delimiterKind(content, at, next, this.#boundaries[level]);
          if (kind !== undefined) return { lineStart: at, next, level, isClose: kind === "close" };
        }
      }
      at = next;
    }
    return undefined;
  }

  /** By the counts of whole blocks: messages within messages would be counted again and again. */
  #countLines(from: number, to: number): number {
    return this.#linesBefore(to) - this.#linesBefore(from);
  }

  #linesBefore(end: number): number {
    const block = Math.floor(end / BLOCK);
    while (this.#blockLines.length <= block) {
      const at = (this.#blockLines.length - 1) * BLOCK;
      this.#blockLines.push((this.#blockLines.at(-1) ?? 0) + countLineFeeds(this.#content, at, at + BLOCK));
    }
    return this.#blockLines[block] + countLineFeeds(this.#content, block * BLOCK, end);
  }
}

function countLineFeeds(content: Uint8Array, from: number, to: number): number {
  let lines = 0;
  for (let at = content.indexOf(LF, from); at !== -1 && at < to; at = content.indexOf(LF, at + 1)) lines++;
  return lines;
}

/** What the line [start, next) is to a boundary; behind a delimiter only white space may stand (RFC 2046 section 5.1.1). */
export function delimiterKind(
  content: Uint8Array,
  start: number,
  next: number,
  delimiter: Uint8Array,
): "part" | "close" | undefined {
  if (next - start < delimiter.length) return undefined;
  for (let i = 0; i < delimiter.length; i++) if (content[start + i] !== delimiter[i]) return undefined;
  let at = start + delimiter.length;
  const isClose = at + 1 < next && content[at] === HYPHEN && content[at + 1] === HYPHEN;
  if (isClose) at += 2;
  for (; at < next; at++) if (!WHITE.includes(content[at])) return undefined;
  return isClose ? "close" : "part";
}

const [CR, LF, HYPHEN] = [13, 10, 45];
const WHITE = [32, 9, CR, LF];
/** Forwarded as attachments again and again, real mail has five. */
const DEPTH_MAX = 100;
/** Octets whose line ends are counted together. */
const BLOCK = 4096;
/** Parts of one message in all. */
const PARTS_MAX = 1000;
