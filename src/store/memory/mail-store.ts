/** Mailboxes and queue in memory: what the lab's hosts have. The same behaviour as SQLite's, without the disk. */

import { LocalError, type Task } from "../../net/index.ts";
import { INBOX, type MailAccount } from "../../protocols/imap/index.ts";
import {
  type AcceptOutcome,
  DOUBT_KEPT_MS,
  DOUBTS_MAX,
  MAIL_STORE_LIMITS_DEFAULT,
  type MailStore,
  type MailStoreLimits,
  type NewMail,
  type NewRecipient,
  type QueuedMail,
  type QueuedRecipient,
  type Settlement,
  type StoredMessage,
} from "../../services/mail/store.ts";
import { MemoryMailAccount } from "./mail-account.ts";
import { MemoryMailboxes } from "./mailboxes.ts";

export class MemoryMailStore implements MailStore {
  readonly #limits: MailStoreLimits;
  readonly #mailboxes: MemoryMailboxes;
  readonly #queue = new Map<string, Queued>();
  /** Transmissions in doubt, oldest first: key and recipient, and when they came. */
  readonly #doubts = new Map<string, Map<string, number>>();
  #closed = false;

  constructor(limits: MailStoreLimits = MAIL_STORE_LIMITS_DEFAULT) {
    this.#limits = limits;
    this.#mailboxes = new MemoryMailboxes(limits);
  }

  *accept(mail: NewMail): Task<AcceptOutcome> {
    this.#checkOpen();
    return this.#accept(mail);
  }

  confirm(doubtKey: string): void {
    this.#doubts.delete(doubtKey);
  }

  *messages(mailbox: string): Task<StoredMessage[]> {
    this.#checkOpen();
    const inbox = this.#mailboxes.inbox(mailbox);
    return (inbox?.messages ?? []).map(({ uid, octets, arrivedAtMs }) => ({
      uid,
      uidValidity: inbox?.uidValidity ?? 0,
      octets,
      arrivedAtMs,
    }));
  }

  *readMessage(mailbox: string, uid: number): Task<Uint8Array | undefined> {
    this.#checkOpen();
    return this.#mailboxes.inbox(mailbox)?.messages.find((message) => message.uid === uid)?.content;
  }

  *deleteMessages(mailbox: string, uids: readonly number[]): Task {
    this.#checkOpen();
    const inbox = this.#mailboxes.inbox(mailbox);
    if (inbox !== undefined) this.#mailboxes.remove(inbox, uids);
  }

  account(mailbox: string, nowMs: () => number): MailAccount {
    return new MemoryMailAccount(this.#mailboxes, mailbox, nowMs, () => this.#checkOpen());
  }

  *queue(limit: number): Task<QueuedMail[]> {
    this.#checkOpen();
    return [...this.#queue.values()].slice(0, limit).map(viewOf);
  }

  *dueMails(nowMs: number, limit: number): Task<QueuedMail[]> {
    this.#checkOpen();
    return [...this.#queue.values()]
      .filter((mail) => dueAtMs(mail) <= nowMs)
      .sort((a, b) => dueAtMs(a) - dueAtMs(b))
      .slice(0, limit)
      .map(viewOf);
  }

  *nextAttemptAtMs(afterMs: number): Task<number | undefined> {
    this.#checkOpen();
    let next: number | undefined;
    for (const mail of this.#queue.values()) {
      for (const { nextAttemptAtMs } of mail.recipients.values()) {
        if (nextAttemptAtMs > afterMs && (next === undefined || nextAttemptAtMs < next))
          next = nextAttemptAtMs;
      }
    }
    return next;
  }

  *readQueued(id: string): Task<Uint8Array | undefined> {
    this.#checkOpen();
    return this.#queue.get(id)?.content;
  }

  *settle(id: string, settlement: Settlement): Task {
    this.#checkOpen();
    const mail = this.#queue.get(id);
    if (mail === undefined) return;
    for (const address of settlement.done) mail.recipients.delete(address);
    for (const { address, nextAttemptAtMs, lastResult } of settlement.deferred) {
      const before = mail.recipients.get(address);
      if (before === undefined) continue;
      mail.recipients.set(address, { address, attempts: before.attempts + 1, nextAttemptAtMs, lastResult });
    }
    if (mail.recipients.size === 0) this.#queue.delete(id);
    // A bounce takes the place of a mail, so no bound keeps it out.
    if (settlement.bounce !== undefined) this.#put(settlement.bounce, settlement.bounce.recipients);
  }

  *flush(nowMs: number, id?: string): Task {
    this.#checkOpen();
    for (const mail of this.#queue.values()) {
      if (id !== undefined && mail.id !== id) continue;
      for (const recipient of mail.recipients.values()) {
        const nextAttemptAtMs = Math.min(recipient.nextAttemptAtMs, nowMs);
        mail.recipients.set(recipient.address, { ...recipient, nextAttemptAtMs });
      }
    }
  }

  close(): void {
    this.#closed = true;
  }

  #accept(mail: NewMail): AcceptOutcome {
    const had = this.#recipientsInDoubt(mail);
    const fresh = mail.recipients.filter(({ address }) => !had.has(address));
    if (fresh.length === 0 && mail.recipients.length > 0) return "duplicate";
    if (this.#isFull(mail, fresh)) return "full";
    this.#put(mail, fresh);
    if (mail.doubtKey !== undefined) this.#rememberDoubt(mail.doubtKey, fresh, mail.arrivedAtMs);
    return "accepted";
  }

  #put(mail: NewMail, recipients: readonly NewRecipient[]): void {
    for (const name of mailboxesOf(recipients)) this.#deliver(name, mail);
    const remote = recipients.filter(({ mailbox }) => mailbox === undefined);
    if (remote.length === 0) return;
    const waiting = remote.map(({ address }): [string, QueuedRecipient] => [
      address,
      { address, attempts: 0, nextAttemptAtMs: mail.arrivedAtMs, lastResult: undefined },
    ]);
    const { id, reversePath, arrivedAtMs, content } = mail;
    this.#queue.set(id, { id, reversePath, arrivedAtMs, content, recipients: new Map(waiting) });
  }

  #deliver(name: string, mail: NewMail): void {
    const inbox = this.#mailboxes.folder(name, INBOX, mail.arrivedAtMs);
    const content = withPrefix(mail.mailboxPrefix, mail.content);
    if (inbox !== undefined)
      this.#mailboxes.put(inbox, [{ content, flags: [], arrivedAtMs: mail.arrivedAtMs }]);
  }

  #isFull(mail: NewMail, recipients: readonly NewRecipient[]): boolean {
    const queues = recipients.some(({ mailbox }) => mailbox === undefined);
    if (queues && this.#queue.size >= this.#limits.queuedMailsMax) return true;
    return mailboxesOf(recipients).some((name) => this.#mailboxes.isFull(name, 1, mailboxOctets(mail)));
  }

  #recipientsInDoubt(mail: NewMail): ReadonlyMap<string, number> {
    for (const [key, recipients] of this.#doubts) {
      const [arrivedAtMs] = recipients.values();
      if (this.#doubts.size <= DOUBTS_MAX && arrivedAtMs > mail.arrivedAtMs - DOUBT_KEPT_MS) break;
      this.#doubts.delete(key);
    }
    return (mail.doubtKey === undefined ? undefined : this.#doubts.get(mail.doubtKey)) ?? new Map();
  }

  #rememberDoubt(key: string, recipients: readonly NewRecipient[], arrivedAtMs: number): void {
    const known = this.#doubts.get(key) ?? new Map<string, number>();
    for (const { address } of recipients) known.set(address, arrivedAtMs);
    this.#doubts.set(key, known);
  }

  #checkOpen(): void {
    if (this.#closed) throw new LocalError("store-closed", "the mail store is closed");
  }
}

interface Queued {
  readonly id: string;
  readonly reversePath: string;
  readonly arrivedAtMs: number;
  readonly content: Uint8Array;
  readonly recipients: Map<string, QueuedRecipient>;
}

function viewOf(mail: Queued): QueuedMail {
  const { id, reversePath, arrivedAtMs, content } = mail;
  return { id, reversePath, arrivedAtMs, octets: content.length, recipients: [...mail.recipients.values()] };
}

function dueAtMs(mail: Queued): number {
  return Math.min(...[...mail.recipients.values()].map(({ nextAttemptAtMs }) => nextAttemptAtMs));
}

/** Each mailbox once: two addresses of one person are one delivery. */
function mailboxesOf(recipients: readonly NewRecipient[]): string[] {
  return [...new Set(recipients.flatMap(({ mailbox }) => (mailbox === undefined ? [] : [mailbox])))];
}

function mailboxOctets(mail: NewMail): number {
  return mail.mailboxPrefix.length + mail.content.length;
}

function withPrefix(prefix: string, content: Uint8Array): Uint8Array {
  const whole = new Uint8Array(prefix.length + content.length);
  for (let i = 0; i < prefix.length; i++) whole[i] = prefix.charCodeAt(i);
  whole.set(content, prefix.length);
  return whole;
}
