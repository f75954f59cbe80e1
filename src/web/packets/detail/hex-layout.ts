/** The octets of a frame as lines of hexadecimal digits and characters. */

export interface HexLine {
  readonly start: number;
  /** "0040" */
  readonly offset: string;
  readonly octets: readonly string[];
  readonly characters: readonly string[];
}

/** As many octets in a line as the width has room for: 16 or 8. */
export function octetsPerLine(widthPx: number, characterPx: number): 8 | 16 {
  return widthPx >= (OFFSET + 16 * 4 + GAPS) * characterPx ? 16 : 8;
}

export function lineCount(length: number, perLine: number): number {
  return Math.ceil(length / perLine);
}

export function hexLine(bytes: Uint8Array, line: number, perLine: number): HexLine {
  const start = line * perLine;
  const part = Array.from(bytes.subarray(start, start + perLine));
  return {
    start,
    offset: start.toString(16).padStart(4, "0"),
    octets: part.map((octet) => octet.toString(16).padStart(2, "0")),
    characters: part.map((octet) => (octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : "·")),
  };
}

/** The part of [start, end) within a line, as places in the line; undefined: none. */
export function within(
  range: { readonly start: number; readonly end: number } | undefined,
  line: number,
  perLine: number,
): { readonly from: number; readonly to: number } | undefined {
  if (range === undefined) return undefined;
  const from = Math.max(0, range.start - line * perLine);
  const to = Math.min(perLine, range.end - line * perLine);
  return from < to ? { from, to } : undefined;
}

/** The whole frame as text, as one pastes it into a report. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let line = 0; line < lineCount(bytes.length, 16); line++) {
    const { offset, octets, characters } = hexLine(bytes, line, 16);
    const left = octets.slice(0, 8).join(" ");
    const digits = octets.length > 8 ? `${left}  ${octets.slice(8).join(" ")}` : left;
    lines.push(`${offset}  ${digits.padEnd(48)}  ${characters.join("").replaceAll("·", ".")}`);
  }
  return lines.join("\n");
}

/** Characters of the offset with its space, and of the gaps between the columns. */
const OFFSET = 6;
const GAPS = 5;
