/** The tree of protocols as lines, each with its share of the whole. */

import type { HierarchyView } from "../../../engine/protocol/index.ts";

export interface HierarchyLine {
  /** "eth:ip:tcp" */
  readonly path: string;
  readonly protocol: string;
  readonly depth: number;
  readonly packets: number;
  readonly octets: number;
  /** Of all packets, 0 to 1. */
  readonly packetShare: number;
  readonly octetShare: number;
}

export function flatHierarchy(roots: readonly HierarchyView[]): HierarchyLine[] {
  const whole = { packets: sum(roots, "packets"), octets: sum(roots, "octets") };
  const lines: HierarchyLine[] = [];
  const add = (views: readonly HierarchyView[], before: string, depth: number): void => {
    const sorted = [...views].sort((a, b) => b.packets - a.packets);
    for (const { protocol, packets, octets, children } of sorted) {
      const path = before === "" ? protocol : `${before}:${protocol}`;
      const packetShare = whole.packets === 0 ? 0 : packets / whole.packets;
      const octetShare = whole.octets === 0 ? 0 : octets / whole.octets;
      lines.push({ path, protocol, depth, packets, octets, packetShare, octetShare });
      add(children, path, depth + 1);
    }
  };
  add(roots, "", 0);
  return lines;
}

function sum(views: readonly HierarchyView[], key: "packets" | "octets"): number {
  return views.reduce((total, view) => total + view[key], 0);
}
