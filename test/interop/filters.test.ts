/**
 * Display filters let through as many packets here as in tshark: captures of the shipped networks and of a line that
 * loses packets. What differs on purpose is not in the lists: see the README of src/engine/packets.
 */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { exportPiece, PacketStore, PacketView } from "../../src/engine/packets/index.ts";
import { buildNetwork, parseNetworkFile } from "../../src/topology/index.ts";
import { runTown } from "./pcapng-run.ts";
import { isInstalled } from "./programs.ts";
import { tsharkText } from "./tshark.ts";

const folder = mkdtempSync(join(tmpdir(), "hamlet-filters-"));
after(() => rmSync(folder, { recursive: true, force: true }));

for (const [name, make] of [
  ["ketchup", () => storeOf("ketchup")],
  ["town", () => storeOf("town")],
  ["losses", lossyStore],
] as const) {
  test(`${name}: as many packets as tshark lets through`, (t) => {
    if (!isInstalled(t, "tshark", "tshark")) return;
    const store = make();
    const file = join(folder, `${name}.pcapng`);
    writeFileSync(file, fileOf(store));
    const theirs = theirCounts(file);
    const differences: string[] = [];
    let notEmpty = 0;
    for (const [i, filter] of FILTERS.entries()) {
      if (name === "losses" && DISSECTED_OTHERWISE.test(filter)) continue;
      const ours = countOf(store, filter);
      if (ours > 0) notEmpty++;
      if (ours !== theirs[i]) differences.push(`${filter}: ${ours} here, ${theirs[i]} there`);
    }
    assert.deepEqual(differences, []);
    t.diagnostic(
      `${FILTERS.length} filters, ${notEmpty} of them let something through, of ${store.length} packets`,
    );
    assert.ok(notEmpty > FILTERS.length / 2);
  });
}

for (const [what, make, filters] of [
  ["also where a filter has commas", lossyStore, () => FILTERS_WITH_COMMAS],
  ["of a mail read by IMAP", imapStore, () => IMAP_FILTERS],
] as const) {
  test(`the same packets, one by one, ${what}`, (t) => {
    if (!isInstalled(t, "tshark", "tshark")) return;
    const store = make();
    const file = join(folder, "one-by-one.pcapng");
    writeFileSync(file, fileOf(store));
    for (const filter of filters()) {
      const options = [...OPTIONS, "-Y", filter, "-T", "fields", "-e", "frame.number"];
      const theirs = tsharkText(file, ...options).trim();
      assert.deepEqual(numbersOf(store, filter).join("\n"), theirs, filter);
      if (make === imapStore) assert.notEqual(theirs, "", filter);
    }
  });
}

function countOf(store: PacketStore, filter: string): number {
  return numbersOf(store, filter).length;
}

function numbersOf(store: PacketStore, filter: string): number[] {
  const view = new PacketView(store, filter);
  while (!view.advance(() => false));
  return Array.from({ length: view.length }, (_, index) => view.numberAt(index) as number);
}

/** One run counts all: Wireshark's statistics take filters side by side, between commas. */
function theirCounts(file: string): number[] {
  const options = [...OPTIONS, "-q", "-z", `io,stat,0,${FILTERS.join(",")}`];
  const table = tsharkText(file, ...options);
  const row = table.split("\n").find((line) => line.includes("<>")) ?? "";
  const cells = row.split("|").map((cell) => cell.trim());
  return FILTERS.map((_, i) => Number(cells[2 + 2 * i]));
}

function storeOf(network: string): PacketStore {
  return played(readFileSync(new URL(`../../networks/${network}.yaml`, import.meta.url), "utf8"));
}

/** The mail lab, with a mail that is read by IMAP. */
function imapStore(): PacketStore {
  const text = readFileSync(new URL("../../networks/mail-lab.yaml", import.meta.url), "utf8");
  return played(`${text.slice(0, text.indexOf("story:"))}${IMAP_STORY}`);
}

function played(text: string): PacketStore {
  const { file } = parseNetworkFile(text, "network.yaml");
  assert.ok(file);
  const lab = buildNetwork(file, { seed: 1 });
  const { world } = lab;
  const store = new PacketStore({ startUnixMs: world.startUnixMs, interfaces: () => world.interfaces });
  world.addTap(store);
  lab.start({ story: true });
  world.runUntilIdle({ maxNs: 600e9 });
  while (!store.analyzeSome(() => false));
  return store;
}

function lossyStore(): PacketStore {
  const { startUnixMs, interfaces, packets } = runTown();
  const store = new PacketStore({ startUnixMs, interfaces: () => interfaces });
  for (const { timeNs, interfaceId, packetId = 0, bytes } of packets)
    store.handleFrame({ timeNs, kind: "origin", interfaceId, packetId, bytes, reason: undefined });
  while (!store.analyzeSome(() => false));
  return store;
}

function fileOf(store: PacketStore): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let next: number | undefined = 1; next !== undefined; ) {
    const piece = exportPiece(store, undefined, pieces.length === 0 ? undefined : next);
    pieces.push(piece.octets);
    next = piece.next;
  }
  return Buffer.concat(pieces);
}

/** Each frame by itself, as our dissection has it. */
const OPTIONS = [
  ...["ip.defragment", "ipv6.defragment", "tcp.desegment_tcp_streams", "smtp.desegment_data"],
].flatMap((option) => ["-o", `${option}:FALSE`]);

const FILTERS = `
eth ; arp ; ip ; ipv6 ; icmp ; icmpv6 ; tcp ; udp ; dns ; smtp ; pop ; not arp ; !(ip or ipv6)
tcp.port == 25 ; tcp.srcport == 25 ; tcp.dstport == 25 ; tcp.port != 25 ; !(tcp.port == 25)
tcp.port === 25 ; tcp.port !== 25 ; tcp.port > 1024 ; tcp.port eq 110 ; tcp.port <= 110 ; udp.port == 53
udp.dstport == 53 ; udp.length > 60 ; any tcp.port > 1024 ; all tcp.port > 1024 ; tcp.dstport ge 25
ip.addr == 10.1.0.10 ; ip.addr == 10.2.0.25 ; ip.src == 10.2.0.0/24 ; ip.dst == 10.2.0.0/16
ip.addr != 10.2.0.25 ; ip.src != 10.2.0.25 ; !(ip.addr == 10.2.0.25) ; ip.addr == 0.0.0.0/0
ip.src < 10.2.0.0 ; ipv6.addr == 2001:db8:2::25 ; ipv6.src == 2001:db8:1::/64
ipv6.dst == 2001:db8::/32 ; ipv6.hlim == 255 ; eth.addr == 02:00:00:00:00:01
eth.dst == ff:ff:ff:ff:ff:ff ; eth.src != 02:00:00:00:00:01 ; eth.src[0:3] == 02:00:00
eth.dst[0] == 0xff ; eth.dst[0] & 1 ; eth.src[5] == 01 ; eth.type == 0x0800 ; eth.addr[0-2] == 33:33:ff ; frame.number > 20
frame.number <= 7 ; frame.len < 60 ; frame.len >= 100 and frame.len <= 200 ; frame.time_relative > 0.5
frame.time_relative == 0 ; frame.time_relative > 0.05 ; frame.time_relative <= 1.25
frame.len == 42 or frame.len == 54 ; frame.number == 5 ; frame.cap_len > 100 ; tcp.flags.syn == 1
tcp.flags.syn ; tcp.flags.syn == 1 && tcp.flags.ack == 0 ; tcp.flags.fin == 1 ; tcp.flags.reset == 1
tcp.flags.push == 1 ; tcp.flags & 0x02 ; tcp.flags == 0x010 ; tcp.flags.ack == 1 ; tcp.len > 0
tcp.len == 0 ; tcp.seq == 1 ; tcp.ack > 100 ; tcp.stream == 0 ; udp.stream == 1 ; tcp.hdr_len > 32
tcp.window_size > 1000 ; tcp.window_size_value < 1000 ; tcp.options.mss_val ; tcp.options.wscale.shift
tcp.options.timestamp.tsval > 0 ; tcp.options.sack_le ; tcp.option_kind == 5 ; tcp.urgent_pointer == 0
tcp.analysis.retransmission ; tcp.analysis.out_of_order ; tcp.analysis.duplicate_ack
tcp.analysis.window_update ; tcp.analysis.spurious_retransmission ; tcp.analysis.lost_segment
tcp.analysis.duplicate_ack_num == 2 ; tcp.analysis.keep_alive ; tcp.analysis.zero_window
tcp.analysis.window_full ; tcp.analysis.ack_lost_segment ; smtp and not tcp.analysis.retransmission
smtp && tcp.len > 100 ; smtp or dns ; smtp contains "RCPT" ; smtp contains "rcpt"
smtp matches "rcpt to" ; frame contains "ketchup" ; frame contains 0d:0a ; tcp contains "RCPT"
udp contains "hamburger" ; dns contains "hamburger" ; frame matches "ketch.p"
smtp.req.command == "MAIL" ; smtp.req.command matches "^(mail|rcpt)" ; smtp.response.code == 250
smtp.response.code > 300 ; smtp.req ; smtp.rsp ; smtp.response.code != 250
smtp.req.parameter contains "bob" ; lower(smtp.req.command) == "ehlo" ; dns.flags.response == 0
dns.flags.response == 1 ; dns.qry.name ; dns.qry.name == "hamburger.edu" ; dns.qry.type == 15
dns.qry.name contains "hamburger" ; dns.resp.ttl > 1000 ; dns.flags.rcode == 3 ; dns.count.answers > 0
dns.a == 10.2.0.25 ; dns.aaaa ; dns.mx.mail_exchange ; dns.id == 0x1a2b ; dns.flags.authoritative == 1
len(dns.qry.name) > 13 ; dns.a == 10.2.0.0/16 ; icmp.type == 8 ; icmp.type == 0 or icmp.type == 11
icmp.code == 0 ; icmpv6.type == 135 ; icmpv6.type >= 128 ; icmp.seq > 1 ; icmpv6.nd.ns.target_address
arp.opcode == 1 ; arp.opcode == 2 ; arp.src.proto_ipv4 == 10.1.0.0/16
arp.dst.hw_mac == 00:00:00:00:00:00 ; ip.ttl < 64 ; ip.ttl == 64 ; ip.proto == 6 ; ip.proto == 17
ip.len > 500 ; ip.flags.df == 1 ; ip.flags.mf == 1 ; ip.version == 4 ; ip.hdr_len == 20
ip.dsfield.dscp == 0 ; ipv6.nxt == 6 ; ipv6.nxt == 58 ; ipv6.plen > 100 ; ipv6.fraghdr.more == 1
ip.src == ip.dst ; tcp.srcport == tcp.dstport ; udp.srcport > udp.dstport ; not tcp and not udp
tcp and (tcp.port == 25 or tcp.port == 110) ; frame.protocols contains "smtp" ; eth.type ; ip.src
count(ip.src) > 1 ; count(tcp.port) == 2 ; tcp[13] == 2 ; tcp[13] & 2 ; frame[0:6] == ff:ff:ff:ff:ff:ff
not ip.addr == 10.1.0.0/16 ; _ws.malformed ; tcp.analysis.flags ; tcp.payload
`
  .trim()
  .split(/ ; |\n/);

/**
 * Of what is lost and cut tshark's dissection shows more or less than ours: it looks into the first fragment of a
 * packet, and not into the data of segments out of their order.
 */
const DISSECTED_OTHERWISE = /icmp|smtp($| (and|or|&&|xor) )|frame\.protocols/;

const IMAP_STORY = `story:
  - { name: send, on: pc1, run: mail send --to sreesanth@gmail.com --subject Hello --body "How is the lab?" }
  - { name: list, on: pc2, run: imap list --server mail.gmail.com --user sreesanth --password "456" }
  - { name: show, on: pc2, run: imap show 1 --source --server mail.gmail.com --user sreesanth --password "456" }
`;
const IMAP_FILTERS = [
  "imap",
  "imap.request",
  "imap.response",
  'imap.request_tag == "a2"',
  'imap.response_tag == "a2"',
  'imap.request.command == "FETCH"',
  "imap.request.command.uid",
  'imap.response.status == "OK"',
  'imap.line contains "EXISTS"',
  'imap contains "Hello"',
];
const FILTERS_WITH_COMMAS = [
  "tcp.port in {25, 110}",
  "udp.port in {50..60, 100}",
  "frame.number in {3, 5..9, 1000}",
  "ip.src in {10.1.0.0/24, 10.2.0.25}",
  'smtp.req.command in {"EHLO", "QUIT"}',
  "tcp.analysis.duplicate_ack",
];
