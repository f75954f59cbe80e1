/** Each protocol from its octets: fields, line of info, problems; and what holds for any octets at all. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeHex } from "../bytes/index.ts";
import { emitNeighbour } from "../sim/wire/index.ts";
import { dissect, dissectionText, type Field, type PacketContext } from "./index.ts";
import { assertCovers } from "./testing/cover.ts";
import {
  addressOctets,
  arpFrame,
  CLIENT,
  CLIENT6,
  icmpFrame,
  ipFrame,
  octets,
  SERVER,
  SERVER6,
  tcpFrame,
  udpFrame,
} from "./testing/frames.ts";

/** All fields by key, the first of each. */
function fieldsOf(frame: Uint8Array, context?: PacketContext): Map<string, Field> {
  const found = new Map<string, Field>();
  const visit = (fields: readonly Field[]): void => {
    for (const field of fields) {
      if (!found.has(field.key)) found.set(field.key, field);
      visit(field.children ?? []);
    }
  };
  const dissection = dissect(frame, context);
  assertCovers(dissection, frame.length);
  for (const layer of dissection.layers) visit(layer.fields);
  return found;
}

function hex(text: string): Uint8Array {
  return decodeHex(text.replaceAll(/\s/g, "")) as Uint8Array;
}

test("an ARP request, octet by octet", () => {
  const frame = hex(
    "ffffffffffff 020000000001 0806  0001 0800 06 04 0001  020000000001 0a010019  000000000000 0a010001",
  );
  const dissection = dissect(frame);
  assert.equal(dissection.protocol, "ARP");
  assert.equal(dissection.source, "02:00:00:00:00:01");
  assert.equal(dissection.destination, "ff:ff:ff:ff:ff:ff");
  assert.equal(dissection.info, "Who has 10.1.0.1? Tell 10.1.0.25");
  assert.deepEqual(dissection.problems, []);
  const { start, end, value, reference } = fieldsOf(frame).get("arp.src.proto_ipv4") as Field;
  assert.deepEqual([start, end, value, reference], [28, 32, "10.1.0.25", "RFC 826, packet format"]);
});

test("ARP answers, announcements and probes read as such; the padding is a layer of its own", () => {
  const reply = arpFrame(2);
  assert.equal(dissect(reply).info, "10.1.0.25 is at 02:00:00:00:00:01");
  const padded = new Uint8Array(60);
  padded.set(reply);
  const dissection = dissect(padded);
  assertCovers(dissection, 60);
  assert.deepEqual(
    dissection.layers.map(({ protocol, start, end }) => [protocol, start, end]),
    [
      ["eth", 0, 14],
      ["arp", 14, 42],
      ["eth.padding", 42, 60],
    ],
  );
});

test("a SYN with its options", () => {
  const frame = tcpFrame(CLIENT, SERVER, {
    ...{ sourcePort: 49152, destinationPort: 25, sequence: 1000, flags: 2, window: 64240 },
    ...{ maximumSegmentSize: 1460, windowScale: 7, sackPermitted: true },
    ...{ hasTimestamps: true, timestampValue: 5, timestampEcho: 0 },
  });
  const dissection = dissect(frame);
  assert.deepEqual(dissection.problems, []);
  assert.match(dissection.info, /^49152 → 25 \[SYN\] Seq=1000 Win=64240 Len=0 /);
  for (const part of ["MSS=1460", "WS=128", "SACK_PERM", "TSval=5 TSecr=0"])
    assert.ok(dissection.info.includes(part));
  const fields = fieldsOf(frame);
  assert.equal(fields.get("tcp.options.mss_val")?.value, "1460");
  assert.equal(fields.get("tcp.flags")?.value, "0x0002");
  assert.equal(fields.get("tcp.flags")?.note, "SYN");
  assert.equal(fields.get("tcp.flags.syn")?.value, "1");
  assert.equal(fields.get("tcp.checksum")?.note, "correct");
});

test("relative numbers, the scaled window and the labels come with the context", () => {
  const segment = {
    sourcePort: 25,
    destinationPort: 49152,
    sequence: 3,
    acknowledgment: 7,
    flags: 0x10,
    window: 502,
  };
  const frame = tcpFrame(SERVER, CLIENT, segment);
  const tcp = {
    sequenceBase: 0xffff_fffe,
    acknowledgmentBase: 6,
    windowShift: 7,
    labels: ["TCP Window Update"],
  };
  const { info, layers } = dissect(frame, { tcp });
  assert.equal(
    layers[2].title,
    "Transmission Control Protocol, Src Port: 25, Dst Port: 49152, [ACK] (TCP Window Update)",
  );
  assert.equal(info, "[TCP Window Update] 25 → 49152 [ACK] Seq=5 Ack=1 Win=64256 Len=0");
});

test("SACK blocks are relative to the other direction", () => {
  const sackEdges = new Int32Array(8);
  sackEdges.set([2000, 3000, 5000, 6000]);
  const header = {
    sourcePort: 25,
    destinationPort: 49152,
    acknowledgment: 1500,
    flags: 0x10,
    sackCount: 2,
    sackEdges,
  };
  const frame = tcpFrame(SERVER, CLIENT, header);
  const tcp = { sequenceBase: 0, acknowledgmentBase: 1000, windowShift: 0, labels: [] };
  assert.match(dissect(frame, { tcp }).info, /SLE=1000 SRE=2000 SLE=4000 SRE=5000$/);
  assertCovers(dissect(frame), frame.length);
});

test("a wrong checksum is flagged, with the right one", () => {
  for (const [at, problem] of [
    [24, /^ip: Header checksum: bad checksum 0x[0-9a-f]{4}, should be 0x[0-9a-f]{4}$/],
    [40, /^udp: Checksum: bad checksum/],
  ] as const) {
    const frame = udpFrame(CLIENT, 4000, SERVER, 9999, octets("hello"));
    const right = (frame[at] << 8) | frame[at + 1];
    frame[at] ^= 0x55;
    const { problems } = dissect(frame);
    assert.equal(problems.length, 1);
    assert.match(problems[0], problem);
    assert.ok(
      problems[0].endsWith(right.toString(16).padStart(4, "0")),
      `${problems[0]} names ${right.toString(16)}`,
    );
  }
});

test("UDP over IPv6, an unknown port: the data are data", () => {
  const frame = udpFrame(CLIENT6, 4000, SERVER6, 9999, octets("hello"));
  const dissection = dissect(frame);
  assert.deepEqual(dissection.problems, []);
  assert.equal(dissection.info, "4000 → 9999 Len=5");
  assert.deepEqual(
    dissection.layers.map(({ protocol }) => protocol),
    ["eth", "ipv6", "udp", "data"],
  );
  assertCovers(dissection, frame.length);
});

test("a DNS query and its answer, names compressed", () => {
  const question = "09 68616d627572676572 03 656475 00  000f 0001";
  const query = udpFrame(CLIENT, 53535, SERVER, 53, hex(`1a2b 0100 0001 0000 0000 0000 ${question}`));
  assert.equal(dissect(query).info, "Standard query 0x1a2b MX hamburger.edu");
  const answer = hex(
    `1a2b 8580 0001 0001 0000 0001 ${question}
     c00c 000f 0001 00000e10 0009 000a 04 6d61696c c00c
     c02d 0001 0001 00000e10 0004 0a020019`,
  );
  const frame = udpFrame(SERVER, 53, CLIENT, 53535, answer);
  const dissection = dissect(frame);
  assert.deepEqual(dissection.problems, []);
  assert.equal(
    dissection.info,
    "Standard query response 0x1a2b MX hamburger.edu MX 10 mail.hamburger.edu A 10.2.0.25",
  );
  const fields = fieldsOf(frame);
  assert.equal(fields.get("dns.qry.name")?.value, "hamburger.edu");
  assert.equal(fields.get("dns.mx.preference")?.value, "10");
  assert.equal(fields.get("dns.mx.exchange")?.value, "mail.hamburger.edu.");
  const exchange = fields.get("dns.mx.exchange") as Field;
  // Ethernet 14, IPv4 20, UDP 8, header 12, question 19, then name, type, class, TTL, length, preference: 14.
  assert.deepEqual([exchange.start, exchange.end], [87, 94]);
});

test("several DNS messages in one TCP segment, and one that is cut", () => {
  const message = "0010  1a2b 0100 0001 0000 0000 0000 00 0002 0001".replaceAll(" ", "");
  const length = (message.length / 2 - 2).toString(16).padStart(4, "0");
  const whole = length + message.slice(4);
  const frame = tcpFrame(
    CLIENT,
    SERVER,
    { sourcePort: 50000, destinationPort: 53, flags: 0x18 },
    hex(whole + whole),
  );
  assert.equal(dissect(frame).layers.filter(({ protocol }) => protocol === "dns").length, 2);
  assertCovers(dissect(frame), frame.length);
  const cut = tcpFrame(
    CLIENT,
    SERVER,
    { sourcePort: 50000, destinationPort: 53, flags: 0x18 },
    hex("0100aabb"),
  );
  assert.equal(dissect(cut).info, "part of a message of 256 octets");
  assertCovers(dissect(cut), cut.length);
});

test("SMTP commands and replies", () => {
  const command = octets("MAIL FROM: <alice@crepes.fr>\r\n");
  const header = { sourcePort: 49152, destinationPort: 25, flags: 0x18 };
  const sent = tcpFrame(CLIENT, SERVER, header, command);
  assert.equal(dissect(sent).protocol, "SMTP");
  assert.equal(dissect(sent).info, "C: MAIL FROM: <alice@crepes.fr>");
  const verb = fieldsOf(sent).get("smtp.req.command") as Field;
  assert.deepEqual(
    [verb.value, verb.start, verb.end, verb.reference],
    ["MAIL", 54, 58, "RFC 5321 section 4.1.1.2"],
  );
  const reply = octets("250-mail.hamburger.edu\r\n250 SIZE 1000\r\n354 go\r\n");
  const back = tcpFrame(SERVER, CLIENT, { sourcePort: 25, destinationPort: 49152, flags: 0x18 }, reply);
  assert.equal(dissect(back).info, "S: 250-mail.hamburger.edu | SIZE 1000 | 354 go");
  assert.equal(fieldsOf(back).get("smtp.response.code")?.value, "250");
  const content = { application: "smtp", fromClient: true, state: "message content" };
  assert.equal(dissect(sent, content).info, "C: message content, 30 octets");
});

test("POP3 and echo", () => {
  const flags = 0x18;
  const list = tcpFrame(
    CLIENT,
    SERVER,
    { sourcePort: 49152, destinationPort: 110, flags },
    octets("LIST\r\n"),
  );
  assert.equal(dissect(list).info, "C: LIST");
  const scan = tcpFrame(
    SERVER,
    CLIENT,
    { sourcePort: 110, destinationPort: 49152, flags },
    octets("+OK 1\r\n1 120\r\n.\r\n"),
  );
  assert.equal(dissect(scan).info, "S: +OK 1");
  assertCovers(dissect(scan), scan.length);
  const echo = udpFrame(CLIENT, 49152, SERVER, 7, octets("hello"));
  assert.deepEqual([dissect(echo).protocol, dissect(echo).info], ["ECHO", "Request: hello"]);
});

test("IMAP: tags, commands, responses; literals are no lines", () => {
  const imapFrame = (fromClient: boolean, text: string): Uint8Array => {
    const [sourcePort, destinationPort] = fromClient ? [49152, 143] : [143, 49152];
    const [from, to] = fromClient ? [CLIENT, SERVER] : [SERVER, CLIENT];
    return tcpFrame(from, to, { sourcePort, destinationPort, flags: 0x18 }, octets(text));
  };
  const fetch = imapFrame(true, "a1 UID FETCH 1 BODY[]\r\n");
  assert.equal(dissect(fetch).info, "C: a1 UID FETCH 1 BODY[]");
  const fields = fieldsOf(fetch);
  assert.equal(fields.get("imap.request_tag")?.value, "a1");
  assert.equal(fields.get("imap.request.command.uid")?.value, "1");
  assert.equal(fields.get("imap.request.command")?.value, "FETCH");
  assertCovers(dissect(fetch), fetch.length);
  const data = imapFrame(false, "* 1 FETCH (BODY[] {5}\r\n* OK\n)\r\na1 OK fetched\r\n");
  assert.equal(dissect(data).info, "S: * 1 FETCH (BODY[] {5} | ) | a1 OK fetched");
  assert.equal(fieldsOf(data).get("imap.literal")?.value, "* OK\n");
  assert.equal(fieldsOf(data).get("imap.response.status")?.value, "OK");
  assertCovers(dissect(data), data.length);
  const context = { application: "imap", fromClient: false, state: "3 octets of a literal" };
  assert.equal(dissect(imapFrame(false, "abc)\r\n"), context).info, "S: literal, 3 octets | )");
});

test("ICMP echo, and an error that quotes a packet", () => {
  const ping = icmpFrame(CLIENT, SERVER, { type: 8, code: 0, rest: 0x0001_0005 }, octets("abcdefgh"));
  assert.equal(dissect(ping).info, "Echo (ping) request id=0x0001, seq=5, ttl=64");
  assert.deepEqual(dissect(ping).problems, []);
  const original = tcpFrame(CLIENT, SERVER, { sourcePort: 49152, destinationPort: 25, flags: 2 }).subarray(
    14,
    42,
  );
  const error = icmpFrame(SERVER, CLIENT, { type: 3, code: 3, rest: 0 }, original);
  const dissection = dissect(error);
  assert.equal(dissection.info, "Destination unreachable (Port unreachable)");
  assert.deepEqual(dissection.problems, [], "the cut quotation is no problem");
  assertCovers(dissection, error.length);
  const text = dissectionText(dissection);
  assert.match(text, /Source port: 49152 \[62, 64\)/);
});

test("neighbour discovery", () => {
  const body = { router: false, solicited: false, override: false, target: addressOctets(SERVER6) };
  const solicitation = emitNeighbour({ type: 135, ...body, mac: 0x020000000001 });
  const asked = icmpFrame(
    CLIENT6,
    "ff02::1:ff00:25",
    { type: 135, code: 0, rest: 0 },
    solicitation.subarray(8),
  );
  assert.equal(dissect(asked).info, "Neighbor Solicitation for 2001:db8:2::25 from 02:00:00:00:00:01");
  assert.deepEqual(dissect(asked).problems, []);
  const advertisement = emitNeighbour({
    type: 136,
    ...body,
    solicited: true,
    override: true,
    mac: 0x020000000002,
  });
  const flags = { type: 136, code: 0, rest: 0x6000_0000 };
  const answered = icmpFrame(SERVER6, CLIENT6, flags, advertisement.subarray(8));
  assert.equal(
    dissect(answered).info,
    "Neighbor Advertisement 2001:db8:2::25 (sol, ovr) is at 02:00:00:00:00:02",
  );
  assertCovers(dissect(answered), answered.length);
});

test("fragments are shown as such, their data are not taken for a header", () => {
  const frame = udpFrame(CLIENT, 4000, SERVER, 53, octets("x".repeat(24)));
  frame[20] = 0x20;
  assert.match(dissect(frame).info, /^Fragmented IP protocol \(proto=UDP 17, off=0, ID=0007\)$/);
  assertCovers(dissect(frame), frame.length);
  const payload = hex("11 00 0009 0000002a 6162636465666768");
  const second = ipFrame(CLIENT6, SERVER6, 44, payload);
  assert.equal(dissect(second).info, "IPv6 fragment (off=8 more=y ident=0x0000002a nxt=17)");
  assertCovers(dissect(second), second.length);
});

test("IPv6 extension headers lead to what they precede", () => {
  const udp = udpFrame(CLIENT6, 4000, SERVER6, 9999, octets("hi")).subarray(54);
  const options = hex("11 00 01 04 00000000");
  const payload = new Uint8Array(options.length + udp.length);
  payload.set(options);
  payload.set(udp, options.length);
  const frame = ipFrame(CLIENT6, SERVER6, 60, payload);
  assert.deepEqual(dissect(frame).problems, []);
  assert.deepEqual(
    dissect(frame).layers.map(({ protocol }) => protocol),
    ["eth", "ipv6", "ipv6.opts", "udp", "data"],
  );
  assertCovers(dissect(frame), frame.length);
});

test("a malformed layer says where, and keeps what was understood", () => {
  const frame = tcpFrame(CLIENT, SERVER, { sourcePort: 49152, destinationPort: 25, flags: 2 });
  frame[46] = 0x20;
  const dissection = dissect(frame);
  assert.deepEqual(dissection.layers[2].malformed, {
    offset: 46,
    problem: "tcp at octet 46: a header of 2 words is too short",
  });
  assert.match(dissection.info, /\[Malformed packet: Transmission Control Protocol\]$/);
  assert.match(dissectionText(dissection), /malformed: .* \*\*\* tcp at octet 46/);
  assertCovers(dissection, frame.length);
});

test("every frame, whole, cut or changed, is covered and never throws", () => {
  const samples = [
    arpFrame(1),
    tcpFrame(CLIENT, SERVER, {
      ...{ sourcePort: 49152, destinationPort: 25, flags: 2, maximumSegmentSize: 1460, windowScale: 7 },
      ...{ sackPermitted: true, hasTimestamps: true },
    }),
    tcpFrame(
      CLIENT6,
      SERVER6,
      { sourcePort: 49152, destinationPort: 110, flags: 0x18 },
      octets("USER bob\r\n"),
    ),
    tcpFrame(SERVER, CLIENT, { sourcePort: 25, destinationPort: 49152, flags: 0x18 }, octets("250 ok\r\n")),
    udpFrame(
      ...([CLIENT, 53535, SERVER, 53] as const),
      hex(
        "1a2b 8580 0001 0001 0000 0001 0365647500 000f 0001 c00c 000f 0001 00000e10 0005 " +
          "000a 0161 c00c 00 0029 04d0 00000000 0000",
      ),
    ),
    icmpFrame(
      SERVER,
      CLIENT,
      { type: 3, code: 4, rest: 1400 },
      tcpFrame(CLIENT, SERVER, {}).subarray(14, 42),
    ),
    icmpFrame(
      SERVER6,
      CLIENT6,
      { type: 2, code: 0, rest: 1280 },
      tcpFrame(CLIENT6, SERVER6, {}).subarray(14),
    ),
    icmpFrame(CLIENT6, SERVER6, { type: 134, code: 0, rest: 0 }, new Uint8Array(24)),
    ipFrame(CLIENT6, SERVER6, 43, hex("3b 02 00 01 00000000 20010db8000000000000000000000001")),
  ];
  const changes = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 4 });
  fc.assert(
    fc.property(fc.constantFrom(...samples), changes, fc.nat(100), (sample, list, cut) => {
      const frame = sample.slice(0, Math.max(0, sample.length - (cut > 60 ? cut - 60 : 0)));
      for (const [at, value] of list) if (at < frame.length) frame[at] = value;
      assertCovers(dissect(frame), frame.length);
      dissectionText(dissect(frame));
    }),
    { numRuns: 1500 },
  );
});

test("random octets are covered too, and a dissection goes through JSON unchanged", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom(0x0800, 0x86dd, 0x0806, 0x1234),
      (bytes, type) => {
        const frame = new Uint8Array(14 + bytes.length);
        frame.set(bytes, 14);
        frame.set([type >> 8, type & 0xff], 12);
        if (frame.length > 14) frame[14] = type === 0x0800 ? 0x45 : 0x60;
        const dissection = dissect(frame);
        assertCovers(dissection, frame.length);
        assert.deepEqual(JSON.parse(JSON.stringify(dissection)), dissection);
      },
    ),
    { numRuns: 500 },
  );
});
