/** Labels, conversations and dialogues of connections written by hand. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { TcpFlag } from "../sim/wire/tcp.ts";
import { Analysis } from "./analysis.ts";
import { ConversationTable } from "./conversations.ts";
import { type Flow, flowOf } from "./flow.ts";
import { conversationsText, dialoguesOf, dialogueText, hierarchyOf, packetRows } from "./index.ts";
import { Exchange } from "./testing/exchange.ts";
import { CLIENT, captured, octets, SERVER, udpFrame } from "./testing/frames.ts";

const names = new Map([
  [CLIENT, "crepes.fr"],
  [SERVER, "mail.hamburger.edu"],
]);

function labels(exchange: Exchange): string[][] {
  const analysis = new Analysis();
  return exchange.packets.map((packet) => [...(analysis.handle(packet).context.tcp?.labels ?? [])]);
}

function smtp(): Exchange {
  const exchange = new Exchange(25).open();
  exchange.send("server", "220 hamburger.edu ESMTP\r\n").send("client", "HELO crepes.fr\r\n");
  exchange.send("server", "250 Hello crepes.fr, pleased to meet you\r\n").send("client", "DATA\r\n");
  exchange.send("server", "354 End data with <CR><LF>.<CR><LF>\r\n");
  exchange.send("client", "Do you like ket").send("client", "chup?\r\nHow about pickles?\r\n.\r\n");
  exchange.send("server", "250 Message accepted for delivery\r\n").send("client", "QUIT\r\n");
  return exchange.send("server", "221 hamburger.edu closing connection\r\n").close();
}

test("a clean connection has no labels, relative numbers and the scaled window", () => {
  const exchange = smtp();
  assert.deepEqual(labels(exchange).flat(), []);
  const infos = [...packetRows(exchange.packets)].map(({ info }) => info);
  assert.equal(infos[0], "49152 → 25 [SYN] Seq=0 Win=502 Len=0 MSS=1460 WS=128 SACK_PERM");
  assert.equal(infos[2], "49152 → 25 [ACK] Seq=1 Ack=1 Win=64256 Len=0");
  assert.ok(infos.includes("C: message content, 15 octets"));
  assert.ok(infos.includes("C: QUIT"), "behind the dot the lines are commands again");
});

test("the dialogue of the textbook, with its times", () => {
  const [dialogue] = dialoguesOf(smtp().packets);
  const text = dialogueText(dialogue, names);
  assert.equal(
    text,
    `crepes.fr 10.1.0.25:49152 -> mail.hamburger.edu 10.2.0.25:25, smtp
    0.022000 s  -- connected by a handshake of 22 ms
    0.023000 s  S: 220 hamburger.edu ESMTP
    0.024000 s  C: HELO crepes.fr
    0.025000 s  S: 250 Hello crepes.fr, pleased to meet you
    0.026000 s  C: DATA
    0.027000 s  S: 354 End data with <CR><LF>.<CR><LF>
    0.029000 s  C: Do you like ketchup?
    0.029000 s  C: How about pickles?
    0.029000 s  C: .
    0.030000 s  S: 250 Message accepted for delivery
    0.031000 s  C: QUIT
    0.032000 s  S: 221 hamburger.edu closing connection
    0.033000 s  -- closed by the client
    0.034000 s  -- closed by the server too
`,
  );
});

test("too many lines are counted, not kept", () => {
  const [dialogue] = dialoguesOf(smtp().packets, { linesMax: 4 });
  assert.equal(dialogue.omittedCount, 8);
  assert.match(dialogueText(dialogue), /-- 8 more lines\n$/);
});

test("retransmissions: by timer, fast, and what was acknowledged already", () => {
  const exchange = new Exchange(9999).open();
  const lost = exchange.next("client");
  for (let i = 0; i < 5; i++) exchange.send("client", "x".repeat(100));
  for (let i = 0; i < 3; i++) exchange.ack("server", { acknowledgment: lost });
  exchange.segment("client", "x".repeat(100), { flags: TcpFlag.acknowledgment, sequence: lost });
  exchange.ack("server").wait(1000);
  exchange.segment("client", "x".repeat(100), { flags: TcpFlag.acknowledgment, sequence: lost });
  const last = exchange.next("client");
  exchange.send("client", "y".repeat(100)).wait(1000);
  exchange.segment("client", "y".repeat(100), { flags: TcpFlag.acknowledgment, sequence: last });
  assert.deepEqual(
    labels(exchange).filter((list) => list.length > 0),
    [
      ["TCP Dup ACK 2#1"],
      ["TCP Dup ACK 2#2"],
      ["TCP Dup ACK 2#3"],
      ["TCP Fast Retransmission"],
      ["TCP Spurious Retransmission"],
      ["TCP Retransmission"],
    ],
  );
});

test("out of order, a missing segment, a full window, a closed one and its probe, keep-alive", () => {
  const exchange = new Exchange(9999).open({ maximumSegmentSize: 1460 });
  const first = exchange.next("client");
  exchange.segment("client", "b".repeat(10), { flags: TcpFlag.acknowledgment, sequence: first + 10 });
  exchange.segment("client", "a".repeat(10), { flags: TcpFlag.acknowledgment });
  exchange
    .segment("client", "b".repeat(10), { flags: TcpFlag.acknowledgment, sequence: first + 10 })
    .wait(500);
  assert.deepEqual(labels(exchange).slice(3, 5), [
    ["TCP Previous segment not captured"],
    ["TCP Out-Of-Order"],
  ]);

  const slow = new Exchange(9998).open({ maximumSegmentSize: 1460 });
  slow.ack("server", { window: 100 }).send("client", "z".repeat(100)).ack("server", { window: 0 }).wait(500);
  const probe = slow.next("client");
  slow
    .segment("client", "p", { flags: TcpFlag.acknowledgment, sequence: probe })
    .ack("server", { window: 0 });
  slow.ack("server", { window: 502 }).wait(60_000);
  slow.segment("client", "", { flags: TcpFlag.acknowledgment, sequence: slow.next("client") - 1 });
  slow.ack("server", { window: 502 });
  assert.deepEqual(labels(slow).slice(4), [
    ["TCP Window Full"],
    ["TCP ZeroWindow"],
    ["TCP ZeroWindowProbe"],
    ["TCP ZeroWindowProbeAck", "TCP ZeroWindow"],
    ["TCP Window Update"],
    ["TCP Keep-Alive"],
    ["TCP Keep-Alive ACK"],
  ]);
});

test("a dialogue does not show what the network did: repeated, late and lost segments", () => {
  const exchange = new Exchange(110).open();
  exchange.send("server", "+OK POP3 ready\r\n");
  const at = exchange.next("client");
  const ack = { flags: TcpFlag.acknowledgment };
  exchange.segment("client", "bob\r\n", { ...ack, sequence: at + 5 });
  exchange.segment("client", "USER ", { ...ack, sequence: at }).segment("client", "USER bob\r\n", ack);
  const gone = exchange.next("server");
  exchange.segment("server", "lost\r\n", ack);
  exchange.packets.pop();
  assert.notEqual(exchange.next("server"), gone);
  exchange.send("server", "+OK maildrop\r\n");
  const lines = dialoguesOf(exchange.packets)[0].lines.map(({ from, text }) => `${from}: ${text}`);
  assert.deepEqual(lines.slice(1), [
    "server: +OK POP3 ready",
    "client: USER bob",
    "note: 6 octets from the server are not in the capture",
    "server: +OK maildrop",
  ]);
});

test("refused, reset, and the same two ports again", () => {
  const refused = new Exchange(25);
  refused.segment("client", "", { flags: TcpFlag.synchronize });
  refused.segment("server", "", { flags: TcpFlag.reset | TcpFlag.acknowledgment });
  assert.deepEqual(dialoguesOf(refused.packets), [], "no data, no dialogue");

  const twice = new Exchange(25).open().send("server", "220 one\r\n");
  const again = new Exchange(25).wait(5000);
  again.segment("client", "", { flags: TcpFlag.synchronize, sequence: 77 });
  again.segment("server", "220 two\r\n", { flags: TcpFlag.acknowledgment, sequence: 99 });
  again.segment("server", "", { flags: TcpFlag.reset | TcpFlag.acknowledgment });
  const dialogues = dialoguesOf([...twice.packets, ...again.packets]);
  assert.equal(dialogues.length, 2);
  assert.deepEqual(
    dialogues.map(({ conversation }) => conversation.stream),
    [0, 1],
  );
  assert.equal(dialogues[1].lines[0].text, "220 two");
});

test("the table of conversations is bounded: the oldest are forgotten, numbers go on", () => {
  const table = new ConversationTable(10);
  const frames = Array.from({ length: 25 }, (_, i) => udpFrame(CLIENT, 40_000 + i, SERVER, 53, octets("?")));
  for (const packet of captured(frames)) table.add(packet, flowOf(packet.bytes) as Flow);
  assert.deepEqual(
    table.conversations.map(({ stream }) => stream),
    Array.from({ length: 10 }, (_, i) => i + 15),
  );
});

test("a protocol on another port is recognized by what it says", () => {
  const exchange = new Exchange(2525).open();
  exchange.send("server", "220 hamburger.edu ESMTP ready\r\n").send("client", "QUIT\r\n");
  const protocols = [...packetRows(exchange.packets)].map(({ protocol }) => protocol);
  assert.deepEqual(protocols, ["TCP", "TCP", "TCP", "SMTP", "SMTP"]);
});

test("DNS over UDP: one line per message; conversations count both ways", () => {
  const query = Uint8Array.of(0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1);
  const answer = query.slice();
  answer[2] = 0x81;
  answer[3] = 0x83;
  const packets = captured([
    udpFrame(CLIENT, 5353, SERVER, 53, query),
    udpFrame(SERVER, 53, CLIENT, 5353, answer),
  ]);
  assert.equal(
    dialogueText(dialoguesOf(packets)[0], names),
    `crepes.fr 10.1.0.25:5353 -> mail.hamburger.edu 10.2.0.25:53, dns
    0.000000 s  C: Standard query 0x0001 NS .
    0.001000 s  S: Standard query response 0x0001 No such name NS .
`,
  );
  const analysis = new Analysis();
  for (const packet of packets) analysis.handle(packet);
  const [conversation] = analysis.conversations;
  assert.deepEqual(
    [conversation.toServer, conversation.toClient],
    [
      { packets: 1, octets: 59 },
      { packets: 1, octets: 59 },
    ],
  );
  assert.match(
    conversationsText(analysis.conversations, names),
    /crepes.fr 10.1.0.25:5353 .* 472000 +472000\n$/,
  );
});

test("binary data are counted, not printed", () => {
  const packets = captured([udpFrame(CLIENT, 5000, SERVER, 7, octets("\x00\x01\x02\xff\xfe"))]);
  assert.equal(dialoguesOf(packets)[0].lines[0].text, "(5 octets of binary data)");
});

test("whatever the order, the losses and the damage: rows, dialogues and figures come out", () => {
  const packets = [...smtp().packets, ...new Exchange(110).open().send("server", "+OK\r\n").close().packets];
  const some = fc.shuffledSubarray(packets, { minLength: 1 });
  const damage = fc.array(fc.tuple(fc.nat(40), fc.nat(110), fc.nat(255)), { maxLength: 8 });
  fc.assert(
    fc.property(some, damage, (list, changes) => {
      const frames = list.map(({ bytes }) => bytes.slice());
      for (const [i, at, value] of changes) if (at < (frames[i]?.length ?? 0)) frames[i][at] = value;
      const damaged = captured(frames);
      assert.equal([...packetRows(damaged)].length, frames.length);
      for (const dialogue of dialoguesOf(damaged)) assert.ok(dialogueText(dialogue).endsWith("\n"));
      assert.equal(hierarchyOf(damaged)[0].packets, frames.length);
    }),
    { numRuns: 100 },
  );
});

test("any segmentation, order and repetition of a dialogue gives the same lines", () => {
  const text = "EHLO a\r\nMAIL FROM:<b@c.d>\r\nRCPT TO:<e@f.g>\r\nRSET\r\nQUIT\r\n";
  const cuts = fc.array(fc.nat(text.length), { maxLength: 12 });
  fc.assert(
    fc.property(cuts, fc.array(fc.nat(30), { maxLength: 10 }), fc.integer(), (places, again, shuffle) => {
      const exchange = new Exchange(25).open();
      const start = exchange.next("client");
      const bounds = [...new Set([0, ...places, text.length])].sort((a, b) => a - b);
      const pieces = bounds.slice(1).map((end, i) => [bounds[i], end]);
      const order = [...pieces, ...again.map((i) => pieces[i % pieces.length])];
      order.sort((a, b) => ((a[0] * 7919 + shuffle) % 101) - ((b[0] * 7919 + shuffle) % 101));
      for (const [from, end] of order) {
        const header = { flags: TcpFlag.acknowledgment, sequence: (start + from) % 2 ** 32 };
        exchange.segment("client", text.slice(from, end), header);
      }
      const [{ lines }] = dialoguesOf(exchange.packets);
      const said = lines.filter(({ from }) => from === "client").map((line) => line.text);
      assert.deepEqual(said, text.trimEnd().split("\r\n"));
    }),
    { numRuns: 100 },
  );
});
