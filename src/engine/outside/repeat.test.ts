/** Whatever programs of the machine did, in whatever order: executed again it gives the same packets, octet for octet. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Engine } from "../engine.ts";
import { digestOf, TestConsole } from "../testing/test-console.ts";
import type { Way } from "./arrival.ts";
import type { Entrance, Outside, OutsideStream, OutsideTerminal } from "./outside.ts";
import { ROOM_MAX } from "./outside.ts";

const text = `
hamlet: 1
name: Two and a line
hosts:
  left: { addresses: [10.0.0.1/24] }
  right: { addresses: [10.0.0.2/24], services: { echo: {}, upper: { port: 9 } } }
links:
  - { name: line, between: [left, right], delay: 1 ms, bandwidth: 400 Mbit/s, loss: 0.5 %, jitter: 100 us }
`;
const ways: readonly Way[] = [
  { name: "echo", from: "left", to: { address: "10.0.0.2", port: 7 }, label: "right:7" },
  { name: "upper", from: "left", to: { address: "10.0.0.2", port: 9 }, label: "right:9" },
  { name: "nobody", from: "left", to: { address: "10.0.0.2", port: 99 }, label: "right:99" },
  { name: "far", from: "nowhere", to: { address: "10.0.0.2", port: 7 }, label: "right:7" },
  { name: "socks", from: "left", to: undefined, label: "any host" },
];
const local = { address: "127.0.0.1", port: 1 };

test("going back and forth gives the same packets, whatever came from outside", () => {
  fc.assert(fc.property(fc.array(action, { minLength: 2, maxLength: 25 }), fc.nat(999), checkRepeats), {
    numRuns: 25,
  });
});

test("a client that does not read stops the server, in the past as well", () => {
  const lab = new Lab();
  const client = lab.connect(0);
  const piece = Uint8Array.from({ length: 64 * 1024 }, (_, i) => i * 7 + (i >> 8));
  for (let sent = 0; sent < 4 * ROOM_MAX; sent += piece.length) {
    client.say(piece);
    lab.pass(3);
  }
  lab.pass(200);
  assert.equal(client.unread, ROOM_MAX, "no more than there is room for");
  client.read(ROOM_MAX / 2);
  lab.pass(100);
  assert.equal(client.unread, ROOM_MAX);
  checkPast(lab.console, 500);
  lab.console.engine.close();
});

test("who goes back cuts his clients off, there and in the journal; a change in the past ends ghosts, too", () => {
  const lab = new Lab();
  const client = lab.connect(0);
  client.say(bytesOf("one"));
  lab.pass(100);
  assert.equal(client.heard, "one");
  const { engine } = lab.console;
  const { nowNs } = engine.timeView();
  lab.goTo(50e6);
  client.say(bytesOf("two"));
  lab.goTo(nowNs);
  assert.equal(client.heard, "one", "a ghost says nothing to anybody");
  lab.pass(50);
  assert.equal(connections(engine), 0, "where the run was left it was reset");

  lab.goTo(50e6);
  assert.equal(connections(engine), 1);
  lab.console.ask("topology.move", { node: "left", x: 1, y: 1 });
  assert.equal(engine.run.world.journal.next, undefined);
  lab.pass(10);
  assert.equal(connections(engine), 0, "nothing more can come from it");
  checkPast(lab.console, 900);
  engine.close();
});

test("who comes in ends the known future, unless time is on its way through it", () => {
  const lab = new Lab();
  lab.connect(0).say(bytesOf("one"));
  lab.pass(100);
  const { engine } = lab.console;
  const { nowNs } = engine.timeView();
  lab.goTo(20e6);
  assert.equal(engine.timeView().horizonNs, nowNs);
  const open: boolean[] = [];
  engine.lab.world.addTap({ handleFrame: () => open.push(engine.entrance().isOpen) });
  lab.goTo(90e6);
  assert.ok(open.length > 0 && !open.includes(true));
  lab.goTo(20e6);
  lab.connect(1).say(bytesOf("two\n"));
  assert.equal(engine.timeView().horizonNs, 20e6);
  assert.deepEqual(
    engine.run.inputViews().map(({ text: line, ahead }) => [line, ahead]),
    [
      ["from 127.0.0.1:1001 to right:7, 3 B in", false],
      ["from 127.0.0.1:1002 to right:9, 4 B in", false],
    ],
  );
  lab.pass(50);
  checkPast(lab.console, 300);
  engine.close();
});

test("consoles are told of each client once, and of what came by and by", () => {
  const lab = new Lab();
  const client = lab.connect(0);
  const texts = () => lab.console.told("inputs").map((inputs) => inputs.map(({ text: line }) => line).join());
  lab.pass(100);
  for (let i = 0; i < 20; i++) {
    client.say(new Uint8Array(100));
    lab.pass(110);
  }
  lab.pass(1_100);
  assert.deepEqual(
    [texts().at(0), texts().at(-1)],
    ["from 127.0.0.1:1001 to right:7", "from 127.0.0.1:1001 to right:7, 2.0 kB in"],
  );
  assert.ok(texts().length <= 6, `${texts().length} times in 3 s`);
  lab.console.engine.close();
});

test("more than is recorded is counted, breaks off in the past, and goes on where it is", () => {
  const lab = new Lab(10_000);
  const client = lab.connect(0);
  client.say(new Uint8Array(5_000));
  lab.pass(100);
  const { engine } = lab.console;
  const recorded = digestOf(engine);
  client.say(new Uint8Array(5_000));
  lab.exec(["ping", "-c", "1", "10.0.0.2"]);
  lab.pass(100);
  assert.equal(client.unread, 10_000);
  assert.equal(engine.timeView().unrepeatable, 1, "the command is not recorded at all");
  lab.goTo(10e6);
  assert.equal(engine.timeView().unrepeatable, 1);
  lab.goTo(199e6);
  assert.deepEqual(digestOf(engine).slice(0, recorded.length), recorded);
  assert.equal(connections(engine), 0, "its connection has broken off");
  // Also where nothing more fits in, a change in the past ends its ghosts.
  lab.goTo(99e6);
  lab.console.ask("topology.move", { node: "left", x: 1, y: 1 });
  lab.pass(10);
  assert.equal(connections(engine), 0);
  checkPast(lab.console, 950);
  // What follows another past is recorded again.
  lab.goTo(10e6);
  lab.connect(0).say(bytesOf("again"));
  lab.pass(50);
  assert.equal(engine.timeView().unrepeatable, 0);
  checkPast(lab.console, 700);
  engine.close();
});

/** A lab, and what programs of the machine do in it. */
class Lab {
  readonly console: TestConsole;
  readonly clients: Client[] = [];
  #port = 1000;

  constructor(arrivedOctetsMax?: number) {
    const journalLimits = arrivedOctetsMax === undefined ? {} : { arrivedOctetsMax };
    const source = { fileName: "two.yaml", text };
    this.console = new TestConsole({ playing: false, source, journalLimits });
  }

  get entrance(): Entrance {
    return this.console.engine.entrance();
  }

  connect(way: number): Client {
    const client = new Client(this.entrance);
    this.clients.push(client);
    const remote = { address: "127.0.0.1", port: ++this.#port };
    client.begin({ kind: "connect", visit: client.visit, way: ways[way], local, client: remote });
    return client;
  }

  exec(words: readonly string[]): Client {
    const client = new Client(this.entrance);
    this.clients.push(client);
    client.begin({ kind: "exec", visit: client.visit, host: "left", words, json: false, colour: false });
    return client;
  }

  sendDatagram(way: number, port: number, bytes: Uint8Array): void {
    const { to } = ways[way];
    if (to === undefined) return;
    const outside = { send() {}, explain() {} };
    const client = { address: "127.0.0.1", port };
    this.entrance.arrive({ kind: "datagram", way: { ...ways[way], to }, client, bytes }, outside);
  }

  pass(ms: number): void {
    this.console.ask("time.play", {});
    this.console.machine.pass(ms);
    this.console.ask("time.pause", {});
  }

  goTo(timeNs: number): void {
    this.console.ask("time.goTo", { to: { timeNs } });
  }
}

/** The machine's half of a connection or a command, by hand. */
class Client implements OutsideStream, OutsideTerminal {
  readonly visit: number;
  /** Octets that it has not read. */
  unread = 0;
  heard = "";
  readonly #entrance: Entrance;

  constructor(entrance: Entrance) {
    this.#entrance = entrance;
    this.visit = entrance.newVisit();
  }

  begin(arrival: Parameters<Entrance["arrive"]>[0]): void {
    this.#entrance.arrive(arrival, this as Outside);
  }

  say(bytes: Uint8Array): void {
    this.#entrance.arrive({ kind: "octets", visit: this.visit, bytes });
  }

  type(line: string): void {
    this.#entrance.arrive({ kind: "line", visit: this.visit, text: line });
  }

  read(octetsMax: number): void {
    const octets = Math.min(octetsMax, this.unread);
    this.unread -= octets;
    if (octets > 0) this.#entrance.arrive({ kind: "room", visit: this.visit, octets });
  }

  finish(): void {
    this.#entrance.arrive({ kind: "end", visit: this.visit });
  }

  break(): void {
    this.#entrance.arrive({ kind: "break", visit: this.visit, code: "reset", message: "gone" });
  }

  write(bytes: Uint8Array): void {
    this.unread += bytes.length;
    this.heard += String.fromCharCode(...bytes.subarray(0, 100));
  }

  handleTaken(): void {}
  end(): void {}
  close(): void {}
  abort(): void {}
  explain(): void {}
  print(): void {}
  printError(): void {}
  askLine(): void {}
}

type Action = (lab: Lab) => void;

function checkRepeats(actions: readonly Action[], moment: number): void {
  const lab = new Lab();
  try {
    for (const act of actions) act(lab);
    lab.pass(20);
    checkPast(lab.console, moment);
  } finally {
    lab.console.engine.close();
  }
}

/** The end of a run is left: after it connections are reset. All before it is as it was, and stays so. */
function checkPast(console: TestConsole, moment: number): void {
  const { engine } = console;
  const end = engine.timeView();
  const whole = digestOf(engine);
  const timeNs = Math.floor((end.nowNs * moment) / 1000);
  console.ask("time.goTo", { to: { timeNs } });
  const soFar = digestOf(engine);
  assert.deepEqual(soFar.slice(0, whole.length), whole.slice(0, soFar.length));
  console.ask("time.goTo", { to: { steps: end.steps } });
  const again = digestOf(engine);
  assert.deepEqual(again.slice(0, whole.length), whole);
  console.ask("time.goTo", { to: { timeNs: end.nowNs + 50e6 } });
  const beyond = digestOf(engine);
  console.ask("time.goTo", { to: { timeNs } });
  console.ask("time.goTo", { to: { timeNs: end.nowNs + 50e6 } });
  assert.deepEqual(digestOf(engine), beyond);
}

/** TCP connections at the host where clients come in, but those that only wait for stray segments. */
function connections({ lab }: Engine): number {
  const sockets = lab.world.host("left")?.kernel.tcp.sockets() ?? [];
  return sockets.filter(({ state }) => state !== "TIME-WAIT" && state !== "LISTEN").length;
}

function bytesOf(words: string): Uint8Array {
  return new Uint8Array(Buffer.from(words, "latin1"));
}

const octets = fc
  .tuple(fc.constantFrom(1, 20, 1460, 70_000), fc.nat(255))
  .map(([length, seed]) => Uint8Array.from({ length }, (_, i) => seed + i * 31));
const nth = fc.nat(5);
/** The client that an action is for; there may be none. */
const forClient = (n: number, act: (client: Client) => void): Action => {
  return ({ clients }) => {
    if (clients.length > 0) act(clients[n % clients.length]);
  };
};
const socksTo = (port: number): Uint8Array =>
  Uint8Array.of(...[5, 1, 0], ...[5, 1, 0, 1], ...[10, 0, 0, 2], 0, port);

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.nat(4).map(
      (way): Action =>
        (lab) =>
          lab.connect(way),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(7, 99).map(
      (port): Action =>
        (lab) =>
          lab.connect(4).say(socksTo(port)),
    ),
  },
  { weight: 5, arbitrary: fc.tuple(nth, octets).map(([n, bytes]) => forClient(n, (it) => it.say(bytes))) },
  { weight: 1, arbitrary: nth.map((n) => forClient(n, (it) => it.finish())) },
  { weight: 1, arbitrary: nth.map((n) => forClient(n, (it) => it.break())) },
  { weight: 1, arbitrary: nth.map((n) => forClient(n, (it) => it.read(300_000))) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(3), fc.nat(2), octets).map(
      ([way, port, bytes]): Action =>
        (lab) =>
          lab.sendDatagram(way, 5000 + port, bytes),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("ping -c 2 10.0.0.2", "echo 10.0.0.2", "upper 10.0.0.2:9", "no such command")
      .map(
        (line): Action =>
          (lab) =>
            lab.exec(line.split(" ")),
      ),
  },
  {
    weight: 2,
    arbitrary: nth.map((n) => forClient(n, (it) => it.type(`line ${n}`))),
  },
  {
    weight: 1,
    arbitrary: fc.boolean().map(
      (on): Action =>
        (lab) => {
          lab.console.send("host.power", { host: "right", on });
        },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("link.cut", "link.heal", "topology.remove").map(
      (method): Action =>
        (lab) => {
          const params = { "link.cut": { link: "line", direction: "both" }, "link.heal": { link: "line" } };
          const found = method === "topology.remove" ? { node: "left" } : params[method as "link.cut"];
          lab.console.send(method as "link.cut", found);
        },
    ),
  },
  {
    weight: 6,
    arbitrary: fc.constantFrom(1, 7, 60).map(
      (ms): Action =>
        (lab) =>
          lab.pass(ms),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(1000).map(
      (share): Action =>
        (lab) => {
          lab.goTo(Math.floor((lab.console.engine.timeView().nowNs * share) / 1000));
        },
    ),
  },
);
