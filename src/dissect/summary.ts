/** Figures of a whole capture: Wireshark's capture file properties and protocol hierarchy. */

import type { CapturedPacket } from "../sim/capture/packet.ts";
import { Analysis } from "./analysis.ts";
import { dissect } from "./dissect.ts";

/** All are 0 for an empty capture; rates are 0 when all packets were seen in one instant. */
export interface CaptureSummary {
  readonly packets: number;
  /** Between the first and the last packet. */
  readonly timeSpanSeconds: number;
  readonly averagePacketsPerSecond: number;
  readonly averagePacketSizeBytes: number;
  readonly bytes: number;
  readonly averageBytesPerSecond: number;
  readonly averageBitsPerSecond: number;
}

export function summaryOf(packets: Iterable<CapturedPacket>): CaptureSummary {
  let count = 0;
  let bytes = 0;
  let firstNs = Number.POSITIVE_INFINITY;
  let lastNs = Number.NEGATIVE_INFINITY;
  for (const { timeNs, length } of packets) {
    count++;
    bytes += length;
    firstNs = Math.min(firstNs, timeNs);
    lastNs = Math.max(lastNs, timeNs);
  }
  return figuresOf(count, bytes, count === 0 ? 0 : lastNs - firstNs);
}

/** The same from what was counted elsewhere. */
export function figuresOf(packets: number, bytes: number, spanNs: number): CaptureSummary {
  const perSecond = (amount: number): number => (spanNs === 0 ? 0 : (amount * 1e9) / spanNs);
  return {
    packets,
    timeSpanSeconds: spanNs / 1e9,
    averagePacketsPerSecond: perSecond(packets),
    averagePacketSizeBytes: packets === 0 ? 0 : bytes / packets,
    bytes,
    averageBytesPerSecond: perSecond(bytes),
    averageBitsPerSecond: perSecond(bytes * 8),
  };
}

/** One protocol below others: "eth", "ip", "tcp", "smtp". */
export interface HierarchyNode {
  readonly protocol: string;
  packets: number;
  /** Of the whole frames that contain it. */
  bytes: number;
  readonly children: HierarchyNode[];
}

/** How often each protocol stands on which, in the order of appearance. */
export function hierarchyOf(packets: Iterable<CapturedPacket>): HierarchyNode[] {
  const root: HierarchyNode = { protocol: "", packets: 0, bytes: 0, children: [] };
  const analysis = new Analysis();
  for (const packet of packets) {
    const { bytes, length } = packet;
    let node = root;
    for (const { protocol } of dissect(bytes, analysis.handle(packet).context).layers) {
      // Two messages of one protocol in a frame count once.
      if (protocol === "eth.padding" || protocol === node.protocol) continue;
      let child = node.children.find((known) => known.protocol === protocol);
      if (child === undefined) {
        child = { protocol, packets: 0, bytes: 0, children: [] };
        node.children.push(child);
      }
      child.packets++;
      child.bytes += length;
      node = child;
    }
  }
  return root.children;
}
