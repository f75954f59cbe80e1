/** A user's folders in memory: `MailAccount` of protocols/imap/store.ts. */

import type { Task } from "../../net/index.ts";
import {
  type Appended,
  type Copied,
  changedFlags,
  FLAGS_MAX,
  type FlagChange,
  type Folder,
  type FolderChange,
  type FolderMessage,
  type FolderStatus,
  INBOX,
  levelsAbove,
  type MailAccount,
  type NewLetter,
  type OpenFolder,
  type SpecialUse,
} from "../../protocols/imap/index.ts";
import { inOrder, renamed } from "../folder-watch.ts";
import { type MemoryFolder, type MemoryMailboxes, type MemoryMessage, withoutContent } from "./mailboxes.ts";

export class MemoryMailAccount implements MailAccount {
  readonly #mailboxes: MemoryMailboxes;
  readonly #user: string;
  readonly #nowMs: () => number;
  readonly #checkOpen: () => void;

  constructor(mailboxes: MemoryMailboxes, user: string, nowMs: () => number, checkOpen: () => void) {
    this.#mailboxes = mailboxes;
    this.#user = user;
    this.#nowMs = nowMs;
    this.#checkOpen = checkOpen;
  }

  *folders(): Task<Folder[]> {
    this.#folder(INBOX);
    return inOrder([...this.#mailbox.folders].map(([name, { specialUse }]) => ({ name, specialUse })));
  }

  *subscriptions(): Task<string[]> {
    this.#checkOpen();
    return [...this.#mailbox.subscriptions].sort();
  }

  *subscribe(name: string, isSubscribed: boolean): Task<"done" | "full"> {
    this.#checkOpen();
    const { subscriptions } = this.#mailbox;
    if (!isSubscribed) subscriptions.delete(name);
    else if (subscriptions.size >= this.#mailboxes.limits.foldersMax && !subscriptions.has(name))
      return "full";
    else subscriptions.add(name);
    return "done";
  }

  *create(name: string, specialUse?: SpecialUse): Task<"created" | "exists" | "full"> {
    if (this.#folder(name) !== undefined) return "exists";
    if (this.#hasNoRoomFor([name])) return "full";
    this.#mailboxes.make(this.#user, name, specialUse, this.#nowMs());
    return "created";
  }

  *delete(name: string): Task<boolean> {
    const folder = this.#folder(name);
    if (folder === undefined) return false;
    this.#mailbox.folders.delete(name);
    this.#mailboxes.remove(
      folder,
      folder.messages.map(({ uid }) => uid),
    );
    return true;
  }

  *rename(from: string, to: string): Task<"renamed" | "missing" | "exists" | "full"> {
    this.#checkOpen();
    const { folders } = this.#mailbox;
    if (from === INBOX) return this.#renameInbox(to);
    const changes = [...folders.keys()].flatMap((name) => {
      const newName = renamed(name, from, to);
      return newName === undefined ? [] : [[name, newName]];
    });
    if (changes.length === 0) return "missing";
    if (changes.some(([, newName]) => folders.has(newName))) return "exists";
    if (this.#hasNoRoomFor(levelsAbove(to))) return "full";
    const moved = changes.map(([name, newName]) => [newName, folders.get(name)] as const);
    for (const [name] of changes) folders.delete(name);
    for (const [newName, folder] of moved) if (folder !== undefined) folders.set(newName, folder);
    const above = levelsAbove(to).at(-1);
    if (above !== undefined && this.#folder(above) === undefined) {
      this.#mailboxes.make(this.#user, above, undefined, this.#nowMs());
    }
    return "renamed";
  }

  *status(name: string): Task<FolderStatus | undefined> {
    const folder = this.#folder(name);
    if (folder === undefined) return undefined;
    const { uidValidity, uidNext, highestModSeq, firstRecent, messages } = folder;
    const count = (wanted: (message: MemoryMessage) => boolean): number => messages.filter(wanted).length;
    return {
      uidValidity,
      uidNext,
      highestModSeq,
      messages: messages.length,
      octets: messages.reduce((sum, { octets }) => sum + octets, 0),
      unseen: count(({ flags }) => !flags.includes("\\Seen")),
      deleted: count(({ flags }) => flags.includes("\\Deleted")),
      recent: count(({ uid }) => uid >= firstRecent),
    };
  }

  *open(name: string, onChange: (change: FolderChange) => void): Task<OpenFolder | undefined> {
    const folder = this.#folder(name);
    return folder && new MemoryOpenFolder(this.#mailboxes, this.#user, this.#nowMs, folder, onChange);
  }

  *append(name: string, letters: readonly NewLetter[]): Task<Appended | "missing" | "full"> {
    const folder = this.#folder(name);
    if (folder === undefined) return "missing";
    const octets = letters.reduce((sum, { content }) => sum + content.length, 0);
    const isFull = this.#mailboxes.isFull(this.#user, letters.length, octets);
    if (isFull || letters.some(({ flags }) => flags.length > FLAGS_MAX)) return "full";
    const nowMs = this.#nowMs();
    const dated = letters.map((letter) => ({ ...letter, arrivedAtMs: letter.arrivedAtMs ?? nowMs }));
    return { uidValidity: folder.uidValidity, uids: this.#mailboxes.put(folder, dated) };
  }

  get #mailbox() {
    return this.#mailboxes.of(this.#user);
  }

  #folder(name: string): MemoryFolder | undefined {
    this.#checkOpen();
    return this.#mailboxes.folder(this.#user, name, this.#nowMs());
  }

  #renameInbox(to: string): "renamed" | "exists" | "full" {
    if (this.#folder(to) !== undefined) return "exists";
    if (this.#hasNoRoomFor([to])) return "full";
    const inbox = this.#folder(INBOX);
    const folder = this.#mailboxes.make(this.#user, to, undefined, this.#nowMs());
    const uids = inbox?.messages.map(({ uid }) => uid) ?? [];
    if (inbox !== undefined) this.#mailboxes.put(folder, this.#mailboxes.remove(inbox, uids));
    return "renamed";
  }

  #hasNoRoomFor(names: readonly string[]): boolean {
    const { folders } = this.#mailbox;
    const all = new Set(names.flatMap((name) => [...levelsAbove(name), name]));
    const fresh = [...all].filter((name) => !folders.has(name));
    return folders.size + fresh.length > this.#mailboxes.limits.foldersMax;
  }
}

class MemoryOpenFolder implements OpenFolder {
  readonly uidValidity: number;
  readonly uidNext: number;
  readonly highestModSeq: number;
  readonly messages: readonly FolderMessage[];
  readonly close: () => void;
  readonly #mailboxes: MemoryMailboxes;
  readonly #user: string;
  readonly #nowMs: () => number;
  readonly #folder: MemoryFolder;

  constructor(
    mailboxes: MemoryMailboxes,
    user: string,
    nowMs: () => number,
    folder: MemoryFolder,
    onChange: (change: FolderChange) => void,
  ) {
    this.#mailboxes = mailboxes;
    this.#user = user;
    this.#nowMs = nowMs;
    this.#folder = folder;
    this.uidValidity = folder.uidValidity;
    this.uidNext = folder.uidNext;
    this.highestModSeq = folder.highestModSeq;
    this.messages = folder.messages.map(withoutContent);
    this.close = mailboxes.watch.watch(folder.id, onChange);
  }

  *read(uid: number): Task<Uint8Array | undefined> {
    return this.#find([uid])[0]?.content;
  }

  *store(
    uids: readonly number[],
    change: FlagChange,
    unchangedSince = Number.POSITIVE_INFINITY,
  ): Task<FolderMessage[] | "full"> {
    const modSeq = this.#folder.highestModSeq + 1;
    const found = this.#find(uids)
      .filter((message) => message.modSeq <= unchangedSince)
      .map((message) => ({ before: message, flags: changedFlags(message.flags, change) }));
    if (found.some(({ flags }) => flags.length > FLAGS_MAX)) return "full";
    const after = found.map(({ before, flags }) =>
      flags.join(" ") === before.flags.join(" ") ? before : { ...before, flags, modSeq },
    );
    const changed = new Map(
      after.filter((message) => message.modSeq === modSeq).map((message) => [message.uid, message]),
    );
    if (changed.size > 0) {
      this.#folder.highestModSeq = modSeq;
      this.#folder.messages = this.#folder.messages.map((message) => changed.get(message.uid) ?? message);
      const messages = [...changed.values()].map(withoutContent);
      this.#mailboxes.watch.tell(this.#folder.id, { kind: "changed", messages });
    }
    return after.map(withoutContent);
  }

  *expunge(uids: readonly number[]): Task {
    this.#mailboxes.remove(this.#folder, uids);
  }

  *copy(uids: readonly number[], to: string): Task<Copied | "missing" | "full" | "expunged"> {
    const target = this.#mailboxes.folder(this.#user, to, this.#nowMs());
    if (target === undefined) return "missing";
    const found = this.#find(uids);
    if (found.length < uids.length) return "expunged";
    const octets = found.reduce((sum, message) => sum + message.octets, 0);
    if (this.#mailboxes.isFull(this.#user, found.length, octets)) return "full";
    return this.#put(target, found);
  }

  *move(uids: readonly number[], to: string): Task<Copied | "missing" | "full"> {
    const target = this.#mailboxes.folder(this.#user, to, this.#nowMs());
    if (target === undefined) return "missing";
    return this.#put(target, this.#mailboxes.remove(this.#folder, uids));
  }

  *firstRecent(take: boolean): Task<number> {
    const first = this.#folder.firstRecent;
    if (take) this.#folder.firstRecent = this.#folder.uidNext;
    return first;
  }

  #put(target: MemoryFolder, found: readonly MemoryMessage[]): Copied {
    const to = found.length === 0 ? [] : this.#mailboxes.put(target, found);
    return { uidValidity: target.uidValidity, from: found.map(({ uid }) => uid), to };
  }

  #find(uids: readonly number[]): MemoryMessage[] {
    const { messages } = this.#folder;
    if (uids.length === 1) return messages.filter(({ uid }) => uid === uids[0]);
    const wanted = new Set(uids);
    return messages.filter(({ uid }) => wanted.has(uid));
  }
}
