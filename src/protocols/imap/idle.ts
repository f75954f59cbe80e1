/**
 * IDLE: RFC 2177, RFC 9051 section 6.3.13. The dialogue waits for the client's DONE; beside it a task tells what happens
 * in the folder. It is stopped between two responses, never in the middle of one.
 */

import { NetworkError, type Task } from "../../net/index.ts";
import { type Answer, AUTOLOGOUT_MS, bad, type ImapSession, ok } from "./session.ts";

export function* idle(session: ImapSession): Task<Answer> {
  session.out.add("+ idling");
  yield* session.tellNews(true);
  yield* session.out.flush();
  const waiting = { isOver: false };
  const { selected, connection } = session;
  const telling = selected && session.options.spawn("imap idle", tellAll(session, waiting));
  try {
    const line = yield* connection.readLine({ max: LINE_MAX, timeoutMs: AUTOLOGOUT_MS, bareLf: true });
    waiting.isOver = true;
    selected?.wake();
    if (telling !== undefined) yield* telling.join();
    // A client that ends its side is done too.
    return line === null || line.toUpperCase() === "DONE" ? ok("done") : bad("here must stand DONE");
  } finally {
    telling?.cancel();
  }
}

function* tellAll(session: ImapSession, waiting: { isOver: boolean }): Task {
  const { selected, options } = session;
  try {
    while (!waiting.isOver && selected !== undefined) {
      yield* selected.wait(options.clock, Number.POSITIVE_INFINITY);
      if (waiting.isOver) return;
      yield* session.tellNews(true);
      yield* session.out.flush();
    }
  } catch (error) {
    // Who waits for DONE sees the same.
    if (!(error instanceof NetworkError)) throw error;
  }
}

const LINE_MAX = 1000;
