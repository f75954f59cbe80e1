/** Ways in, control socket and capture follow the engine: to another network, and to another moment. */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Engine } from "../../engine/engine.ts";
import { silentLog } from "../../net/index.ts";
import { OsNetwork, systemTimers } from "../../os/index.ts";
import { execAt } from "../control/client.ts";
import { testTerminal } from "../testing/test-terminal.ts";
import { Doors } from "./doors.ts";
import type { LabFollower } from "./follower.ts";
import { LiveCapture } from "./live-capture.ts";

const network = `
hamlet: 1
name: NAME
hosts:
  left: { addresses: [10.0.0.1/24] }
  right: { addresses: [10.0.0.2/24], services: { SERVICE: {} } }
links:
  - { between: [left, right], delay: 1 ms }
forward:
  from: left
  ports:
    - { listen: 127.0.0.1:0, to: "right:7" }
    - { listen: 127.0.0.1:0, to: "right:7", protocol: udp }
`;
const first = { fileName: "first.yaml", text: network.replace("NAME", "First").replace("SERVICE", "echo") };
const second = {
  fileName: "second.yaml",
  text: network.replace("NAME", "Second").replace("SERVICE: {}", "upper: { port: 7 }"),
};

async function setUp(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "hamlet-doors-"));
  const followers: LabFollower[] = [];
  const engine = new Engine({
    machine: systemTimers,
    place: "server",
    shipped: { networks: new Map(), lessons: new Map() },
    source: first,
    speed: 10,
    onLab: (lab) => {
      for (const follower of followers) follower.handleLab(lab);
    },
    onSettled: () => {
      for (const follower of followers) follower.handleSettled?.();
    },
  });
  const os = new OsNetwork();
  const doors = new Doors({ os, engine, log: silentLog, changes: [] });
  const pcap = join(folder, "live.pcapng");
  const capture = new LiveCapture(pcap, engine.lab);
  followers.push(doors, capture);
  const control = join(folder, "run", "control.sock");
  assert.deepEqual(await doors.openWays(), []);
  await doors.openControl(control);
  t.after(async () => {
    engine.time.pause();
    await doors.close();
    capture.close();
    engine.close();
    await os.close();
    rmSync(folder, { recursive: true });
  });
  const portOf = (kind: string): number =>
    doors.ways.find((way) => way.kind === kind)?.forward.local.port ?? 0;
  return { engine, doors, control, pcap, portOf };
}

test("another network is opened: clients are cut off, the same ports lead into the new one", async (t) => {
  const { engine, doors, portOf, pcap } = await setUp(t);
  const [tcp, udp] = [portOf("tcp"), portOf("udp")];
  const client = await dial(tcp);
  assert.equal(await say(client, "one\n"), "one\n");
  assert.deepEqual(
    doors.wayInViews().map(({ local, leadsTo }) => `${local} ${leadsTo}`),
    [`127.0.0.1:${tcp} right:7`, `127.0.0.1:${udp} right:7 (UDP)`],
  );
  const ended = new Promise((resolve) => client.on("close", resolve));
  assert.deepEqual(engine.open(second, undefined, false), []);
  assert.deepEqual([...doors.ways], [], "closed at once");
  await ended;
  await until(() => doors.ways.length === 2);
  assert.deepEqual([portOf("tcp"), portOf("udp")], [tcp, udp]);
  const again = await dial(tcp);
  assert.equal(await say(again, "two\n"), "TWO\n");
  again.destroy();
  await until(() => captured(pcap).includes("TWO"));
  assert.ok(!captured(pcap).includes("one"), "the capture began anew");
});

test("a moment of the past: clients are cut off, also in what is recorded, and the ways in are open again", async (t) => {
  const { engine, doors, portOf } = await setUp(t);
  const client = await dial(portOf("tcp"));
  assert.equal(await say(client, "one\n"), "one\n");
  const ended = new Promise((resolve) => client.on("close", resolve));
  const session = engine.connect(() => {});
  session.handle({ id: 1, method: "hello", params: { version: 1 } });
  session.handle({ id: 2, method: "time.goTo", params: { to: { timeNs: 1_000 } } });
  await ended;
  await until(() => doors.ways.length === 2 && !engine.time.isTravelling);
  assert.deepEqual(
    engine.run.inputViews().map(({ text, ahead }) => [text.replace(/:\d+ /, " "), ahead]),
    [["from 127.0.0.1 to right:7, 4 B in", true]],
  );
  const { inputs } = engine.run.world.journal;
  assert.deepEqual(
    inputs.map((input) => "arrival" in input && input.arrival.kind),
    ["connect", "octets", "break"],
  );
  assert.equal(engine.timeView().unrepeatable, 0);
  engine.time.play();
  const again = await dial(portOf("tcp"));
  assert.equal(await say(again, "two\n"), "two\n");
  assert.equal(engine.run.inputViews().length, 1, "who comes in ends the future that was known");
  again.destroy();
});

test("hamlet exec: a command ends when its network goes, and the next one runs in the new one", async (t) => {
  const { engine, control } = await setUp(t);
  const waiting = testTerminal();
  const request = { type: "exec", json: false, colour: false } as const;
  const echo = execAt(control, { ...request, host: "left", words: ["echo", "10.0.0.2"] }, waiting.context);
  waiting.stdin.write("one\n");
  await until(() => waiting.stdout().includes("one"));
  const recorded = engine.run.inputViews().map(({ text }) => text);
  assert.deepEqual(recorded, ["hamlet exec left echo 10.0.0.2, 1 line typed"]);
  engine.open(second, undefined, false);
  await assert.rejects(echo, /another network, or another moment, has taken the place/);
  assert.deepEqual(engine.run.inputViews(), [], "nothing of it touched the new one");
  const upper = testTerminal();
  upper.stdin.end("three\n");
  const words = ["upper", "--tcp", "10.0.0.2:7"];
  assert.equal(await execAt(control, { ...request, host: "left", words }, upper.context), 0);
  assert.match(upper.stdout(), /THREE/);
});

function captured(path: string): string {
  return readFileSync(path, "latin1");
}

function dial(port: number) {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  return new Promise<typeof socket>((resolve, reject) => {
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
}

function say(socket: ReturnType<typeof connect>, text: string): Promise<string> {
  socket.write(text);
  return new Promise((resolve) => socket.once("data", (bytes) => resolve(String(bytes))));
}

async function until(isSo: () => boolean): Promise<void> {
  const endAt = performance.now() + 10_000;
  while (!isSo()) {
    assert.ok(performance.now() < endAt, "waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
