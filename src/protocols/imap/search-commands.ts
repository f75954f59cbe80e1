/**
 * SEARCH, SORT and THREAD, and how their results are told: RFC 9051 section 6.4.4 and 7.3.4 (ESEARCH), RFC 3501 section
 * 7.2.5, RFC 5256, RFC 5267 (ESORT).
 */

import type { Task } from "../../net/index.ts";
import type { SearchCommand, SearchKey } from "./parse-search.ts";
import { search } from "./search.ts";
import type { Numbered, SelectedFolder } from "./selected.ts";
import { emitSequenceSet } from "./sequence-set.ts";
import { type Answer, bad, type ImapSession, no, ok } from "./session.ts";
import { sorted } from "./sort.ts";
import { THREAD_ALGORITHMS, threads } from "./thread.ts";
import { emitQuoted } from "./wire.ts";

export function* searchCommand(
  session: ImapSession,
  selected: SelectedFolder,
  command: SearchCommand,
  tag: string,
): Task<Answer> {
  const { returned, byUid } = command;
  if (returned !== undefined && !session.has("ESEARCH")) return bad("RETURN is not known here");
  // RFC 9051 section 6.4.4: UTF-8 and ASCII at least; the second is a part of the first.
  if (!CHARSETS.includes(command.charset))
    return no("this charset is not known here", `BADCHARSET (${CHARSETS.join(" ")})`);
  if (command.name === "THREAD" && !THREAD_ALGORITHMS.includes(command.algorithm)) {
    return bad("there is no such way to make threads");
  }
  // RFC 7162 section 3.1: asking for it says that the client understands it.
  session.condstore ||= asksModSeq(command.key);
  const unordered = yield* search(selected, command.key, session.options.clock);
  if (command.name === "THREAD") {
    const list = yield* threads(selected, unordered, command.algorithm, byUid);
    session.out.add(list === "" ? "* THREAD" : `* THREAD ${list}`);
    return ok("threaded");
  }
  const found = command.name === "SORT" ? yield* sorted(selected, unordered, command.order) : unordered;
  const numbers = found.map(({ number, message }) => (byUid ? message.uid : number));
  const options =
    returned?.length === 0
      ? ["ALL"]
      : (returned ?? (session.rev2 && command.name === "SEARCH" ? ["ALL"] : undefined));
  if (options === undefined) {
    session.out.add([`* ${command.name}`, ...numbers].join(" ") + modSeqOf(command, found));
    return ok("searched");
  }
  if (options.includes("SAVE")) save(selected, found, options);
  if (options.some((option) => option !== "SAVE")) {
    session.out.add(
      // RFC 4466 section 2.6.2: the tag is a string there; RFC 9051 would take an atom, too.
      `* ESEARCH (TAG ${emitQuoted(tag)})${esearch(numbers, options, byUid)}${modSeqOf(command, found)}`,
    );
  }
  return ok("searched");
}

/** RFC 9051 section 7.3.4; nothing found: no MIN, MAX and ALL. Sorted ones stay in their order (RFC 5267 section 3.1). */
function esearch(numbers: readonly number[], options: readonly string[], byUid: boolean): string {
  const words = byUid ? [" UID"] : [];
  if (options.includes("MIN") && numbers.length > 0) words.push(` MIN ${numbers[0]}`);
  if (options.includes("MAX") && numbers.length > 0) words.push(` MAX ${numbers.at(-1)}`);
  if (options.includes("ALL") && numbers.length > 0) words.push(` ALL ${emitSequenceSet(numbers)}`);
  if (options.includes("COUNT")) words.push(` COUNT ${numbers.length}`);
  return words.join("");
}

/** RFC 9051 section 6.4.4.4: with MIN or MAX alone only these are kept. */
function save(selected: SelectedFolder, found: readonly Numbered[], options: readonly string[]): void {
  const uids = found.map(({ message }) => message.uid);
  const isAll =
    options.includes("ALL") || options.includes("COUNT") || !options.some((o) => o === "MIN" || o === "MAX");
  if (isAll) selected.saved = uids;
  else {
    const ends = [
      ...(options.includes("MIN") ? uids.slice(0, 1) : []),
      ...(options.includes("MAX") ? uids.slice(-1) : []),
    ];
    selected.saved = [...new Set(ends)];
  }
}

/** RFC 7162 section 3.1.5: the highest of those found, when it was asked by it. */
function modSeqOf(command: SearchCommand, found: readonly Numbered[]): string {
  if (!asksModSeq(command.key) || found.length === 0) return "";
  const highest = found.reduce((most, { message }) => Math.max(most, message.modSeq), 0);
  return command.returned === undefined ? ` (MODSEQ ${highest})` : ` MODSEQ ${highest}`;
}

function asksModSeq(key: SearchKey): boolean {
  switch (key.key) {
    case "AND":
      return key.keys.some(asksModSeq);
    case "OR":
      return asksModSeq(key.left) || asksModSeq(key.right);
    case "NOT":
      return asksModSeq(key.operand);
    default:
      return key.key === "MODSEQ";
  }
}

const CHARSETS = ["US-ASCII", "UTF-8"];
