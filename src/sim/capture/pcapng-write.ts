/**
 * Writes a capture as pcapng (draft-ietf-opsawg-pcapng), big-endian, with nanosecond times. The same capture
 * gives the same octets: no clock, no version of a platform, no random identifier goes in.
 */

import { encodeUtf8, Writer } from "../../bytes/index.ts";
import { parseAddress } from "../../net/index.ts";
import type { CaptureContents, CapturedPacket, HostNames } from "./packet.ts";
import { block, endOptions, option, padded, textOption, timestamp, uint64 } from "./pcapng-block-writer.ts";
import * as format from "./pcapng-format.ts";
import { writeInterfaceDescription } from "./pcapng-interface.ts";

export interface PcapngOptions {
  /** "shb_userappl": the program that made the capture; absent: "Hamlet". */
  readonly application?: string;
  /** "shb_os"; absent: "simulated network". */
  readonly operatingSystem?: string;
  /** A remark on the whole capture: the network file and the seed. */
  readonly comment?: string;
}

/** The whole file. */
export function writePcapng(contents: CaptureContents, options: PcapngOptions = {}): Uint8Array {
  const file = new Writer(65_536);
  streamPcapng(contents, (piece) => file.append(piece), options);
  return file.finish();
}

/** The file in pieces of whole blocks, each at least some 64 KiB (the last may be smaller). */
export function streamPcapng(
  contents: CaptureContents,
  sink: (piece: Uint8Array) => void,
  options: PcapngOptions = {},
): void {
  const stream = new PcapngStream(contents, sink, options);
  for (const packet of contents.packets) stream.write(packet);
  stream.finish();
}

/** What stands in front of the packets. */
export type PcapngHead = Pick<CaptureContents, "startUnixMs" | "interfaces" | "hostNames">;

/** A file that grows packet by packet, as they come: a live capture. */
export class PcapngStream {
  readonly #startUnixMs: number;
  readonly #sink: (piece: Uint8Array) => void;
  readonly #totals = new Map<number, InterfaceTotals>();
  #piece = new Writer(PIECE_OCTETS * 2);
  #lastNs = 0;

  constructor(head: PcapngHead, sink: (piece: Uint8Array) => void, options: PcapngOptions = {}) {
    this.#startUnixMs = head.startUnixMs;
    this.#sink = sink;
    writeSectionHeader(this.#piece, options);
    for (const [index, details] of head.interfaces.entries()) {
      writeInterfaceDescription(this.#piece, details);
      this.#totals.set(details.id, { index, packets: 0 });
    }
    writeNames(this.#piece, head.hostNames);
  }

  write(packet: CapturedPacket): void {
    const totals = this.#totals.get(packet.interfaceId);
    if (totals === undefined) throw new RangeError(`packet ${packet.number} has an unknown interface`);
    totals.packets++;
    this.#lastNs = Math.max(this.#lastNs, packet.timeNs);
    writePacket(this.#piece, packet, totals.index, this.#startUnixMs);
    if (this.#piece.length >= PIECE_OCTETS) this.flush();
  }

  /** Hands over what is not yet: whole blocks, so that a reader may look on. */
  flush(): void {
    if (this.#piece.length === 0) return;
    this.#sink(this.#piece.finish());
    this.#piece = new Writer(PIECE_OCTETS * 2);
  }

  /** The end: how many packets each interface had. */
  finish(): void {
    for (const totals of this.#totals.values()) {
      writeStatistics(this.#piece, totals, this.#lastNs, this.#startUnixMs);
    }
    this.flush();
  }
}

interface InterfaceTotals {
  /** Position among the interface descriptions. */
  readonly index: number;
  packets: number;
}

function writeSectionHeader(out: Writer, options: PcapngOptions): void {
  block(out, format.BLOCK_SECTION_HEADER, () => {
    out.uint32(format.BYTE_ORDER_MAGIC).uint16(1).uint16(0);
    // Section 4.1: a section length of -1 says "not specified": the file is written as a stream.
    out.uint32(0xffffffff).uint32(0xffffffff);
    if (options.comment !== undefined) textOption(out, format.OPTION_COMMENT, options.comment);
    textOption(out, format.SHB_OS, options.operatingSystem ?? "simulated network");
    textOption(out, format.SHB_USERAPPL, options.application ?? "Hamlet");
    endOptions(out);
  });
}

/**
 * Section 4.5: the names stand in front of the packets, so that a reader shows them from the first packet on.
 */
function writeNames(out: Writer, hostNames: readonly HostNames[]): void {
  if (hostNames.length === 0) return;
  block(out, format.BLOCK_NAME_RESOLUTION, () => {
    for (const { address, names } of hostNames) {
      const bytes = parseAddress(address);
      if (bytes === undefined || names.length === 0) continue;
      const text = encodeUtf8(names.map((name) => `${name}\0`).join(""));
      out.uint16(bytes.length === 4 ? format.NAME_RECORD_IPV4 : format.NAME_RECORD_IPV6);
      out.uint16(bytes.length + text.length).append(bytes);
      padded(out, text, bytes.length);
    }
    out.uint16(format.NAME_RECORD_END).uint16(0);
  });
}

function writePacket(out: Writer, packet: CapturedPacket, interfaceIndex: number, startUnixMs: number): void {
  block(out, format.BLOCK_ENHANCED_PACKET, () => {
    out.uint32(interfaceIndex);
    timestamp(out, startUnixMs, packet.timeNs);
    out.uint32(packet.bytes.length).uint32(packet.length);
    padded(out, packet.bytes);
    if (packet.comment !== undefined) textOption(out, format.OPTION_COMMENT, packet.comment);
    const direction = directionOf(packet.kind);
    if (direction !== 0) option(out, format.EPB_FLAGS, new Writer(4).uint32(direction).finish());
    if (packet.packetId !== undefined) option(out, format.EPB_PACKET_ID, uint64(packet.packetId));
    endOptions(out);
  });
}

function directionOf(kind: CapturedPacket["kind"]): number {
  if (kind === "origin" || kind === "forward") return format.DIRECTION_OUTBOUND;
  return kind === "receive" ? format.DIRECTION_INBOUND : 0;
}

/** Section 4.6. Its start time is the zero of the world's clock, which no packet shows. */
function writeStatistics(out: Writer, totals: InterfaceTotals, lastNs: number, startUnixMs: number): void {
  block(out, format.BLOCK_INTERFACE_STATISTICS, () => {
    out.uint32(totals.index);
    timestamp(out, startUnixMs, lastNs);
    const startTime = new Writer(8);
    timestamp(startTime, startUnixMs, 0);
    option(out, format.ISB_START_TIME, startTime.finish());
    option(out, format.ISB_FILTER_ACCEPT, uint64(totals.packets));
    endOptions(out);
  });
}

/** One write of a file takes about this much well. */
const PIECE_OCTETS = 65_536;
