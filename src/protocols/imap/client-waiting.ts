/** Waiting for news of the selected mailbox: IDLE (RFC 2177), or NOOP again and again where the server has it not. */

import { type Clock, lastly, NetworkError, type Task } from "../../net/index.ts";
import type { Dialogue } from "./client-dialogue.ts";
import type { SelectedMailbox } from "./client-mailbox.ts";

export interface Waiting {
  /** Whether the server tells by itself. */
  readonly isPushed: boolean;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** Whether there is news within the time. */
export function* waitForNews(dialogue: Dialogue, opened: SelectedMailbox, waiting: Waiting): Task<boolean> {
  const { isPushed, clock, timeoutMs } = waiting;
  const before = opened.revision;
  const isNews = (): boolean => opened.revision !== before;
  const endNs = clock.nowNs() + timeoutMs * 1e6;
  for (;;) {
    const leftMs = (endNs - clock.nowNs()) / 1e6;
    const turnEndNs = clock.nowNs() + Math.min(leftMs, isPushed ? IDLE_MAX_MS : POLL_MS) * 1e6;
    if (isPushed) yield* idle(dialogue, () => listen(dialogue, clock, turnEndNs, isNews));
    else {
      yield* dialogue.ask({ parts: ["NOOP"] });
      yield* listen(dialogue, clock, turnEndNs, isNews);
    }
    if (isNews() || clock.nowNs() >= endNs) return isNews();
  }
}

/** One IDLE: as long as `during` takes. */
function* idle(dialogue: Dialogue, during: () => Task): Task {
  const command = { parts: ["IDLE"] };
  const tag = yield* dialogue.begin(command.parts);
  // Without literals a command goes out whole.
  if (typeof tag !== "string") return;
  const refusal = yield* dialogue.continuation(tag);
  if (refusal !== undefined) throw dialogue.refused("IDLE", refusal);
  try {
    yield* during();
  } finally {
    // Also when it is cancelled: the server wants to hear it.
    yield* lastly(dialogue.rest(tag, "DONE", command));
  }
}

/** Hears what the server says by itself (RFC 3501 section 5.2), until there is news or the time is over. */
function* listen(dialogue: Dialogue, clock: Clock, endNs: number, isNews: () => boolean): Task {
  while (!isNews()) {
    const leftMs = (endNs - clock.nowNs()) / 1e6;
    if (leftMs <= 0) return;
    try {
      const response = yield* dialogue.read(leftMs);
      if (response.kind === "status" && response.tag !== undefined)
        throw dialogue.bad("ended IDLE by itself");
    } catch (error) {
      if (error instanceof NetworkError && error.code === "timed-out") return;
      throw error;
    }
  }
}

/** RFC 2177: a server may log out who is silent for 30 minutes, so IDLE begins anew every 29. */
const IDLE_MAX_MS = 29 * 60_000;
/** As often as mail clients ask that are told to hurry. */
const POLL_MS = 30_000;
