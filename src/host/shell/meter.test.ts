/** `meter` in a world of two hosts: what it prints, what it refuses, the figure that it saves; and the service. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inflateSync } from "node:zlib";
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

  test("refuses what makes no sense, each in one line", () => {
    const cases: [string[], RegExp][] = [
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
function runMeter(words: string[], line: LinkOptions = { delayMs: 5 }) {
  const world = new World({ seed: 1 });
  const [client, server] = [world.addHost("client.test"), world.addHost("server.test")];
  world.connect(
    client.addInterface({ addresses: ["10.0.1.1/24"] }),
    server.addInterface({ addresses: ["10.0.1.2/24"] }),
    line,
  );
  world.computeRoutes();
  world.run(startMeterServer(server.network));
  let output = "";
  const files = new HostFiles();
  const shell: Shell = {
    network: client.network,
    nameServers: [],
    print: (text) => (output += text),
    printError: () => {},
    json: words.includes("--json"),
    colour: false,
    *readLine() {
      return null;
    },
    files,
  };
  const status = world.run(meter.run(shell, parseCommandLine(meter, words)));
  return { status, output, files };
}
