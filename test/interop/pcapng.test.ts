/**
 * tshark and capinfos read what our pcapng writer made of a simulated run, and say the same of it as our
 * dissector: times, names, comments, every field that both know, the labels of TCP, the figures of the
 * summary.
 */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Analysis, packetRows, summaryOf } from "../../src/dissect/index.ts";
import { readPcapng, writePcapng } from "../../src/sim/capture/index.ts";
import { runTown } from "./pcapng-run.ts";
import { isInstalled } from "./programs.ts";
import { BAD, CHECKS, capinfos, fieldsOf, tshark, tsharkText, valuesByKey } from "./tshark.ts";

const folder = mkdtempSync(join(tmpdir(), "hamlet-pcapng-"));
const file = join(folder, "run.pcapng");
const capture = runTown();
writeFileSync(file, writePcapng(capture, { comment: "a town, seed 7" }));

after(() => rmSync(folder, { recursive: true, force: true }));

test("the same run gives the same file, octet for octet", () => {
  const comment = "a town, seed 7";
  assert.equal(Buffer.compare(writePcapng(runTown(), { comment }), readFileSync(file)), 0);
});

test("tshark sees nothing malformed and no wrong checksum", (t) => {
  if (!isInstalled(t, "tshark", "tshark")) return;
  assert.deepEqual(tshark(file, ...CHECKS, "-Y", BAD), []);
  for (const row of packetRows(capture.packets)) assert.deepEqual(row.problems, []);
});

test("tshark shows our interfaces, nanoseconds, comments, directions and host names", (t) => {
  if (!isInstalled(t, "tshark", "tshark")) return;
  const keys = ["frame.time_epoch", "frame.interface_name", "frame.comment", "frame.packet_flags_direction"];
  const seen = tshark(file, "-n", "-T", "fields", ...keys.flatMap((key) => ["-e", key]));
  const expected = capture.packets.map(({ timeNs, interfaceId, comment }) => {
    const ns = BigInt(capture.startUnixMs) * 1_000_000n + BigInt(timeNs);
    const { hostName, name } = capture.interfaces[interfaceId];
    const time = `${ns / 1_000_000_000n}.${String(ns % 1_000_000_000n).padStart(9, "0")}`;
    return [time, `${hostName} ${name}`, comment ?? "", "0x00000002"].join("\t");
  });
  assert.deepEqual(seen, expected);
  assert.ok(
    expected.some((line) => line.includes("retransmi")),
    "the run has retransmissions with their reason",
  );
  assert.ok(
    expected.some((line) => /dropped at .* after .* ms: /.test(line)),
    "and drops",
  );
  const hosts = tsharkText(file, "-q", "-z", "hosts");
  assert.match(hosts, /^10\.2\.0\.25\tmail\.hamburger\.edu$/m);
  assert.match(hosts, /^2001:db8:1::25\tcrepes\.fr$/m);
});

test("every field that tshark knows has the same value there", (t) => {
  if (!isInstalled(t, "tshark", "tshark")) return;
  const analysis = new Analysis();
  const ours = capture.packets.map((packet) => valuesByKey(packet.bytes, analysis.handle(packet).context));
  const options = ["-n", ...WHOLE_FRAMES, "-o", "smtp.desegment_data:FALSE"];
  const lines = tshark(file, ...options, ...fieldsOf(KEYS));
  const compared = new Set<string>();
  for (const [i, line] of lines.entries()) {
    for (const [k, theirs] of line.split("\t").entries()) {
      const key = KEYS[k];
      const mine = (ours[i].get(key) ?? []).join("|");
      // tshark looks into the first fragment of a packet, we do not.
      if (isFragment(ours[i]) && !/^(eth|ip|ipv6)\./.test(key)) continue;
      if (theirs !== "" && mine !== "") compared.add(key);
      assert.equal(mine.toLowerCase(), theirs.toLowerCase(), `packet ${i + 1}, ${key}`);
    }
  }
  assert.deepEqual(
    KEYS.filter((key) => !compared.has(key)),
    [],
    "the run shows every field that is compared",
  );
});

test("the packet list reads like tshark's: TCP with its labels, ARP, neighbour discovery, fragments", (t) => {
  if (!isInstalled(t, "tshark", "tshark")) return;
  const columns = ["-T", "fields", "-e", "_ws.col.Protocol", "-e", "_ws.col.Info"];
  const theirs = tshark(file, "-n", ...WHOLE_FRAMES, ...columns);
  let compared = 0;
  for (const row of packetRows(capture.packets)) {
    const [protocol, info] = theirs[row.number - 1].split("\t");
    const theirLabels = info.match(/\[TCP [^\]]+\]/g)?.join(" ") ?? "";
    const labels = row.context.tcp?.labels.map((label) => `[${label}]`).join(" ") ?? "";
    // The one difference on purpose (README of src/dissect): how late an answer to duplicate ACKs may come.
    if (labels === "[TCP Fast Retransmission]" && theirLabels === "[TCP Out-Of-Order]") continue;
    assert.equal(labels, theirLabels, `packet ${row.number}`);
    if (row.protocol !== protocol || !["TCP", "ARP", "IPv4", "IPv6", "DNS"].includes(protocol)) continue;
    compared++;
    assert.equal(
      row.info,
      info.replace(/ \[TCP segment of a reassembled PDU\]$/, ""),
      `packet ${row.number}`,
    );
  }
  assert.ok(compared > 100, `${compared} lines were compared`);
});

test("a file that tshark wrote is read: the same packets, times, interfaces and comments", (t) => {
  if (!isInstalled(t, "tshark", "tshark")) return;
  const theirs = join(folder, "theirs.pcapng");
  tshark(file, "-w", theirs);
  const back = readPcapng(readFileSync(theirs));
  assert.equal(back.startUnixMs, capture.startUnixMs);
  assert.deepEqual(
    back.packets.map(({ timeNs, bytes, interfaceId, comment }) => ({ timeNs, bytes, interfaceId, comment })),
    capture.packets.map(({ timeNs, bytes, interfaceId, comment }) => ({
      timeNs,
      bytes,
      interfaceId,
      comment,
    })),
  );
  assert.deepEqual(
    back.interfaces.map(({ hostName, name }) => `${hostName} ${name}`),
    capture.interfaces.map(({ hostName, name }) => `${hostName} ${name}`),
  );
});

test("capinfos gives the figures of our summary", (t) => {
  if (!isInstalled(t, "capinfos", "tshark")) return;
  const cells = capinfos(file, "-c", "-d", "-u", "-y", "-i", "-z", "-x", "-k");
  const summary = summaryOf(capture.packets);
  const figures = [summary.packets, summary.bytes, summary.timeSpanSeconds, summary.averageBytesPerSecond];
  const more = [
    summary.averageBitsPerSecond,
    summary.averagePacketSizeBytes,
    summary.averagePacketsPerSecond,
  ];
  for (const [i, figure] of [...figures, ...more].entries()) {
    const theirs = Number(cells[i]);
    assert.ok(
      Math.abs(theirs - figure) <= 0.01 + figure * 1e-6,
      `figure ${i}: ${theirs} and ${figure} in ${cells}`,
    );
  }
});

function isFragment(values: ReadonlyMap<string, readonly string[]>): boolean {
  return [values.get("ip.flags.mf"), values.get("ipv6.fraghdr.more")].some((bits) => bits?.[0] === "1");
}

/** Each frame by itself, as we take it apart. */
const WHOLE_FRAMES = ["-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE"];
/** Fields that tshark always shows where we do. */
const KEYS = `
  eth.dst eth.src eth.type
  arp.opcode arp.src.hw_mac arp.src.proto_ipv4 arp.dst.hw_mac arp.dst.proto_ipv4
  ip.hdr_len ip.dsfield.dscp ip.len ip.id ip.flags.df ip.flags.mf ip.frag_offset ip.ttl ip.proto
  ip.checksum ip.src ip.dst
  ipv6.plen ipv6.nxt ipv6.hlim ipv6.src ipv6.dst ipv6.fraghdr.offset ipv6.fraghdr.more
  ipv6.fraghdr.ident
  icmp.type icmp.code icmp.checksum
  icmpv6.type icmpv6.code icmpv6.checksum icmpv6.nd.ns.target_address icmpv6.nd.na.target_address
  icmpv6.nd.na.flag.s icmpv6.opt.type icmpv6.opt.linkaddr icmpv6.echo.identifier
  icmpv6.echo.sequence_number
  udp.srcport udp.dstport udp.length udp.checksum
  tcp.srcport tcp.dstport tcp.seq_raw tcp.ack_raw tcp.hdr_len tcp.flags tcp.flags.syn tcp.flags.ack
  tcp.flags.fin tcp.window_size_value tcp.checksum tcp.option_kind tcp.option_len
  tcp.options.mss_val tcp.options.wscale.shift tcp.options.timestamp.tsval
  tcp.options.timestamp.tsecr
  dns.id dns.flags.response dns.flags.recdesired dns.count.queries dns.count.answers
  dns.count.add_rr dns.qry.name dns.qry.type dns.resp.name dns.resp.type dns.resp.ttl dns.resp.len
  dns.mx.preference
  smtp.req.command smtp.response.code
`
  .trim()
  .split(/\s+/);
