/**
 * Values with parameters, as in `Content-Type: text/plain; charset=utf-8`: RFC 2045 section 5.1. Names of files in
 * any script, and long ones, are written as RFC 2231 has it and read as that or as senders do it all the same.
 */

import { encodeUtf8 } from "../../bytes/index.ts";
import { fromByteString } from "../../net/index.ts";
import { decodeText } from "./charset.ts";
import { decodeWords } from "./encoded-word.ts";

export interface ParameterizedValue {
  /** In small letters: "text/plain", "attachment". */
  readonly value: string;
  /** By name in small letters, decoded; the first of a name counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Reads a value of a field (a byte string); never throws. */
export function parseParameters(text: string): ParameterizedValue {
  const [value, ...pieces] = splitOutsideQuotes(text.slice(0, VALUE_MAX).replace(/[\u0100-\uffff]/g, "?"));
  const plain = new Map<string, string>();
  const pieced = new Map<string, Piece[]>();
  for (const piece of pieces.slice(0, PARAMETERS_MAX)) {
    const equals = piece.indexOf("=");
    if (equals === -1) continue;
    const name = piece.slice(0, equals).trim().toLowerCase();
    const content = unquoted(piece.slice(equals + 1).trim());
    // RFC 2231 section 3 and 4: name*0*=, name*1=, or name*= alone.
    const match = /^([^*]+)\*(?:(\d{1,3})(\*)?)?$/.exec(name);
    if (match === null) {
      if (!plain.has(name)) plain.set(name, content);
      continue;
    }
    const piecesOfName = pieced.get(match[1]) ?? [];
    pieced.set(match[1], piecesOfName);
    piecesOfName.push({
      number: Number(match[2] ?? 0),
      isEncoded: match[2] === undefined || match[3] === "*",
      content,
    });
  }
  const parameters = new Map<string, string>();
  // Against RFC 2047 section 5, but what many senders do: encoded words in quotes.
  for (const [name, content] of plain) parameters.set(name, decodeWords(content));
  for (const [name, piecesOfName] of pieced) parameters.set(name, joinPieces(piecesOfName));
  return { value: value.replace(/\s/g, "").toLowerCase(), parameters };
}

/** The value and the parameters as they stand, nothing decoded, in their order; for who passes them on (IMAP). */
export function rawParameters(text: string): { value: string; parameters: (readonly [string, string])[] } {
  const [value, ...pieces] = splitOutsideQuotes(text.slice(0, VALUE_MAX));
  const parameters = pieces.slice(0, PARAMETERS_MAX).flatMap((piece) => {
    const equals = piece.indexOf("=");
    const name = piece.slice(0, Math.max(0, equals)).trim();
    return name === "" ? [] : [[name, unquoted(piece.slice(equals + 1).trim())] as const];
  });
  return { value: value.replace(/\s/g, ""), parameters };
}

/** `name="cat.png"`; in RFC 2231's way, in several pieces if need be, where quotes would not do. */
export function emitParameter(name: string, value: string): string[] {
  if (isSimple(value)) return [`${name}=${TOKEN.test(value) ? value : `"${value}"`}`];
  const pieces: string[] = [];
  let piece = "";
  for (const octet of encodeUtf8(value)) {
    const character = String.fromCharCode(octet);
    const code = ATTRIBUTE_CHARACTER.test(character)
      ? character
      : `%${octet.toString(16).toUpperCase().padStart(2, "0")}`;
    if (piece.length + code.length > PIECE_MAX) {
      pieces.push(piece);
      piece = "";
    }
    piece += code;
  }
  pieces.push(piece);
  if (pieces.length === 1) return [`${name}*=utf-8''${piece}`];
  return pieces.map((content, i) => `${name}*${i}*=${i === 0 ? "utf-8''" : ""}${content}`);
}

interface Piece {
  readonly number: number;
  readonly isEncoded: boolean;
  readonly content: string;
}

/** RFC 2231 section 4.1: the first piece names the charset, also for those that follow. */
function joinPieces(pieces: readonly Piece[]): string {
  let charset = "us-ascii";
  let octets = "";
  for (const { number, isEncoded, content } of [...pieces].sort((a, b) => a.number - b.number)) {
    let text = content;
    const match = number === 0 && isEncoded ? /^([^']*)'[^']*'(.*)$/s.exec(content) : null;
    if (match !== null) [, charset, text] = match;
    octets += isEncoded ? percentDecoded(text) : text;
  }
  return decodeText(fromByteString(octets), charset);
}

function percentDecoded(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** At semicolons, but not at those within quotes or comments; comments are left out (RFC 5322 section 3.2.2). */
function splitOutsideQuotes(text: string): string[] {
  const pieces = [""];
  let [isQuoted, depth] = [false, 0];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    const isEscaped = character === "\\" && (isQuoted || depth > 0);
    const taken = isEscaped ? text.slice(at, ++at + 1) : character;
    if (!isQuoted && !isEscaped && (character === "(" || (depth > 0 && character === ")"))) {
      depth += character === "(" ? 1 : -1;
      continue;
    }
    if (depth > 0) continue;
    if (character === '"') isQuoted = !isQuoted;
    if (character === ";" && !isQuoted) pieces.push("");
    else pieces[pieces.length - 1] += taken;
  }
  return pieces;
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  return text.replace(/^"|"$/g, "").replace(/\\(.)/gs, "$1");
}

/** Folding may change runs of spaces, and readers differ in what backslashes in quotes mean: those are encoded. */
function isSimple(value: string): boolean {
  return /^[!#-[\]-~]+( [!#-[\]-~]+)*$/.test(value) && value.length <= PIECE_MAX && !value.includes("=?");
}

const TOKEN = /^[A-Za-z0-9!#$&+.^_`{|}~-]+$/;
/** RFC 2231 section 7: a token without "*", "'" and "%". */
const ATTRIBUTE_CHARACTER = /^[A-Za-z0-9!#$&+.^_`{|}~-]$/;
/** With the parameter's name and the line's indentation at most 78 characters. */
const PIECE_MAX = 50;
/** No real field has more. */
const PARAMETERS_MAX = 200;
const VALUE_MAX = 16 * 1024;
