/**
 * What every implementation of `Network` must do, as one suite: it runs on the operating system's sockets and on
 * simulated hosts, so that neither drifts from the other. Nothing in it depends on real time.
 *
 *     networkSuite("the operating system", makeTwoHosts);
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AddressFamily, Network, Task } from "../index.ts";
import { sleep } from "../index.ts";
import { connectionTests } from "./suite-connections.ts";
import { datagramTests } from "./suite-datagrams.ts";
import { listenerTests } from "./suite-listeners.ts";

/** Two hosts that reach each other; on the operating system they may be one and the same. */
export interface TwoHosts {
  readonly client: Network;
  readonly server: Network;
  /** Where `client` reaches `server`. */
  readonly serverAddresses: Readonly<Record<AddressFamily, string>>;
  /** A name that `client` resolves to both of them. */
  readonly serverName: string;
  /** An address of no host, whose network says nothing about it; absent where there is none to be had. */
  readonly silentAddress?: string;
  /** More octets than all buffers between a writer and a reader who does not read can hold. */
  readonly bulkBytes: number;
  /** Runs a task of either host, and all else meanwhile, until it ends; its value or its error. */
  run<T>(task: Task<T>): Promise<T> | T;
  /** Names of the tasks of both hosts that have not ended. */
  liveTaskNames(): string[];
  close(): Promise<void> | void;
}

/** One test: runs on `client`'s or `server`'s side as it likes, and must leave no task behind. */
export interface SuiteTest {
  readonly title: string;
  run(hosts: TwoHosts): Task;
  /** Why it cannot run with these hosts, if so. */
  skipFor?(hosts: TwoHosts): string | undefined;
}

/** A deviation that is known and accepted. */
export interface Excuse {
  readonly reason: string;
  /** Titles of tests. */
  readonly tests: readonly string[];
}

export function networkSuite(
  name: string,
  makeTwoHosts: () => Promise<TwoHosts> | TwoHosts,
  skip: readonly Excuse[] = [],
): void {
  const tests = [...connectionTests, ...listenerTests, ...datagramTests];
  for (const excused of skip.flatMap((excuse) => excuse.tests)) {
    assert.ok(
      tests.some(({ title }) => title === excused),
      `no test is called "${excused}"`,
    );
  }
  describe(`the network suite on ${name}`, () => {
    for (const one of tests) {
      const excuse = skip.find((candidate) => candidate.tests.includes(one.title));
      test(one.title, { skip: excuse?.reason ?? false, timeout: TEST_MAX_MS }, async (context) => {
        const hosts = await makeTwoHosts();
        try {
          const reason = one.skipFor?.(hosts);
          if (reason === undefined) await runOne(one, hosts);
          else context.skip(reason);
        } finally {
          await hosts.close();
        }
      });
    }
  });
}

async function runOne(one: SuiteTest, hosts: TwoHosts): Promise<void> {
  await hosts.run(thenSettle(one.run(hosts), hosts));
  assert.deepEqual(hosts.liveTaskNames(), [], "these tasks are left over");
}

/** What was cancelled at the end of a test runs its `finally` blocks at its next turn. */
function* thenSettle(task: Task, hosts: TwoHosts): Task {
  yield* task;
  yield* sleep(hosts.client.clock, 1);
}

/** Of real time: only what hangs comes here. */
const TEST_MAX_MS = 20_000;
