/** A packet of a conversation as an arrow: when it left, when and whether it arrived, and what it says. */

import type { Journey, Waypoint } from "../sim/capture/journal.ts";
import { TcpFlag, type TcpHeader } from "../sim/wire/tcp.ts";
import type { AnalyzedPacket } from "./analysis.ts";
import { dissect } from "./dissect.ts";
import type { TcpContext } from "./dissection.ts";
import type { Flow } from "./flow.ts";
import type { Arrow, Placed } from "./sequence.ts";

/** Its events; `isAt` says whether an interface belongs to the host that has an address. */
export function arrowOf(
  analyzed: AnalyzedPacket,
  journey: Journey | undefined,
  isAt: (interfaceId: number, address: string) => boolean,
): Placed[] {
  const { packet, flow, context } = analyzed;
  if (flow === undefined) return [];
  const arrivals = (journey?.arrivals ?? []).filter(({ interfaceId }) =>
    isAt(interfaceId, flow.destination.address),
  );
  const [arrival] = arrivals;
  const drop: Waypoint | undefined = arrival === undefined ? journey?.drops[0] : undefined;
  const arrow: Arrow = {
    number: packet.number,
    from: context.fromClient ? 0 : 1,
    sentAtNs: packet.timeNs,
    arrivedAtNs: arrival?.timeNs,
    lost: drop && { atNs: drop.timeNs, reason: drop.reason ?? "lost" },
    ...wordsOf(analyzed, flow),
    marks: [
      ...(context.tcp?.labels ?? []).map((label) => label.replace(/^TCP /, "")),
      ...(arrivals.length > 1 ? ["arrives twice"] : []),
    ],
    comment: packet.comment,
    role: roleOf(flow),
  };
  const order = journey?.order ?? packet.number;
  const end = arrival ?? drop ?? { timeNs: packet.timeNs, order: order + 0.5 };
  return [
    { order, event: { kind: "send", timeNs: packet.timeNs, arrow } },
    { order: end.order, event: { kind: "arrive", timeNs: end.timeNs, arrow } },
  ];
}

function roleOf({ tcp, payload }: Flow): Arrow["role"] {
  const flags = tcp?.flags ?? 0;
  if ((flags & TcpFlag.reset) !== 0) return "RST";
  if ((flags & TcpFlag.synchronize) !== 0) return "SYN";
  if ((flags & TcpFlag.finish) !== 0) return "FIN";
  return payload.length > 0 ? "data" : "other";
}

function wordsOf({ packet, context }: AnalyzedPacket, flow: Flow): Pick<Arrow, "title" | "detail"> {
  const said = flow.payload.length === 0 ? "" : applicationLine(packet.bytes, context);
  const { tcp, payload } = flow;
  const place = tcp === undefined ? `len=${payload.length}` : placeOf(tcp, context.tcp, payload.length);
  if (tcp === undefined) return { title: said === "" ? "UDP datagram" : said, detail: place };
  const flags = FLAG_NAMES.filter(([flag]) => (tcp.flags & flag) !== 0).map(([, name]) => name);
  const carriesMore = (tcp.flags & (TcpFlag.synchronize | TcpFlag.finish | TcpFlag.reset)) !== 0;
  if (said === "") return { title: flags.join(", "), detail: place };
  return { title: said, detail: carriesMore ? `${flags.join(", ")} ${place}` : place };
}

/** What the dissector of the application says; empty where it is TCP's or UDP's own line. */
function applicationLine(bytes: Uint8Array, context: AnalyzedPacket["context"]): string {
  const { protocol, info } = dissect(bytes, context);
  if (protocol === "TCP" || protocol === "UDP") return "";
  const labels = (context.tcp?.labels ?? []).map((label) => `[${label}] `).join("");
  return info.slice(labels.length);
}

function placeOf(tcp: TcpHeader, context: TcpContext | undefined, length: number): string {
  const sequence = (tcp.sequence - (context?.sequenceBase ?? 0)) >>> 0;
  const parts = [`seq=${sequence}`];
  if ((tcp.flags & TcpFlag.acknowledgment) !== 0) {
    parts.push(`ack=${(tcp.acknowledgment - (context?.acknowledgmentBase ?? 0)) >>> 0}`);
  }
  if (length > 0) parts.push(`len=${length}`);
  return parts.join(" ");
}

const FLAG_NAMES: readonly (readonly [number, string])[] = [
  [TcpFlag.synchronize, "SYN"],
  [TcpFlag.finish, "FIN"],
  [TcpFlag.reset, "RST"],
  [TcpFlag.push, "PSH"],
  [TcpFlag.acknowledgment, "ACK"],
];
