/** Looks into stores without a turn of the task runner, so that looking changes nothing. */

import type { Task } from "../../net/index.ts";

/** The result of a task that never waits: the stores of a lab, in memory or in SQLite, answer at once. */
export function atOnce<T>(task: Task<T>): T {
  const step = task.next();
  if (!step.done) throw new Error("a store that waits cannot be looked at");
  return step.value;
}
