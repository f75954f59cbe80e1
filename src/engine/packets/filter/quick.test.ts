/** The quick way of a filter is the slow way, whatever the frames are. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  arpFrame,
  CLIENT,
  CLIENT6,
  captured,
  icmpFrame,
  octets,
  SERVER,
  SERVER6,
  tcpFrame,
  udpFrame,
} from "../../../dissect/testing/frames.ts";
import { dissectedPath, quickPath } from "../paths.ts";
import { never, question, run, storeOf } from "../testing/stores.ts";
import { compileFilter, Facts } from "./index.ts";
import { UNKNOWN, YES } from "./quick.ts";

/** Frames of all kinds, whole or damaged. */
const frame = fc
  .tuple(
    fc.constantFrom(
      tcpFrame(
        CLIENT,
        SERVER,
        { sourcePort: 40_000, destinationPort: 25, flags: 0x18 },
        octets("EHLO a\r\n"),
      ),
      tcpFrame(SERVER6, CLIENT6, { sourcePort: 110, destinationPort: 40_000, flags: 0x12 }),
      tcpFrame(
        CLIENT,
        SERVER,
        { sourcePort: 9, destinationPort: 9999, flags: 0x10 },
        octets("220 x SMTP\r\n"),
      ),
      udpFrame(
        CLIENT,
        4000,
        SERVER,
        53,
        octets("\x1a\x2b\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01a\x00\x00\x01\x00\x01"),
      ),
      udpFrame(CLIENT6, 4000, SERVER6, 5004, octets("\x80\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x03abc")),
      udpFrame(CLIENT6, 7, SERVER6, 7, octets("hello")),
      arpFrame(1),
      icmpFrame(CLIENT, SERVER, { type: 8, code: 0, rest: 1 }, octets("ping")),
      icmpFrame(
        SERVER,
        CLIENT,
        { type: 11, code: 0, rest: 0 },
        tcpFrame(CLIENT, SERVER, { destinationPort: 25 }).subarray(14, 42),
      ),
      icmpFrame(CLIENT6, SERVER6, { type: 128, code: 0, rest: 1 }, octets("ping")),
    ),
    fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 3 }),
    fc.option(fc.nat(80), { nil: undefined }),
  )
  .map(([bytes, changes, cut]) => {
    const damaged = bytes.slice(0, cut === undefined || cut > bytes.length ? bytes.length : cut);
    for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value;
    return damaged;
  });

const asked = [
  ...[
    "eth",
    "arp",
    "ip",
    "ipv6",
    "icmp",
    "icmpv6",
    "tcp",
    "udp",
    "dns",
    "smtp",
    "pop",
    "imap",
    "echo",
    "rtp",
    "data",
  ],
  ...[
    "tcp.port == 25",
    "tcp.port != 25",
    "tcp.port === 25",
    "tcp.port !== 25",
    "udp.srcport > 100",
    "tcp.len > 0",
  ],
  ...[
    "ip.addr == 10.1.0.0/24",
    "ip.src != 10.1.0.25",
    "ipv6.dst == 2001:db8:2::/48",
    "eth.addr == 02:00:00:00:00:01",
  ],
  ...[
    "tcp.flags.syn == 1",
    "tcp.flags & 0x12",
    "tcp.seq == 1",
    "tcp.ack > 5",
    "tcp.stream == 0",
    "udp.length < 30",
  ],
  ...[
    "ip.ttl == 64",
    "ip.proto == 17",
    "ip.len > 50",
    "ip.id == 7",
    "ipv6.hlim == 64",
    "ipv6.nxt in {6, 17}",
  ],
  ...[
    "eth.type == 0x0800",
    "frame.len > 50",
    "tcp.seq_raw",
    "tcp.window_size_value == 0",
    "conversation == 1",
    "smtp.req",
  ],
  ...[
    "tcp.analysis.flags",
    "tcp.payload",
    "ipv6.opts",
    "ipv6.fraghdr",
    "not icmp.type == 8",
    "tcp.flags.push",
  ],
  ...["udp.stream == 0 and not dns", "tcp.dstport == 25 or icmp", "ip xor udp", "frame.number == 3"],
  ...["frame.time_relative == 0", "frame.time_virtual > 0"],
];

test("the quick answer is that of the dissection, whatever the frames are", () => {
  const filters = asked.map(compileFilter);
  fc.assert(
    fc.property(fc.array(frame, { minLength: 1, maxLength: 6 }), (frames) => {
      const store = storeOf(captured(frames));
      const facts = new Facts(store);
      const [block] = store.recorder.blocks;
      for (const filter of filters) {
        for (let at = 0; at < frames.length; at++) {
          const quick = filter.quick(block, at, facts);
          if (quick === UNKNOWN) continue;
          assert.equal(quick === YES, filter.dissected(block, at, facts), `${filter.text}, packet ${at + 1}`);
        }
      }
      for (let at = 0; at < frames.length; at++) {
        const path = quickPath(store, block, at);
        if (path !== undefined) assert.equal(path, dissectedPath(store, block, at));
      }
    }),
    { numRuns: 150 },
  );
});

test("most packets of a run need no dissection for what is asked most", () => {
  const { store } = run(question, { delayMs: 5 });
  store.analyzeSome(never);
  const facts = new Facts(store);
  const [block] = store.recorder.blocks;
  for (const text of [
    "tcp.port == 7",
    "ip.addr == 10.0.0.1",
    "dns",
    "echo",
    "lost",
    "tcp.flags.syn == 1",
    "arp",
  ]) {
    const filter = compileFilter(text);
    for (let at = 0; at < store.length; at++) assert.notEqual(filter.quick(block, at, facts), UNKNOWN, text);
  }
});
