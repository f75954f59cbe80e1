/** Echo on the simulated network: the same suite as on the machine's own sockets, then a line that loses packets. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type ProbeOutcome, probe, startEchoServer, UdpProbes } from "../../src/protocols/echo/index.ts";
import { echoSuite } from "../../src/protocols/echo/testing/echo-suite.ts";
import type { LinkOptions } from "../../src/sim/index.ts";
import { twoHosts } from "./two-hosts.ts";

echoSuite("two simulated hosts", () => twoHosts());

test("over a line that loses a fifth of the packets, each probe is answered or lost, and the same in every run", () => {
  const first = probeOver({ delayMs: 10, loss: 0.2 });
  assert.deepEqual(probeOver({ delayMs: 10, loss: 0.2 }), first);
  assert.equal(first.length, 200);
  const answered = first.filter(({ kind }) => kind === "answered");
  // Two ways of 0.8 each: 128 of 200, with a standard deviation of 6.8.
  assert.ok(answered.length > 105 && answered.length < 150, `${answered.length} of 200 were answered`);
  for (const { roundTripNs } of answered) assert.ok(roundTripNs !== undefined && roundTripNs >= 20e6);
});

test("over a line that doubles every packet, the second answer is a duplicate", () => {
  const outcomes = probeOver({ delayMs: 10, duplicate: 1 });
  assert.equal(outcomes.filter(({ kind }) => kind === "answered").length, 200);
  assert.ok(outcomes.filter(({ kind }) => kind === "duplicate").length >= 200);
});

function probeOver(line: LinkOptions): ProbeOutcome[] {
  const hosts = twoHosts(line);
  const outcomes: ProbeOutcome[] = [];
  hosts.run(
    (function* () {
      const server = yield* startEchoServer(hosts.server);
      const socket = yield* hosts.client.bind({ port: 0 });
      const to = { address: hosts.serverAddresses[4], port: 7 };
      const path = new UdpProbes(hosts.client, socket, to, 64);
      const options = { count: 200, intervalMs: 5, timeoutMs: 100 };
      yield* probe(hosts.client.clock, path, options, (outcome) => outcomes.push(outcome));
      path.close();
      yield* server.stop(0);
    })(),
  );
  return outcomes;
}
