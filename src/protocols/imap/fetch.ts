/** What FETCH answers for one message: RFC 9051 section 7.5.2. */

import type { Task } from "../../net/index.ts";
import { emitBodyStructure, emitEnvelope } from "./envelope.ts";
import type { Letter } from "./letter.ts";
import type { ResponsePiece } from "./output.ts";
import { emitSection, type FetchItem } from "./parse-fetch.ts";
import { binaryOf, sectionOf } from "./section.ts";
import type { SeenMessage, SelectedFolder } from "./selected.ts";
import type { ImapSession } from "./session.ts";
import { emitDateTime } from "./wire.ts";

/**
 * "expunged": the message is gone; "unknown-encoding": BINARY cannot be had (RFC 3516 section 4.3); "too-much": the same
 * was asked for again and again.
 */
export type FetchOutcome = ResponsePiece[] | "expunged" | "unknown-encoding" | "too-much";

export function* fetchMessage(
  session: ImapSession,
  selected: SelectedFolder,
  message: SeenMessage,
  items: readonly FetchItem[],
): Task<FetchOutcome> {
  const letter = needsLetter(items) ? yield* selected.letter(message) : undefined;
  if (needsLetter(items) && letter === undefined) return "expunged";
  const pieces: ResponsePiece[] = [];
  let octets = 0;
  for (const item of items) {
    if (pieces.length > 0) pieces.push(" ");
    const made =
      letter === undefined ? emitPlain(session, message, item) : emitItem(session, message, letter, item);
    if (made === "unknown-encoding") return made;
    for (const piece of made) octets += heldBy(piece, letter);
    if (octets > RESPONSE_MAX) return "too-much";
    pieces.push(...made);
  }
  return pieces;
}

/** What a piece of a response keeps in memory; of the message itself there is one copy, but it goes out each time. */
function heldBy(piece: ResponsePiece, letter: Letter | undefined): number {
  if (typeof piece === "string" || piece.buffer === letter?.content.buffer) return piece.length;
  return piece.buffer.byteLength;
}

/** Whether the list of messages does not say it all. */
export function needsLetter(items: readonly FetchItem[]): boolean {
  return items.some(({ item }) => !WITHOUT_LETTER.includes(item));
}

/** Whether these items mark a message as seen: RFC 9051 section 6.4.5. */
export function setsSeen(items: readonly FetchItem[]): boolean {
  return items.some((each) => {
    if (each.item === "BODY[]" || each.item === "BINARY") return !each.peek;
    return each.item === "RFC822" || each.item === "RFC822.TEXT";
  });
}

function emitPlain(session: ImapSession, message: SeenMessage, { item }: FetchItem): ResponsePiece[] {
  switch (item) {
    case "FLAGS":
      session.learnFlags(message.flags);
      return [`FLAGS ${session.flagList(message)}`];
    case "UID":
      return [`UID ${message.uid}`];
    case "INTERNALDATE":
      return [`INTERNALDATE ${emitDateTime(message.arrivedAtMs)}`];
    case "RFC822.SIZE":
      return [`RFC822.SIZE ${message.octets}`];
    case "MODSEQ":
      return [`MODSEQ (${message.modSeq})`];
    default:
      throw new Error(`${item} needs the letter`);
  }
}

function emitItem(
  session: ImapSession,
  message: SeenMessage,
  letter: Letter,
  item: FetchItem,
): ResponsePiece[] | "unknown-encoding" {
  const { content } = letter;
  switch (item.item) {
    case "ENVELOPE":
      return [`ENVELOPE ${emitEnvelope(letter.fields)}`];
    case "BODY":
    case "BODYSTRUCTURE":
      return [`${item.item} ${emitBodyStructure(letter.entity, item.item === "BODYSTRUCTURE")}`];
    case "RFC822":
      return ["RFC822 ", ...literal(content)];
    case "RFC822.HEADER":
      return ["RFC822.HEADER ", ...literal(content.subarray(0, letter.header.bodyStart))];
    case "RFC822.TEXT":
      return ["RFC822.TEXT ", ...literal(content.subarray(letter.header.bodyStart))];
    case "BODY[]": {
      const top = item.section.path.length === 0 ? letter.header : letter.entity;
      const octets = sectionOf(content, top, item.section);
      return [`BODY[${emitSection(item.section)}]${origin(item)} `, ...nstring(octets, item.partial)];
    }
    case "BINARY": {
      const octets = binaryOf(content, letter.entity, item.section.path);
      if (octets === "unknown") return "unknown-encoding";
      return [`BINARY[${emitSection(item.section)}]${origin(item)} `, ...nstring(octets, item.partial, true)];
    }
    case "BINARY.SIZE": {
      const octets = binaryOf(content, letter.entity, item.section.path);
      if (octets === "unknown") return "unknown-encoding";
      return [`BINARY.SIZE[${emitSection(item.section)}] ${octets?.length ?? 0}`];
    }
    default:
      return emitPlain(session, message, item);
  }
}

function origin({ partial }: { readonly partial: { readonly start: number } | undefined }): string {
  return partial === undefined ? "" : `<${partial.start}>`;
}

/** A piece that begins behind the end is empty: RFC 9051 section 6.4.5.1. */
function nstring(
  octets: Uint8Array | undefined,
  partial: { readonly start: number; readonly length: number } | undefined,
  mayHaveNul = false,
): ResponsePiece[] {
  if (octets === undefined) return ["NIL"];
  if (partial === undefined) return literal(octets, mayHaveNul);
  return literal(octets.subarray(partial.start, partial.start + partial.length), mayHaveNul);
}

/** RFC 9051 section 4.3: no NUL in a literal; literal8 (RFC 3516) may have it. */
function literal(octets: Uint8Array, mayHaveNul = false): ResponsePiece[] {
  const hasNul = octets.includes(0);
  if (hasNul && mayHaveNul) return [`~{${octets.length}}\r\n`, octets];
  const clean = hasNul ? octets.map((octet) => (octet === 0 ? REPLACEMENT : octet)) : octets;
  return [`{${clean.length}}\r\n`, clean];
}

const WITHOUT_LETTER: readonly string[] = ["FLAGS", "UID", "INTERNALDATE", "RFC822.SIZE", "MODSEQ"];
/** The response to one message: seven times the largest one. A line of FETCH has room for thousands of items. */
const RESPONSE_MAX = 256 * 1024 * 1024;
/** For NUL: an octet that no text of ASCII has, as other servers do. */
const REPLACEMENT = 0x80;
