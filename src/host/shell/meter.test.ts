/** `meter` in a world of two hosts: what it prints, what it refuses, the figure that it saves; and the service. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inflateSync } from "node:zlib";
import { LocalError, type Network, sleep } from "../../net/index.ts";
import { startMeterServer } from "../../protocols/meter/index.ts";
import { services } from "../../services/registry.ts";
import { type LinkOptions, World } from "../../sim/index.ts";
import { HostFiles } from "../files.ts";
import { parseCommandLine } from "./arguments.ts";
import type { Shell } from "./command.ts";
import { meter } from "./meter.ts";

describe("meter in the lab", () => {
  test("a row for every second, and the figures of both sides", () => {
    const { status, output } = runMeter(["10.0.1.2", "-t", "3", "--udp", "--rate", "1M", "-s", "1000"]);
    assert.equal(status, 0);
    assert.match(
      output,
      /^METER 10\.0\.1\.2 port 5201: 1 UDP stream, datagrams of 1000 octets at 1 Mbit\/s each/,
    );
    // 125 datagrams of 1,000 octets a second; 5 ms there and back, and what the line takes.
    assert.equal(output.match(/^ +[123]\.00 +125\.0 +1\.00 +10\.\d{3}$/gm)?.length, 3, output);
    assert.match(output, /^received +375000 octets in 3\.\d+ s: 1 Mbit\/s$/m);
    assert.match(output, /^datagrams +375, 0 lost \(0 %\)$/m);
  });

  test("beside each row a bar, as long as the line of the terminal has room for", () => {
    for (const [columns, cells] of [
      [1_000, 24],
      [80, 24],
      [60, 10],
      [52, 0],
      [40, 0],
    ] as const) {
      const { output } = runMeter(["10.0.1.2", "-t", "2", "--udp", "-b", "1M"], { colour: true, columns });
      const [first = "", second = ""] = output.match(/^ +[12]\.00 .*$/gm) ?? [];
      assert.equal(first.length, 48 + (cells > 0 ? 2 + cells : 0), first);
      assert.ok(second.length <= first.length, second);
    }
  });

  test("CSV has a heading and numbers only; JSON is one document", () => {
    const { output } = runMeter(["10.0.1.2", "-t", "2", "-s", "1K", "-b", "2M", "--csv"]);
    const lines = output.split("\n");
    assert.equal(lines[0], "t_s,throughput_kB_per_s,average_delay_ms,round_trips");
    for (const row of lines.slice(1, 3)) assert.match(row, /^[12]\.000,2[45]\d\.\d{3},\d+\.\d{3},\d+$/);
    const report = JSON.parse(runMeter(["10.0.1.2", "-n", "64K", "--json"]).output);
    assert.equal(report.received.octets, 131_072);
    assert.deepEqual(report.server, { address: "10.0.1.2", port: 5201 });
  });

  test("round trips, against a meter", () => {
    const { status, output } = runMeter(["10.0.1.2", "--round-trips", "--udp", "-s", "2", "-t", "2"]);
    assert.equal(status, 0);
    assert.match(output, /UDP round trips of 2 octets/);
    assert.match(output, /^answers +100 per second$/m);
  });

  test("the figure, as SVG and as PNG", () => {
    const words = ["10.0.1.2", "-t", "5", "--udp", "--rate", "5M"];
    const svg = Buffer.from(runMeter([...words, "--plot", "a.svg"]).files.read("a.svg") ?? []).toString();
    for (const part of [
      "throughput in Mbit/s",
      "delay in ms",
      "time in s",
      "mean round trip",
      "<title>Throughput",
    ])
      assert.ok(svg.includes(part), part);
    assert.equal(svg.match(/<circle/g)?.length, 10);
    assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
    const png = Buffer.from(runMeter([...words, "--plot", "b.PNG"]).files.read("b.PNG") ?? []);
    assert.deepEqual([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    // Zlib, which is not ours, unpacks it to one octet and three for each pixel of every row.
    const data = png.subarray(41, 41 + png.readUInt32BE(33));
    assert.equal(inflateSync(data).length, (3 * width + 1) * height);
  });

  test("the time axis of the figure reaches to the end of the test, and not beyond", () => {
    for (const [duration, last] of [
      ["1s", "1.0"],
      ["2s", "2.0"],
      ["10s", "10"],
    ]) {
      const words = ["10.0.1.2", "-t", duration, "--udp", "--plot", "a.svg"];
      const svg = Buffer.from(runMeter(words).files.read("a.svg") ?? []).toString();
      // The labels of the time stand last but the title of the axis.
      const labels = [...svg.slice(0, svg.indexOf("time in s")).matchAll(/>([\d.]+)<\/text>/g)];
      assert.equal(labels.at(-1)?.[1], last);
    }
  });

  test("interrupted: rows, totals and figure of what was measured", () => {
    const words = ["10.0.1.2", "-t", "30", "--udp", "-b", "1M", "-s", "1000", "--plot", "a.svg"];
    const { output, files } = interrupt(words);
    assert.match(output, /^ +3\.00 +125\.0 .*\n +3\.[12]\d +1\d\d\.\d .*\n\ninterrupted before its end/m);
    assert.match(output, /^sent +395000 octets in 3\.[12]\d\d s: 1(\.\d+)? Mbit\/s$/m);
    assert.doesNotMatch(output, /^(received|datagrams)/m);
    assert.match(Buffer.from(files.read("a.svg") ?? []).toString(), /Mbit\/s sent, interrupted</);
    const reverse = interrupt([...words, "-R"]).output;
    assert.match(reverse, /^received +400000 octets in 3\.[12]\d\d s/m);
    assert.match(reverse, /^datagrams +400, 0 lost/m);
    const trips = interrupt(["10.0.1.2", "-t", "30", "--round-trips", "--plot", "a.svg"]);
    assert.match(trips.output, /\ninterrupted before its end\nrequests +3\d\d in 3\.[12]\d\d s, 0 lost/);
    assert.match(Buffer.from(trips.files.read("a.svg") ?? []).toString(), / per second, interrupted</);
  });

  test("interrupted: JSON is one document, CSV keeps to its columns", () => {
    const report = JSON.parse(interrupt(["10.0.1.2", "-t", "30", "-b", "1M", "--json"]).output);
    assert.deepEqual([report.interrupted, report.intervals.length], [true, 4]);
    assert.ok(report.sent.octets > 0 && report.received === undefined);
    const { output } = interrupt(["10.0.1.2", "-t", "30", "-b", "1M", "--csv"]);
    for (const row of output.trimEnd().split("\n").slice(1))
      assert.match(row, /^[1-3]\.\d{3},[\d.]+,[\d.]+,\d+$/);
  });

  test("a figure that has no place is noticed before anything is measured", () => {
    const hosts = twoHosts();
    const files = new HostFiles();
    const full = (): never => {
      throw new LocalError("not-saved", "no room");
    };
    const { shell } = shellOn(hosts.client, false, Object.assign(files, { create: full }));
    const words = ["10.0.1.2", "-t", "5", "--plot", "a.svg"];
    assert.throws(() => hosts.world.run(meter.run(shell, parseCommandLine(meter, words))), /no room/);
    assert.equal(hosts.world.nowNs, 0);
  });

  test("a measurement that fails leaves the older figure, and no draft", () => {
    const { world, client } = twoHosts();
    const files = new HostFiles();
    files.write("a.svg", Buffer.from("older"));
    const { shell } = shellOn(client, false, files);
    const words = ["10.0.1.2:5202", "--plot", "a.svg"];
    assert.throws(() => world.run(meter.run(shell, parseCommandLine(meter, words))), /refused/);
    assert.equal(Buffer.from(files.read("a.svg") ?? []).toString(), "older");
    assert.deepEqual(files.names, ["a.svg"]);
  });

  test("refuses what makes no sense, each in one line", () => {
    const cases: [string[], RegExp][] = [
      [["h", "-n", "-1"], /--octets must be a number from 1 to 1000000G, e\.g\./],
      [["h", "-b", "2000G"], /--rate must be a number from 0 to 1000G, e\.g\./],
      [[], /HOST is missing/],
      [["h", "-s", "0"], /--size must be a number from 1 to/],
      [["h", "--udp", "-s", "3"], /from 16 to 65507/],
      [["h", "--rate", "fast"], /--rate must be a number/],
      [["h", "--plot", "a.pdf"], /\.svg or a \.png/],
      [["h", "--round-trips", "-R"], /exclude each other/],
      [["h", "-n", "1M", "-t", "1"], /exclude each other/],
      [["h", "-P", "1000"], /--parallel/],
      [["10.0.1.2:5202"], /refused/],
    ];
    for (const [words, message] of cases) assert.throws(() => runMeter(words), message, words.join(" "));
  });
});

test("the service of a network file starts, says where, and stops", () => {
  const world = new World({ seed: 1 });
  const host = world.addHost("h");
  const definition = services.get("meter") ?? assert.fail();
  world.run(
    (function* () {
      const stores = { mail: () => assert.fail(), leases: () => assert.fail(), close() {} };
      const running = yield* definition.start(
        { network: host.network, nameServers: [], users: [], stores },
        {},
      );
      assert.equal(running.description, "measures on TCP and UDP [::]:5201");
      yield* running.stop(0);
    })(),
  );
  assert.deepEqual(world.liveTaskNames, []);
});

/** Runs the command on one of two hosts; the other is a meter server. What it printed and saved. */
function runMeter(words: string[], terminal: Partial<Shell> = {}) {
  const { world, client } = twoHosts();
  const files = new HostFiles();
  const { shell, printed } = shellOn(client, words.includes("--json"), files);
  const status = world.run(meter.run({ ...shell, ...terminal }, parseCommandLine(meter, words)));
  return { status, output: printed(), files };
}

/** The same with Ctrl-C after 3.3 s; then the server must be free again. */
function interrupt(words: string[]) {
  const { world, client, server } = twoHosts();
  const files = new HostFiles();
  const { shell, printed } = shellOn(client, words.includes("--json"), files);
  const running = world.spawn("meter", meter.run(shell, parseCommandLine(meter, words)));
  world.runUntil(3.3e9);
  running.cancel();
  world.run(sleep(client.clock, 20));
  assert.equal(server.isBusy, false);
  return { output: printed(), files };
}

function shellOn(network: Network, json: boolean, files: HostFiles) {
  let output = "";
  const shell: Shell = {
    network,
    nameServers: [],
    print: (text) => (output += text),
    printError: () => {},
    json,
    colour: false,
    *readLine() {
      return null;
    },
    files,
  };
  return { shell, printed: () => output };
}

function twoHosts(line: LinkOptions = { delayMs: 5 }) {
  const world = new World({ seed: 1 });
  const [client, server] = [world.addHost("client.test"), world.addHost("server.test")];
  world.connect(
    client.addInterface({ addresses: ["10.0.1.1/24"] }),
    server.addInterface({ addresses: ["10.0.1.2/24"] }),
    line,
  );
  world.computeRoutes();
  return { world, client: client.network, server: world.run(startMeterServer(server.network)) };
}
