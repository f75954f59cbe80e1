/**
 * Reads pcapng (draft-ietf-opsawg-pcapng) of any writer: both byte orders, several sections, every time
 * resolution. Times become nanoseconds since the start that interface statistics name, else since the first
 * packet.
 */

import { decodeUtf8Lossy, FormatError } from "../../bytes/index.ts";
import { formatAddress } from "../../net/index.ts";
import type { CaptureContents, CapturedPacket, CaptureInterface, HostNames } from "./packet.ts";
import { BlockReader, type Option } from "./pcapng-block.ts";
import * as format from "./pcapng-format.ts";
import { describeInterface, timeScale } from "./pcapng-interface.ts";

export interface PcapngContents extends CaptureContents {
  readonly packets: readonly CapturedPacket[];
  readonly application: string | undefined;
  readonly comment: string | undefined;
}

/** The capture in a file of `octets`; throws FormatError (with the offset) when it is not pcapng or ends too early. */
export function readPcapng(octets: Uint8Array, options: { packetsMax?: number } = {}): PcapngContents {
  // Whoever hands over a subclass (Node's Buffer) still gets plain arrays.
  const file = new Uint8Array(octets.buffer, octets.byteOffset, octets.byteLength);
  const reading = new Reading(options.packetsMax ?? PACKETS_MAX);
  let littleEndian = false;
  if (file.length < 12) throw new FormatError("pcapng", 0, "too short for a section header");
  for (let at = 0; at < file.length; ) {
    const isSectionHeader = new DataView(file.buffer, file.byteOffset).getUint32(at) === SHB;
    if (at === 0 && !isSectionHeader)
      throw new FormatError("pcapng", 0, "does not begin with a section header");
    if (isSectionHeader) littleEndian = BlockReader.isLittleEndian(file, at);
    const block = new BlockReader(file, at, littleEndian);
    reading.takeBlock(block);
    at += block.length;
    if (file.length - at > 0 && file.length - at < 12) {
      throw new FormatError("pcapng.block", at, `${file.length - at} octets are too few for a block`);
    }
  }
  return reading.finish();
}

/** An interface of the section being read. */
interface ReadInterface {
  readonly id: number;
  readonly snapLength: number;
  readonly toNs: (units: bigint) => bigint;
}

/** What is known so far. */
class Reading {
  readonly #packetsMax: number;
  readonly #interfaces: CaptureInterface[] = [];
  /** Of the present section. */
  #section: ReadInterface[] = [];
  readonly #hostNames: HostNames[] = [];
  readonly #packets: CapturedPacket[] = [];
  readonly #timesNs: bigint[] = [];
  #startNs: bigint | undefined;
  #application: string | undefined;
  #comment: string | undefined;
  #lost = 0;

  constructor(packetsMax: number) {
    this.#packetsMax = packetsMax;
  }

  takeBlock(block: BlockReader): void {
    switch (block.type) {
      case format.BLOCK_SECTION_HEADER:
        this.#takeSectionHeader(block);
        break;
      case format.BLOCK_INTERFACE_DESCRIPTION:
        this.#takeInterface(block);
        break;
      case format.BLOCK_NAME_RESOLUTION:
        this.#takeNames(block);
        break;
      case format.BLOCK_ENHANCED_PACKET:
        this.#takePacket(block);
        break;
      case format.BLOCK_SIMPLE_PACKET:
        this.#takeSimplePacket(block);
        break;
      case format.BLOCK_INTERFACE_STATISTICS:
        this.#takeStatistics(block);
        break;
      default: // Section 3.1: a reader skips the blocks that it does not know.
    }
  }

  finish(): PcapngContents {
    const startNs = this.#startNs ?? this.#timesNs[0] ?? 0n;
    const startUnixMs = startNs / NS_PER_MS;
    const packets = this.#packets.map((packet, i) => {
      return { ...packet, timeNs: Number(this.#timesNs[i] - startUnixMs * NS_PER_MS) };
    });
    return {
      startUnixMs: Number(startUnixMs),
      interfaces: this.#interfaces,
      hostNames: this.#hostNames,
      packets,
      lostCount: this.#lost,
      application: this.#application,
      comment: this.#comment,
    };
  }

  #takeSectionHeader(block: BlockReader): void {
    block.uint32("magic");
    const major = block.uint16("major version");
    if (major !== 1) throw block.error("major version", `version ${major} is not known`);
    block.uint16("minor version");
    block.take(8, "section length");
    this.#section = [];
    for (const option of block.options()) {
      if (option.code === format.SHB_USERAPPL) this.#application ??= textOf(option);
      if (option.code === format.OPTION_COMMENT) this.#comment ??= textOf(option);
    }
  }

  #takeInterface(block: BlockReader): void {
    if (this.#interfaces.length === INTERFACES_MAX) {
      throw block.error("interface", `more than ${INTERFACES_MAX} interfaces`);
    }
    const linkType = block.uint16("link type");
    if (linkType !== format.LINK_TYPE_ETHERNET) {
      throw block.error("link type", `only Ethernet (1) is understood, not ${linkType}`);
    }
    block.uint16("reserved");
    const snapLength = block.uint32("snap length");
    const options = block.options();
    const id = this.#interfaces.length;
    this.#interfaces.push(describeInterface(id, options));
    this.#section.push({ id, snapLength, toNs: timeScale(block, options) });
  }

  #takeNames(block: BlockReader): void {
    for (;;) {
      const type = block.uint16("name record type");
      const length = block.uint16("name record length");
      if (type === format.NAME_RECORD_END) return;
      const value = block.takePadded(length, "name record");
      const size = type === format.NAME_RECORD_IPV4 ? 4 : type === format.NAME_RECORD_IPV6 ? 16 : 0;
      if (size === 0) continue;
      if (length <= size) throw block.error("name record", "is too short for an address and a name");
      const names = decodeUtf8Lossy(value.subarray(size)).split("\0").filter(Boolean);
      this.#hostNames.push({ address: formatAddress(value.subarray(0, size)), names });
    }
  }

  #takePacket(block: BlockReader): void {
    const found = this.#interface(block, block.uint32("interface"));
    const timeNs = found.toNs(block.uint64("timestamp"));
    const capturedLength = block.uint32("captured length");
    const length = block.uint32("original length");
    const bytes = block.takePadded(capturedLength, "packet data");
    let kind: CapturedPacket["kind"];
    let packetId: number | undefined;
    const comments: string[] = [];
    for (const option of block.options()) {
      if (option.code === format.OPTION_COMMENT) comments.push(textOf(option));
      if (option.code === format.EPB_FLAGS) kind = kindOf(block.uint32At(option.value, "epb_flags"));
      if (option.code === format.EPB_PACKET_ID)
        packetId = Number(block.uint64At(option.value, "epb_packetid"));
    }
    const comment = comments.length === 0 ? undefined : comments.join("; ");
    this.#add({ interfaceId: found.id, kind, packetId, bytes, length, comment }, timeNs);
  }

  /**
   * Section 4.4: on the first interface, without a time; the length is cut by the interface's snap length.
   */
  #takeSimplePacket(block: BlockReader): void {
    const found = this.#interface(block, 0);
    const length = block.uint32("original length");
    const kept = found.snapLength === 0 ? length : Math.min(length, found.snapLength);
    const bytes = block.takePadded(kept, "packet data");
    const packet = { interfaceId: found.id, kind: undefined, packetId: undefined, bytes, length };
    this.#add({ ...packet, comment: undefined }, this.#timesNs.at(-1) ?? 0n);
  }

  #takeStatistics(block: BlockReader): void {
    const found = this.#interface(block, block.uint32("interface"));
    block.take(8, "timestamp");
    for (const option of block.options()) {
      if (option.code !== format.ISB_START_TIME) continue;
      const startNs = found.toNs(block.timestampAt(option.value, "isb_starttime"));
      if (this.#startNs === undefined || startNs < this.#startNs) this.#startNs = startNs;
    }
  }

  #add(packet: Omit<CapturedPacket, "number" | "timeNs">, timeNs: bigint): void {
    if (this.#packets.length === this.#packetsMax) {
      this.#lost++;
      return;
    }
    this.#packets.push({ number: this.#packets.length + 1, timeNs: 0, ...packet });
    this.#timesNs.push(timeNs);
  }

  #interface(block: BlockReader, index: number): ReadInterface {
    const found = this.#section[index];
    if (found === undefined) throw block.error("interface", `${index} was not described before`);
    return found;
  }
}

function kindOf(flags: number): CapturedPacket["kind"] {
  if ((flags & 3) === format.DIRECTION_OUTBOUND) return "origin";
  return (flags & 3) === format.DIRECTION_INBOUND ? "receive" : undefined;
}

function textOf(option: Option): string {
  return decodeUtf8Lossy(option.value);
}

const SHB = format.BLOCK_SECTION_HEADER;
const NS_PER_MS = 1_000_000n;
/** What the packet list promises to show; more are counted, not kept. */
const PACKETS_MAX = 1_000_000;
/** A world of 1,000 hosts has some thousands. */
const INTERFACES_MAX = 65_536;
