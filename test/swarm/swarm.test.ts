/** A fixed number of swarm runs: random networks, streams, mails and faults; then healing; then the invariants. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import type { FrameEvent } from "../../src/sim/index.ts";
import { makePlan } from "./plan.ts";
import { play } from "./play.ts";
import { repeatCommand } from "./repeat.ts";

/** As many as fit into some seconds; `npm run swarm` runs as many as wanted. */
const SEEDS = 40;

for (let seed = 1; seed <= SEEDS; seed++) {
  test(`swarm with seed ${seed}`, () => {
    try {
      play(makePlan(seed));
    } catch (error) {
      console.error(`swarm seed ${seed} failed; repeat it with: ${repeatCommand(seed)}`);
      throw error;
    }
  });
}

test("the same seed gives the same packets at the same nanoseconds, another seed does not", () => {
  const trace = (seed: number): string => {
    const hash = createHash("sha256");
    play(makePlan(seed), {
      handleFrame({ timeNs, kind, interfaceId, packetId, bytes, reason }: FrameEvent) {
        hash.update(`${timeNs} ${kind} ${interfaceId} ${packetId} ${reason}\n`).update(bytes);
      },
    });
    return hash.digest("hex");
  };
  assert.equal(trace(7), trace(7));
  assert.notEqual(trace(7), trace(8));
});
