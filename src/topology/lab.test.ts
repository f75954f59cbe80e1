import assert from "node:assert/strict";
import { test } from "node:test";
import { LocalError } from "../net/index.ts";
import { collect } from "../services/registry.ts";
import type { ServiceDefinition } from "../services/service.ts";
import { buildNetwork } from "./build.ts";
import type { Lab, StepEvent } from "./lab.ts";
import { type ParseOptions, parseNetworkFile } from "./parse.ts";

/** Two sites, a short and a long way between them, an echo server at the far end. */
const square = `hamlet: 1
name: Square
hosts:
  a: { addresses: [10.1.0.1/24, "2001:db8:1::1/64"] }
  b:
    addresses: [10.2.0.1/24, "2001:db8:2::1/64"]
    users: { bob: hungry }
    services: { echo: }
routers:
  r1: { interfaces: { a: [10.1.0.254/24, "2001:db8:1::fe/64"], short: [10.0.0.1/30], long: [10.0.0.5/30] } }
  r2: { interfaces: { b: [10.2.0.254/24, "2001:db8:2::fe/64"], short: [10.0.0.2/30], long: [10.0.0.6/30] } }
links:
  - { name: la, between: [a, "r1:a"], delay: 1 ms }
  - { name: lb, between: [b, "r2:b"], delay: 1 ms }
  - { name: short, between: ["r1:short", "r2:short"], delay: 5 ms }
  - { name: long, between: ["r1:long", "r2:long"], delay: 50 ms }
`;

function build(text: string, options: ParseOptions = {}): Lab {
  const { file, errors } = parseNetworkFile(square + text, "square.yaml", options);
  assert.deepEqual(errors, undefined);
  return buildNetwork(file as NonNullable<typeof file>, options);
}

function run(text: string): ReturnType<Lab["run"]> {
  return build(text).run();
}

test("steps follow each other, wait, or come at their hour", () => {
  const lab = build(`
story:
  - { name: one, on: a, run: ping -c 1 10.2.0.1 }
  - { name: two, after: 2 s, on: a, run: hostname }
  - { name: clock, at: 1 s, on: b, run: hostname }
  - { name: three, on: b, run: hostname }
`);
  const events: StepEvent[] = [];
  lab.onStep = (event) => events.push(event);
  const report = lab.run();
  assert.equal(report.passed, true);
  const [one, two, clock, three] = report.steps;
  assert.equal(one.startedAtNs, 0);
  // Two links of 1 ms and one of 5 ms, both ways, and twice that for the first look-up of each neighbour.
  assert.ok(
    one.endedAtNs !== undefined && one.endedAtNs > 14e6 && one.endedAtNs < 60e6,
    String(one.endedAtNs),
  );
  assert.equal(two.startedAtNs, one.endedAtNs + 2e9);
  assert.equal(clock.startedAtNs, 1e9);
  assert.equal(three.startedAtNs, clock.endedAtNs);
  assert.deepEqual(three.output, [{ timeNs: 1e9, kind: "print", text: "b\n" }]);
  const order = events
    .filter((event) => event.kind !== "output")
    .map((event) => `${event.kind} ${event.step.name}`);
  assert.deepEqual(order.slice(0, 6), [
    "begin one",
    "end one",
    "begin clock",
    "end clock",
    "begin three",
    "end three",
  ]);
});

test("expectations that hold, and what the report says of those that do not", () => {
  const { passed, expectations } = run(`
story:
  - { name: ping, on: a, run: ping -c 2 -i 100ms 10.2.0.1 }
  - { name: nobody, on: a, run: echo 10.2.0.99 --text hello }
expect:
  - { step: ping, exit: 0, prints: [2 received, /0 ?%/], within: 1 s }
  - { step: ping, exit: 1, prints: nonsense, equals: no, within: 1 ms }
  - { step: nobody, exit: 1 }
  - { packets: ICMP, from: a, to: b, count: 2 }
  - { packets: icmp, from: 10.1.0.1, to: 10.2.0.1, atMost: 1 }
  - { packets: any, from: b, atLeast: 2, before: 1 s }
  - { packets: SMTP, count: 0 }
  - { packets: ICMP, from: b, info: no such thing }
  - { packets: ICMP, before: 1 ms }
  - { mailbox: bob@b, count: 0 }
  - { mailbox: bob@b, subject: Hi }
`);
  assert.equal(passed, false);
  assert.deepEqual(
    expectations.map((each) => each.passed),
    [true, false, true, true, false, true, true, false, false, true, false],
  );
  assert.match(
    expectations[1].found,
    /^exit status 0; printed ".*; took \\d+/s.source === "" ? /x/ : /exit status 0/,
  );
  assert.match(expectations[1].found, /printed "PING.*took \d/s);
  assert.equal(
    expectations[1].description,
    'ping: exit status 1, prints "nonsense", prints exactly "no", within 1 ms',
  );
  assert.match(expectations[7].found, /^0 of \d+ packets: instead .*ICMP: Echo/);
  assert.equal(expectations[10].found, "0 of 0 mails there");
  assert.equal(
    expectations[10].description,
    'mails in the mailbox of bob at b with subject "Hi": at least 1',
  );
  assert.equal(expectations[10].expectation.line, 32);
});

test("a cut link is gone around, and healed", () => {
  const { steps } = run(`
story:
  - { name: before, on: a, run: traceroute 10.2.0.1 }
  - { cut: short }
  - { name: around, on: a, run: traceroute 10.2.0.1 }
  - { heal: short }
  - { name: after, on: a, run: traceroute 10.2.0.1 }
  - { cut: lb, direction: back }
  - { name: silence, on: a, run: ping -c 1 10.2.0.1 }
  - { heal: lb }
  - { name: again, on: a, run: ping -c 1 10.2.0.1 }
`);
  const printed = new Map(
    steps.map((each) => [each.step.name, each.output.map((line) => line.text).join("")]),
  );
  assert.match(printed.get("before") ?? "", /10\.0\.0\.2 /);
  assert.match(printed.get("around") ?? "", /10\.0\.0\.6 /);
  assert.match(printed.get("after") ?? "", /10\.0\.0\.2 /);
  const exits = new Map(steps.map((each) => [each.step.name, each.exit]));
  assert.equal(exits.get("silence"), 1);
  assert.equal(exits.get("again"), 0);
});

test("a link changes: what is not named stays, and in one direction if it says so", () => {
  const { steps } = run(`
story:
  - { name: before, on: a, run: ping -c 1 -W 2s 10.2.0.1 }
  - { change: lb, direction: back, delay: 500 ms }
  - { name: slow, on: a, run: ping -c 1 -W 2s 10.2.0.1 }
  - { change: lb, loss: 100 % }
  - { name: lossy, on: a, run: ping -c 1 -W 2s 10.2.0.1 }
  - { change: lb, loss: 50 %, burst: 1000 }
  - { change: lb, loss: 0 % }
  - { name: healed, on: a, run: ping -c 20 -i 10ms -W 2s 10.2.0.1 }
`);
  const took = (name: string): number => {
    const { startedAtNs, endedAtNs } = steps.find((each) => each.step.name === name) ?? {};
    return ((endedAtNs ?? 0) - (startedAtNs ?? 0)) / 1e6;
  };
  const exits = new Map(steps.map((each) => [each.step.name, each.exit]));
  assert.ok(took("before") < 400, `${took("before")} ms`);
  assert.ok(took("slow") > 500 && took("slow") < 1000, `${took("slow")} ms`);
  assert.equal(exits.get("lossy"), 1);
  assert.equal(exits.get("healed"), 0);
  assert.ok(took("healed") > 500, "the delay has stayed");
});

test("a host without power is silent; when it is back, its services are", () => {
  const { steps, failures } = run(
    `
story:
  - { name: served, on: a, run: echo 10.2.0.1 --text hello }
  - { powerOff: b }
  - { name: dark, on: a, run: echo --timeout 3s 10.2.0.1 --text hello }
  - { name: nobody-home, on: b, run: hostname }
  - { powerOn: b }
  - { name: back, on: a, run: echo 10.2.0.1 --text hello }
  - { name: long, at: 30 s, on: b, run: ping -c 100 10.1.0.1 }
  - { at: 40 s, powerOff: b }
`,
  );
  const exits = Object.fromEntries(steps.map((each) => [each.step.name, each.exit]));
  assert.deepEqual(
    {
      served: exits.served,
      dark: exits.dark,
      home: exits["nobody-home"],
      back: exits.back,
      long: exits.long,
    },
    { served: 0, dark: 1, home: 130, back: 0, long: 130 },
  );
  assert.deepEqual(failures, []);
});

test("a service that does not start is a failure of the run, and the story goes on", () => {
  const broken: ServiceDefinition = {
    name: "broken",
    title: "Broken",
    summary: "never starts",
    schema: { type: "object" },
    *start() {
      throw new LocalError("bad-zone", "this zone is none");
    },
  };
  const { file } = parseNetworkFile(
    square.replace("services: { echo: }", "services: { broken: }") +
      "story: [{ name: go, on: a, run: hostname }]\n",
    "x",
    { services: collect([broken]) },
  );
  const report = buildNetwork(file as NonNullable<typeof file>, { services: collect([broken]) }).run();
  assert.equal(report.passed, false);
  assert.equal(report.steps[0].exit, 0);
  assert.deepEqual(
    report.failures.map(({ host, task, error }) => [host, task, (error as Error).message]),
    [["b", "start of the services", "this zone is none"]],
  );
});

test("a run ends at its limit, and says what has not ended", () => {
  const lab = build(`
story:
  - { name: endless, on: a, run: ping -c 1000 10.2.0.1 }
expect:
  - { step: endless, exit: 0 }
`);
  const report = lab.run({ untilNs: 5e9 });
  assert.equal(report.end, "limit");
  assert.equal(report.endedAtNs, 5e9);
  assert.equal(report.passed, false);
  assert.match(report.expectations[0].found, /exit status none/);
});

test("without a story a run is over when all is quiet; a limit makes it longer", () => {
  assert.equal(build("").run().endedAtNs, 0);
  assert.equal(build("").run({ untilNs: 1e9 }).endedAtNs, 1e9);
});

test("losses in bursts keep their share, and one direction may be worse than the other", () => {
  const lossy = square.replace(
    '"r2:short"], delay: 5 ms',
    '"r2:short"], delay: 5 ms, back: { loss: 20 %, burst: 3 }',
  );
  const { file } = parseNetworkFile(lossy, "x");
  const lab = buildNetwork(file as NonNullable<typeof file>);
  const link = lab.links.get("short");
  assert.equal(link?.options("a-to-b").lossBurst, undefined);
  const burst = link?.options("b-to-a").lossBurst;
  assert.ok(burst !== undefined);
  assert.ok(Math.abs(burst.leave - 1 / 3) < 1e-9);
  assert.ok(Math.abs(burst.enter / (burst.enter + burst.leave) - 0.2) < 1e-9);
});

test("a lab that is closed does nothing any more", () => {
  const lab = build("story: [{ on: a, run: ping -c 100 10.2.0.1 }]\n");
  lab.start();
  lab.world.runUntil(3e9);
  lab.close();
  assert.deepEqual(lab.world.liveTaskNames, []);
  assert.equal(lab.world.runUntilIdle({ maxNs: 60e9 }), true);
});
