/** The packet list: one row per packet, in Wireshark's columns. */

import type { CapturedPacket, HostNames } from "../sim/capture/packet.ts";
import { Analysis } from "./analysis.ts";
import { dissect } from "./dissect.ts";
import type { PacketContext } from "./dissection.ts";

export interface PacketRow {
  readonly number: number;
  readonly timeNs: number;
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  readonly length: number;
  readonly info: string;
  /** Why the packet was sent or dropped. */
  readonly comment: string | undefined;
  /** Malformed layers, bad checksums. */
  readonly problems: readonly string[];
  /** For `dissect(packet.bytes, context)`, when the packet is opened. */
  readonly context: PacketContext;
}

/** The first name of each address. */
export type Names = ReadonlyMap<string, string>;

export function namesOf(hostNames: readonly HostNames[]): Names {
  const names = new Map<string, string>();
  for (const { address, names: all } of hostNames)
    if (all.length > 0 && !names.has(address)) names.set(address, all[0]);
  return names;
}

/** The rows of a capture, in its order; with `names`, host names instead of addresses. */
export function* packetRows(
  packets: Iterable<CapturedPacket>,
  names: Names = new Map(),
): Generator<PacketRow, void, undefined> {
  const analysis = new Analysis();
  for (const packet of packets) {
    const { context } = analysis.handle(packet);
    const { source, destination, protocol, info, problems } = dissect(packet.bytes, context);
    yield {
      number: packet.number,
      timeNs: packet.timeNs,
      source: shown(source, names),
      destination: shown(destination, names),
      ...{ protocol, length: packet.length, info, comment: packet.comment, problems, context },
    };
  }
}

function shown(address: string, names: Names): string {
  return names.get(address) ?? (address === "ff:ff:ff:ff:ff:ff" ? "Broadcast" : address);
}
