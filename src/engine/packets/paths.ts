/**
 * Which protocols stand on which in a packet ("eth:ip:tcp:smtp"), without a dissection where the columns tell; kept in
 * a column, so that a packet is asked once.
 */

import { applications } from "../../dissect/index.ts";
import { type PacketBlock, RowFlag } from "./block.ts";
import { dataLengthOf, isOrdinary, NOWHERE, transportOf } from "./filter/header.ts";
import type { PacketStore } from "./store.ts";

/** Its number in `store.paths`; `isQuick` says whether it cost next to nothing. */
export function pathOf(store: PacketStore, block: PacketBlock, at: number): { id: number; isQuick: boolean } {
  const known = block.paths[at];
  if (known !== 0) return { id: known, isQuick: true };
  const quick = quickPath(store, block, at);
  const path = quick ?? dissectedPath(store, block, at);
  const id = store.paths.idOf(path, path);
  block.paths[at] = id;
  return { id, isQuick: quick !== undefined };
}

export function dissectedPath(store: PacketStore, block: PacketBlock, at: number): string {
  const path: string[] = [];
  for (const { protocol } of store.dissection(block, at).layers) {
    // Two messages of one protocol in a frame count once.
    if (protocol !== "eth.padding" && protocol !== path.at(-1)) path.push(protocol);
  }
  return path.join(":");
}

/** Undefined where only a dissection can tell. */
export function quickPath(store: PacketStore, block: PacketBlock, at: number): string | undefined {
  const place = transportOf(block, at);
  if (place === NOWHERE || place < 0) return place === NOWHERE ? withoutTransport(block, at) : undefined;
  const isTcp = (block.flags[at] & RowFlag.tcp) !== 0;
  const start = block.startOf(at);
  const base = `eth:${block.octetsOf(at)[start + 12] === 0x08 ? "ip" : "ipv6"}:${isTcp ? "tcp" : "udp"}`;
  const length = dataLengthOf(block, at);
  if (length === 0) return base;
  if (length < 0 || place + length > block.endOf(at)) return undefined;
  const labels = block.labels[at] === 0 ? [] : store.columns.labelsAt(block.labels[at]);
  if (labels.some((label) => label.includes("Retransmission"))) return `${base}:data`;
  const name = store.columns.applicationAt(block.applications[at]);
  if (name === undefined) return `${base}:data`;
  const application = applications.find((each) => each.name === name);
  // Others may leave octets over, which are data then.
  return application !== undefined && TAKES_ALL.has(application.key)
    ? `${base}:${application.key}`
    : undefined;
}

function withoutTransport(block: PacketBlock, at: number): string | undefined {
  const start = block.startOf(at);
  const octets = block.octetsOf(at);
  const type = (octets[start + 12] << 8) | octets[start + 13];
  if (type === 0x0806) {
    // Hardware type, protocol type and the sizes of both: RFC 826.
    const isOfIpv4 = ARP_OF_IPV4.every((octet, i) => octets[start + 14 + i] === octet);
    return isOfIpv4 && block.endOf(at) - start >= 42 ? "eth:arp" : undefined;
  }
  if (!isOrdinary(block, at)) return undefined;
  if (type === 0x0800 && octets[start + 23] === 1) {
    const message = octets[start + 14 + (octets[start + 14] & 15) * 4];
    return message === 0 || message === 8 ? "eth:ip:icmp" : undefined;
  }
  const isIcmpv6 = type === 0x86dd && octets[start + 20] === 58;
  return isIcmpv6 && ICMPV6_TAKES_ALL.has(octets[start + 54]) ? "eth:ipv6:icmpv6" : undefined;
}

/** Dissectors that leave nothing over, whatever comes. */
const TAKES_ALL = new Set(["smtp", "pop", "imap", "echo", "upper", "fetch", "meter", "rtp"]);
const ARP_OF_IPV4 = [0, 1, 0x08, 0, 6, 4];
/** Echo and its reply, neighbour solicitation and advertisement. */
const ICMPV6_TAKES_ALL = new Set([128, 129, 135, 136]);
