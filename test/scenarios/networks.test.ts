/** Every network that is shipped: its story comes to its end, its expectations hold, and a run can be repeated. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import {
  buildNetwork,
  formatFileError,
  type Lab,
  type LabReport,
  type NetworkFile,
  parseNetworkFile,
} from "../../src/topology/index.ts";

const folder = new URL("../../networks/", import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

for (const name of names) {
  test(`${name} is green`, () => {
    const { report, lab } = play(load(name));
    const wrong = report.expectations.filter((each) => !each.passed);
    assert.deepEqual(
      wrong.map((each) => `${name}:${each.expectation.line}: ${each.description}; found: ${each.found}`),
      [],
    );
    assert.deepEqual(report.failures, []);
    assert.equal(report.passed, true);
    assert.equal(report.end, "quiet");
    assert.ok(report.expectations.length > 0, "a network without expectations tests nothing");
    lab.close();
    assert.deepEqual(lab.world.liveTaskNames, []);
  });

  test(`${name} twice is the same, octet for octet and nanosecond for nanosecond`, () => {
    const first = play(load(name));
    const second = play(load(name));
    assert.ok(first.frames > 0);
    assert.equal(second.trace, first.trace);
    assert.deepEqual(second.report.steps, first.report.steps);
    assert.notEqual(play(load(name), 4711).trace, first.trace);
  });

  test(`${name} is green with other seeds`, () => {
    for (const seed of [2, 3, 2 ** 52 + 1])
      assert.equal(play(load(name), seed).report.passed, true, `seed ${seed}`);
  });
}

test("an expectation that does not hold makes a network red", () => {
  const text = readFileSync(new URL("ketchup.yaml", folder), "utf8");
  const { file } = parseNetworkFile(
    text.replace("How about pickles?\n    count", "How about onions?\n    count"),
    "x",
  );
  const { report } = play(file as NetworkFile);
  assert.equal(report.passed, false);
  assert.deepEqual(
    report.expectations.filter((each) => !each.passed).map((each) => each.expectation.kind),
    ["mailbox"],
  );
});

function load(name: string): NetworkFile {
  const { file, errors } = parseNetworkFile(readFileSync(new URL(name, folder), "utf8"), name);
  if (file === undefined) assert.fail(errors.map(formatFileError).join("\n"));
  return file;
}

interface Run {
  readonly lab: Lab;
  readonly report: LabReport;
  readonly frames: number;
  /** A digest of every frame event: time, place, kind, reason and octets. */
  readonly trace: string;
}

function play(file: NetworkFile, seed = file.seed): Run {
  const digest = createHash("sha256");
  let frames = 0;
  const lab = buildNetwork(file, {
    seed,
    taps: [
      {
        handleFrame(event) {
          frames++;
          const { timeNs, kind, interfaceId, packetId, reason, bytes } = event;
          digest.update(`${timeNs} ${kind} ${interfaceId} ${packetId} ${reason}\n`).update(bytes);
        },
      },
    ],
  });
  const report = lab.run();
  return { lab, report, frames, trace: digest.digest("hex") };
}
