/**
 * Segments as transcripts write them, in the manner of packetdrill: `S. 0:0(0) ack 1 win 65535 <mss 1460,sackOK>`.
 * Flags are S F R P U and `.` for ACK; numbers count from each side's initial sequence number.
 */

import { sackBlocksMax, TcpFlag, TcpHeader } from "../../../wire/tcp.ts";

/** A segment as written; what is undefined was not mentioned, and is not compared. */
export interface SegmentText {
  readonly flags: number;
  readonly sequence: number;
  readonly length: number;
  readonly acknowledgment: number | undefined;
  readonly window: number | undefined;
  readonly maximumSegmentSize: number | undefined;
  readonly windowScale: number | undefined;
  readonly sackPermitted: boolean | undefined;
  readonly timestamps: { value: number | undefined; echo: number | undefined } | undefined;
  readonly sack: readonly (readonly [number, number])[] | undefined;
  /** True when options were written, so that those that were not must be absent. */
  readonly hasOptions: boolean;
  /** In quotes at the end: what the capture is told. */
  readonly reason: string | undefined;
}

export function parseSegmentText(text: string): SegmentText {
  const match = SEGMENT.exec(text.trim());
  if (match === null) throw new SyntaxError(`"${text}" is no segment`);
  const [, letters, from, to, length, acknowledgment, window, options, reason] = match;
  if (Number(to) - Number(from) !== Number(length))
    throw new SyntaxError(`${from}:${to} is not ${length} octets`);
  let flags = 0;
  for (const letter of letters) flags |= FLAGS[letter];
  return {
    flags,
    sequence: Number(from),
    length: Number(length),
    acknowledgment: acknowledgment === undefined ? undefined : Number(acknowledgment),
    window: window === undefined ? undefined : Number(window),
    ...parseOptionsText(options ?? ""),
    hasOptions: options !== undefined,
    reason,
  };
}

type OptionsText = Pick<
  SegmentText,
  "maximumSegmentSize" | "windowScale" | "sackPermitted" | "timestamps" | "sack"
>;

function parseOptionsText(text: string): OptionsText {
  const result: { -readonly [K in keyof OptionsText]: OptionsText[K] } = {
    maximumSegmentSize: undefined,
    windowScale: undefined,
    sackPermitted: undefined,
    timestamps: undefined,
    sack: undefined,
  };
  for (const option of text.split(",").map((part) => part.trim())) {
    const [name, ...values] = option.split(/\s+/);
    if (name === "mss") result.maximumSegmentSize = Number(values[0]);
    else if (name === "wscale") result.windowScale = Number(values[0]);
    else if (name === "sackOK") result.sackPermitted = true;
    else if (name === "TS")
      result.timestamps = { value: numberAfter(values, "val"), echo: numberAfter(values, "ecr") };
    else if (name === "sack")
      result.sack = values.map((block) => block.split(":").map(Number) as [number, number]);
    else if (name !== "" && name !== "nop") throw new SyntaxError(`"${option}" is no option`);
  }
  return result;
}

function numberAfter(words: readonly string[], name: string): number | undefined {
  const index = words.indexOf(name);
  return index === -1 ? undefined : Number(words[index + 1]);
}

/** The header of a segment to inject; `from` and `to` are what the numbers count from. */
export function toHeader(text: SegmentText, from: number, to: number, timestampBase: number): TcpHeader {
  const header = new TcpHeader();
  header.flags = text.flags;
  header.dataEnd = text.length;
  header.sequence = (from + text.sequence) | 0;
  header.acknowledgment = text.acknowledgment === undefined ? 0 : (to + text.acknowledgment) | 0;
  header.window = text.window ?? 65_535;
  header.maximumSegmentSize = text.maximumSegmentSize ?? 0;
  header.windowScale = text.windowScale ?? -1;
  header.sackPermitted = text.sackPermitted ?? false;
  header.hasTimestamps = text.timestamps !== undefined;
  header.timestampValue = text.timestamps?.value ?? 0;
  header.timestampEcho = ((text.timestamps?.echo ?? 0) + timestampBase) | 0;
  const blocks = (text.sack ?? []).slice(0, sackBlocksMax(header.hasTimestamps));
  header.sackCount = blocks.length;
  blocks.forEach(([start, end], i) => {
    header.sackEdges[2 * i] = (to + start) | 0;
    header.sackEdges[2 * i + 1] = (to + end) | 0;
  });
  return header;
}

/** A segment in the words of a transcript. */
export function formatSegment(header: TcpHeader, from: number, to: number, timestampBase: number): string {
  const sequence = (header.sequence - from) | 0;
  const letters = Object.entries(FLAGS)
    .filter(([, flag]) => (header.flags & flag) !== 0)
    .map(([letter]) => letter)
    .join("");
  const parts = [`${letters} ${sequence}:${sequence + header.dataLength}(${header.dataLength})`];
  if ((header.flags & TcpFlag.acknowledgment) !== 0) parts.push(`ack ${(header.acknowledgment - to) | 0}`);
  parts.push(`win ${header.window}`);
  const options: string[] = [];
  if (header.maximumSegmentSize > 0) options.push(`mss ${header.maximumSegmentSize}`);
  if (header.sackPermitted) options.push("sackOK");
  if (header.windowScale >= 0) options.push(`wscale ${header.windowScale}`);
  if (header.hasTimestamps)
    options.push(`TS val ${(header.timestampValue - timestampBase) | 0} ecr ${header.timestampEcho}`);
  if (header.sackCount > 0) {
    const edges = Array.from(header.sackEdges.subarray(0, 2 * header.sackCount), (edge) => (edge - to) | 0);
    const blocks = Array.from({ length: header.sackCount }, (_, i) => `${edges[2 * i]}:${edges[2 * i + 1]}`);
    options.push(`sack ${blocks.join(" ")}`);
  }
  if (options.length > 0) parts.push(`<${options.join(",")}>`);
  return parts.join(" ");
}

const FLAGS: Readonly<Record<string, number>> = {
  S: TcpFlag.synchronize,
  F: TcpFlag.finish,
  R: TcpFlag.reset,
  P: TcpFlag.push,
  U: TcpFlag.urgent,
  ".": TcpFlag.acknowledgment,
};

const SEGMENT =
  /^([SFRPU.]+) (-?\d+):(-?\d+)\((\d+)\)(?: ack (-?\d+))?(?: win (\d+))?(?: <([^>]*)>)?(?: "([^"]*)")?$/;
