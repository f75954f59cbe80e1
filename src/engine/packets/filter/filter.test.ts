/** Filters: what they let through, what they say when they make no sense. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { Exchange } from "../../../dissect/testing/exchange.ts";
import { bulk, matchesOf, never, question, run, storeOf } from "../testing/stores.ts";
import { allFields, checkFilter, compileFilter, completeFilter, FilterError, fieldOf } from "./index.ts";
import { parseFilter } from "./parser.ts";

/** 1 to 3 open, 4 to 9 a dialogue, 10 to 12 close. */
const mail = storeOf(
  new Exchange(25)
    .open()
    .send("server", "220 hamburger.edu SMTP\r\n")
    .send("client", "HELO crepes.fr\r\n")
    .send("server", "250 hello\r\n")
    .send("client", "MAIL FROM:<alice@crepes.fr>\r\n")
    .send("server", "250 ok\r\n")
    .send("client", "RCPT TO:<bob@hamburger.edu>\r\n")
    .close().packets,
);

const known: readonly [string, readonly number[]][] = [
  ["", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
  ["smtp", [4, 5, 6, 7, 8, 9]],
  ["tcp and not smtp", [1, 2, 3, 10, 11, 12]],
  ["!smtp && tcp", [1, 2, 3, 10, 11, 12]],
  ["tcp.flags.syn == 1 and tcp.flags.ack == 0", [1]],
  ["tcp.flags.syn", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
  ["tcp.flags & 2", [1, 2]],
  ["tcp.port == 25 and frame.number in {2..3, 7}", [2, 3, 7]],
  ["tcp.dstport != 25", [2, 4, 6, 8, 11]],
  ["tcp.port != 25", []],
  ["tcp.port !== 25", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
  ["25 == tcp.dstport and 3 < frame.number", [5, 7, 9, 10, 12]],
  ["udp.port != 53", []],
  ['smtp contains "RCPT"', [9]],
  ['smtp.req.command matches "^(mail|rcpt)$"', [7, 9]],
  ['smtp.req.command matches "(?-i)^mail$"', []],
  ['smtp.req.command in {"HELO", MAIL}', [5, 7]],
  ["smtp.response.code == 250", [6, 8]],
  ['lower(smtp.req.parameter) contains "bob" or len(smtp.req.command) > 100', [9]],
  ["ip.addr == 10.1.0.0/24 and ip.dst == 10.1.0.25", [2, 4, 6, 8, 11]],
  ["ip.src == ip.dst", []],
  ["eth.src == 02-00-00-00-00-01 and tcp.len > 0", [5, 7, 9]],
  ["conversation == 1 and tcp.stream == 0 and application == smtp and tcp.seq == 1", [3, 4, 5]],
  ["alice", [7]],
  ["smtp ALICE", [7]],
  ['"rcpt to" "bob"', [9]],
  ['"crepes.fr"', [5, 7]],
  ["alice@crepes.fr", [7]],
  ["10.1.0.25 and smtp.req.command == MAIL", [7]],
  ["frame.time_relative > 15ms and frame.time_relative < 0.024", [3, 4]],
  ["tcp[13] == 2", [1]],
  ["tcp[0:2] == 00:19 or (tcp[13] & 0x01 and frame.len < 60)", [2, 4, 6, 8, 10, 11]],
  ["all tcp.port >= 25 and any tcp.port == 25", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
  ["tcp xor smtp", [1, 2, 3, 10, 11, 12]],
  ["count(tcp.port) == 2 and frame.number le 2", [1, 2]],
  ["lost or resent or problem", []],
];
for (const [filter, numbers] of known)
  test(`filter ${filter === "" ? "(empty)" : filter}`, () => {
    assert.deepEqual(matchesOf(mail, filter), numbers);
  });

test("hosts by name, what is lost, what is sent again", () => {
  const { store } = run((a, b) => bulk(a, b, 300_000), { delayMs: 5, loss: 0.05 }, 2);
  store.analyzeSome(never);
  const all = matchesOf(store, "");
  const lost = matchesOf(store, "lost");
  const resent = matchesOf(store, "resent");
  assert.ok(lost.length > 0 && resent.length > 0 && lost.length < all.length / 2);
  assert.deepEqual(matchesOf(store, 'lost.reason contains "lost on the link"'), lost);
  assert.deepEqual(matchesOf(store, "not lost").length, all.length - lost.length);
  assert.deepEqual(matchesOf(store, "tcp.analysis.retransmission and not resent"), []);
  const ip = matchesOf(store, "ip");
  assert.deepEqual(matchesOf(store, "ip and host == server.test"), ip);
  assert.deepEqual(matchesOf(store, 'ip.src == "client.test"'), matchesOf(store, "ip.src == 10.0.0.1"));
  assert.deepEqual(
    matchesOf(store, "ip and host.src == client.test"),
    matchesOf(store, "ip.src == 10.0.0.1"),
  );
});

test("times since the first packet, as in Wireshark, and since the start of the world", () => {
  const { packets } = new Exchange(25).open();
  const shifted = packets.map((packet) => ({ ...packet, timeNs: packet.timeNs + 7e9 }));
  const store = storeOf(shifted, { packetsMax: 2 });
  assert.equal(store.firstNumber, 2);
  assert.deepEqual(matchesOf(store, "frame.time_relative < 1"), [2, 3]);
  assert.deepEqual(
    matchesOf(store, "frame.time_relative == 0"),
    [],
    "the first of all, also when it is forgotten",
  );
  assert.deepEqual(matchesOf(store, "frame.time_virtual > 7 and frame.time_virtual < 8"), [2, 3]);
});

const wrong: readonly [string, RegExp, number][] = [
  ["tcp.prot == 25", /"tcp.prot" is no field; is tcp.port/, 0],
  ["smtp and tcp.flags.sin", /"tcp.flags.sin" is no field; is .*tcp.flags.syn/, 9],
  ["foo.bar", /^"foo.bar" is no field; a text stands in quotes, a host behind "host =="$/, 0],
  ["smtp and not pc.crepes.fr", /"pc.crepes.fr" is no field/, 13],
  ["dnss.qry.name", /"dnss.qry.name" is no field; is dns.qry.name meant\?/, 0],
  ["foo.bar == 3", /"foo.bar" is no field/, 0],
  ["tcp.port ==", /expected a value that tcp.port is compared with, not the end of the filter/, 11],
  ["tcp.port == abc", /"abc" is no number/, 12],
  ["tcp.port 25", /expected "and", "or" or the end, not "25"/, 9],
  ["(tcp or udp", /expected "\)"/, 11],
  ["tcp or", /expected a protocol, a field or a text, not the end/, 6],
  ["tcp)", /not "\)"/, 3],
  ["ip.addr == 10.1.0.0/40", /is no address/, 11],
  ["ip.src == 10.1.0", /"10.1.0" is no address/, 10],
  ['smtp contains "RCPT', /has no closing "/, 14],
  ['smtp matches "("', /no regular expression/, 13],
  ["tcp.flags.syn == maybe", /is 1 or 0/, 17],
  ["tcp.port in {}", /the set is empty/, 14],
  ["tcp.port in 25", /expected a set/, 12],
  ["tcp.port contains 2", /is a number/, 18],
  ["lost == 1", /is there or not/, 8],
  ["tcp & x", /a number behind "&"/, 6],
  ["eth.src == 02:00", /no MAC address/, 11],
  ["tcp[x] == 1", /a place/, 4],
  ["smtp § dns", /"§" has no meaning here/, 5],
  [`${"(".repeat(200)}tcp`, /nested too deeply/, 100],
  ["x".repeat(5000), /more than 4096 characters/, 4096],
];
for (const [filter, message, at] of wrong)
  test(`no filter: ${filter.slice(0, 40)}`, () => {
    assert.throws(
      () => compileFilter(filter),
      (error) => {
        assert.ok(error instanceof FilterError, String(error));
        assert.match(error.message, message);
        assert.equal(error.start, at);
        return true;
      },
    );
  });

test("a word that is nearly a protocol is looked for as text, with a hint", () => {
  assert.deepEqual(parseFilter("smpt").hints, ['"smpt" is looked for as text; is smtp meant?']);
  assert.deepEqual(parseFilter("alice").hints, []);
  assert.deepEqual(checkFilter(mail, "smpt", 4).hints?.length, 1);
  assert.deepEqual(checkFilter(mail, "tcp or", 6).error, {
    message: "expected a protocol, a field or a text, not the end of the filter",
    at: 6,
  });
});

test("whatever is written is a filter or a FilterError with a place in it", () => {
  const words = fc.constantFrom(
    ...[
      "tcp.port",
      "ip.addr",
      "smtp",
      "alice",
      "==",
      "!=",
      "(",
      ")",
      "and",
      "or",
      "not",
      "in",
      "{",
      "}",
      ",",
    ],
    ...[
      "10.1.0.0/24",
      "25",
      "0x19",
      "..",
      "[",
      "]",
      "0:2",
      "&",
      '"a\\x41"',
      "matches",
      "contains",
      "len",
      "all",
      "any",
    ],
    ...[
      "eth.src",
      "02:00:00:00:00:01",
      "frame.time_relative",
      "2ms",
      "'",
      '"',
      "host",
      "lost",
      "!",
      "~",
      "dns.qry.name",
    ],
  );
  const filter = fc.oneof(
    fc.string(),
    fc.array(words, { maxLength: 12 }).map((list) => list.join(" ")),
  );
  fc.assert(
    fc.property(filter, (text) => {
      try {
        const compiled = compileFilter(text);
        matchesOf(mail, text);
        assert.equal(compiled.text, text.trim());
      } catch (error) {
        assert.ok(error instanceof FilterError, String(error));
        assert.ok(error.start >= 0 && error.start <= text.length && error.end >= error.start, error.message);
        assert.ok(!/undefined|NaN|\[object/.test(error.message), error.message);
      }
      for (const cursor of [0, text.length]) completeFilter(text, cursor);
    }),
    { numRuns: 600 },
  );
});

test("the catalogue has every field that a listed protocol's dissector notes", () => {
  const dissectors = new URL("../../../dissect/", import.meta.url);
  const missing: string[] = [];
  for (const folder of ["layers/", "applications/"]) {
    for (const file of readdirSync(new URL(folder, dissectors))) {
      if (!file.endsWith(".ts") || file.endsWith(".test.ts")) continue;
      const source = readFileSync(new URL(folder + file, dissectors), "utf8");
      for (const [, key] of source.matchAll(
        /(?:walk\.\w+\((?:[^"()]+, )?|\[)"([a-z0-9]+(?:\.[A-Za-z0-9_]+)+)", ?\n? *"[A-Z]/g,
      ))
        if (fieldOf(key) === undefined) missing.push(`${file}: ${key}`);
    }
  }
  assert.deepEqual(missing, []);
  assert.ok([...allFields()].length > 200);
});

test("completion: fields, then operators, then values", () => {
  const texts = (filter: string, store = mail): string[] =>
    completeFilter(filter, filter.length, store).completions.map(({ text }) => text);
  assert.ok(texts("").includes("smtp"));
  assert.deepEqual(texts("tcp.por").slice(0, 1), ["tcp.port"]);
  assert.deepEqual(texts("tcp.port ").slice(0, 2), ["==", "!="]);
  assert.ok(texts("tcp.port == ").includes("25"));
  assert.ok(texts("smtp and dns.qry.n")[0] === "dns.qry.name");
  assert.deepEqual(texts("tcp.flags.syn == "), ["1", "0"]);
  assert.deepEqual(texts("not tcp.prot")[0], "tcp.port");
  assert.ok(texts("tcp.port == 25 ").includes("and"));
  assert.deepEqual(texts('smtp contains "rc'), []);
  assert.equal(completeFilter("smtp and tcp.fl", 15).from, 9);
  const { store } = run(question);
  assert.deepEqual(
    texts("host == ", store).sort(),
    ["client.test", "lan", "server.test"].filter((name) =>
      store.interfaces.some(({ hostName }) => hostName === name),
    ),
  );
  assert.ok(texts("ip.addr == ", store).includes("10.0.0.1"));
});
