/** HTTP on the machine's own sockets, and what needs no network: lines, framing, dates, targets, forms, cookies. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FormatError } from "../../bytes/index.ts";
import { LocalError } from "../../net/index.ts";
import { osHosts } from "../../os/testing/os-hosts.ts";
import {
  cookieValue,
  emitForm,
  emitRequestHead,
  emitSetCookie,
  emitStatusHead,
  formatHttpDate,
  HTTP_1_1,
  parseAuthority,
  parseFieldLine,
  parseForm,
  parseHttpDate,
  parseHttpUrl,
  parseRequestLine,
  parseStatusLine,
  parseTarget,
  percentDecode,
  percentEncode,
  resolveLocation,
  responseFraming,
} from "./index.ts";
import { httpSuite } from "./testing/http-suite.ts";

httpSuite("the operating system", osHosts);

test("start lines: what was written is read, anything else is a FormatError", () => {
  assert.deepEqual(parseRequestLine("GET /a?b HTTP/1.1"), {
    method: "GET",
    target: "/a?b",
    version: HTTP_1_1,
  });
  assert.deepEqual(parseStatusLine("HTTP/1.1 404"), { version: HTTP_1_1, status: 404, reason: "" });
  for (const line of [
    "",
    "GET",
    "GET /",
    "GET  / HTTP/1.1",
    "GET / HTTP/1.1 ",
    "GET /\t HTTP/1.1",
    "GET / http/1.1",
  ]) {
    assert.throws(() => parseRequestLine(line), FormatError, line);
  }
  const anything = fc.string({ unit: "binary-ascii", maxLength: 40 });
  fc.assert(
    fc.property(anything, (text) => {
      for (const parse of [parseRequestLine, parseStatusLine, parseFieldLine]) {
        try {
          parse(text);
        } catch (error) {
          assert.ok(error instanceof FormatError);
        }
      }
    }),
  );
});

test("what would break out of its line is not sent", () => {
  const line = { method: "GET", target: "/", version: HTTP_1_1 };
  assert.equal(emitRequestHead(line, [{ name: "Host", value: "a" }]), "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  for (const change of [
    { method: "GET /" },
    { method: "" },
    { target: "/ a" },
    { target: "" },
    { target: "/\r\n" },
  ])
    assert.throws(() => emitRequestHead({ ...line, ...change }, []), LocalError);
  for (const field of [
    { name: "a b", value: "" },
    { name: "", value: "" },
    { name: "a", value: "b\r\nSet-Cookie: c" },
  ]) {
    assert.throws(() => emitRequestHead(line, [field]), LocalError);
    assert.throws(() => emitStatusHead({ version: HTTP_1_1, status: 200, reason: "" }, [field]), LocalError);
  }
});

test("where a response ends", () => {
  const framing = (fields: string[], status = 200, method = "GET") =>
    responseFraming(method, status, fields.map(parseFieldLine));
  assert.deepEqual(framing([]), { kind: "until-end" });
  assert.deepEqual(framing(["Content-Length: 5"]), { kind: "length", length: 5 });
  assert.deepEqual(framing(["Content-Length: 5, 5", "content-length:5"]), { kind: "length", length: 5 });
  assert.deepEqual(framing(["Transfer-Encoding: Chunked"]), { kind: "chunked" });
  for (const status of [100, 204, 304])
    assert.deepEqual(framing(["Content-Length: 5"], status), { kind: "none" });
  assert.deepEqual(framing(["Content-Length: 5"], 200, "HEAD"), { kind: "none" });
  for (const fields of [
    ["Content-Length: 5, 6"],
    ["Content-Length: +5"],
    ["Content-Length: 5", "Transfer-Encoding: chunked"],
    ["Transfer-Encoding: gzip, chunked"],
    ["Transfer-Encoding: identity"],
    ["Transfer-Encoding:"],
  ]) {
    assert.throws(() => framing(fields), { code: "bad-response" }, fields.join());
  }
});

test("dates are those of the platform; the obsolete forms are read", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (seconds) => {
      const text = new Date(seconds * 1000).toUTCString();
      assert.equal(formatHttpDate(seconds * 1000), text);
      assert.equal(parseHttpDate(text, 0), seconds * 1000);
    }),
  );
  const nowMs = Date.UTC(2026, 0, 1);
  const instant = Date.UTC(1994, 10, 6, 8, 49, 37);
  assert.equal(parseHttpDate("Sunday, 06-Nov-94 08:49:37 GMT", nowMs), instant);
  assert.equal(parseHttpDate("Sun Nov  6 08:49:37 1994", nowMs), instant);
  assert.equal(parseHttpDate("Friday, 06-Nov-76 08:49:37 GMT", nowMs), Date.UTC(2076, 10, 6, 8, 49, 37));
  for (const text of [
    "",
    "Sun, 31 Feb 2026 00:00:00 GMT",
    "Sun, 06 Nov 1994 24:00:00 GMT",
    "Sun, 06 Nov 1994 08:49:37 CET",
  ])
    assert.throws(() => parseHttpDate(text, nowMs), FormatError, text);
});

test("targets and URLs", () => {
  assert.deepEqual(parseTarget("GET", "/a%20b?c?d"), { path: "/a%20b", query: "c?d", authority: undefined });
  assert.deepEqual(parseTarget("GET", "HTTP://www.x:81?q"), { path: "/", query: "q", authority: "www.x:81" });
  assert.deepEqual(parseTarget("OPTIONS", "*"), { path: "*", query: undefined, authority: undefined });
  for (const text of ["*", "a", "ftp://a/", "http://", "http:///x", "?q", "http://user@x/"])
    assert.throws(() => parseTarget("GET", text), FormatError, text);
  assert.deepEqual(parseAuthority("[2001:db8::1]:8080"), { host: "2001:db8::1", port: 8080 });
  for (const text of ["", "a b", "a:70000", "[1.2.3.4]", "a:b", "u@a", "a/b"])
    assert.equal(parseAuthority(text), undefined, text);
  assert.deepEqual(parseHttpUrl("www.crepes.fr/menü 1#top"), {
    host: "www.crepes.fr",
    port: 80,
    hostField: "www.crepes.fr",
    target: "/men%C3%BC%201",
  });
  assert.equal(parseHttpUrl("http://[2001:db8::1]:81?q").hostField, "[2001:db8::1]:81");
  for (const text of ["https://a/", "", "http://", "mailto:a@b"])
    assert.throws(() => parseHttpUrl(text), LocalError, text);
  const base = parseHttpUrl("http://a:81/b/c?d");
  for (const [location, expected] of [
    ["/x", "a:81/x"],
    ["x?y", "a:81/b/x?y"],
    ["../../x/./y/..", "a:81/x/"],
    ["?e", "a:81/b/c?e"],
    ["//z/y", "z/y"],
    ["http://z", "z/"],
  ]) {
    const { hostField, target } = resolveLocation(base, location);
    assert.equal(hostField + target, expected, location);
  }
});

test("percent-encoding, forms and cookies against the platform's", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }))),
      (list) => {
        const pairs = list.map(([a, b]): [string, string] => [a.toWellFormed(), b.toWellFormed()]);
        const text = new URLSearchParams(pairs).toString();
        assert.deepEqual(parseForm(text), [...new URLSearchParams(text)]);
        assert.deepEqual(parseForm(emitForm(pairs)), [...new URLSearchParams(text)]);
        for (const [name] of pairs) assert.equal(percentDecode(percentEncode(name)), name);
      },
    ),
  );
  for (const text of ["%", "%4", "%zz", "%ff", "ü"]) assert.equal(percentDecode(text), undefined, text);
  assert.deepEqual(parseForm("a=%ff&b=1&&c"), [
    ["b", "1"],
    ["c", ""],
  ]);
  assert.equal(cookieValue("a=1; session=2; session=3", "session"), "2");
  assert.equal(cookieValue("xsession=2; session", "session"), undefined);
  assert.equal(cookieValue(undefined, "a"), undefined);
  assert.equal(
    emitSetCookie("s", "1", {
      path: "/",
      maxAgeSeconds: 0,
      httpOnly: true,
      sameSite: "Strict",
      secure: true,
    }),
    "s=1; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict",
  );
  for (const value of ["a b", "a;b", 'a"', "\r\n", "ü"])
    assert.throws(() => emitSetCookie("s", value), LocalError);
});
