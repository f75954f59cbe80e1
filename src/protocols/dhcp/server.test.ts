/** The server's decisions, message by message: RFC 2131 section 4.3. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { DhcpServer } from "./server.ts";
import type { DhcpServerConfiguration, ServerOutput } from "./server-types.ts";
import type { StoredLease } from "./store.ts";
import type { Subnet } from "./subnets.ts";
import { hardware, message, OFFICE } from "./testing/messages.ts";
import { type DhcpMessage, emitMessage, messageTypes, parseMessage } from "./wire.ts";

const ARRIVAL = { interface: "eth0", local: "10.0.0.2" };

interface Answer {
  readonly type: string;
  readonly message: DhcpMessage;
  readonly to: object;
}

class Bench {
  readonly server: DhcpServer;
  readonly saved: StoredLease[] = [];
  readonly notes: string[] = [];
  nowNs = 0;

  constructor(
    subnet: Partial<Subnet> = {},
    more: Partial<DhcpServerConfiguration> = {},
    leases: StoredLease[] = [],
  ) {
    const configuration = { subnets: [{ ...OFFICE, ...subnet }], only: undefined, ping: false, ...more };
    this.server = new DhcpServer({ configuration, epochMs: 1e12, leases, ownAddresses: () => ["10.0.0.2"] });
  }

  /** Gives it a message; what it answers, with whereto. */
  ask(each: DhcpMessage, arrival = ARRIVAL): Answer[] {
    this.server.handle(this.nowNs, { kind: "message", bytes: emitMessage(each), arrival });
    return this.drain();
  }

  drain(): Answer[] {
    const outputs: ServerOutput[] = [];
    for (let each = this.server.poll(); each !== undefined; each = this.server.poll()) outputs.push(each);
    return outputs.flatMap((output): Answer[] => {
      if (output.kind === "save") this.saved.push(output.lease);
      if (output.kind === "note") this.notes.push(output.text);
      if (output.kind === "ping")
        return [{ type: "ping", message: message("discover"), to: { address: output.address } }];
      if (output.kind !== "send") return [];
      const sent = parseMessage(output.bytes);
      const names = Object.entries(messageTypes);
      const [type] = names.find(([, code]) => code === sent.options.messageType) ?? ["?"];
      return [{ type, message: sent, to: output.to }];
    });
  }

  /** The whole exchange of client `number`; its address, undefined when it gets none. */
  lease(number: number, wish?: string): string | undefined {
    const options = wish === undefined ? {} : { requestedAddress: wish };
    const [offer] = this.ask(message("discover", { hardwareAddress: hardware(number), options }));
    if (offer === undefined) return undefined;
    const [answer] = this.request(number, offer.message.yourAddress);
    return answer.type === "ack" ? answer.message.yourAddress : undefined;
  }

  request(number: number, requestedAddress: string, serverIdentifier: string | undefined = "10.0.0.2") {
    const options = { requestedAddress, ...(serverIdentifier && { serverIdentifier }) };
    return this.ask(message("request", { hardwareAddress: hardware(number), options }));
  }
}

describe("the DHCP server", () => {
  test("never gives what no host can have, nor its own address, nor the router's, whatever its pool holds", () => {
    const bench = new Bench({
      network: "10.0.0.0",
      prefixLength: 29,
      ranges: [{ first: "10.0.0.0", last: "10.0.0.7" }],
    });
    const given = [5, 6, 7, 8, 9, 10].map((number) =>
      bench.lease(number, number % 2 ? "10.0.0.0" : "10.0.0.7"),
    );
    assert.deepEqual(given, ["10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6", undefined, undefined]);
  });

  test("offers an address with mask, router, name server, domain and lease times, to the hardware address", () => {
    const [{ type, message: offer, to }] = new Bench().ask(message("discover"));
    assert.equal(type, "offer");
    assert.deepEqual(to, { kind: "link", address: "10.0.0.100", hardwareAddress: "02:00:00:00:00:05" });
    assert.deepEqual(offer.options, {
      messageType: messageTypes.offer,
      serverIdentifier: "10.0.0.2",
      leaseTime: 600,
      renewalTime: 300,
      rebindingTime: 525,
      subnetMask: "255.255.255.0",
      routers: ["10.0.0.1"],
      nameServers: ["10.0.0.1"],
      domainName: "office.example",
      broadcastAddress: "10.0.0.255",
    });
  });

  test("an ACK is written down before it is sent; an offer is not", () => {
    const bench = new Bench();
    bench.ask(message("discover"));
    assert.deepEqual(bench.saved, []);
    bench.server.handle(0, {
      kind: "message",
      bytes: emitMessage(
        message("request", { options: { requestedAddress: "10.0.0.100", serverIdentifier: "10.0.0.2" } }),
      ),
      arrival: ARRIVAL,
    });
    const kinds: string[] = [];
    for (let each = bench.server.poll(); each !== undefined; each = bench.server.poll())
      kinds.push(each.kind);
    assert.ok(kinds.indexOf("save") < kinds.indexOf("send") && kinds.includes("save"), String(kinds));
  });

  test("replies go to the relay, to who has an address, to everybody who asks for it", () => {
    const bench = new Bench();
    const relayed = bench.ask(message("discover", { relayAddress: "10.0.0.1" }), {
      interface: "eth0",
      local: "192.168.0.2",
    });
    assert.deepEqual(relayed[0].to, { kind: "relay", address: "10.0.0.1" });
    const [flagged] = bench.ask(message("discover", { broadcast: true }));
    assert.deepEqual(flagged.to, { kind: "broadcast" });
    bench.request(5, "10.0.0.100");
    const [renewal] = bench.ask(message("request", { clientAddress: "10.0.0.100" }));
    assert.deepEqual([renewal.type, renewal.to], ["ack", { kind: "unicast", address: "10.0.0.100" }]);
  });

  test("an empty pool offers nothing, and says who asked in vain, once for each reason", () => {
    const bench = new Bench();
    assert.deepEqual(
      [bench.lease(1), bench.lease(2), bench.lease(3)],
      ["10.0.0.100", "10.0.0.101", "10.0.0.102"],
    );
    assert.equal(bench.lease(4), undefined);
    assert.equal(bench.lease(4), undefined);
    assert.deepEqual(
      bench.server.hearsay.refusals.map(({ reason, count }) => [reason, count]),
      [["the pool of 10.0.0.0/24 is empty", 2]],
    );
    bench.nowNs = 601e9;
    assert.equal(bench.lease(4), "10.0.0.100");
    assert.deepEqual(bench.server.hearsay.refusals, []);
  });

  test("a client finds its old address again, also after others came", () => {
    const bench = new Bench();
    assert.equal(bench.lease(1), "10.0.0.100");
    bench.ask(message("release", { hardwareAddress: hardware(1), clientAddress: "10.0.0.100" }));
    assert.equal(bench.lease(2), "10.0.0.101");
    assert.equal(bench.lease(1), "10.0.0.100");
    assert.equal(bench.lease(3, "10.0.0.101"), "10.0.0.102");
  });

  test("NAK: a wrong network, another's address, a reservation that was made meanwhile", () => {
    const bench = new Bench();
    bench.lease(1);
    const [wrongNetwork] = bench.request(7, "192.168.7.7", "");
    assert.deepEqual([wrongNetwork.type, wrongNetwork.to], ["nak", { kind: "broadcast" }]);
    assert.match(wrongNetwork.message.options.message ?? "", /192\.168\.7\.7 is not in 10\.0\.0\.0\/24/);
    assert.equal(bench.request(2, "10.0.0.100")[0].type, "nak");
    const reservations = [{ client: "02:00:00:00:00:01", address: "10.0.0.50" }];
    bench.server.configure({ ...bench.server.configuration, subnets: [{ ...OFFICE, reservations }] });
    const [renewal] = bench.ask(
      message("request", { hardwareAddress: hardware(1), clientAddress: "10.0.0.100" }),
    );
    assert.deepEqual([renewal.type, renewal.to], ["nak", { kind: "broadcast" }]);
    assert.equal(bench.lease(1), "10.0.0.50");
    assert.equal(bench.lease(2), "10.0.0.101");
    assert.equal(bench.lease(3, "10.0.0.50"), "10.0.0.102");
  });

  test("silence for who is not known: another server may know him", () => {
    const bench = new Bench();
    assert.deepEqual(bench.request(9, "10.0.0.100", ""), []);
    assert.deepEqual(bench.ask(message("request", { clientAddress: "10.0.0.100" })), []);
  });

  test("a client that takes another server's offer frees ours, and makes that server known", () => {
    const bench = new Bench();
    bench.ask(message("discover"));
    assert.deepEqual(bench.request(5, "10.0.0.200", "10.0.0.66"), []);
    assert.deepEqual(
      bench.server.hearsay.others.map(({ serverIdentifier, hardwareAddress, count }) => [
        serverIdentifier,
        hardwareAddress,
        count,
      ]),
      [["10.0.0.66", "02:00:00:00:00:05", 1]],
    );
    assert.match(bench.notes.join("\n"), /takes the offer of another server, 10\.0\.0\.66/);
    assert.deepEqual(
      [1, 2, 3].map((each) => bench.lease(each) !== undefined),
      [true, true, true],
    );
  });

  test("only those who are named are served; one who is not any more hears NAK", () => {
    const bench = new Bench();
    bench.lease(1);
    bench.server.configure({ ...bench.server.configuration, only: ["02:00:00:00:00:02"] });
    assert.equal(bench.lease(3), undefined);
    assert.equal(bench.lease(2), "10.0.0.101");
    const [renewal] = bench.ask(
      message("request", { hardwareAddress: hardware(1), clientAddress: "10.0.0.100" }),
    );
    assert.equal(renewal.type, "nak");
    assert.deepEqual(
      bench.ask(message("inform", { hardwareAddress: hardware(3), clientAddress: "10.0.0.9" })),
      [],
    );
  });

  test("an address that answers a ping is not offered, the next one is", () => {
    const bench = new Bench({}, { ping: true });
    const [ping] = bench.ask(message("discover"));
    assert.deepEqual([ping.type, ping.to], ["ping", { address: "10.0.0.100" }]);
    assert.deepEqual(bench.ask(message("discover")), [], "asked again meanwhile");
    bench.server.handle(0, { kind: "pinged", address: "10.0.0.100", answered: true });
    const [second] = bench.drain();
    assert.deepEqual(second.to, { address: "10.0.0.101" });
    bench.server.handle(0, { kind: "pinged", address: "10.0.0.101", answered: false });
    assert.equal(bench.drain()[0].message.yourAddress, "10.0.0.101");
    assert.equal(bench.saved[0].state, "declined");
  });

  test("a declined address is left alone for an hour; one declines only its own", () => {
    const bench = new Bench();
    bench.lease(1);
    const decline = (number: number): void =>
      void bench.ask(
        message("decline", {
          hardwareAddress: hardware(number),
          options: { requestedAddress: "10.0.0.100", serverIdentifier: "10.0.0.2" },
        }),
      );
    decline(2);
    assert.equal(bench.server.bindings()[0].state, "bound");
    decline(1);
    assert.deepEqual(
      [bench.lease(1), bench.lease(2), bench.lease(3)],
      ["10.0.0.101", "10.0.0.102", undefined],
    );
    bench.nowNs = 3601e9;
    assert.notEqual(bench.lease(9, "10.0.0.100"), undefined);
  });

  test("INFORM: parameters, no address, no lease time", () => {
    const [{ message: ack, to }] = new Bench().ask(message("inform", { clientAddress: "10.0.0.9" }));
    assert.deepEqual(to, { kind: "unicast", address: "10.0.0.9" });
    assert.equal(ack.yourAddress, "0.0.0.0");
    assert.equal(ack.options.leaseTime, undefined);
    assert.deepEqual(ack.options.routers, ["10.0.0.1"]);
  });

  test("leases outlive the server, by the clock on the wall", () => {
    const first = new Bench();
    first.lease(1);
    const second = new Bench({}, {}, first.saved);
    second.nowNs = 300e9;
    assert.equal(second.lease(2), "10.0.0.101");
    const [renewal] = second.ask(
      message("request", { hardwareAddress: hardware(1), clientAddress: "10.0.0.100" }),
    );
    assert.equal(renewal.type, "ack");
  });

  test("what a relay agent adds comes back, and so does the client identifier", () => {
    const relayAgentInformation = Uint8Array.of(1, 2, 3, 4);
    const clientIdentifier = Uint8Array.of(0, 9, 9);
    const options = { relayAgentInformation, clientIdentifier };
    const [{ message: offer }] = new Bench().ask(message("discover", { relayAddress: "10.0.0.1", options }));
    assert.deepEqual(offer.options.relayAgentInformation, relayAgentInformation);
    assert.deepEqual(offer.options.clientIdentifier, clientIdentifier);
  });

  test("any octets in any state: an answer or none, and a table that holds", () => {
    const kinds = Object.keys(messageTypes) as (keyof typeof messageTypes)[];
    const address = fc.constantFrom(
      "0.0.0.0",
      "10.0.0.100",
      "10.0.0.101",
      "10.0.0.2",
      "10.0.0.255",
      "192.168.9.9",
    );
    const anyMessage = fc
      .record({
        kind: fc.constantFrom(...kinds),
        number: fc.integer({ min: 1, max: 6 }),
        a: address,
        b: address,
        c: address,
        d: address,
      })
      .map(({ kind, number, a, b, c, d }) =>
        emitMessage(
          message(kind, {
            hardwareAddress: hardware(number),
            clientAddress: a,
            relayAddress: d,
            options: {
              ...(b === "0.0.0.0" ? {} : { requestedAddress: b }),
              ...(c === "0.0.0.0" ? {} : { serverIdentifier: c }),
            },
          }),
        ),
      );
    const step = fc.record({
      bytes: fc.oneof({ weight: 9, arbitrary: anyMessage }, fc.uint8Array({ maxLength: 400 })),
      waitS: fc.constantFrom(0, 0, 1, 61, 700),
      answered: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const bench = new Bench({}, { ping: true });
        for (const { bytes, waitS, answered } of steps) {
          bench.nowNs += waitS * 1e9;
          bench.server.handle(bench.nowNs, { kind: "message", bytes, arrival: ARRIVAL });
          for (const { type, to } of bench.drain()) {
            if (type !== "ping") continue;
            const { address: pinged } = to as { address: string };
            bench.server.handle(bench.nowNs, { kind: "pinged", address: pinged, answered });
          }
          bench.drain();
        }
        for (const { address: given } of bench.server.bindings()) assert.match(given, /^10\.0\.0\.10[0-2]$/);
      }),
    );
  });
});
