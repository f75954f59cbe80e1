/** Transmission Control Protocol: RFC 9293. Relative numbers and labels come with the context. */

import type { TcpContext } from "../dissection.ts";
import type { Dissector, Packet, TcpFacts } from "../dissector.ts";
import type { Walk } from "../walk.ts";
import { dissectTcpOptions, type TcpOptions } from "./tcp-options.ts";
import { checkTransport } from "./transport-checksum.ts";

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const ACK = 0x10;

export const tcp: Dissector = {
  key: "tcp",
  title: "Transmission Control Protocol",
  standard: "RFC 9293",
  dissect(walk, packet) {
    packet.protocol = "TCP";
    const context = packet.context.tcp;
    const sourcePort = walk.uint16("tcp.srcport", "Source port", "3.1");
    const destinationPort = walk.uint16("tcp.dstport", "Destination port", "3.1");
    const sequence = walk.uint32("tcp.seq_raw", "Sequence number", "3.4", {
      note: (number) => context && `relative ${relative(number, context.sequenceBase)}`,
    });
    const acknowledgment = walk.uint32("tcp.ack_raw", "Acknowledgment number", "3.4", {
      note: (number) => context && `relative ${relative(number, context.acknowledgmentBase)}`,
    });
    const [words, flags] = dissectFlags(walk);
    const window = walk.uint16("tcp.window_size_value", "Window", "3.1", {
      note: (value) => windowNote(value, flags, context),
    });
    walk.uint16("tcp.checksum", "Checksum", "3.1", { hex: true });
    checkTransport(walk, packet, 6, walk.start, walk.end);
    walk.uint16("tcp.urgent_pointer", "Urgent pointer", "3.1");
    const options = dissectTcpOptions(walk, walk.start + words * 4, context);
    const facts = { sequence, acknowledgment, flags, window, windowScale: options.windowScale };
    packet.transport = {
      ...{ protocol: "tcp", sourcePort, destinationPort },
      ...{ payloadStart: walk.at, payloadEnd: walk.end, tcp: facts },
    };
    describe(walk, packet, facts, options);
    // A retransmission's data were dissected where they came first.
    const isRepeated = context?.labels.some((label) => label.includes("Retransmission")) ?? false;
    return isRepeated ? undefined : { by: "port" };
  },
};

/** "SYN, ACK" */
function flagNames(flags: number): string {
  const names = FLAGS.filter((_, bit) => (flags & (1 << bit)) !== 0);
  return names.length === 0 ? "<None>" : names.join(", ");
}

/** RFC 9293 section 3.4: numbers count modulo 2^32. */
export function relative(number: number, base: number): number {
  return (number - base) >>> 0;
}

function dissectFlags(walk: Walk): number[] {
  const [words, flags] = walk.bits(2, "3.1", [
    ["tcp.hdr_len", "Data offset", 4, { times: 4, note: (value) => `${value} words` }],
    ["tcp.flags", "Flags", 12, { hex: true, note: flagNames }],
  ]);
  const { start, end } = walk.last;
  walk.last.children = FLAGS.map((name, bit) => ({
    key: `tcp.flags.${name.toLowerCase()}`,
    name: FLAG_TITLES[bit],
    value: String((flags >> bit) & 1),
    ...{ start, end, bits: { start: 15 - bit, end: 16 - bit }, reference: "RFC 9293 section 3.1" },
  })).reverse();
  if (words < 5) throw walk.error(`a header of ${words} words is too short`, start);
  return [words, flags];
}

function windowNote(value: number, flags: number, context: TcpContext | undefined): string | undefined {
  // RFC 7323 section 2.2: the window of a segment with SYN is never scaled.
  if (context?.windowShift === undefined || context.windowShift === 0 || (flags & SYN) !== 0)
    return undefined;
  return `${value * 2 ** context.windowShift} octets: scaled by ${2 ** context.windowShift}`;
}

/** As Wireshark's column: "49152 → 25 [SYN] Seq=0 Win=64240 Len=0 MSS=1460". */
function describe(walk: Walk, packet: Packet, facts: TcpFacts, options: TcpOptions): void {
  const context = packet.context.tcp;
  const { sourcePort, destinationPort, payloadStart, payloadEnd } = packet.transport!;
  const parts = [
    `${sourcePort} → ${destinationPort} [${flagNames(facts.flags)}]`,
    `Seq=${relative(facts.sequence, context?.sequenceBase ?? 0)}`,
  ];
  if ((facts.flags & ACK) !== 0) {
    parts.push(`Ack=${relative(facts.acknowledgment, context?.acknowledgmentBase ?? 0)}`);
  }
  const shift = (facts.flags & SYN) === 0 ? (context?.windowShift ?? 0) : 0;
  parts.push(`Win=${facts.window * 2 ** shift}`, `Len=${payloadEnd - payloadStart}`, ...options.info);
  packet.info = parts.join(" ");
  const labels = context?.labels ?? [];
  walk.title =
    `Transmission Control Protocol, Src Port: ${sourcePort}, Dst Port: ${destinationPort}, ` +
    `[${flagNames(facts.flags)}]${labels.length === 0 ? "" : ` (${labels.join(", ")})`}`;
}

const FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];
const FLAG_TITLES = [
  "Fin: no more data from sender",
  "Syn: synchronize sequence numbers",
  "Reset the connection",
  "Push",
  "Acknowledgment number is significant",
  "Urgent pointer is significant",
  "ECN-echo",
  "Congestion window reduced",
];
