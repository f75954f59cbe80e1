/**
 * The frame of a protocol's shared suite: each scenario runs on two hosts of its own, one of which has the server, and
 * must leave no task behind. The suite is run on the machine's own sockets and on the simulated network.
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Network, sleep, type Task } from "../index.ts";
import type { TwoHosts } from "./network-suite.ts";
import { WAIT_MS } from "./suite-tools.ts";

export interface Scenario<Server, Options = object> {
  readonly title: string;
  /** What its server is started with beside the options of all. */
  readonly options?: Options;
  run(hosts: TwoHosts, server: Server): Task;
}

export function protocolSuite<Server extends { stop(graceMs: number): Task }, Options>(
  name: string,
  makeTwoHosts: () => Promise<TwoHosts> | TwoHosts,
  start: (network: Network, options: Options | undefined) => Task<Server>,
  scenarios: readonly Scenario<Server, Options>[],
): void {
  describe(name, () => {
    for (const { title, options, run } of scenarios) {
      testOnHosts(title, makeTwoHosts, function* (hosts) {
        const server = yield* start(hosts.server, options);
        yield* run(hosts, server);
        yield* server.stop(WAIT_MS);
      });
    }
  });
}

/** One test between two hosts of its own, which must leave no task behind. */
export function testOnHosts(
  title: string,
  makeTwoHosts: () => Promise<TwoHosts> | TwoHosts,
  run: (hosts: TwoHosts) => Task,
): void {
  test(title, { timeout: TEST_MAX_MS }, async () => {
    const hosts = await makeTwoHosts();
    function* runAndSettle(): Task {
      yield* run(hosts);
      // What was cancelled runs its `finally` blocks at its next turn.
      yield* sleep(hosts.client.clock, 1);
    }
    try {
      await hosts.run(runAndSettle());
      assert.deepEqual(hosts.liveTaskNames(), [], "these tasks are left over");
    } finally {
      await hosts.close();
    }
  });
}

/** Of real time: only what hangs comes here. */
const TEST_MAX_MS = 20_000;
