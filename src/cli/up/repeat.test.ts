/** What real clients did over the machine's sockets is executed again, each packet octet for octet at its nanosecond. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Engine } from "../../engine/engine.ts";
import type { TimeView } from "../../engine/protocol/index.ts";
import { silentLog } from "../../net/index.ts";
import { OsNetwork, systemTimers } from "../../os/index.ts";
import { execAt } from "../control/client.ts";
import { Interrupt } from "../interrupt.ts";
import { testTerminal } from "../testing/test-terminal.ts";
import { Doors } from "./doors.ts";

const text = `
hamlet: 1
name: Two
hosts:
  left: { addresses: [10.0.0.1/24] }
  right: { addresses: [10.0.0.2/24], services: { echo: {}, upper: { port: 8 } } }
links:
  - { name: line, between: [left, right], delay: 1 ms, bandwidth: 10 Gbit/s, loss: 0.01 %, jitter: 50 us }
forward:
  from: left
  ports:
    - { listen: 127.0.0.1:0, to: "right:7" }
    - { listen: 127.0.0.1:0, to: "right:7", protocol: udp }
    - { listen: 127.0.0.1:0, to: "right:99" }
  socks: 127.0.0.1:0
`;

test("downloads, uploads, resets, datagrams, SOCKS and commands come again as they were", async (t) => {
  const lab = await setUp(t);
  await Promise.all([
    slowReader(lab.portTo("right:7")),
    upload(lab.portTo("right:7")),
    reset(lab.portTo("right:7")),
    refused(lab.portTo("right:99")),
    datagrams(lab.portTo("right:7", "udp")),
    throughSocks(lab.portTo(undefined, "socks")),
    typedCommand(lab.control),
    brokenOffCommand(lab.control),
  ]);
  const { engine } = lab;
  await lab.ask("time.pause", {});
  const end = engine.timeView();
  const whole = digests(engine);
  const { inputs } = engine.run.world.journal;
  const kinds = new Set(inputs.map((input) => ("arrival" in input ? input.arrival.kind : input.method)));
  assert.deepEqual(
    [...kinds].sort(),
    ["break", "connect", "datagram", "end", "exec", "line", "octets", "room"],
    "all that can come has come",
  );
  assert.equal(end.unrepeatable, 0);
  assert.ok(whole.length > 5_000, `${whole.length} packets`);

  const timeNs = Math.floor(end.nowNs / 2);
  assert.equal((await lab.ask("time.goTo", { to: { timeNs } })).nowNs, timeNs);
  const half = digests(engine);
  assert.ok(half.length > 0 && half.length < whole.length);
  assert.equal(firstDifference(half, whole.slice(0, half.length)), undefined);
  await lab.ask("time.goTo", { to: { steps: end.steps } });
  assert.equal(firstDifference(digests(engine).slice(0, whole.length), whole), undefined);
  await lab.ask("time.goTo", { to: { timeNs: 0 } });
  await lab.ask("time.goTo", { to: { steps: end.steps } });
  assert.equal(firstDifference(digests(engine).slice(0, whole.length), whole), undefined);
});

/** Echoed faster than it reads: first the machine's buffers fill, then the lab's windows. */
async function slowReader(port: number): Promise<void> {
  const socket = await dial(port);
  const hash = createHash("sha256");
  const sent = createHash("sha256");
  const piece = Buffer.alloc(256 * 1024);
  let received = 0;
  for (let i = 0; i < PIECES; i++) {
    piece.fill(i);
    sent.update(piece);
    socket.write(Buffer.from(piece));
  }
  socket.end();
  await new Promise((resolve) => setTimeout(resolve, 300));
  for await (const bytes of socket) {
    received += bytes.length;
    hash.update(bytes);
  }
  assert.equal(received, PIECES * piece.length);
  assert.equal(hash.digest("hex"), sent.digest("hex"));
}

async function upload(port: number): Promise<void> {
  const socket = await dial(port);
  const data = Buffer.alloc(300_000, "upload");
  socket.end(data);
  const pieces: Buffer[] = [];
  for await (const bytes of socket) pieces.push(bytes);
  assert.ok(Buffer.concat(pieces).equals(data));
}

async function reset(port: number): Promise<void> {
  const socket = await dial(port);
  socket.write("reset soon");
  await once(socket, "data");
  socket.resetAndDestroy();
}

async function refused(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => socket.once("error", resolve));
  assert.equal(error.code, "ECONNRESET");
}

/** Each may be lost on the line; an answer may come when nobody waits for it any more. */
async function datagrams(port: number): Promise<void> {
  const socket = createSocket("udp4");
  const answers = new Set<string>();
  socket.on("message", (octets) => answers.add(String(octets)));
  for (let i = 0; i < 5; i++) {
    socket.send(`datagram ${i}`, port, "127.0.0.1");
    await Promise.race([once(socket, "message"), once(AbortSignal.timeout(300), "abort")]);
  }
  socket.close();
  for (const answer of answers) assert.match(answer, /^datagram [0-4]$/);
}

async function throughSocks(port: number): Promise<void> {
  const socket = await dial(port);
  socket.write(Uint8Array.of(5, 1, 0));
  await once(socket, "data");
  socket.write(Uint8Array.of(...[5, 1, 0, 1], ...[10, 0, 0, 2], 0, 7));
  const [reply] = await once(socket, "data");
  assert.equal(reply[1], 0);
  socket.end("through the proxy");
  let answer = "";
  for await (const bytes of socket) answer += bytes;
  assert.equal(answer, "through the proxy");
}

async function typedCommand(control: string): Promise<void> {
  const terminal = testTerminal();
  terminal.stdin.end("one\ntwo\n");
  const words = ["upper", "--tcp", "10.0.0.2:8"];
  const request = { type: "exec", host: "left", words, json: false, colour: false } as const;
  assert.equal(await execAt(control, request, terminal.context), 0);
  assert.match(terminal.stdout(), /ONE\n(.|\n)*TWO\n/);
}

async function brokenOffCommand(control: string): Promise<void> {
  const terminal = testTerminal();
  // This process goes on when the command has ended, and may take longer than a program that was asked to end.
  const context = { ...terminal.context, interrupt: new Interrupt(() => {}) };
  const words = ["ping", "-c", "1000", "10.0.0.2"];
  const request = { type: "exec", host: "left", words, json: false, colour: false } as const;
  const status = execAt(control, request, context);
  for (let i = 0; i < 1_000 && !terminal.stdout().includes("10.0.0.2"); i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  context.interrupt.trigger({ text: "interrupted", exitStatus: 130 });
  assert.equal(await status, 130);
}

async function setUp(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "hamlet-repeat-"));
  const engine = new Engine({
    machine: systemTimers,
    place: "server",
    shipped: { networks: new Map(), lessons: new Map() },
    source: { fileName: "two.yaml", text },
    onLab: () => doors.handleLab(),
    onSettled: () => doors.handleSettled(),
  });
  const os = new OsNetwork();
  const doors: Doors = new Doors({ os, engine, log: silentLog, changes: [] });
  const control = join(folder, "run", "control.sock");
  assert.deepEqual(await doors.openWays(), []);
  await doors.openControl(control);
  t.after(async () => {
    engine.time.pause();
    await doors.close();
    engine.close();
    await os.close();
    rmSync(folder, { recursive: true });
  });
  const portTo = (label: string | undefined, kind = "tcp"): number => {
    const isIt = ({ host, port }: { host: string; port: number }): boolean => `${host}:${port}` === label;
    const way = doors.ways.find((each) => each.kind === kind && (each.to === undefined || isIt(each.to)));
    assert.ok(way !== undefined, `${kind} ${label}`);
    return way.forward.local.port;
  };
  return { engine, control, portTo, ask: asker(engine) };
}

/** A console that asks for one thing after the other. */
function asker(engine: Engine): (method: string, params: unknown) => Promise<TimeView> {
  let answer: (result: TimeView) => void = () => {};
  const session = engine.connect((message) => {
    if ("id" in message) answer(("result" in message ? message.result : message.error) as TimeView);
  });
  session.handle({ id: 1, method: "hello", params: { version: 1 } });
  return (method, params) => {
    const answered = new Promise<TimeView>((resolve) => (answer = resolve));
    session.handle({ id: 2, method, params });
    return answered;
  };
}

function digests({ run: { packets } }: Engine): string[] {
  return Array.from({ length: packets.lastNumber }, (_, i) => {
    const packet = packets.packet(i + 1);
    return `${packet?.timeNs} ${createHash("md5")
      .update(packet?.bytes ?? "")
      .digest("hex")}`;
  });
}

/** Said in a word: a whole list of thousands would take minutes to compare in words. */
function firstDifference(some: readonly string[], others: readonly string[]): string | undefined {
  if (some.length !== others.length) return `${some.length} and ${others.length} packets`;
  const at = some.findIndex((digest, i) => digest !== others[i]);
  return at === -1 ? undefined : `packet ${at + 1} of ${some.length}: ${some[at]}, ${others[at]}`;
}

/** Some megabytes: more than the kernel's buffers and ours take. */
const PIECES = 28;

async function dial(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  return socket;
}
