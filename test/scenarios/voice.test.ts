/** `voice` on the operating system's sockets and on simulated lines: what it reports is what the line did. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task } from "../../src/net/index.ts";
import type { TwoHosts } from "../../src/net/testing/network-suite.ts";
import { osHosts } from "../../src/os/testing/os-hosts.ts";
import { startEchoServer } from "../../src/protocols/echo/index.ts";
import { type CallReport, call } from "../../src/protocols/voice/index.ts";
import { type LinkOptions, World } from "../../src/sim/index.ts";

const OPTIONS = { durationMs: 400, intervalMs: 20, playoutMs: 100, timeoutMs: 1000 };

test("over the operating system's sockets everything comes back", async () => {
  const hosts = await osHosts();
  try {
    const report = await hosts.run(callFrom(hosts, hosts.serverAddresses[4], 0));
    assert.equal(report.sent, 20);
    assert.equal(report.received, 20);
    assert.equal(report.duplicates, 0);
  } finally {
    await hosts.close();
  }
});

test("a good line: the delay of the line, no jitter, nothing missing", () => {
  const report = over({ delayMs: 30 }, 10_000);
  assert.equal(report.sent, 500);
  assert.deepEqual([report.lost, report.late, report.missing], [0, 0, 0]);
  assert.ok(report.jitterMs < 0.1, `${report.jitterMs} ms`);
  assert.ok(Math.abs((report.roundTripMs?.min ?? 0) - 60) < 0.1, `${report.roundTripMs?.min} ms`);
});

test("losses are those of the line", () => {
  const report = over({ delayMs: 30, loss: 0.1 }, 60_000);
  // Both ways: 19 % of 3,000, with a standard deviation of 21.5.
  assert.ok(Math.abs(report.lost - 570) < 110, `${report.lost} lost`);
  assert.equal(report.received + report.lost, report.sent);
});

test("what jitters beyond the playout buffer is late", () => {
  const report = over({ delayMs: 5, reorder: 0.1, reorderMs: 150 }, 20_000);
  assert.ok(
    report.late > 100 && report.reordered > 100,
    `${report.late} late, ${report.reordered} reordered`,
  );
  assert.equal(report.lost, 0);
  assert.equal(report.missing, report.late / report.sent);
});

test("packets that the line doubles count once", () => {
  const report = over({ delayMs: 5, duplicate: 1 }, 1000);
  assert.deepEqual([report.sent, report.received, report.lost], [50, 50, 0]);
  // Doubled on the way there and on the way back; those of the last packet may come after the end.
  assert.ok(report.duplicates >= 3 * 49, `${report.duplicates}`);
});

test("where nobody listens, the call is refused", () => {
  assert.throws(() => over({ delayMs: 5 }, 1000, 9), { code: "refused" });
});

test("where nothing comes through, everything is lost and the call ends", () => {
  const report = over({ delayMs: 5, loss: 1 }, 1000);
  assert.deepEqual([report.sent, report.received, report.missing], [50, 0, 1]);
  assert.equal(report.roundTripMs, undefined);
});

function over(line: LinkOptions, durationMs: number, port = 7): CallReport {
  const world = new World({ seed: 1 });
  const client = world.addHost("client");
  const server = world.addHost("server");
  const a = client.addInterface({ addresses: ["10.0.0.1/24"] });
  world.connect(a, server.addInterface({ addresses: ["10.0.0.2/24"] }), line);
  world.computeRoutes();
  return world.run(
    (function* (): Task<CallReport> {
      // Its address is known before: the first packets do not wait for it.
      if (line.loss !== 1) yield* client.network.pinger.ping("10.0.0.2", { ...PING, sequence: 1 });
      const hosts = { client: client.network, server: server.network };
      return yield* callFrom(hosts, "10.0.0.2", 7, { durationMs, port });
    })(),
  );
}

const PING = { payload: new Uint8Array(0), timeoutMs: 1000 };

function* callFrom(
  { client, server }: Pick<TwoHosts, "client" | "server">,
  address: string,
  listenPort: number,
  { durationMs, port }: { durationMs?: number; port?: number } = {},
): Task<CallReport> {
  const echo = yield* startEchoServer(server, { port: listenPort, address, transports: ["udp"] });
  const socket = yield* client.bind({ port: 0 });
  const to = { address, port: port ?? echo.udp?.port ?? 0 };
  const report = yield* call(client, socket, to, {
    ...OPTIONS,
    durationMs: durationMs ?? OPTIONS.durationMs,
  });
  socket.close();
  yield* echo.stop(0);
  return report;
}
