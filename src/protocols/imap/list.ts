/** LIST, LSUB and the patterns of names: RFC 9051 section 6.3.9, RFC 3501 section 6.3.9, RFC 5258. */

import type { Task } from "../../net/index.ts";
import { decodeMailboxName } from "./mailbox-name.ts";
import type { ListCommand, StatusItem } from "./parse-list.ts";
import { type Answer, type ImapSession, ok } from "./session.ts";
import { DELIMITER, type FolderStatus, INBOX, levelsAbove, type MailAccount } from "./store.ts";
import { emitMailbox } from "./wire.ts";

/** A name that LIST may show. */
interface Entry {
  readonly name: string;
  readonly exists: boolean;
  readonly specialUse: string | undefined;
  readonly isSubscribed: boolean;
}

export function* list(session: ImapSession, account: MailAccount, command: ListCommand): Task<Answer> {
  const { reference, patterns, select, returned, isExtended } = command;
  // RFC 9051 section 6.3.9: an empty pattern asks for the delimiter only.
  if (!isExtended && patterns[0] === "") {
    session.out.add(`* LIST (\\Noselect) "${DELIMITER}" ""`);
    return ok("done");
  }
  const entries = yield* entriesOf(account);
  const names = entries.filter(({ exists }) => exists).map(({ name }) => name);
  const wanted = patterns.map((pattern) => decodeMailboxName(reference + pattern));
  const matches = (name: string): boolean => wanted.some((pattern) => matchesPattern(name, pattern));
  for (const entry of entries) {
    if (!matches(entry.name)) continue;
    const below = select.includes("RECURSIVEMATCH")
      ? entries.some(
          (other) => isBelow(other.name, entry.name) && isSelected(other, select) && !matches(other.name),
        )
      : false;
    const chosen = isSelected(entry, select);
    if (!chosen && !below) continue;
    const attributes = attributesOf(entry, names, isExtended || session.rev2);
    if (entry.specialUse !== undefined && session.has("SPECIAL-USE")) attributes.push(entry.specialUse);
    const showsSubscribed = returned.includes("SUBSCRIBED") || select.includes("SUBSCRIBED");
    if (entry.isSubscribed && showsSubscribed) attributes.push("\\Subscribed");
    const childInfo = below ? ' ("CHILDINFO" ("SUBSCRIBED"))' : "";
    session.out.add(
      `* LIST (${attributes.join(" ")}) "${DELIMITER}" ${emitMailbox(entry.name, session.utf8)}${childInfo}`,
    );
    if (entry.exists && command.status.length > 0)
      yield* tellStatus(session, account, entry.name, command.status);
  }
  return ok("done");
}

/** RFC 3501 section 6.3.9: with "%" also the levels above those that are subscribed to. */
export function* listSubscribed(
  session: ImapSession,
  account: MailAccount,
  reference: string,
  pattern: string,
): Task<Answer> {
  const wanted = decodeMailboxName(reference + pattern);
  const subscriptions = yield* account.subscriptions();
  const shown = new Map<string, boolean>();
  for (const name of subscriptions) {
    if (matchesPattern(name, wanted)) shown.set(name, true);
    else {
      for (const level of levelsAbove(name)) {
        if (matchesPattern(level, wanted) && !shown.has(level)) shown.set(level, false);
      }
    }
  }
  for (const [name, isSubscribed] of shown) {
    const attributes = isSubscribed ? "" : "\\Noselect";
    session.out.add(`* LSUB (${attributes}) "${DELIMITER}" ${emitMailbox(name, session.utf8)}`);
  }
  return ok("done");
}

export function* tellStatus(
  session: ImapSession,
  account: MailAccount,
  name: string,
  items: readonly StatusItem[],
): Task<boolean> {
  const status = yield* account.status(name);
  if (status === undefined) return false;
  const words = items.map((item) => `${item} ${VALUES[item](status)}`);
  session.out.add(`* STATUS ${emitMailbox(name, session.utf8)} (${words.join(" ")})`);
  return true;
}

/** RFC 9051 section 6.3.9: "*" is anything, "%" anything within one level. INBOX in any case of letters. */
export function matchesPattern(name: string, pattern: string): boolean {
  const simple = pattern
    .slice(0, PATTERN_MAX)
    .replace(/[*%]*\*[*%]*/g, "*")
    .replace(/%+/g, "%");
  if (name === INBOX && matchesGlob(name, simple.toUpperCase())) return true;
  return matchesGlob(name, simple);
}

/** Which places of the pattern can be reached, character by character: no pattern makes it go back. */
function matchesGlob(name: string, pattern: string): boolean {
  let reached = closure(new Set([0]), pattern);
  for (const character of name) {
    const next = new Set<number>();
    for (const place of reached) {
      const wanted = pattern[place];
      if (wanted === "*" || (wanted === "%" && character !== DELIMITER)) next.add(place);
      else if (wanted === character) next.add(place + 1);
    }
    if (next.size === 0) return false;
    reached = closure(next, pattern);
  }
  return reached.has(pattern.length);
}

/** A wildcard may stand for nothing. */
function closure(places: Set<number>, pattern: string): Set<number> {
  for (const place of places) if (pattern[place] === "*" || pattern[place] === "%") places.add(place + 1);
  return places;
}

function* entriesOf(account: MailAccount): Task<Entry[]> {
  const folders = yield* account.folders();
  const subscriptions = new Set(yield* account.subscriptions());
  const entries = new Map<string, Entry>();
  for (const { name, specialUse } of folders) {
    entries.set(name, { name, exists: true, specialUse, isSubscribed: subscriptions.has(name) });
  }
  const missing = [...subscriptions, ...folders.flatMap(({ name }) => levelsAbove(name))];
  for (const name of missing) {
    if (entries.has(name)) continue;
    entries.set(name, { name, exists: false, specialUse: undefined, isSubscribed: subscriptions.has(name) });
  }
  // INBOX first: RFC 9051 leaves the order free, people like one.
  const rank = ({ name }: Entry): string => (name === INBOX ? "" : `x${name}`);
  return [...entries.values()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

function isSelected(entry: Entry, select: readonly string[]): boolean {
  if (select.includes("SUBSCRIBED")) return entry.isSubscribed;
  if (select.includes("SPECIAL-USE")) return entry.specialUse !== undefined;
  return true;
}

function attributesOf(entry: Entry, names: readonly string[], isExtended: boolean): string[] {
  // RFC 9051 section 7.3.1: \NonExistent says \Noselect too; old clients know only that.
  const attributes = entry.exists ? [] : [isExtended ? "\\NonExistent" : "\\Noselect"];
  attributes.push(names.some((name) => isBelow(name, entry.name)) ? "\\HasChildren" : "\\HasNoChildren");
  return attributes;
}

function isBelow(name: string, above: string): boolean {
  return name.startsWith(above + DELIMITER);
}

const VALUES: Record<StatusItem, (status: FolderStatus) => number> = {
  MESSAGES: ({ messages }) => messages,
  RECENT: ({ recent }) => recent,
  UIDNEXT: ({ uidNext }) => uidNext,
  UIDVALIDITY: ({ uidValidity }) => uidValidity,
  UNSEEN: ({ unseen }) => unseen,
  DELETED: ({ deleted }) => deleted,
  SIZE: ({ octets }) => octets,
  HIGHESTMODSEQ: ({ highestModSeq }) => highestModSeq,
};

/** Longer than any name of a folder. */
const PATTERN_MAX = 1000;
