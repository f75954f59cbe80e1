/** The folders of all users in memory, and what is in them: what MemoryMailStore and its accounts work on. */

import {
  type FolderMessage,
  INBOX,
  levelsAbove,
  type NewLetter,
  type SpecialUse,
} from "../../protocols/imap/index.ts";
import type { MailStoreLimits } from "../../services/mail/store.ts";
import { FolderWatch, newUidValidity } from "../folder-watch.ts";

export interface MemoryMessage extends FolderMessage {
  readonly content: Uint8Array;
}

export interface MemoryFolder {
  readonly id: number;
  readonly specialUse: SpecialUse | undefined;
  readonly uidValidity: number;
  uidNext: number;
  highestModSeq: number;
  firstRecent: number;
  /** By UID. */
  messages: MemoryMessage[];
}

export interface MemoryMailbox {
  readonly folders: Map<string, MemoryFolder>;
  readonly subscriptions: Set<string>;
  lastUidValidity: number;
}

export class MemoryMailboxes {
  readonly limits: MailStoreLimits;
  readonly watch = new FolderWatch();
  readonly #mailboxes = new Map<string, MemoryMailbox>();
  #folders = 0;

  constructor(limits: MailStoreLimits) {
    this.limits = limits;
  }

  of(user: string): MemoryMailbox {
    let mailbox = this.#mailboxes.get(user);
    if (mailbox === undefined) {
      mailbox = { folders: new Map(), subscriptions: new Set(), lastUidValidity: 0 };
      this.#mailboxes.set(user, mailbox);
    }
    return mailbox;
  }

  /** The folder of that name; INBOX is made when it is asked for. */
  folder(user: string, name: string, nowMs: number): MemoryFolder | undefined {
    const found = this.of(user).folders.get(name);
    return found ?? (name === INBOX ? this.make(user, name, undefined, nowMs) : undefined);
  }

  inbox(user: string): MemoryFolder | undefined {
    return this.#mailboxes.get(user)?.folders.get(INBOX);
  }

  /** Makes a folder and the levels above it. */
  make(user: string, name: string, specialUse: SpecialUse | undefined, nowMs: number): MemoryFolder {
    const mailbox = this.of(user);
    for (const level of levelsAbove(name)) {
      if (!mailbox.folders.has(level)) this.make(user, level, undefined, nowMs);
    }
    mailbox.lastUidValidity = newUidValidity(nowMs, mailbox.lastUidValidity);
    const folder: MemoryFolder = {
      id: ++this.#folders,
      specialUse,
      uidValidity: mailbox.lastUidValidity,
      uidNext: 1,
      highestModSeq: 1,
      firstRecent: 1,
      messages: [],
    };
    mailbox.folders.set(name, folder);
    return folder;
  }

  /** Puts messages at the end of a folder; who has it open hears of it. */
  put(folder: MemoryFolder, letters: readonly (NewLetter & { readonly arrivedAtMs: number })[]): number[] {
    const modSeq = ++folder.highestModSeq;
    const messages = letters.map(({ content, flags, arrivedAtMs }) => ({
      uid: folder.uidNext++,
      octets: content.length,
      arrivedAtMs,
      flags,
      modSeq,
      content,
    }));
    folder.messages.push(...messages);
    this.watch.tell(folder.id, { kind: "arrived", messages: messages.map(withoutContent) });
    return messages.map(({ uid }) => uid);
  }

  /** Takes messages out for good; those that were there. */
  remove(folder: MemoryFolder, uids: readonly number[]): MemoryMessage[] {
    const wanted = new Set(uids);
    const removed = folder.messages.filter(({ uid }) => wanted.has(uid));
    if (removed.length === 0) return removed;
    folder.messages = folder.messages.filter(({ uid }) => !wanted.has(uid));
    folder.highestModSeq++;
    this.watch.tell(folder.id, { kind: "expunged", uids: removed.map(({ uid }) => uid) });
    return removed;
  }

  /** Whether so much more has no room in a user's folders together. */
  isFull(user: string, messages: number, octets: number): boolean {
    let [countAll, octetsAll] = [messages, octets];
    for (const folder of this.#mailboxes.get(user)?.folders.values() ?? []) {
      countAll += folder.messages.length;
      for (const message of folder.messages) octetsAll += message.octets;
    }
    return countAll > this.limits.mailboxMessagesMax || octetsAll > this.limits.mailboxOctetsMax;
  }
}

export function withoutContent({ content, ...message }: MemoryMessage): FolderMessage {
  return message;
}
