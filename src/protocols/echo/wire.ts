/**
 * RFC 862 gives its data no format: whatever comes goes back. So there is nothing to parse in an echo; `describe`
 * says what a capture shows of it. The probe is our own client's: it numbers datagrams that may be lost,
 * overtake one another or arrive twice.
 */

import { FormatError, Reader, Writer } from "../../bytes/index.ts";

/** The well-known port, TCP and UDP: RFC 862. */
export const ECHO_PORT = 7;

/** What our client puts first into each datagram; the rest is filler. */
export interface EchoProbe {
  /** Tells the answers of this run from those of another. */
  readonly identifier: number;
  readonly sequence: number;
  /** Octets of the whole datagram, PROBE_SIZE_MIN at least. */
  readonly size: number;
}

export function parseProbe(bytes: Uint8Array): EchoProbe {
  const reader = new Reader(bytes);
  const magic = reader.uint32("echo.probe.magic");
  if (magic !== MAGIC)
    throw new FormatError("echo.probe.magic", 0, `is ${magic.toString(16)}, not a probe's`);
  const identifier = reader.uint32("echo.probe.identifier");
  const sequence = reader.uint32("echo.probe.sequence");
  for (let at = reader.offset; at < bytes.length; at++) {
    if (bytes[at] !== fillerAt(at))
      throw new FormatError("echo.probe.filler", at, `is ${bytes[at]}, not ${fillerAt(at)}`);
  }
  return { identifier, sequence, size: bytes.length };
}

export function emitProbe(probe: EchoProbe): Uint8Array {
  if (probe.size < PROBE_SIZE_MIN) throw new RangeError(`a probe has ${PROBE_SIZE_MIN} octets or more`);
  const writer = new Writer(probe.size).uint32(MAGIC).uint32(probe.identifier).uint32(probe.sequence);
  while (writer.length < probe.size) writer.uint8(fillerAt(writer.length));
  return writer.finish();
}

/** What a TCP client over the limit is told, which is no echo of anything: RFC 862 has no word for it. */
export function emitRefusal(connections: number): string {
  return `${REFUSAL}${connections} clients are served already, try again later`;
}

export function isRefusal(text: string): boolean {
  return text.startsWith(REFUSAL);
}

/** One line for a list of packets: `Echo, 7 octets: "hello"`. */
export function describe(bytes: Uint8Array): string {
  const head = bytes.subarray(0, SHOWN_MAX);
  let text = "";
  for (const octet of head) text += octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : ".";
  const more = bytes.length > head.length ? " ..." : "";
  return `Echo, ${bytes.length} ${bytes.length === 1 ? "octet" : "octets"}: "${text}"${more}`;
}

/** As ping fills its packets: each octet is its own place, so that a shifted or changed one is seen. */
function fillerAt(offset: number): number {
  return offset & 0xff;
}

const REFUSAL = "503 server full: ";
/** Octets of a refusal that are read at most. */
export const REFUSAL_MAX = 200;
/** "echo" */
const MAGIC = 0x6563686f;
export const PROBE_SIZE_MIN = 12;
/** Octets of data that one line of a packet list shows. */
const SHOWN_MAX = 32;
