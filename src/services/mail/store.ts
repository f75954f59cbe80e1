/**
 * What the mail services keep: mailboxes with messages, and the queue of mails that must travel on.
 * Implemented in memory and in SQLite (`src/store`), one shared suite for both.
 *
 * What must stay true: each method is one transaction and durable when it returns (synced, where there is a disk).
 * A mail is at every instant in mailboxes, in the queue, or in the bounce that took its place; never in none.
 * Every method throws LocalError: "store-closed", "store-failed" (disk full, corrupt).
 */

import type { Task } from "../../net/index.ts";
import type { MailAccount } from "../../protocols/imap/index.ts";

export interface MailStore {
  /**
   * Puts a new mail where its recipients are: local ones into their mailboxes, the others into the queue.
   * A recipient that has this very mail already (see `doubtKey`) is left out.
   */
  accept(mail: NewMail): Task<AcceptOutcome>;
  /**
   * The sender knows that this transmission was accepted: its key is forgotten. Not durable by itself, for after a
   * crash a key too many does no harm.
   */
  confirm(doubtKey: string): void;

  /** The messages of a mailbox's INBOX, oldest first; none when nothing was ever delivered to it. */
  messages(mailbox: string): Task<StoredMessage[]>;
  /** The octets of a message, undefined when it is gone. */
  readMessage(mailbox: string, uid: number): Task<Uint8Array | undefined>;
  /** Deletes messages for good; those that are gone already do not matter. */
  deleteMessages(mailbox: string, uids: readonly number[]): Task;
  /** A mailbox with all its folders. `nowMs` is the wall clock. */
  account(mailbox: string, nowMs: () => number): MailAccount;

  /** Queued mails, oldest first, at most `limit`. */
  queue(limit: number): Task<QueuedMail[]>;
  /** Queued mails with recipients whose next attempt is due at `nowMs`, longest due first. */
  dueMails(nowMs: number, limit: number): Task<QueuedMail[]>;
  /** When the next attempt is due; undefined when the queue is empty. `afterMs` leaves out what is due until then. */
  nextAttemptAtMs(afterMs: number): Task<number | undefined>;
  /** The octets of a queued mail, undefined when it has left the queue. */
  readQueued(id: string): Task<Uint8Array | undefined>;
  /** Records what an attempt brought; with `bounce` in the same transaction. Mails without recipients leave the queue. */
  settle(id: string, settlement: Settlement): Task;
  /** Makes queued mails due at `nowMs` (all, or one): "try again now". */
  flush(nowMs: number, id?: string): Task;

  close(): void;
}

export interface NewMail {
  /** Unique; stands in the trace and in logs. */
  readonly id: string;
  /** `alice@crepes.fr`; empty for the null reverse-path. */
  readonly reversePath: string;
  readonly content: Uint8Array;
  /** Fields that go before the content in mailboxes: Return-Path. */
  readonly mailboxPrefix: string;
  readonly arrivedAtMs: number;
  readonly recipients: readonly NewRecipient[];
  /** Names this transmission, so that a second one after a crash or a lost 250 is known (RFC 1047); absent: never the same. */
  readonly doubtKey: string | undefined;
}

export interface NewRecipient {
  /** `bob@hamburger.edu` */
  readonly address: string;
  /** The mailbox of a local recipient; absent: the mail goes into the queue. */
  readonly mailbox?: string;
}

/** "duplicate": every recipient had the mail already. "full": a bound was reached; nothing was changed. */
export type AcceptOutcome = "accepted" | "duplicate" | "full";

export interface StoredMessage {
  /** Grows, is never used again in this mailbox. */
  readonly uid: number;
  /** Tells a mailbox from one of the same name before it; with `uid` unique for ever (as in IMAP). */
  readonly uidValidity: number;
  readonly octets: number;
  readonly arrivedAtMs: number;
}

export interface QueuedMail {
  readonly id: string;
  readonly reversePath: string;
  readonly arrivedAtMs: number;
  readonly octets: number;
  /** Those that still wait. */
  readonly recipients: readonly QueuedRecipient[];
}

export interface QueuedRecipient {
  readonly address: string;
  readonly attempts: number;
  readonly nextAttemptAtMs: number;
  /** What the last attempt brought, in one line. */
  readonly lastResult: string | undefined;
}

export interface Settlement {
  /** Delivered, or failed for good: out of the queue. */
  readonly done: readonly string[];
  readonly deferred: readonly { address: string; nextAttemptAtMs: number; lastResult: string }[];
  /** The notification to the sender that takes the place of failed recipients. */
  readonly bounce?: NewMail | undefined;
}

/** Bounds of a store; beyond them the client hears 452 and keeps its mail. */
export interface MailStoreLimits {
  readonly queuedMailsMax: number;
  readonly mailboxMessagesMax: number;
  readonly mailboxOctetsMax: number;
  /** Folders of one mailbox, and its subscriptions. */
  readonly foldersMax: number;
}

export const MAIL_STORE_LIMITS_DEFAULT: MailStoreLimits = {
  // As many as a small provider has at a bad time; each costs a row and its content.
  queuedMailsMax: 100_000,
  // In all folders; more than a client can list in reasonable time.
  mailboxMessagesMax: 100_000,
  mailboxOctetsMax: 4 * 1024 ** 3,
  // More than a person can find anything in; a LIST of all of them is some 50 KB.
  foldersMax: 1000,
};

/** Transmissions in doubt that are remembered; beyond them the oldest is forgotten. */
export const DOUBTS_MAX = 10_000;
/** Longer than a sender tries (5 days): RFC 5321 section 4.5.4.1. */
export const DOUBT_KEPT_MS = 7 * 24 * 3600_000;
