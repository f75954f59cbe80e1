import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FormatError } from "../../bytes/index.ts";
import { formatAddress } from "../../net/index.ts";
import {
  COMMAND_CONNECT,
  DESTINATION_WITHIN,
  describeGreeting,
  describeMethodSelection,
  describeReply,
  describeRequest,
  emitGreeting,
  emitMethodSelection,
  emitReply,
  emitRequest,
  findDestination,
  greetingLength,
  messageLength,
  parseGreeting,
  parseMethodSelection,
  parseReply,
  parseRequest,
} from "./wire.ts";

const hosts = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }).map(formatAddress),
  fc.uint8Array({ minLength: 16, maxLength: 16 }).map(formatAddress),
  fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}\.){0,5}[a-z]{1,20}$/),
);
const destinations = fc
  .tuple(hosts, fc.integer({ min: 0, max: 65535 }))
  .map(([host, port]) => ({ host, port }));
const octet = fc.integer({ min: 0, max: 255 });

test("the octets of a textbook exchange", () => {
  assert.deepEqual([...emitGreeting({ methods: [0] })], [5, 1, 0]);
  assert.deepEqual([...emitMethodSelection({ method: 0 })], [5, 0]);
  const request = emitRequest({ command: 1, destination: { host: "mail.hamburger.edu", port: 110 } });
  assert.deepEqual([...request], [5, 1, 0, 3, 18, ...Buffer.from("mail.hamburger.edu"), 0, 110]);
  const reply = emitReply({ reply: 0, bound: { host: "10.1.0.10", port: 50000 } });
  assert.deepEqual([...reply], [5, 0, 0, 1, 10, 1, 0, 10, 0xc3, 0x50]);
});

test("what is emitted is parsed again, and its length is known from its first octets", () => {
  fc.assert(
    fc.property(octet, destinations, (code, destination) => {
      const request = emitRequest({ command: code, destination });
      assert.equal(messageLength(request.subarray(0, 5)), request.length);
      assert.deepEqual(parseRequest(request), { command: code, destination });
      const reply = emitReply({ reply: code, bound: destination });
      assert.deepEqual(parseReply(reply), { reply: code, bound: destination });
    }),
  );
  fc.assert(
    fc.property(fc.array(octet, { maxLength: 255 }), (methods) => {
      const greeting = emitGreeting({ methods });
      assert.equal(greetingLength(greeting.subarray(0, 2)), greeting.length);
      assert.deepEqual(parseGreeting(greeting), { methods });
    }),
  );
});

test("where a client wants to is found in what it has sent, as soon as it is all there", () => {
  const methodLists = fc.array(octet, { maxLength: 255 });
  fc.assert(
    fc.property(methodLists, destinations, fc.nat(600), (methods, destination, cut) => {
      const request = emitRequest({ command: COMMAND_CONNECT, destination });
      const said = Uint8Array.of(...emitGreeting({ methods }), ...request);
      assert.ok(said.length <= DESTINATION_WITHIN);
      const piece = Uint8Array.of(...said, 1, 2, 3).subarray(0, cut);
      assert.deepEqual(findDestination(piece), piece.length < said.length ? undefined : destination);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      findDestination(bytes);
      findDestination(Uint8Array.of(5, 0, ...bytes));
    }),
  );
});

test("any octets parse or throw FormatError; what parses can be described", () => {
  const parsers = [
    (bytes: Uint8Array) => describeGreeting(parseGreeting(bytes)),
    (bytes: Uint8Array) => describeMethodSelection(parseMethodSelection(bytes)),
    (bytes: Uint8Array) => describeRequest(parseRequest(bytes)),
    (bytes: Uint8Array) => describeReply(parseReply(bytes)),
  ];
  const nearlyRight = fc
    .tuple(octet, fc.constantFrom(1, 3, 4), fc.uint8Array({ maxLength: 24 }))
    .map(([code, type, rest]) => Uint8Array.of(5, code, 0, type, ...rest));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), nearlyRight), (bytes) => {
      for (const parser of parsers) {
        try {
          assert.equal(typeof parser(bytes), "string");
        } catch (error) {
          assert.ok(error instanceof FormatError, String(error));
        }
      }
    }),
    { numRuns: 500 },
  );
});

test("a name with spaces, control characters or other octets is refused: it would reach logs and look-ups", () => {
  for (const name of ["", "a b", "a\r\nb", "a\0b", "b\xfccher.de"]) {
    const bytes = Uint8Array.of(5, 1, 0, 3, name.length, ...Buffer.from(name, "latin1"), 0, 80);
    assert.throws(() => parseRequest(bytes), FormatError, JSON.stringify(name));
  }
});

test("one line for a person", () => {
  assert.equal(
    describeGreeting({ methods: [0, 2, 9] }),
    "greeting: methods no authentication required, user name and password, 0x09",
  );
  assert.equal(
    describeRequest({ command: 1, destination: { host: "2001:db8::1", port: 25 } }),
    "CONNECT [2001:db8::1]:25",
  );
  assert.equal(describeReply({ reply: 5, bound: { host: "0.0.0.0", port: 0 } }), "connection refused");
  assert.equal(
    describeReply({ reply: 0, bound: { host: "10.0.0.1", port: 9 } }),
    "succeeded, bound 10.0.0.1:9",
  );
});
