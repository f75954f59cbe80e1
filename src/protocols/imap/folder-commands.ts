/** Commands on folders: RFC 9051 section 6.3. */

import type { Task } from "../../net/index.ts";
import { withoutNul } from "./binary.ts";
import { tellStatus } from "./list.ts";
import type { StatusItem } from "./parse-list.ts";
import { SelectedFolder } from "./selected.ts";
import { emitSequenceSet } from "./sequence-set.ts";
import { type Answer, bad, type ImapSession, no, ok } from "./session.ts";
import { DELIMITER, INBOX, type MailAccount, type NewLetter, SPECIAL_USES } from "./store.ts";
import { emitMailbox } from "./wire.ts";

export function* select(
  session: ImapSession,
  account: MailAccount,
  command: { readonly name: "SELECT" | "EXAMINE"; readonly mailbox: string; readonly condstore: boolean },
): Task<Answer> {
  // RFC 9051 section 6.3.2: what was selected is left, also when this fails.
  if (session.selected !== undefined && session.rev2)
    session.out.add("* OK [CLOSED] The folder before is left");
  session.unselect();
  session.condstore ||= command.condstore;
  const readOnly = command.name === "EXAMINE";
  const selected = yield* SelectedFolder.open(account, command.mailbox, readOnly);
  if (selected === undefined) return missing();
  session.selected = selected;
  for (const { flags } of selected.messages) for (const flag of flags) selected.knownFlags.add(flag);
  session.tellKnownFlags();
  session.out.add(`* ${selected.messages.length} EXISTS`);
  const { folder } = selected;
  if (!session.rev2) {
    session.out.add(`* ${selected.recentCount} RECENT`);
    const unseen = selected.messages.findIndex(({ flags }) => !flags.includes("\\Seen"));
    if (unseen !== -1) session.out.add(`* OK [UNSEEN ${unseen + 1}] The first that was not seen`);
  }
  session.out.add(`* OK [UIDVALIDITY ${folder.uidValidity}] UIDs are valid`);
  session.out.add(`* OK [UIDNEXT ${folder.uidNext}] The next UID`);
  session.out.add(`* OK [HIGHESTMODSEQ ${folder.highestModSeq}] Changes are counted`);
  if (session.rev2) session.out.add(`* LIST () "${DELIMITER}" ${emitMailbox(selected.name, session.utf8)}`);
  return ok("opened", readOnly ? "READ-ONLY" : "READ-WRITE");
}

export function* create(
  session: ImapSession,
  account: MailAccount,
  mailbox: string,
  specialUses: readonly string[],
): Task<Answer> {
  if (specialUses.length > 0 && !session.has("SPECIAL-USE")) return bad("USE is not known here");
  // RFC 9051 section 6.3.4: the delimiter at the end says that there will be folders below.
  const name = mailbox.endsWith(DELIMITER) ? mailbox.slice(0, -1) : mailbox;
  const problem = problemWith(name);
  if (problem !== undefined) return no(problem, "CANNOT");
  const uses = specialUses.map((use) =>
    SPECIAL_USES.find((known) => known.toLowerCase() === use.toLowerCase()),
  );
  if (uses.length > 1 || uses.includes(undefined))
    return no("a folder has one use of RFC 6154 here", "USEATTR");
  const outcome = yield* account.create(name, uses[0]);
  if (outcome === "exists") return no("this folder exists", "ALREADYEXISTS");
  return outcome === "full" ? no("too many folders", "LIMIT") : ok("created");
}

export function* remove(account: MailAccount, mailbox: string): Task<Answer> {
  if (mailbox === INBOX) return no("INBOX stays", "CANNOT");
  if (yield* account.delete(mailbox)) return ok("deleted");
  const folders = yield* account.folders();
  const hasBelow = folders.some(({ name }) => name.startsWith(mailbox + DELIMITER));
  return hasBelow
    ? no("there are folders below it", "HASCHILDREN")
    : no("there is no such folder", "NONEXISTENT");
}

export function* rename(account: MailAccount, from: string, to: string): Task<Answer> {
  const problem = problemWith(to);
  if (problem !== undefined) return no(problem, "CANNOT");
  if (to.startsWith(from + DELIMITER) && from !== INBOX)
    return no("a folder cannot go below itself", "CANNOT");
  if (to === INBOX) return no("INBOX exists", "ALREADYEXISTS");
  switch (yield* account.rename(from, to)) {
    case "renamed":
      return ok("renamed");
    case "missing":
      return no("there is no such folder", "NONEXISTENT");
    case "exists":
      return no("a folder of the new name exists", "ALREADYEXISTS");
    case "full":
      return no("too many folders", "LIMIT");
  }
}

export function* subscribe(account: MailAccount, mailbox: string, isSubscribed: boolean): Task<Answer> {
  const name = mailbox.endsWith(DELIMITER) ? mailbox.slice(0, -1) : mailbox;
  if (isSubscribed) {
    const problem = name === INBOX ? undefined : problemWith(name);
    if (problem !== undefined) return no(problem, "CANNOT");
  }
  const outcome = yield* account.subscribe(name, isSubscribed);
  return outcome === "full" ? no("too many subscriptions", "LIMIT") : ok("done");
}

export function* status(
  session: ImapSession,
  account: MailAccount,
  mailbox: string,
  items: readonly StatusItem[],
): Task<Answer> {
  // RFC 7162 section 3.1: asking for it says that the client understands it.
  if (items.includes("HIGHESTMODSEQ")) session.condstore = true;
  return (yield* tellStatus(session, account, mailbox, items)) ? ok("done") : missing();
}

export function* append(
  session: ImapSession,
  account: MailAccount,
  mailbox: string,
  letters: readonly NewLetter[],
): Task<Answer> {
  const sendable = letters.map((letter) => ({ ...letter, content: withoutNul(letter.content) }));
  const appended = yield* account.append(mailbox, sendable);
  // RFC 9051 section 6.3.12: TRYCREATE says that CREATE would help.
  if (appended === "missing") return no("there is no such folder", "TRYCREATE");
  if (appended === "full") return no("there is no room", "OVERQUOTA");
  const code = `APPENDUID ${appended.uidValidity} ${emitSequenceSet(appended.uids)}`;
  return ok("kept", session.has("UIDPLUS") ? code : undefined);
}

export function namespace(session: ImapSession): Answer {
  session.out.add(`* NAMESPACE (("" "${DELIMITER}")) NIL NIL`);
  return ok("done");
}

/** What a new folder cannot be called. */
function problemWith(name: string): string | undefined {
  const levels = name.split(DELIMITER);
  if (levels.includes("")) return "a level of the name is empty";
  if (name.length > NAME_MAX || levels.length > LEVELS_MAX) return "the name is too long";
  // They could be listed by no pattern; control characters by nobody.
  return /[%*\p{Cc}]/u.test(name) ? "the name has a character that names cannot have" : undefined;
}

function missing(): Answer {
  return no("there is no such folder", "NONEXISTENT");
}

/** As long as a name of a file. */
const NAME_MAX = 255;
const LEVELS_MAX = 20;
