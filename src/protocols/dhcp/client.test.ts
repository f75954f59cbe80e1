/** The client's states: RFC 2131 figure 5, each transition, and what it does with what does not fit. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { DhcpClient, type DhcpClientOptions } from "./client.ts";
import type { ClientInput, ClientOutput } from "./client-types.ts";
import { hardware, message, repeatable } from "./testing/messages.ts";
import { type DhcpMessage, emitMessage, messageTypes, parseMessage } from "./wire.ts";

class Bench {
  readonly client: DhcpClient;
  readonly sent: { type: string; to: string; message: DhcpMessage }[] = [];
  readonly events: string[] = [];
  nowNs = 0;

  constructor(options: Partial<DhcpClientOptions> = {}) {
    const random = repeatable();
    this.client = new DhcpClient(0, {
      hardwareAddress: hardware(5),
      random,
      startupDelayMs: 1000,
      ...options,
    });
  }

  tell(input: ClientInput): void {
    this.client.handle(this.nowNs, input);
    this.#drain();
  }

  /** Lets time go to the next timer and over it. */
  next(): void {
    this.nowNs = this.client.wakeAt() ?? assert.fail("no timer runs");
    this.client.handleTimeout(this.nowNs);
    this.#drain();
  }

  /** Answers the message that was sent last. */
  answer(type: "offer" | "ack" | "nak", more: Partial<DhcpMessage> = {}): void {
    const { transactionId } = this.last.message;
    const options =
      type === "nak"
        ? { serverIdentifier: "10.0.0.2", message: "no" }
        : {
            serverIdentifier: "10.0.0.2",
            leaseTime: 600,
            subnetMask: "255.255.255.0",
            routers: ["10.0.0.1"],
          };
    const reply = message(type, {
      transactionId,
      yourAddress: type === "nak" ? "0.0.0.0" : "10.0.0.100",
      ...more,
      options: { ...options, ...more.options },
    });
    this.tell({ kind: "message", bytes: emitMessage(reply) });
  }

  get last() {
    return this.sent.at(-1) ?? assert.fail("nothing was sent");
  }

  bind(): void {
    this.next();
    this.answer("offer");
    this.next();
    this.answer("ack");
    this.tell({ kind: "probed", address: "10.0.0.100", inUse: false });
    assert.equal(this.client.state, "BOUND");
  }

  #drain(): void {
    for (let each = this.client.poll(); each !== undefined; each = this.client.poll()) this.#note(each);
  }

  #note(output: ClientOutput): void {
    if (output.kind === "bound") this.events.push(`bound ${output.lease.address}`);
    if (output.kind === "unbound") this.events.push("unbound");
    if (output.kind === "probe") this.events.push(`probe ${output.address}`);
    if (output.kind === "informed") this.events.push(`informed ${output.parameters.routers}`);
    if (output.kind !== "send") return;
    const sent = parseMessage(output.bytes);
    const [type] = Object.entries(messageTypes).find(([, code]) => code === sent.options.messageType) ?? [
      "?",
    ];
    this.sent.push({ type, to: output.to, message: sent });
  }
}

describe("the DHCP client", () => {
  test("INIT to BOUND: discover, offer, request with the same transaction, ack, probe", () => {
    const bench = new Bench({ hostName: "pc" });
    bench.bind();
    const [discover, request] = bench.sent;
    assert.deepEqual([discover.type, request.type], ["discover", "request"]);
    assert.equal(request.message.transactionId, discover.message.transactionId);
    assert.equal(request.message.options.requestedAddress, "10.0.0.100");
    assert.equal(request.message.options.serverIdentifier, "10.0.0.2");
    assert.equal(request.message.clientAddress, "0.0.0.0");
    assert.equal(request.message.options.hostName, "pc");
    assert.deepEqual(bench.events, ["probe 10.0.0.100", "bound 10.0.0.100"]);
    const { prefixLength, routers, renewAtNs, rebindAtNs, expiresAtNs, startedAtNs } =
      bench.client.lease ?? assert.fail();
    assert.deepEqual([prefixLength, routers], [24, ["10.0.0.1"]]);
    assert.deepEqual(
      [renewAtNs, rebindAtNs, expiresAtNs].map((at) => (at - startedAtNs) / 1e9),
      [300, 525, 600],
    );
  });

  test("without an answer it asks after 4, 8, 16, 32, 64, 64 s, a second more or less", () => {
    const bench = new Bench();
    bench.next();
    for (const waitS of [4, 8, 16, 32, 64, 64]) {
      const before = bench.nowNs;
      bench.next();
      assert.equal(bench.last.type, "discover");
      assert.ok(Math.abs((bench.nowNs - before) / 1e9 - waitS) <= 1, `${waitS}`);
    }
    assert.equal(bench.last.message.seconds > 180, true);
  });

  test("of several offers the first is taken; whoever was not chosen is not listened to", () => {
    const bench = new Bench();
    bench.next();
    bench.answer("offer", { yourAddress: "10.0.0.200", options: { serverIdentifier: "10.0.0.66" } });
    bench.answer("offer");
    bench.next();
    assert.equal(bench.last.message.options.serverIdentifier, "10.0.0.66");
    assert.deepEqual(
      bench.client.offers.map(({ serverIdentifier, taken }) => [serverIdentifier, taken]),
      [
        ["10.0.0.66", true],
        ["10.0.0.2", false],
      ],
    );
    bench.answer("nak");
    bench.answer("ack");
    assert.equal(bench.client.state, "REQUESTING");
    bench.answer("ack", { yourAddress: "10.0.0.200", options: { serverIdentifier: "10.0.0.66" } });
    assert.equal(bench.client.state, "PROBING");
  });

  test("requests without an answer: four, then it begins anew", () => {
    const bench = new Bench();
    bench.next();
    bench.answer("offer");
    for (let i = 0; i < 5; i++) bench.next();
    assert.deepEqual(
      bench.sent.map(({ type }) => type),
      ["discover", "request", "request", "request", "request"],
    );
    bench.next();
    assert.equal(bench.last.type, "discover");
  });

  test("somebody has the address: DECLINE, ten seconds, from the beginning", () => {
    const bench = new Bench();
    bench.next();
    bench.answer("offer");
    bench.next();
    bench.answer("ack");
    const before = bench.nowNs;
    bench.tell({ kind: "probed", address: "10.0.0.100", inUse: true });
    assert.equal(bench.last.type, "decline");
    assert.equal(bench.last.message.options.requestedAddress, "10.0.0.100");
    assert.deepEqual([bench.client.state, bench.client.lease], ["INIT", undefined]);
    bench.next();
    assert.equal((bench.nowNs - before) / 1e9, 10);
  });

  test("T1: renews with its server; T2: with any; the end: it has no address", () => {
    const bench = new Bench();
    bench.bind();
    bench.next();
    assert.deepEqual(
      [bench.client.state, bench.last.to, bench.last.message.clientAddress],
      ["RENEWING", "10.0.0.2", "10.0.0.100"],
    );
    assert.equal(bench.last.message.options.requestedAddress, undefined);
    assert.equal(bench.last.message.options.serverIdentifier, undefined);
    while (bench.client.state === "RENEWING") bench.next();
    assert.deepEqual([bench.client.state, bench.last.to], ["REBINDING", "broadcast"]);
    while (bench.client.state === "REBINDING") bench.next();
    assert.deepEqual([bench.client.state, bench.client.lease], ["INIT", undefined]);
    assert.equal(bench.events.at(-1), "unbound");
  });

  test("another server may answer in REBINDING; the lease is its from then on", () => {
    const bench = new Bench();
    bench.bind();
    while (bench.client.state !== "REBINDING") bench.next();
    bench.answer("ack", { options: { serverIdentifier: "10.0.0.3" } });
    assert.deepEqual([bench.client.state, bench.client.lease?.serverIdentifier], ["BOUND", "10.0.0.3"]);
  });

  test("NAK takes the lease; one NAK after the other makes it slower", () => {
    const bench = new Bench();
    bench.bind();
    bench.next();
    bench.answer("nak");
    assert.deepEqual([bench.client.state, bench.events.at(-1)], ["INIT", "unbound"]);
    const waits: number[] = [];
    for (let i = 0; i < 4; i++) {
      const before = bench.nowNs;
      bench.next();
      waits.push((bench.nowNs - before) / 1e9);
      bench.answer("offer");
      bench.next();
      bench.answer("nak");
    }
    assert.deepEqual(waits, [0, 1, 2, 4]);
  });

  test("a remembered lease is asked for again; one that is over is not", () => {
    const first = new Bench();
    first.bind();
    const remembered = first.client.lease ?? assert.fail();
    const again = new Bench({ remembered });
    again.next();
    assert.deepEqual(
      [again.last.type, again.last.message.options.requestedAddress],
      ["request", "10.0.0.100"],
    );
    assert.equal(again.client.lease, undefined, "not before it is confirmed");
    again.answer("ack");
    again.tell({ kind: "probed", address: "10.0.0.100", inUse: false });
    assert.equal(again.client.state, "BOUND");
    const late = new Bench({ remembered: { ...remembered, expiresAtNs: 0 } });
    late.next();
    assert.deepEqual(
      [late.last.type, late.last.message.options.requestedAddress],
      ["discover", "10.0.0.100"],
    );
  });

  test("release gives the lease back, and nothing more is said until renew", () => {
    const bench = new Bench();
    bench.bind();
    bench.tell({ kind: "release" });
    assert.deepEqual(
      [bench.last.type, bench.last.to, bench.client.state],
      ["release", "10.0.0.2", "STOPPED"],
    );
    assert.equal(bench.client.wakeAt(), undefined);
    bench.tell({ kind: "renew" });
    bench.next();
    assert.equal(bench.last.type, "discover");
  });

  test("INFORM: parameters for a host with an address of its own", () => {
    const bench = new Bench();
    bench.tell({ kind: "inform", address: "10.0.0.9" });
    assert.deepEqual([bench.last.type, bench.last.message.clientAddress], ["inform", "10.0.0.9"]);
    bench.answer("ack", { yourAddress: "0.0.0.0" });
    assert.deepEqual([bench.client.state, bench.events], ["STOPPED", ["informed 10.0.0.1"]]);
  });

  test("an ACK without a lease time, with one of seconds, for nobody or for others changes nothing", () => {
    const bench = new Bench();
    bench.next();
    bench.answer("offer");
    bench.next();
    const { transactionId } = bench.last.message;
    bench.answer("ack", { options: { leaseTime: 3 } });
    bench.answer("ack", { yourAddress: "127.0.0.1" });
    bench.answer("ack", { transactionId: transactionId ^ 1 });
    bench.answer("ack", { hardwareAddress: hardware(6) });
    assert.equal(bench.client.state, "REQUESTING");
  });

  test("any messages and commands in any state: it always goes on, and loses an address only after it had it", () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant("answer" as const),
        type: fc.constantFrom("offer" as const, "ack" as const, "nak" as const),
        address: fc.constantFrom("10.0.0.100", "10.0.0.101", "0.0.0.0", "224.0.0.1"),
        server: fc.constantFrom("10.0.0.2", "10.0.0.66"),
        leaseTime: fc.constantFrom(0, 60, 600, 0xffff_ffff),
      }),
      fc.record({ kind: fc.constant("octets" as const), bytes: fc.uint8Array({ maxLength: 320 }) }),
      fc.record({
        kind: fc.constantFrom(
          "next" as const,
          "next" as const,
          "release" as const,
          "renew" as const,
          "used" as const,
          "free" as const,
        ),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const bench = new Bench();
        bench.next();
        for (const each of steps) {
          if (each.kind === "answer") {
            const { type, address: yourAddress, server: serverIdentifier, leaseTime } = each;
            bench.answer(type, { yourAddress, options: { serverIdentifier, leaseTime } });
          } else if (each.kind === "octets") bench.tell({ kind: "message", bytes: each.bytes });
          else if (each.kind === "next") {
            if (bench.client.wakeAt() !== undefined) bench.next();
          } else if (each.kind === "release" || each.kind === "renew") bench.tell({ kind: each.kind });
          else {
            const probed =
              bench.events.findLast((event) => event.startsWith("probe "))?.slice(6) ?? "10.0.0.100";
            bench.tell({ kind: "probed", address: probed, inUse: each.kind === "used" });
          }
          const isIdle =
            bench.client.state === "STOPPED" || bench.client.lease?.expiresAtNs === Number.POSITIVE_INFINITY;
          assert.equal(bench.client.wakeAt() === undefined, isIdle, bench.client.state);
        }
        let bound = false;
        for (const event of bench.events) {
          if (event === "unbound") assert.ok(bound, bench.events.join());
          if (event.startsWith("bound") || event === "unbound") bound = event !== "unbound";
        }
        assert.equal(bound, bench.client.lease !== undefined);
      }),
      { numRuns: 200 },
    );
  });
});
