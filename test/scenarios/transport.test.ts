/** networks/transport.yaml over several seeds: its expectations hold, and the table says what the lesson says. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { buildNetwork, parseNetworkFile } from "../../src/topology/index.ts";

const path = new URL("../../networks/transport.yaml", import.meta.url);

for (const seed of [1, 7, 42, 4711]) {
  test(`with seed ${seed} TCP pays with time, UDP with losses, and a call with what is late`, () => {
    const { file } = parseNetworkFile(readFileSync(path, "utf8"), "transport.yaml");
    assert.ok(file !== undefined);
    const lab = buildNetwork(file, { seed });
    const report = lab.run();
    lab.close();
    const failed = report.expectations.filter(({ passed }) => !passed);
    assert.deepEqual(
      failed.map(({ description, found }) => `${description}: ${found}`),
      [],
    );
    const table = rowsOf(
      report.steps
        .at(-1)
        ?.output.map(({ text }) => text)
        .join("") ?? "",
    );
    const tcp = rows(table, "file over TCP");
    assert.deepEqual(
      tcp.map(({ missing }) => missing),
      [0, 0, 0, 0],
    );
    assert.ok(tcp[1].seconds > 1.2 * tcp[0].seconds, "1 % of losses are felt");
    assert.ok(tcp[2].seconds > 4 * tcp[0].seconds, "10 % are felt badly");
    const udp = rows(table, "file over UDP");
    // 2,500 parts: standard deviations of 0.2 and 0.6 %.
    for (const [i, percent] of [0, 1, 10].entries())
      assert.ok(
        Math.abs(udp[i].missing - percent) <= 0.25 * percent,
        `${udp[i].missing} % instead of ${percent}`,
      );
    for (const { seconds } of udp) assert.ok(seconds > 2.9 && seconds < 3.2, "UDP does not slow down");
    const calls = rows(table, "voice over UDP");
    assert.ok(calls[0].missing === 0 && Math.abs(calls[3].missing - 5) < 4);
  });
}

interface Row {
  readonly application: string;
  /** In percent. */
  readonly missing: number;
  readonly seconds: number;
}

/** The lines of the table; the columns stand two blanks apart. */
function rowsOf(text: string): Row[] {
  const [, ...lines] = text.trimEnd().split("\n");
  return lines.map((line) => {
    const [, application, missing, seconds] = line.split(/ {2,}/);
    return { application, missing: Number.parseFloat(missing), seconds: Number.parseFloat(seconds) };
  });
}

function rows(table: readonly Row[], application: string): Row[] {
  return table.filter((row) => row.application === application);
}
