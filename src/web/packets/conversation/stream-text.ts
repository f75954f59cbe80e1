/** What the two sides of a conversation sent, as text, as a dump, or as plain hexadecimal digits. */

import { hexDump } from "../detail/hex-layout.ts";
import { readableText } from "../octets.ts";

export type StreamForm = "text" | "hex" | "raw";
export type StreamSide = "client" | "server";

export interface StreamPart {
  readonly from: StreamSide;
  readonly timeNs: number;
  readonly octets: Uint8Array<ArrayBuffer>;
}

export interface StreamBlock {
  readonly key: string;
  readonly from: StreamSide;
  readonly text: string;
  readonly lines: number;
}

/** In blocks of some lines, so that the browser lays out only those that are seen. */
export function streamBlocks(parts: readonly StreamPart[], form: StreamForm): StreamBlock[] {
  const blocks: StreamBlock[] = [];
  const sent = { client: 0, server: 0 };
  parts.forEach(({ from, octets }, part) => {
    const lines = linesOf(octets, form, sent[from]);
    sent[from] += octets.length;
    for (let at = 0; at < lines.length; at += BLOCK_LINES) {
      const piece = lines.slice(at, at + BLOCK_LINES);
      blocks.push({ key: `${part}.${at}`, from, text: piece.join("\n"), lines: piece.length });
    }
  });
  return blocks;
}

/** The same as one text, to save or to copy. */
export function streamText(parts: readonly StreamPart[], form: StreamForm): string {
  return streamBlocks(parts, form)
    .map(({ from, text }) => (form === "text" ? text : text.replace(/^/gm, from === "client" ? "" : "    ")))
    .join("\n");
}

function linesOf(octets: Uint8Array, form: StreamForm, before: number): string[] {
  if (form === "text") {
    const lines = readableText(octets).split("\n");
    // The end of the last line is no line of its own.
    if (lines.at(-1) === "") lines.pop();
    return lines;
  }
  if (form === "hex") {
    return hexDump(octets)
      .split("\n")
      .map((line, at) => (before + at * 16).toString(16).padStart(8, "0") + line.slice(4));
  }
  const lines: string[] = [];
  for (let at = 0; at < octets.length; at += RAW_OCTETS)
    lines.push(hexDigits(octets.subarray(at, at + RAW_OCTETS)));
  return lines;
}

function hexDigits(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
}

const BLOCK_LINES = 60;
const RAW_OCTETS = 40;
