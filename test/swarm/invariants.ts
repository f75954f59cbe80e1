/** What must hold in every swarm run, whatever the seed. */

import assert from "node:assert/strict";
import type { Lab } from "../../src/topology/lab.ts";
import { countDelivered, type MailOutcome, queued } from "./mails.ts";
import type { StreamRecord } from "./streams.ts";

/** Every stream is a prefix of what was sent. */
export function checkStreams(streams: readonly StreamRecord[], when: string): void {
  for (const { plan, received, mistakeAt } of streams) {
    assert.equal(mistakeAt, undefined, `${plan.name}, ${when}: octet ${mistakeAt} is wrong`);
    assert.ok(
      received <= plan.octets,
      `${plan.name}, ${when}: ${received} octets of ${plan.octets} have arrived`,
    );
  }
}

/**
 * After the healing every stream has come through, every accepted mail lies in its mailbox exactly once, and one
 * whose sender got no answer at most once. Returns how many were accepted.
 */
export function checkArrived(
  lab: Lab,
  streams: readonly StreamRecord[],
  mails: readonly MailOutcome[],
): number {
  for (const { plan, complete, received, remark } of streams) {
    assert.ok(complete, `${plan.name}: ${received} of ${plan.octets} octets have arrived; ${remark}`);
  }
  assert.deepEqual(queued(lab), [], "mails that still wait in a queue");
  for (const { plan, state, remark } of mails) {
    const delivered = countDelivered(lab, plan);
    const what = `${plan.name} from ${plan.from} to ${plan.to} (${state}; ${remark.trim()})`;
    assert.notEqual(state, "waiting", `${what}: its sender still waits`);
    if (state === "accepted") assert.equal(delivered, 1, `${what} was delivered ${delivered} times`);
    else assert.ok(delivered <= 1, `${what} was delivered ${delivered} times`);
  }
  return mails.filter(({ state }) => state === "accepted").length;
}

/** When all services have stopped, nothing runs and nothing is scheduled any more. */
export function checkNothingLeft(lab: Lab): void {
  lab.close();
  lab.world.runUntilIdle({ maxNs: lab.world.nowNs + LEFTOVER_NS });
  assert.deepEqual(lab.world.liveTaskNames, [], "tasks that were left over");
  assert.equal(lab.world.schedule.pending, 0, "timers that were left over");
}

/** Caches and TIME-WAIT run out within it. */
const LEFTOVER_NS = 3600e9;
