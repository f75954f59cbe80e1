import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Schema } from "./schema-check.ts";
import {
  formatTime,
  matchesPattern,
  parseBandwidth,
  parseDuration,
  parseHostPort,
  parseInterfaceAddress,
  parseListen,
  parsePattern,
  parsePercentage,
  shapes,
} from "./units.ts";

test("durations", () => {
  assert.equal(parseDuration("10 ms"), 10);
  assert.equal(parseDuration("1.5 s"), 1500);
  assert.equal(parseDuration("2min"), 120_000);
  assert.equal(parseDuration("1 h"), 3_600_000);
  assert.equal(parseDuration("250 us"), 0.25);
  for (const wrong of ["", "10", "ms", "-1 s", "1 S", "1  s", "1 s ", "1e3 ms", "1 toString", "1. s"]) {
    assert.equal(parseDuration(wrong), undefined, wrong);
  }
});

test("bandwidths", () => {
  assert.equal(parseBandwidth("100 Mbit/s"), 100e6);
  assert.equal(parseBandwidth("64 kbit/s"), 64_000);
  assert.equal(parseBandwidth("1 Gbit/s"), 1e9);
  assert.equal(parseBandwidth("9600 bit/s"), 9600);
  assert.equal(parseBandwidth("100 Mb"), undefined);
  assert.equal(parseBandwidth("0 bit/s"), undefined);
});

test("percentages", () => {
  assert.equal(parsePercentage("0.5 %"), 0.005);
  assert.equal(parsePercentage("100%"), 1);
  assert.equal(parsePercentage("101 %"), undefined);
  assert.equal(parsePercentage("1"), undefined);
});

test("interface addresses know their network", () => {
  const address = parseInterfaceAddress("10.1.130.5/17");
  assert.equal(address?.network, "10.1.128.0/17");
  assert.equal(parseInterfaceAddress("2001:DB8::7/64")?.address, "2001:db8::7");
  assert.equal(parseInterfaceAddress("2001:db8:0:1:2::7/64")?.network, "2001:db8:0:1::/64");
  assert.equal(parseInterfaceAddress("10.0.0.0/8")?.isFirst, true);
  assert.equal(parseInterfaceAddress("10.255.255.255/8")?.isLast, true);
  for (const wrong of [
    "10.0.0.1",
    "10.0.0.1/33",
    "10.0.0.1/0",
    "10.0.0/8",
    "::1/129",
    "/8",
    "10.0.0.1/8/8",
  ]) {
    assert.equal(parseInterfaceAddress(wrong), undefined, wrong);
  }
});

test("places to listen, and hosts with ports", () => {
  assert.deepEqual(parseListen(2525), { address: "127.0.0.1", port: 2525 });
  assert.deepEqual(parseListen("0.0.0.0:80"), { address: "0.0.0.0", port: 80 });
  assert.deepEqual(parseListen("[::1]:80"), { address: "::1", port: 80 });
  for (const wrong of ["70000", "::1:80", "1.2.3:80", "localhost:80", "[1.2.3.4]:80", -1, 1.5]) {
    assert.equal(parseListen(wrong), undefined, String(wrong));
  }
  assert.deepEqual(parseHostPort("mail.crepes.fr:25"), { host: "mail.crepes.fr", port: 25 });
  for (const wrong of ["mail:0", "mail:65536", "mail", ":25", "a:b:25"])
    assert.equal(parseHostPort(wrong), undefined);
});

test("patterns are a part of the text or a regular expression", () => {
  assert.deepEqual(parsePattern("a.b"), { contains: "a.b" });
  assert.equal(matchesPattern({ contains: "a.b" }, "xa.by"), true);
  assert.equal(matchesPattern({ contains: "a.b" }, "xaxby"), false);
  assert.equal(matchesPattern(parsePattern("/^b.c$/"), "a\nbxc\nd"), true);
  assert.equal(parsePattern("/(/"), undefined);
  assert.equal(matchesPattern(undefined, "anything"), true);
});

test("times for people", () => {
  assert.equal(formatTime(0), "0 ns");
  assert.equal(formatTime(1_500), "1.5 us");
  assert.equal(formatTime(12_034_000), "12.034 ms");
  assert.equal(formatTime(61_250_000_000), "61.25 s");
});

test("what a shape of the schema accepts, its reader reads, and the other way round", () => {
  const readers = { duration: parseDuration, bandwidth: parseBandwidth } as const;
  const unit = fc.constantFrom("ms", "s", "min", "h", "us", "ns", "kbit/s", "Mbit/s", "%", "m", "");
  const number = fc.oneof(
    fc.nat().map(String),
    fc.float({ noNaN: true }).map(String),
    fc.string({ maxLength: 4 }),
  );
  const text = fc.tuple(number, fc.constantFrom("", " ", "  "), unit).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (value) => {
      for (const name of ["duration", "bandwidth"] as const) {
        const pattern = new RegExp((shapes[name] as Schema).pattern ?? "", "u");
        assert.equal(readers[name](value) !== undefined, pattern.test(value), `${name} ${value}`);
      }
    }),
  );
});
