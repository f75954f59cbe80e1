/** Going back in a lab: the same packets again, or others after a change. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Capture, hostNamesOf, writePcapng } from "../sim/capture/index.ts";
import { buildNetwork } from "./build.ts";
import type { Lab } from "./lab.ts";
import type { NetworkFile } from "./network-file.ts";
import { parseNetworkFile } from "./parse.ts";
import { replayLab } from "./replay.ts";

const ketchup = read("ketchup.yaml");
const SEED = 7;

test("stop in the middle, go back, go on: the same packets, octet for octet, and the same report", () => {
  const first = new Capture();
  const lab = buildNetwork(ketchup, { seed: SEED, taps: [first] });
  lab.start();
  for (let i = 0; i < 150; i++) lab.world.step();
  const { executed, nowNs } = lab.world;
  assert.equal(lab.storyEnded, false, "this is the middle");
  const soFar = octets(first, lab);
  const report = lab.run();
  assert.equal(report.passed, true);
  const whole = octets(first, lab);
  assert.ok(whole.length > soFar.length);

  const second = new Capture();
  const back = replayLab(ketchup, { seed: SEED, taps: [second] }, { executed });
  assert.equal(back.world.nowNs, nowNs);
  assert.deepEqual(octets(second, back), soFar);
  assert.deepEqual(back.run(), report);
  assert.deepEqual(octets(second, back), whole);
});

test("an instant is a place to go back to as well, also one after the story, in the quiet", () => {
  const first = new Capture();
  const lab = buildNetwork(ketchup, { seed: SEED, taps: [first] });
  const report = lab.run();
  const storyEndNs = report.steps.at(-1)?.endedAtNs ?? 0;
  for (const timeNs of [0, 100e6, storyEndNs, report.endedAtNs - 1]) {
    const again = new Capture();
    const back = replayLab(ketchup, { seed: SEED, taps: [again] }, { timeNs });
    assert.equal(back.world.nowNs, timeNs);
    assert.deepEqual(back.run(), report, `from ${timeNs} ns`);
    assert.deepEqual(octets(again, back), octets(first, lab));
  }
});

test("go back and cut a link: the past is the same, what follows is not", () => {
  const first = new Capture();
  const lab = buildNetwork(ketchup, { seed: SEED, taps: [first] });
  lab.runTo({ timeNs: 100e6 });
  const { executed } = lab.world;
  const soFar = octets(first, lab);
  assert.equal(lab.run().passed, true);

  const second = new Capture();
  const back = replayLab(ketchup, { seed: SEED, taps: [second] }, { executed });
  assert.deepEqual(octets(second, back), soFar);
  back.links.get("ocean")?.setUp(false);
  const changed = back.run({ untilNs: 60e9 });
  assert.equal(changed.passed, false);
  const mailbox = changed.expectations.find(({ expectation }) => expectation.kind === "mailbox");
  assert.equal(mailbox?.passed, false, "no mail crosses an ocean without a cable");
  assert.ok(!octets(second, back).equals(octets(first, lab)));
});

test("nothing goes back by itself, and there is no moment after the last one", () => {
  const lab = buildNetwork(ketchup, { seed: SEED });
  lab.runTo({ executed: 100 });
  assert.throws(() => lab.runTo({ executed: 99 }), /past event 99/);
  const nothing = read("ketchup.yaml", (text) => text.replace(/^story:[\s\S]*/m, ""));
  assert.throws(() => replayLab(nothing, {}, { executed: 1e9 }), /comes to rest after \d+ events/);
});

test("without its story a lab is replayed as it was started", () => {
  const back = replayLab(ketchup, { story: false }, { timeNs: 5e9 });
  assert.deepEqual(
    back.steps.map((step) => step.startedAtNs),
    [undefined, undefined],
  );
});

function read(name: string, change = (text: string): string => text): NetworkFile {
  const path = new URL(`../../networks/${name}`, import.meta.url);
  const { file, errors } = parseNetworkFile(change(readFileSync(path, "utf8")), name);
  assert.equal(errors, undefined);
  return file as NetworkFile;
}

function octets(capture: Capture, lab: Lab): Buffer {
  const { interfaces, startUnixMs } = lab.world;
  return Buffer.from(
    writePcapng({
      startUnixMs,
      interfaces,
      hostNames: hostNamesOf(interfaces),
      packets: capture.packets(),
      lostCount: 0,
    }),
  );
}
