/** Messages: what is emitted is read again, whatever arrives is read or refused, and the room is used as the standards say. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { FormatError } from "../../bytes/index.ts";
import { formatAddress } from "../../net/index.ts";
import { prefixLengthOf } from "./lease.ts";
import type { DhcpOptions } from "./options.ts";
import { message } from "./testing/messages.ts";
import { type DhcpMessage, describeMessage, emitMessage, parseMessage } from "./wire.ts";

const address = fc.uint8Array({ minLength: 4, maxLength: 4 }).map(formatAddress);
const addresses = fc.array(address, { minLength: 1, maxLength: 80 });
const seconds = fc.integer({ min: 0, max: 0xffff_ffff });
const text = fc.stringMatching(/^[a-zA-Z0-9 .é-]{1,40}$/);
const octets = fc.uint8Array({ minLength: 1, maxLength: 300 });

const anyOptions = fc.record(
  {
    messageType: fc.integer({ min: 0, max: 255 }),
    subnetMask: address,
    routers: addresses,
    nameServers: addresses,
    hostName: text,
    domainName: text,
    requestedAddress: address,
    leaseTime: seconds,
    serverIdentifier: address,
    parameterRequestList: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 20 }),
    message: text,
    maximumMessageSize: fc.integer({ min: 0, max: 0xffff }),
    renewalTime: seconds,
    rebindingTime: seconds,
    clientIdentifier: octets,
    relayAgentInformation: octets,
    classlessRoutes: fc.constant([{ destination: "10.2.0.0/17", router: "10.0.0.1" }]),
  },
  { requiredKeys: [], noNullPrototype: true },
) as fc.Arbitrary<DhcpOptions>;

const anyMessage = fc.record(
  {
    operation: fc.constantFrom("request" as const, "reply" as const),
    hardwareType: fc.integer({ min: 0, max: 255 }),
    hops: fc.integer({ min: 0, max: 255 }),
    transactionId: seconds,
    seconds: fc.integer({ min: 0, max: 0xffff }),
    broadcast: fc.boolean(),
    clientAddress: address,
    yourAddress: address,
    nextServerAddress: address,
    relayAddress: address,
    hardwareAddress: fc.uint8Array({ maxLength: 16 }),
    serverName: fc.stringMatching(/^[a-z.]{0,63}$/),
    bootFile: fc.stringMatching(/^[a-z./]{0,127}$/),
    options: anyOptions,
  },
  { noNullPrototype: true },
) as fc.Arbitrary<DhcpMessage>;

describe("DHCP messages", () => {
  test("what is emitted is read again, where there is room", () => {
    fc.assert(
      fc.property(anyMessage, (each) => assert.deepEqual(parseMessage(emitMessage(each, 5_000)), each)),
    );
  });

  test("in 576 octets options move to file and sname; what fits nowhere is left out, never half of it", () => {
    fc.assert(
      fc.property(anyMessage, (each) => {
        const bytes = emitMessage(each);
        assert.ok(bytes.length <= 548, `${bytes.length} octets`);
        const { options, ...rest } = parseMessage(bytes);
        assert.deepEqual({ ...rest, options: {} }, { ...each, options: {} });
        for (const [name, value] of Object.entries(options))
          assert.deepEqual(value, each.options[name as keyof DhcpOptions]);
      }),
    );
  });

  test("any octets are read or refused with the field and its place", () => {
    const damaged = fc
      .tuple(
        anyMessage,
        fc.array(fc.tuple(fc.nat(600), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
        fc.nat(600),
      )
      .map(([each, changes, length]) => {
        const bytes = emitMessage(each, 1500).slice(0, 200 + length);
        for (const [at, octet] of changes) if (at < bytes.length) bytes[at] = octet;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 600 }), damaged), (bytes) => {
        try {
          assert.match(describeMessage(parseMessage(bytes)), /^(DHCP|BOOTP) /);
        } catch (error) {
          assert.ok(error instanceof FormatError, String(error));
        }
      }),
      { numRuns: 500 },
    );
  });

  test("an option of 600 octets is cut into pieces of 255, and whole again", () => {
    const long = {
      ...message("ack"),
      options: { nameServers: Array.from({ length: 150 }, (_, i) => `10.0.0.${i}`) },
    };
    const bytes = emitMessage(long, 1500);
    const pieces: number[] = [];
    for (let at = 240; bytes[at] !== 255; at += 2 + bytes[at + 1]) pieces.push(bytes[at + 1]);
    assert.deepEqual(pieces, [255, 255, 90]);
    assert.deepEqual(parseMessage(bytes).options, long.options);
  });

  test("overload: options in both fields, the overload option behind the cookie", () => {
    const list = Array.from({ length: 40 }, (_, i) => `10.0.0.${i}`);
    const full = {
      ...message("ack"),
      options: { messageType: 5, routers: list, nameServers: list, domainName: "a".repeat(60) },
    };
    const bytes = emitMessage(full);
    const parsed = parseMessage(bytes);
    assert.deepEqual(parsed.options, full.options);
    assert.equal(parsed.bootFile + parsed.serverName, "");
    assert.notEqual(bytes[108], 0);
  });

  test("what has no cookie, too long a hardware address or another operation is refused by name", () => {
    const bytes = emitMessage(message("discover"));
    const refuse = (at: number, octet: number, field: RegExp): void => {
      const wrong = bytes.slice();
      wrong[at] = octet;
      assert.throws(() => parseMessage(wrong), field);
    };
    refuse(0, 3, /^FormatError: op at octet 0/);
    refuse(2, 17, /^FormatError: hlen at octet 2/);
    refuse(236, 0, /^FormatError: magic cookie at octet 236/);
    refuse(241, 250, /^FormatError: option 53/);
    assert.throws(() => parseMessage(bytes.slice(0, 239)), FormatError);
  });

  test("what cannot be printed does not get into a name; zeros at its end go", () => {
    const octets = emitMessage({ ...message("request"), options: { hostName: "pc\u0007x\u0000\u0000" } });
    assert.equal(parseMessage(octets).options.hostName, "pc\ufffdx");
  });

  test("a mask has no holes", () => {
    assert.equal(prefixLengthOf("255.255.255.0"), 24);
    assert.equal(prefixLengthOf("0.0.0.0"), 0);
    assert.equal(prefixLengthOf("255.255.255.255"), 32);
    assert.equal(prefixLengthOf("255.0.255.0"), undefined);
  });
});
