/** What the protocols of lines share: walking the lines of a segment, and showing octets as text. */

import { decodeUtf8Lossy } from "../../bytes/index.ts";
import type { Walk } from "../walk.ts";

export interface Line {
  readonly start: number;
  /** Without the line's end. */
  readonly text: string;
  /** With the line's end, as far as it is in the segment. */
  readonly length: number;
}

/** The lines in the rest of the segment; the last may be incomplete. */
export function linesOf(walk: Walk): Line[] {
  const lines: Line[] = [];
  for (let at = walk.at; at < walk.end; ) {
    const newline = walk.frame.indexOf(10, at);
    const end = newline < 0 || newline >= walk.end ? walk.end : newline + 1;
    let textEnd = end;
    if (textEnd > at && walk.frame[textEnd - 1] === 10) textEnd--;
    if (textEnd > at && walk.frame[textEnd - 1] === 13) textEnd--;
    lines.push({ start: at, text: visible(walk.frame.subarray(at, textEnd)), length: end - at });
    at = end;
  }
  return lines;
}

/** UTF-8 with control characters made visible. */
export function visible(octets: Uint8Array): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to be made visible.
  return decodeUtf8Lossy(octets).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}

/** Whether the octets are a line of ASCII that begins as `pattern` says. */
export function beginsWith(data: Uint8Array, pattern: RegExp): boolean {
  return pattern.test(visible(data.subarray(0, RECOGNIZED_OCTETS)));
}

/** Cuts a line of the packet list. */
export function shortened(text: string): string {
  return text.length > INFO_MAX ? `${text.slice(0, INFO_MAX)}…` : text;
}

/** Greetings and commands show themselves at once. */
const RECOGNIZED_OCTETS = 64;
/** More does not fit on a screen. */
const INFO_MAX = 160;
