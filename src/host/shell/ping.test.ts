/** `echo` and `ping` in a world of two hosts, and what ping makes of its answers. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Network, NetworkError, type Task } from "../../net/index.ts";
import { startEchoServer } from "../../protocols/echo/index.ts";
import { type LinkOptions, World } from "../../sim/index.ts";
import { parseCommandLine } from "./arguments.ts";
import type { Command, Shell } from "./command.ts";
import { echo } from "./echo.ts";
import { ping } from "./ping.ts";
import { formatOutcome, formatStatistics, OrderWatch, type PingOutcome, summarize } from "./ping-report.ts";

const outcome = (kind: PingOutcome["kind"], sequence: number, roundTripMs?: number): PingOutcome => ({
  kind,
  sequence,
  from: kind === "lost" ? undefined : "192.0.2.1",
  roundTripNs: roundTripMs === undefined ? undefined : roundTripMs * 1e6,
  ttl: 62,
});

describe("ping's figures", () => {
  test("loss, minimum, average, maximum and deviation", () => {
    const outcomes = [
      outcome("answered", 1, 10),
      outcome("answered", 2, 20),
      outcome("lost", 3),
      outcome("answered", 4, 30),
    ];
    assert.deepEqual(summarize(outcomes), {
      transmitted: 4,
      received: 3,
      duplicates: 0,
      reordered: 0,
      errors: 0,
      lossPercent: 25,
      roundTripMs: { min: 10, avg: 20, max: 30, mdev: Math.sqrt(200 / 3), p50: 20, p90: 30, p99: 30 },
    });
  });

  test("a duplicate is received once, what is late is lost", () => {
    const outcomes = [
      outcome("answered", 1, 10),
      outcome("duplicate", 1, 12),
      outcome("lost", 2),
      outcome("late", 2, 900),
    ];
    const { transmitted, received, duplicates, lossPercent } = summarize(outcomes);
    assert.deepEqual([transmitted, received, duplicates, lossPercent], [2, 1, 1, 50]);
  });

  test("an answer after that to a later request was overtaken, a duplicate was not", () => {
    const order = new OrderWatch();
    const outcomes = [
      outcome("answered", 1, 10),
      outcome("answered", 3, 10),
      outcome("answered", 2, 30),
      outcome("duplicate", 1, 40),
      outcome("lost", 4),
    ].map((each) => order.mark(each));
    assert.equal(summarize(outcomes).reordered, 1);
    assert.match(formatOutcome(outcomes[2], 64), /seq=2 .* ms \(overtaken\)$/);
    assert.match(
      formatStatistics("h", summarize(outcomes), 1),
      /\+1 duplicates, 1 overtaken, 25% packet loss/,
    );
  });

  test("percentiles are times that were measured", () => {
    const outcomes = Array.from({ length: 200 }, (_, i) => outcome("answered", i + 1, 200 - i));
    const { p50, p90, p99 } = summarize(outcomes).roundTripMs ?? assert.fail();
    assert.deepEqual([p50, p90, p99], [100, 180, 198]);
  });

  test("nothing sent, nothing received", () => {
    assert.deepEqual(summarize([]).lossPercent, 0);
    assert.equal(summarize([outcome("lost", 1)]).roundTripMs, undefined);
    assert.equal(
      formatStatistics("server.test", summarize([outcome("lost", 1)]), 1000.4),
      "\n--- server.test ping statistics ---\n1 packets transmitted, 0 received, 100% packet loss, time 1000 ms\n",
    );
  });

  test("each kind of answer has its line", () => {
    assert.equal(
      formatOutcome(outcome("answered", 1, 20.07), 64),
      "64 bytes from 192.0.2.1: seq=1 ttl=62 time=20.1 ms",
    );
    assert.equal(
      formatOutcome(outcome("duplicate", 1, 0.0431), 64),
      "64 bytes from 192.0.2.1: seq=1 ttl=62 time=0.043 ms (DUP!)",
    );
    assert.match(formatOutcome(outcome("late", 1, 1234.5), 64), /time=1235 ms \(late: counted as lost\)/);
    assert.equal(formatOutcome(outcome("lost", 2), 64), "lost: no answer to seq=2");
    assert.equal(
      formatOutcome(outcome("time-exceeded", 3), 64),
      "From 192.0.2.1: seq=3 time to live exceeded",
    );
    assert.equal(
      formatOutcome(outcome("unreachable", 3), 64),
      "From 192.0.2.1: seq=3 destination unreachable",
    );
    assert.equal(
      formatOutcome(outcome("refused", 3), 64),
      "From 192.0.2.1: seq=3 connection refused (nobody listens on that port)",
    );
  });
});

describe("ping in the lab", () => {
  test("times the way there and back, by ICMP and by UDP", () => {
    for (const words of [["server.test"], ["server.test", "-6"], ["server.test:7", "--udp"]]) {
      const { status, output } = runOn({ delayMs: 10 }, ping, [...words, "-c", "3", "-i", "200ms"]);
      assert.equal(status, 0, output);
      assert.equal(
        output.match(/64 bytes from \S+: seq=[123] .*time=(20|4\d|3\d)\.\d ms/g)?.length,
        3,
        output,
      );
      assert.match(output, /3 packets transmitted, 3 received, 0% packet loss, time 4\d\d ms/);
      assert.match(output, /rtt min\/avg\/max\/mdev = 20\./);
    }
  });

  test("requests leave at their interval, however long answers take", () => {
    const { output } = runOn({ delayMs: 500 }, ping, [
      "server.test",
      "-c",
      "10",
      "-i",
      "10ms",
      "-W",
      "5s",
      "--json",
    ]);
    const result = JSON.parse(output);
    assert.equal(result.received, 10);
    assert.ok(result.durationMs < 3500, `${result.durationMs} ms`);
  });

  test("says of each request whether it was lost, and fails when all were", () => {
    const some = runOn({ delayMs: 1, loss: 0.1 }, ping, [
      "10.0.1.2",
      "-c",
      "100",
      "-i",
      "20ms",
      "-W",
      "100ms",
      "--json",
    ]);
    const result = JSON.parse(some.output);
    assert.equal(result.outcomes.length, 100);
    assert.ok(result.lossPercent > 5 && result.lossPercent < 50, `${result.lossPercent} %`);
    const none = runOn({ delayMs: 1, loss: 1 }, ping, ["10.0.1.2", "-c", "2", "-i", "10ms"]);
    assert.equal(none.status, 1);
    assert.match(
      none.output,
      /lost: no answer to seq=1\nlost: no answer to seq=2\n\s[\s\S]*100% packet loss/,
    );
  });

  test("the textbook's server that drops a third: lost, within the confidence interval, by UDP and ICMP", () => {
    for (const words of [
      ["10.0.1.2", "--udp"],
      ["10.0.1.2", "--icmp"],
    ]) {
      const rest = ["-c", "1000", "-i", "5ms", "-W", "50ms", "--json"];
      const { status, output } = runOn({ delayMs: 1, loss: 0.2 }, ping, [...words, ...rest]);
      const { transmitted, lossPercent, outcomes } = JSON.parse(output);
      assert.deepEqual([status, transmitted, outcomes.length], [0, 1000, 1000]);
      // Two ways of 0.8 each lose 36 %; four standard deviations of 1.5 %.
      assert.ok(Math.abs(lossPercent - 36) < 6.1, `${words}: ${lossPercent} %`);
    }
  });

  test("an answer that comes twice or late is said to be so, by ICMP as by UDP, over IPv4 and IPv6", () => {
    for (const words of [["-4"], ["-6"], ["-4", "--udp"], ["-6", "--udp"]]) {
      const asked = ["server.test", ...words, "-c", "6", "-i", "100ms"];
      const twice = runOn({ delayMs: 10, duplicate: 1 }, ping, asked).output;
      // Request and answer are doubled: four answers to each, and with the first to the last one it ends.
      assert.equal(twice.match(/seq=[1-5] .*\(DUP!\)/g)?.length, 15, twice);
      assert.match(twice, /6 packets transmitted, 6 received, \+15 duplicates, 0% packet loss/);
      const late = runOn({ delayMs: 200 }, ping, [...asked, "-W", "350ms"]).output;
      const ofFirst = late.split("\n").filter((line) => line.includes("seq=1"));
      assert.equal(ofFirst[0], "lost: no answer to seq=1");
      assert.match(ofFirst[1], /time=\d00 ms \(late: counted as lost\)$/);
      assert.match(late, /6 packets transmitted, 0 received, 100% packet loss/);
    }
  });

  test("more requests than ICMP has numbers for", () => {
    const words = ["10.0.1.2", "-c", "65540", "-i", "1ms", "-s", "0", "--json"];
    const { received, duplicates, outcomes } = JSON.parse(runOn({}, ping, words).output);
    assert.deepEqual([received, duplicates, outcomes.at(-1).sequence], [65540, 0, 65540]);
  });

  test("without a route nothing is said to be sent; one that goes meanwhile costs what was asked meanwhile", () => {
    for (const words of [["203.0.113.1"], ["203.0.113.1", "--json"]]) {
      const { world, client } = twoHosts({});
      const { shell, printed } = shellOn(client, [], words.includes("--json"));
      const pinging = ping.run(shell, parseCommandLine(ping, words));
      assert.throws(() => world.run(pinging), { code: "unreachable" });
      assert.equal(printed(), "");
    }
    const { world, host, client } = twoHosts({});
    const { shell, printed } = shellOn(client, []);
    const words = ["203.0.113.1", "-c", "5", "-i", "100ms"];
    host.addRoute("203.0.113.0/24", "10.0.1.2");
    world.spawn("ping", ping.run(shell, parseCommandLine(ping, words)));
    world.runUntil(150e6);
    host.routes.removeWhere(({ origin }) => origin === "static");
    world.runUntil(350e6);
    host.addRoute("203.0.113.0/24", "10.0.1.2");
    world.runUntilIdle({ maxNs: 60e9 });
    const notSent = [3, 4].map((sequence) => `not sent: there is no route for seq=${sequence}\n`);
    const lost = [1, 2, 5].map((sequence) => `lost: no answer to seq=${sequence}\n`);
    assert.ok(printed().includes(`${[...notSent, ...lost].join("")}\n--- `), printed());
    assert.match(printed(), /5 packets transmitted, 0 received, \+2 errors, 100% packet loss/);
  });

  test("what overtakes is said, and counted", () => {
    const line = { delayMs: 5, reorder: 0.2, reorderMs: 30 };
    const { output } = runOn(line, ping, ["10.0.1.2", "-c", "100", "-i", "5ms", "--udp"]);
    const overtaken = output.match(/\(overtaken\)/g)?.length ?? 0;
    assert.ok(overtaken > 10, output);
    assert.match(output, new RegExp(`${overtaken} overtaken`));
    assert.match(output, /rtt p50\/p90\/p99 = 1\d\./);
  });

  test("a port where nobody listens refuses, which is no loss without a word", () => {
    const { status, output } = runOn({ delayMs: 5 }, ping, ["10.0.1.2:9", "-c", "3", "-i", "100ms"]);
    assert.equal(status, 1);
    const line = (sequence: number): string =>
      `From 10.0.1.2: seq=${sequence} connection refused (nobody listens on that port)\n`;
    assert.ok(output.includes(line(1) + line(2) + line(3)), output);
    assert.match(output, /3 packets transmitted, 0 received, \+3 errors, 100% packet loss/);
    // Three are on their way at once, and each is refused once.
    const quick = runOn({ delayMs: 50 }, ping, ["10.0.1.2:9", "-c", "3", "-i", "10ms", "--json"]);
    const { errors, outcomes } = JSON.parse(quick.output);
    assert.deepEqual([errors, outcomes.length], [3, 3]);
  });

  test("refuses what makes no sense, each in one line", () => {
    const cases: [string[], RegExp][] = [
      [["server.test", "-s", "70000"], /--size must be a whole number from 0 to 65507/],
      [["server.test", "--udp", "-s", "3"], /from 12 to/],
      [["server.test:7", "-t", "5"], /--ttl works with ICMP only/],
      [["server.test", "-4", "-6"], /exclude each other/],
      [["server.test", "--udp", "--icmp"], /exclude each other/],
      [["server.test:7", "--icmp"], /ICMP has no ports/],
      [["server.test", "-c", "0"], /--count/],
      [["nobody.test"], /nobody\.test/],
      [["203.0.113.1"], /203\.0\.113\.1/],
    ];
    for (const [words, message] of cases)
      assert.throws(() => runOn({}, ping, words), message, words.join(" "));
  });
});

describe("echo in the lab", () => {
  test("sends the lines of --text, or those typed, over TCP and UDP", () => {
    for (const transport of ["--tcp", "--udp"]) {
      const given = runOn({ delayMs: 10 }, echo, [
        "server.test",
        transport,
        "--text",
        "grüße",
        "--text",
        "two",
      ]);
      assert.deepEqual([given.status, given.output], [0, "grüße\ntwo\n"]);
      const typed = runOn({ delayMs: 10 }, echo, ["[2001:db8:1::2]:7", transport], ["a", "", "b"]);
      assert.deepEqual([typed.status, typed.output], [0, "a\n\nb\n"]);
    }
  });

  test("says what is lost, and as JSON the round trips", () => {
    const lost = runOn({ loss: 1 }, echo, ["10.0.1.2", "--udp", "--text", "x", "-W", "300ms"]);
    assert.deepEqual([lost.status, lost.output], [1, '"x" is lost: no answer from 10.0.1.2:7 for 300 ms\n']);
    const { output } = runOn({ delayMs: 10 }, echo, ["10.0.1.2", "--text", "x", "--json"]);
    const result = JSON.parse(output);
    assert.deepEqual(result.server, { address: "10.0.1.2", port: 7 });
    assert.ok(result.lines[0].roundTripMs >= 20 && result.lines[0].roundTripMs < 50);
  });

  test("a port where nobody listens, a host that is missing", () => {
    assert.throws(() => runOn({}, echo, ["server.test:8", "--text", "x"]), { code: "refused" });
    for (const server of ["10.0.1.2", "2001:db8:1::2"]) {
      const where = server.includes(":") ? `[${server}]:8` : `${server}:8`;
      const { status, output } = runOn({}, echo, [where, "--udp", "--text", "x"]);
      const problem = `connection refused: nobody listens on UDP port 8 of ${server}`;
      assert.deepEqual([status, output], [1, `"x" is lost: ${problem}\n`]);
    }
    assert.throws(() => runOn({}, echo, ["--text", "x"]), { code: "usage", message: /HOST is missing/ });
  });

  test("--serve is a server until it is cancelled", () => {
    const { world, client, server } = twoHosts({});
    const { shell, printed } = shellOn(server, []);
    const serving = world.spawn(
      "serve",
      echo.run(shell, parseCommandLine(echo, ["--serve", "10.0.1.2:7007"])),
    );
    world.runUntil(1e6);
    assert.equal(printed(), "echoes on TCP and UDP 10.0.1.2:7007; Ctrl-C ends it\n");
    const asking = shellOn(client, []);
    const words = ["10.0.1.2:7007", "--udp", "--text", "x"];
    assert.equal(world.run(echo.run(asking.shell, parseCommandLine(echo, words))), 0);
    serving.cancel();
    world.runUntil(world.nowNs + 1e9);
    assert.deepEqual(world.liveTaskNames, []);
  });
});

/** Runs a command on one of two hosts; the other is an echo server. What it printed, to either stream. */
function runOn(line: LinkOptions, command: Command, words: string[], typed: string[] = []) {
  const { world, client, server } = twoHosts(line);
  world.run(startEchoServer(server));
  const { shell, printed } = shellOn(client, typed, words.includes("--json"));
  const status = world.run(command.run(shell, parseCommandLine(command, words)));
  return { status, output: printed() };
}

function shellOn(network: Network, typed: string[], json = false): { shell: Shell; printed(): string } {
  let output = "";
  const print = (text: string): void => {
    output += text;
  };
  const shell = {
    network,
    nameServers: [],
    print,
    printError: print,
    json,
    colour: false,
    *readLine(): Task<string | null> {
      return typed.shift() ?? null;
    },
  } satisfies Shell;
  return { shell, printed: () => output };
}

function twoHosts(line: LinkOptions) {
  const world = new World({ seed: 1 });
  const [client, server] = [world.addHost("client.test"), world.addHost("server.test")];
  world.connect(
    client.addInterface({ addresses: ["10.0.1.1/24", "2001:db8:1::1/64"] }),
    server.addInterface({ addresses: ["10.0.1.2/24", "2001:db8:1::2/64"] }),
    line,
  );
  world.computeRoutes();
  client.network.resolver = {
    *addresses(name, family) {
      if (name !== "server.test")
        throw new NetworkError("name-not-found", `there is no host named "${name}"`);
      return family === 6 ? ["2001:db8:1::2"] : ["10.0.1.2"];
    },
  };
  return { world, host: client, client: client.network, server: server.network };
}
