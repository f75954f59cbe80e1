/** Commands on messages of the selected folder: RFC 9051 section 6.4, RFC 7162 (CONDSTORE). */

import { sleep, type Task } from "../../net/index.ts";
import type { CopyCommand, FetchCommand, StoreCommand } from "./command.ts";
import { fetchMessage, needsLetter, setsSeen } from "./fetch.ts";
import type { FetchItem } from "./parse-fetch.ts";
import type { Numbered, SelectedFolder } from "./selected.ts";
import { emitSequenceSet, type SequenceSet } from "./sequence-set.ts";
import { type Answer, bad, type ImapSession, no, ok } from "./session.ts";
import type { Copied, MailAccount } from "./store.ts";

export function* fetch(session: ImapSession, selected: SelectedFolder, command: FetchCommand): Task<Answer> {
  const { set, byUid, changedSince } = command;
  const found = selected.find(set, byUid);
  if (found === "out-of-range") return outOfRange();
  if (changedSince !== undefined || command.items.some(({ item }) => item === "MODSEQ"))
    session.condstore = true;
  const wanted =
    changedSince === undefined ? found : found.filter(({ message }) => message.modSeq > changedSince);
  const items = itemsOf(command, changedSince !== undefined);
  let problem: Answer | undefined;
  for (let at = 0; at < wanted.length; at += SEEN_TOGETHER) {
    // Letters are read: the others get their turn.
    if (at > 0 && needsLetter(items)) yield* sleep(session.options.clock, 0);
    const some = wanted.slice(at, at + SEEN_TOGETHER);
    const nowSeen = setsSeen(items) ? yield* markSeen(selected, some) : NONE;
    for (const { number, message } of some) {
      const isNowSeen = nowSeen.has(message.uid);
      const told = isNowSeen && !items.some(({ item }) => item === "FLAGS") ? [...items, FLAGS] : items;
      const pieces = yield* fetchMessage(session, selected, selected.now(message.uid) ?? message, told);
      if (pieces === "expunged") problem = no("some of these messages are gone", "EXPUNGEISSUED");
      else if (pieces === "unknown-encoding")
        problem = no("the encoding of a part is not known", "UNKNOWN-CTE");
      else if (pieces === "too-much") problem = no("this is too much of one message at once", "LIMIT");
      else session.out.add(`* ${number} FETCH (`, ...pieces, ")");
      yield* session.out.drain();
    }
  }
  return problem ?? ok("fetched");
}

export function* store(session: ImapSession, selected: SelectedFolder, command: StoreCommand): Task<Answer> {
  if (selected.readOnly) return readOnly();
  const found = selected.find(command.set, command.byUid);
  if (found === "out-of-range") return outOfRange();
  if (command.unchangedSince !== undefined) session.condstore = true;
  const uids = uidsOf(found);
  const stored = yield* selected.folder.store(uids, command.change, command.unchangedSince);
  if (stored === "full") return no("too many flags", "LIMIT");
  const done = new Set(stored.map(({ uid }) => uid));
  selected.takeChanges([...done]);
  for (const { number, message } of found) {
    const now = selected.now(message.uid);
    if (now === undefined || !done.has(message.uid)) continue;
    session.learnFlags(now.flags);
    // RFC 7162 section 3.1.3: the new modification sequence also when it should be silent.
    if (!command.silent) session.tellFlags({ number, message: now }, command.byUid || session.rev2);
    else if (session.condstore) session.out.add(`* ${number} FETCH (UID ${now.uid} MODSEQ (${now.modSeq}))`);
    yield* session.out.drain();
  }
  const failed = found.filter(({ message }) => !done.has(message.uid));
  if (failed.length === 0) return ok("stored");
  if (command.unchangedSince === undefined) return ok("stored, but for messages that are gone");
  const numbers = failed.map(({ number, message }) => (command.byUid ? message.uid : number));
  return ok("stored, but for messages that have changed", `MODIFIED ${emitSequenceSet(numbers)}`);
}

export function* copy(
  session: ImapSession,
  account: MailAccount,
  selected: SelectedFolder,
  command: CopyCommand,
): Task<Answer> {
  if (command.name === "MOVE" && selected.readOnly) return readOnly();
  const found = selected.find(command.set, command.byUid);
  if (found === "out-of-range") return outOfRange();
  if ((yield* account.status(command.mailbox)) === undefined)
    return no("there is no such folder", "TRYCREATE");
  if (found.length === 0) return ok("nothing to do");
  const { folder } = selected;
  const outcome =
    command.name === "COPY"
      ? yield* folder.copy(uidsOf(found), command.mailbox)
      : yield* folder.move(uidsOf(found), command.mailbox);
  if (outcome === "missing") return no("there is no such folder", "TRYCREATE");
  if (outcome === "full") return no("there is no room", "OVERQUOTA");
  if (outcome === "expunged") return no("some of these messages are gone", "EXPUNGEISSUED");
  const code = session.has("UIDPLUS") && outcome.from.length > 0 ? copyUid(outcome) : undefined;
  if (command.name === "COPY") return ok("copied", code);
  // RFC 6851 section 4.3: before the messages go.
  if (code !== undefined) session.out.add(`* OK [${code}] Moved`);
  return ok("moved");
}

/** RFC 9051 section 6.4.3; by UID RFC 4315 section 2.1. */
export function* expunge(session: ImapSession, selected: SelectedFolder, set?: SequenceSet): Task<Answer> {
  if (selected.readOnly) return readOnly();
  // What others have marked by now counts too.
  yield* session.tellNews(true);
  const found = set === undefined ? selected.all() : selected.find(set, true);
  if (found !== "out-of-range") yield* selected.folder.expunge(uidsOf(found.filter(isDeleted)));
  return ok("expunged");
}

/** RFC 9051 section 6.4.1: what is marked goes without a word. */
export function* close(session: ImapSession, selected: SelectedFolder): Task<Answer> {
  if (!selected.readOnly) {
    yield* selected.takeNews(true);
    yield* selected.folder.expunge(uidsOf(selected.all().filter(isDeleted)));
  }
  session.unselect();
  return ok("closed");
}

function outOfRange(): Answer {
  return bad("there is no message of such a number");
}

/** UID stands first, so that a client knows whom the rest is about. */
function itemsOf({ items, byUid }: FetchCommand, withModSeq: boolean): FetchItem[] {
  const all = [...items];
  if (withModSeq && !all.some(({ item }) => item === "MODSEQ")) all.unshift({ item: "MODSEQ" });
  if (byUid && !all.some(({ item }) => item === "UID")) all.unshift({ item: "UID" });
  return all;
}

/** Marks those that are not seen yet; which they were. */
function* markSeen(selected: SelectedFolder, found: readonly Numbered[]): Task<ReadonlySet<number>> {
  const unseen = found.filter(({ message }) => !message.flags.includes("\\Seen"));
  if (selected.readOnly || unseen.length === 0) return NONE;
  const stored = yield* selected.folder.store(uidsOf(unseen), { how: "add", flags: ["\\Seen"] });
  if (stored === "full") return NONE;
  const uids = stored.map(({ uid }) => uid);
  selected.takeChanges(uids);
  return new Set(uids);
}

function copyUid({ uidValidity, from, to }: Copied): string {
  return `COPYUID ${uidValidity} ${emitSequenceSet(from)} ${emitSequenceSet(to)}`;
}

function isDeleted({ message }: Numbered): boolean {
  return message.flags.includes("\\Deleted");
}

function uidsOf(found: readonly Numbered[]): number[] {
  return found.map(({ message }) => message.uid);
}

function readOnly(): Answer {
  return no("the folder was opened for reading only", "READ-ONLY");
}

const FLAGS: FetchItem = { item: "FLAGS" };
const NONE: ReadonlySet<number> = new Set();
/** Messages that are marked as seen in one transaction, before they are sent. */
const SEEN_TOGETHER = 50;
