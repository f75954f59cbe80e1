/**
 * Where the options of a message stand: behind the cookie, and when there is no room in the fields `file` and `sname`
 * (RFC 2131 section 4.1, RFC 2132 section 9.3); an option longer than 255 octets in several pieces (RFC 3396).
 */

import { FormatError } from "../../bytes/index.ts";
import { optionCodes } from "./options.ts";

/** The whole value of each option, by its code, in the order of the message. */
export type OptionParts = ReadonlyMap<number, Uint8Array>;

export interface CollectedOptions {
  readonly options: OptionParts;
  /** Which fields hold options instead of their text. */
  readonly overload: { readonly bootFile: boolean; readonly serverName: boolean };
}

export function collectOptions(
  options: Uint8Array,
  bootFile: Uint8Array,
  serverName: Uint8Array,
): CollectedOptions {
  const parts = new Map<number, Uint8Array[]>();
  collect(options, parts);
  const overload = overloadOf(parts.get(OVERLOAD));
  parts.delete(OVERLOAD);
  // RFC 3396 section 5: the options field, then file, then sname make one buffer.
  if (overload.bootFile) collect(bootFile, parts);
  if (overload.serverName) collect(serverName, parts);
  parts.delete(OVERLOAD);
  return { options: new Map([...parts].map(([code, pieces]) => [code, joined(pieces)])), overload };
}

/** The room for options, in octets. */
export interface OptionRoom {
  readonly room: number;
  /** 0: the field holds its text. */
  readonly bootFile: number;
  readonly serverName: number;
}

export interface PlacedOptions {
  readonly options: Uint8Array;
  /** Undefined: it holds no options. */
  readonly bootFile: Uint8Array | undefined;
  readonly serverName: Uint8Array | undefined;
}

/** Puts options into the fields of a message, each as far in front as it fits; what fits nowhere is left out. */
export function placeOptions(parts: OptionParts, room: OptionRoom): PlacedOptions {
  const alone = new Field(room.room);
  if ([...parts].every(([code, bytes]) => alone.put(code, bytes))) {
    return { options: alone.finish(), bootFile: undefined, serverName: undefined };
  }
  const options = new Field(room.room - OVERLOAD_LENGTH);
  const bootFile = new Field(room.bootFile);
  const serverName = new Field(room.serverName);
  const fields = [options, bootFile, serverName];
  for (const [code, bytes] of parts) {
    if (!fields.some((field) => field.put(code, bytes))) putInPieces(fields, code, bytes);
  }
  const overload = (bootFile.isUsed ? OVERLOAD_FILE : 0) | (serverName.isUsed ? OVERLOAD_SNAME : 0);
  if (overload !== 0) options.append(OVERLOAD, Uint8Array.of(overload));
  return {
    options: options.finish(),
    bootFile: bootFile.isUsed ? bootFile.finish(room.bootFile) : undefined,
    serverName: serverName.isUsed ? serverName.finish(room.serverName) : undefined,
  };
}

function putInPieces(fields: readonly Field[], code: number, bytes: Uint8Array): void {
  if (fields.reduce((sum, field) => sum + field.capacityInPieces, 0) < bytes.length) return;
  let rest = bytes;
  for (const field of fields) rest = rest.subarray(field.putSome(code, rest));
}

/** Options one after the other in a field with so much room, its end mark included. */
class Field {
  readonly #octets: number[] = [];
  #left: number;

  constructor(room: number) {
    this.#left = room - 1;
  }

  get isUsed(): boolean {
    return this.#octets.length > 0;
  }

  /** How many octets of one option it still takes. */
  get capacityInPieces(): number {
    const whole = Math.floor(Math.max(this.#left, 0) / (PIECE_MAX + 2));
    const rest = Math.max(this.#left, 0) - whole * (PIECE_MAX + 2);
    return whole * PIECE_MAX + Math.max(rest - 2, 0);
  }

  /** Whether the option was put here, as a whole. */
  put(code: number, bytes: Uint8Array): boolean {
    if (this.capacityInPieces < bytes.length || this.#left < 2) return false;
    this.#append(code, bytes);
    return true;
  }

  /** Puts as much of it here as there is room for; returns how much that was. */
  putSome(code: number, bytes: Uint8Array): number {
    const count = Math.min(this.capacityInPieces, bytes.length);
    if (count > 0) this.#append(code, bytes.subarray(0, count));
    return count;
  }

  /** Without asking for room. */
  append(code: number, bytes: Uint8Array): void {
    this.#append(code, bytes);
  }

  finish(length = this.#octets.length + 1): Uint8Array {
    const field = new Uint8Array(length);
    field.set(this.#octets);
    field[this.#octets.length] = END;
    return field;
  }

  #append(code: number, bytes: Uint8Array): void {
    for (let at = 0; at === 0 || at < bytes.length; at += PIECE_MAX) {
      const piece = bytes.subarray(at, at + PIECE_MAX);
      this.#octets.push(code, piece.length, ...piece);
      this.#left -= 2 + piece.length;
    }
  }
}

function collect(field: Uint8Array, parts: Map<number, Uint8Array[]>): void {
  for (let at = 0; at < field.length; ) {
    const code = field[at];
    if (code === END) return;
    at++;
    if (code === PAD) continue;
    const length = field[at];
    if (length === undefined || length > field.length - at - 1) {
      throw new FormatError(`option ${code}`, at, `needs ${length ?? 1} octets, the field ends before`);
    }
    const pieces = parts.get(code);
    const piece = field.subarray(at + 1, at + 1 + length);
    // RFC 3396 section 7: options that come more than once are pieces of one.
    if (pieces === undefined) parts.set(code, [piece]);
    else pieces.push(piece);
    at += 1 + length;
  }
}

function overloadOf(pieces: readonly Uint8Array[] | undefined): CollectedOptions["overload"] {
  const value = pieces === undefined ? 0 : (pieces[0][0] ?? 0);
  return { bootFile: (value & OVERLOAD_FILE) !== 0, serverName: (value & OVERLOAD_SNAME) !== 0 };
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0].slice();
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

const { PAD, OVERLOAD, END } = optionCodes;
const OVERLOAD_FILE = 1;
const OVERLOAD_SNAME = 2;
const OVERLOAD_LENGTH = 3;
const PIECE_MAX = 255;
