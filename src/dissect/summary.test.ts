/** Figures of whole captures. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hierarchyOf, hierarchyText, packetRows, packetTableText, summaryOf, summaryText } from "./index.ts";
import { arpFrame, CLIENT, captured, octets, SERVER, tcpFrame, udpFrame } from "./testing/frames.ts";

const packets = captured(
  [
    arpFrame(1),
    udpFrame(CLIENT, 4000, SERVER, 7, octets("hello")),
    tcpFrame(CLIENT, SERVER, { sourcePort: 1, destinationPort: 2 }),
  ],
  500_000_000,
);

test("the capture summary: packets, span, averages, bytes, rates", () => {
  assert.deepEqual(summaryOf(packets), {
    packets: 3,
    timeSpanSeconds: 1,
    averagePacketsPerSecond: 3,
    averagePacketSizeBytes: (42 + 47 + 54) / 3,
    bytes: 143,
    averageBytesPerSecond: 143,
    averageBitsPerSecond: 1144,
  });
  assert.match(summaryText(summaryOf(packets)), /^Packets +3\nTime span, s +1\.000\n/);
});

test("an empty capture and one of a single instant have no rates", () => {
  assert.equal(summaryOf([]).averagePacketsPerSecond, 0);
  assert.equal(summaryOf([]).averagePacketSizeBytes, 0);
  assert.equal(summaryOf(packets.slice(0, 1)).averageBitsPerSecond, 0);
  for (const value of Object.values(summaryOf([]))) assert.equal(value, 0);
});

test("the protocol hierarchy counts what stands on what", () => {
  assert.equal(
    hierarchyText(hierarchyOf(packets)),
    `Protocol    Packets  Bytes
eth               3    143
  arp             1     42
  ip              2    101
    udp           1     47
      echo        1     47
    tcp           1     54
`,
  );
});

test("the packet table has Wireshark's columns", () => {
  const names = new Map([[CLIENT, "pc"]]);
  assert.equal(
    packetTableText(packetRows(packets.slice(0, 2), names)),
    `No.      Time  Source             Destination        Protocol  Length  Info
  1  0.000000  02:00:00:00:00:01  02:00:00:00:00:02  ARP           42  Who has 10.1.0.1? Tell 10.1.0.25
  2  0.500000  pc                 10.2.0.25          ECHO          47  Request: hello
`,
  );
});
