/** What a test has opened is closed in the opposite order: the page before the server that it talks to. */

import type { TestContext } from "node:test";

const stacks = new WeakMap<TestContext, (() => unknown)[]>();

/** Call it before anything else registers with `t.after`: those are called in the order in which they came. */
export function cleanUp(t: TestContext, ...actions: (() => unknown)[]): void {
  let stack = stacks.get(t);
  if (stack === undefined) {
    const made: (() => unknown)[] = [];
    t.after(async () => {
      const failures: unknown[] = [];
      for (const action of made.reverse()) {
        try {
          await action();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    });
    stacks.set(t, (stack = made));
  }
  stack.push(...actions);
}
