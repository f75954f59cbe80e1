/** A time limit around a whole piece of a dialogue, however many waits it has. */

import type { Clock } from "./clock.ts";
import { isTidied, lastly, suspend, type Task, type Wait } from "./task.ts";

/**
 * Runs `task`; when it has not ended after `timeoutMs`, the wait that it is in throws `late()` inside it, so that
 * its `catch` and `finally` blocks run. What they still wait for has no limit.
 */
export function* withTimeLimit<T>(
  clock: Clock,
  timeoutMs: number,
  task: Task<T>,
  late: () => Error,
): Task<T> {
  const endNs = clock.nowNs() + timeoutMs * 1e6;
  let isLate = false;
  let ended = false;
  try {
    let turn = task.next();
    while (!turn.done) {
      const wait = turn.value;
      let answer: unknown;
      try {
        answer = isLate
          ? yield wait
          : yield* limited(clock, endNs, wait, () => {
              isLate = true;
              return late();
            });
      } catch (error) {
        turn = task.throw(error);
        continue;
      }
      turn = task.next(answer);
    }
    ended = true;
    return turn.value;
  } catch (error) {
    ended = true;
    throw error;
  } finally {
    // Cancelled: `task` is cancelled too, and may wait in its own `finally`.
    if (!ended) yield* lastly(cancelled(task));
  }
}

function* limited(clock: Clock, endNs: number, wait: Wait, late: () => Error): Task<unknown> {
  const leftMs = (endNs - clock.nowNs()) / 1e6;
  return yield* suspend<unknown>((resolve, reject) => {
    const timer = clock.startTimer(Math.max(0, leftMs), () => {
      giveUp();
      reject(late());
    });
    const giveUp = wait.begin(
      (value) => {
        timer.cancel();
        resolve(value);
      },
      (error) => {
        timer.cancel();
        reject(error);
      },
    );
    return () => {
      timer.cancel();
      giveUp();
    };
  });
}

function* cancelled<T>(task: Task<T>): Task {
  let turn = task.return(undefined as T);
  while (!turn.done) turn = isTidied(turn.value) ? task.return(undefined as T) : task.next(yield turn.value);
}
