import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOf, TestConsole } from "./testing/test-console.ts";

test("a console says hello, plays time, and sees the packets of a mail", () => {
  const console = new TestConsole({ story: true });
  const { rows } = (() => {
    const { view } = console.ask("packets.view", { filter: "smtp" });
    console.until(() => console.told("packets").some(({ matched }) => matched > 10), "SMTP packets");
    return console.ask("packets.rows", { view, from: 0, count: 3 });
  })();
  assert.match(rows[0].info, /220/);
  assert.equal(rows[0].protocol, "SMTP");
  assert.ok(console.told("network").length > 0);
  console.engine.close();
});

test("another version, no hello, nonsense: an answer that says what is wrong", () => {
  const console = new TestConsole();
  assert.equal(console.fail("hello", { version: 99 }).code, "version");
  assert.equal(console.fail("time.play", {}).code, "no-hello");
  console.ask("hello", { version: 1 });
  assert.equal(console.tryTo("nonsense" as "hello", {}).error?.code, "unknown-method");
  assert.equal(console.tryTo("link.cut", { link: 5 }).error?.code, "bad-params");
  assert.equal(console.tryTo("link.cut", { link: "no such", direction: "both" }).error?.code, "unknown-link");
  console.session.handle("nonsense");
  console.session.handle(null);
  console.engine.close();
});

test("back in time: the same steps give the same packets, what was done by hand included", () => {
  const console = new TestConsole({ playing: false });
  const run = (line: string): void => {
    console.ask("shell.start", { host: "pc.crepes.fr", line, columns: 80 });
    console.ask("time.play", {});
    console.machine.pass(700);
    console.ask("time.pause", {});
  };
  run("ping -c 2 mail.hamburger.edu");
  console.ask("link.cut", { link: "ocean", direction: "both" });
  run("ping -c 1 mail.hamburger.edu");
  const first = digestOf(console.engine);
  const { nowNs, steps } = console.engine.timeView();
  assert.ok(first.length > 4);

  const past = console.ask("time.goTo", { to: { timeNs: 300e6 } });
  assert.equal(past.nowNs, 300e6);
  assert.equal(past.horizonNs, nowNs);
  assert.ok(digestOf(console.engine).length < first.length);

  console.ask("time.goTo", { to: { steps } });
  console.ask("time.goTo", { to: { timeNs: nowNs } });
  assert.deepEqual(digestOf(console.engine), first);
  console.engine.close();
});

test("one thing changed in the past: the future is another one", () => {
  const console = new TestConsole({ playing: false });
  const { shell } = console.ask("shell.start", {
    host: "pc.crepes.fr",
    line: "ping -c 3 mail.hamburger.edu",
    columns: 80,
  });
  console.ask("time.goTo", { to: { timeNs: 5e9 } });
  const output = () =>
    console
      .told("shell")
      .filter((told) => told.shell === shell)
      .map(({ output }) => ("text" in output ? output.text : output.kind))
      .join("");
  console.ask("time.play", {});
  console.machine.pass(100);
  console.ask("time.goTo", { to: { timeNs: 500e6 } });
  console.events.length = 0;
  console.ask("link.cut", { link: "ocean", direction: "both" });
  assert.equal(console.engine.run.world.journal.next, undefined);
  console.ask("time.play", {});
  console.until(() => output().includes("exit"), "the end of ping");
  assert.match(output(), /unreachable|lost/);
  console.engine.close();
});

test("to the next event, to the next packet of a filter", () => {
  const console = new TestConsole({ playing: false, story: true });
  const before = console.engine.timeView();
  assert.equal(console.ask("time.step", { to: "event" }).steps, before.steps + 1);
  const { paused } = console.ask("time.step", { to: { packet: "dns" } });
  assert.equal(paused, true);
  const { packets } = console.engine.run;
  const { view } = console.ask("packets.view", { filter: "" });
  console.until(() => console.told("packets").some(({ matched }) => matched > 0), "rows");
  const { rows } = console.ask("packets.rows", { view, from: packets.lastNumber - 1, count: 1 });
  assert.equal(rows[0].protocol, "DNS");
  console.engine.close();
});

test("what is saved is what runs: structure, accounts, what panels have set", () => {
  const console = new TestConsole();
  console.ask("topology.add", { kind: "host", name: "laptop", x: 10, y: 20 });
  console.ask("topology.connect", { a: "laptop", b: "crepes-lan" });
  console.ask("user.add", { host: "mail.crepes.fr", user: "carol", password: "brie" });
  console.ask("user.remove", { host: "mail.hamburger.edu", user: "bob" });
  const { text } = console.ask("network.text", {});
  assert.match(text, /# The look-up\./);
  const { opened } = console.ask("network.open", { source: { text, fileName: "saved.yaml" } });
  assert.ok(opened);
  const nodes = new Map(console.engine.networkView().nodes.map((node) => [node.name, node]));
  assert.deepEqual(nodes.get("mail.crepes.fr")?.users, ["alice", "carol"]);
  assert.deepEqual(nodes.get("mail.hamburger.edu")?.users, []);
  const laptop = nodes.get("laptop");
  assert.deepEqual([laptop?.x, laptop?.y], [10, 20]);
  assert.match(laptop?.interfaces[0].addresses[0] ?? "", /^10\.1\.0\./);
  console.engine.close();
});

test("what moves on the links is told once to each console; a lost packet is marked", () => {
  const console = new TestConsole();
  console.ask("traffic.watch", { on: true });
  console.ask("link.change", { link: "ocean", direction: "forth", quality: { loss: 1 } });
  console.ask("shell.start", { host: "pc.crepes.fr", line: "ping -c 1 10.2.0.25", columns: 80 });
  const told = () => console.told("traffic");
  console.until(() => told().some(({ hops }) => hops.some(({ lost }) => lost)), "the loss");
  const hops = told().flatMap((each) => each.hops);
  const lost = hops.find((hop) => hop.lost);
  // Before the echo can go on, paris asks newyork for its MAC address.
  assert.deepEqual([lost?.link, lost?.direction, lost?.protocol], ["ocean", 0, "ARP"]);
  const way = hops
    .filter(({ protocol }) => protocol === "ICMP")
    .map(({ link, direction }) => [link, direction]);
  assert.equal(way.length, 2);
  assert.notDeepEqual(way[0], way[1]);
  const ocean = told()
    .flatMap(({ loads }) => loads)
    .findLast(({ link, direction }) => link === "ocean" && direction === 0);
  assert.equal(ocean?.droppedPackets, 1);
  console.engine.close();
});

test("what was refused is not on the time line", () => {
  const console = new TestConsole({ playing: false });
  console.fail("topology.add", { kind: "host", name: "pc.crepes.fr", x: 0, y: 0 });
  console.fail("user.add", { host: "mail.crepes.fr", user: "alice", password: "x" });
  console.ask("link.cut", { link: "ocean", direction: "both" });
  assert.deepEqual(
    console.ask("time.inputs", {}).map(({ text }) => text),
    ["cut the link ocean"],
  );
  console.engine.close();
});
