/** tshark judges a call: it reads our packets as RTP and comes to the same losses and the same jitter. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Task } from "../../src/net/index.ts";
import { startEchoServer } from "../../src/protocols/echo/index.ts";
import { type CallReport, call } from "../../src/protocols/voice/index.ts";
import { Capture, hostNamesOf, onInterfaces, writePcapng } from "../../src/sim/capture/index.ts";
import { World } from "../../src/sim/index.ts";
import { isInstalled } from "./programs.ts";
import { tsharkText } from "./tshark.ts";

test("tshark finds what the caller finds", (t) => {
  if (!isInstalled(t, "tshark", "tshark")) return;
  const { report, pcapng } = recordedCall();
  const folder = mkdtempSync(join(tmpdir(), "hamlet-rtp-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "call.pcapng");
  writeFileSync(path, pcapng);
  const printed = tsharkText(path, "-d", "udp.port==5004,rtp", "-q", "-z", "rtp,streams");
  const row = printed.split("\n").find((line) => /10\.0\.0\.2 +5004 +10\.0\.0\.1/.test(line));
  const found = /0x[0-9A-F]+ +(\S+) +(\d+) +(\d+) \(.*?\)(?: +[\d.]+){5} +([\d.]+)/.exec(row ?? "");
  assert.ok(found !== null, printed);
  assert.equal(found[1], "g711U");
  assert.equal(Number(found[2]), report.received);
  // It cannot know of packets that were lost before the first and after the last that came.
  assert.ok(report.lost - Number(found[3]) >= 0 && report.lost - Number(found[3]) <= 3, printed);
  assert.ok(
    Math.abs(Number(found[4]) - report.jitterMaxMs) < 0.002,
    `${found[4]} and ${report.jitterMaxMs} ms`,
  );
});

/** Ten seconds over a bad line, recorded at the caller's interface. */
function recordedCall(): { report: CallReport; pcapng: Uint8Array } {
  const world = new World({ seed: 1 });
  const client = world.addHost("client");
  const server = world.addHost("server");
  const nic = client.addInterface({ addresses: ["10.0.0.1/24"] });
  const line = { delayMs: 20, jitterMs: 8, loss: 0.05 };
  world.connect(nic, server.addInterface({ addresses: ["10.0.0.2/24"] }), line);
  world.computeRoutes();
  const capture = new Capture({ record: onInterfaces([nic.id]) });
  world.addTap(capture);
  const report = world.run(
    (function* (): Task<CallReport> {
      const echo = yield* startEchoServer(server.network, { port: 5004, transports: ["udp"] });
      const socket = yield* client.network.bind({ port: 0 });
      const to = { address: "10.0.0.2", port: 5004 };
      const options = { durationMs: 10_000, intervalMs: 20, playoutMs: 100, timeoutMs: 1000 };
      const made = yield* call(client.network, socket, to, options);
      socket.close();
      yield* echo.stop(0);
      return made;
    })(),
  );
  const { interfaces, startUnixMs } = world;
  const contents = { startUnixMs, interfaces, hostNames: hostNamesOf(interfaces), lostCount: 0 };
  return { report, pcapng: writePcapng({ ...contents, packets: capture.packets() }) };
}
