/** Rows of packets that were never sent, each made from its number alone: any of a million at once. */

import type { PacketDetail, PacketRowView } from "../../../engine/protocol/index.ts";

const HOSTS = [
  "pc.crepes.fr",
  "mail.crepes.fr",
  "pc.hamburger.edu",
  "mail.hamburger.edu",
  "dns.hamburger.edu",
];
const PROTOCOLS = ["TCP", "TCP", "SMTP", "DNS", "TCP", "POP", "ARP", "ICMP", "HTTP"];
const MARKS = [
  undefined,
  undefined,
  undefined,
  "opens",
  undefined,
  "closes",
  undefined,
  "lost",
  "again",
] as const;

export function fakeRow(number: number): PacketRowView {
  const mixed = Math.imul(number, 2_654_435_761) >>> 0;
  const source = HOSTS[mixed % HOSTS.length];
  const protocol = PROTOCOLS[(mixed >>> 8) % PROTOCOLS.length];
  const mark = MARKS[(mixed >>> 16) % MARKS.length];
  return {
    number,
    timeNs: number * 137_000,
    source,
    destination: HOSTS[(mixed + 1 + ((mixed >>> 4) % 4)) % HOSTS.length],
    protocol,
    length: 54 + ((mixed >>> 12) % 1_460),
    info: `${protocol === "TCP" ? "49152 → 25 [ACK]" : "C: MAIL FROM:<alice@crepes.fr>"} Seq=${mixed % 100_000} Ack=${number} Win=65535`,
    comment: mark === "lost" ? "dropped at r1 eth0 after 1.2 ms: the queue was full" : undefined,
    problems: [],
    mark,
    conversation: protocol === "ARP" ? undefined : 1 + Math.floor(number / 40),
  };
}

export function fakeDetail(number: number): PacketDetail {
  const row = fakeRow(number);
  const bytes = Uint8Array.from({ length: row.length }, (_, at) => (number + at * 31) & 255);
  const fields = Array.from({ length: 12 }, (_, at) => ({
    ...{ key: `tcp.field${at}`, name: `Field ${at}`, value: String((number * (at + 1)) % 65_536) },
    ...{ start: 34 + at, end: 35 + at, reference: "RFC 9293 section 3.1" },
  }));
  return {
    row,
    layers: [
      { protocol: "eth", title: "Ethernet II", start: 0, end: 14, reference: "IEEE 802.3", fields: [] },
      { protocol: "ip", title: "Internet Protocol", start: 14, end: 34, reference: "RFC 791", fields: [] },
      {
        protocol: "tcp",
        title: "Transmission Control Protocol",
        start: 34,
        end: 54,
        reference: "RFC 9293",
        fields,
      },
    ],
    bytes: btoa(String.fromCharCode(...bytes)),
    journey: [{ timeNs: row.timeNs, kind: "origin", node: row.source, interface: "eth0", reason: undefined }],
    previous: number - 1,
    next: number + 1,
    related: [],
  };
}
