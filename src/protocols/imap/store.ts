/**
 * What an IMAP server asks of its host: the folders of a user, and what is in them. Read first: `MailAccount`, `OpenFolder`.
 *
 * What must stay true: a name and its UIDVALIDITY with a UID mean one message for ever (RFC 9051 section 2.3.1.1), so
 * UIDVALIDITY grows from folder to folder; what a method has returned is durable; whoever has a folder open hears of
 * every change to it, the own ones too, before the method that made it returns.
 */

import type { Task } from "../../net/index.ts";

export interface MailAccounts {
  /** The folders of a user, undefined when the password is wrong or the user unknown: never said which. */
  login(user: string, password: string): Task<MailAccount | undefined>;
}

/** One user's folders. Names are text with "/" between the levels; INBOX is there always. */
export interface MailAccount {
  /** INBOX first, the others by their names. A level above a folder may be missing. */
  folders(): Task<Folder[]>;
  /** Names of folders, of some that do not exist any more too. */
  subscriptions(): Task<string[]>;
  subscribe(name: string, isSubscribed: boolean): Task<"done" | "full">;
  /** Makes a folder, and the levels above it (RFC 9051 section 6.3.4). */
  create(name: string, specialUse?: SpecialUse): Task<"created" | "exists" | "full">;
  /** Deletes a folder with its messages, not what is below it; false when there is none. */
  delete(name: string): Task<boolean>;
  /** Renames a folder and all below it. INBOX itself stays, its messages move (RFC 9051 section 6.3.6). */
  rename(from: string, to: string): Task<"renamed" | "missing" | "exists" | "full">;
  status(name: string): Task<FolderStatus | undefined>;
  /** Undefined when there is none. Whoever opens it must close it. */
  open(name: string, onChange: (change: FolderChange) => void): Task<OpenFolder | undefined>;
  /** Puts letters into a folder, all or none. */
  append(name: string, letters: readonly NewLetter[]): Task<Appended | "missing" | "full">;
}

export interface Folder {
  readonly name: string;
  readonly specialUse: SpecialUse | undefined;
}

/** RFC 6154: what a folder is for. */
export type SpecialUse = (typeof SPECIAL_USES)[number];
export const SPECIAL_USES = ["\\Archive", "\\Drafts", "\\Flagged", "\\Junk", "\\Sent", "\\Trash"] as const;

export interface FolderStatus {
  readonly uidValidity: number;
  readonly uidNext: number;
  /** Changes when anything in the folder does, and only grows. */
  readonly highestModSeq: number;
  readonly messages: number;
  readonly octets: number;
  readonly unseen: number;
  readonly deleted: number;
  /** Messages that no session has been told of yet (RFC 3501 section 2.3.2). */
  readonly recent: number;
}

export interface FolderMessage {
  readonly uid: number;
  readonly octets: number;
  readonly arrivedAtMs: number;
  /** "\Seen", "$Forwarded"; each once, in any case of letters. */
  readonly flags: readonly string[];
  /** When it was changed last, on the folder's own count. */
  readonly modSeq: number;
}

export interface OpenFolder {
  readonly uidValidity: number;
  readonly uidNext: number;
  readonly highestModSeq: number;
  /** As it was when the folder was opened, by UID; what came later is told by `onChange`. */
  readonly messages: readonly FolderMessage[];
  /** The octets of a message, undefined when it is gone. */
  read(uid: number): Task<Uint8Array | undefined>;
  /** Changes flags; messages that are gone are left out, as are those changed after `unchangedSince`. */
  store(uids: readonly number[], change: FlagChange, unchangedSince?: number): Task<FolderMessage[] | "full">;
  /** Deletes messages for good; those that are gone already do not matter. */
  expunge(uids: readonly number[]): Task;
  /** Copies messages, all or none; "expunged" when one of them is gone. */
  copy(uids: readonly number[], to: string): Task<Copied | "missing" | "full" | "expunged">;
  /** Moves messages: those that are gone are left out. */
  move(uids: readonly number[], to: string): Task<Copied | "missing" | "full">;
  /** The first UID that no session has been told of. With `take` all that are there now have been told of from now on. */
  firstRecent(take: boolean): Task<number>;
  close(): void;
}

export interface FlagChange {
  readonly how: "set" | "add" | "remove";
  readonly flags: readonly string[];
}

export interface NewLetter {
  readonly content: Uint8Array;
  readonly flags: readonly string[];
  /** Absent: now. */
  readonly arrivedAtMs?: number | undefined;
}

export interface Appended {
  readonly uidValidity: number;
  readonly uids: readonly number[];
}

export interface Copied {
  readonly uidValidity: number;
  /** What was copied, and its new UIDs in the same order. */
  readonly from: readonly number[];
  readonly to: readonly number[];
}

export type FolderChange =
  | { readonly kind: "arrived" | "changed"; readonly messages: readonly FolderMessage[] }
  | { readonly kind: "expunged"; readonly uids: readonly number[] };

/** Between the levels of a name. */
export const DELIMITER = "/";
export const INBOX = "INBOX";

/** A name that differs from INBOX in the case of its letters only is INBOX (RFC 9051 section 5.1). */
export function canonicalFolder(name: string): string {
  if (/^inbox$/i.test(name)) return INBOX;
  return name.replace(/^inbox\//i, `${INBOX}/`);
}

/** The names of the levels above a folder: "a" and "a/b" of "a/b/c". */
export function levelsAbove(name: string): string[] {
  const levels = name.split(DELIMITER);
  return levels.slice(1).map((_, i) => levels.slice(0, i + 1).join(DELIMITER));
}

/** The flags after a change, in the order in which they came; RFC 9051 section 2.3.2: case does not matter. */
export function changedFlags(before: readonly string[], change: FlagChange): string[] {
  const flags = change.how === "set" ? [] : [...before];
  const isIn = (list: readonly string[], flag: string): boolean =>
    list.some((other) => other.toLowerCase() === flag.toLowerCase());
  if (change.how === "remove") return flags.filter((flag) => !isIn(change.flags, flag));
  for (const flag of change.flags) if (!isIn(flags, flag)) flags.push(flag);
  return flags;
}

/** A message has more only by mistake; each costs room in a row and on every line. */
export const FLAGS_MAX = 100;
