/** Mailboxes and queue in a SQLite file. Each method is one transaction; see services/mail/store.ts for the contract. */

import { joinBytes } from "../../bytes/index.ts";
import { fromByteString, type Task } from "../../net/index.ts";
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
import { Database, type Row } from "./database.ts";
import { SqliteMailAccount } from "./mail-account.ts";
import { mailDatabase } from "./mail-schema.ts";
import { SqliteMailboxes } from "./mailboxes.ts";

export class SqliteMailStore implements MailStore {
  readonly #database: Database;
  readonly #mailboxes: SqliteMailboxes;
  readonly #limits: MailStoreLimits;
  /** Keys that are confirmed; deleted with the next transaction, for they need no sync of their own. */
  readonly #confirmed = new Set<string>();

  constructor(path: string, limits: MailStoreLimits = MAIL_STORE_LIMITS_DEFAULT) {
    this.#database = new Database(path, mailDatabase);
    this.#mailboxes = new SqliteMailboxes(this.#database, limits);
    this.#limits = limits;
  }

  *accept(mail: NewMail): Task<AcceptOutcome> {
    return this.#mailboxes.transaction(() => this.#accept(mail));
  }

  confirm(doubtKey: string): void {
    this.#confirmed.add(doubtKey);
  }

  *messages(mailbox: string): Task<StoredMessage[]> {
    return this.#database.all(`${MESSAGES} ORDER BY uid`, mailbox).map((row) => ({
      uid: Number(row.uid),
      uidValidity: Number(row.uid_validity),
      octets: Number(row.octets),
      arrivedAtMs: Number(row.arrived_at_ms),
    }));
  }

  *readMessage(mailbox: string, uid: number): Task<Uint8Array | undefined> {
    const row = this.#database.get(
      `SELECT m.prefix, c.octets FROM messages m JOIN folders f ON f.id = m.folder_id
       JOIN contents c ON c.id = m.content_id WHERE f.user = ? AND f.name = '${INBOX}' AND m.uid = ?`,
      mailbox,
      uid,
    );
    return row && joinBytes([row.prefix as Uint8Array, row.octets as Uint8Array]);
  }

  *deleteMessages(mailbox: string, uids: readonly number[]): Task {
    this.#mailboxes.transaction(() => {
      const row = this.#database.get(`SELECT id FROM folders WHERE user = ? AND name = '${INBOX}'`, mailbox);
      if (row !== undefined) this.#mailboxes.forget(this.#mailboxes.remove(Number(row.id), uids));
    });
  }

  account(mailbox: string, nowMs: () => number): MailAccount {
    return new SqliteMailAccount(this.#mailboxes, mailbox, nowMs);
  }

  *queue(limit: number): Task<QueuedMail[]> {
    return this.#database
      .all("SELECT * FROM queue ORDER BY sequence LIMIT ?", limit)
      .map((row) => this.#queuedMail(row));
  }

  *dueMails(nowMs: number, limit: number): Task<QueuedMail[]> {
    return this.#database
      .all(
        `SELECT q.* FROM queue q JOIN
         (SELECT sequence, min(next_attempt_at_ms) AS due FROM recipients WHERE next_attempt_at_ms <= ? GROUP BY sequence) r
         ON r.sequence = q.sequence ORDER BY r.due, q.sequence LIMIT ?`,
        nowMs,
        limit,
      )
      .map((row) => this.#queuedMail(row));
  }

  *nextAttemptAtMs(afterMs: number): Task<number | undefined> {
    const row = this.#database.get(
      "SELECT min(next_attempt_at_ms) AS next FROM recipients WHERE next_attempt_at_ms > ?",
      afterMs,
    );
    return row?.next === null || row === undefined ? undefined : Number(row.next);
  }

  *readQueued(id: string): Task<Uint8Array | undefined> {
    const row = this.#database.get(
      "SELECT c.octets FROM queue q JOIN contents c ON c.id = q.content_id WHERE q.id = ?",
      id,
    );
    return row?.octets as Uint8Array | undefined;
  }

  *settle(id: string, settlement: Settlement): Task {
    this.#mailboxes.transaction(() => {
      const row = this.#database.get("SELECT sequence, content_id FROM queue WHERE id = ?", id);
      if (row === undefined) return;
      const sequence = Number(row.sequence);
      for (const address of settlement.done) {
        this.#database.run("DELETE FROM recipients WHERE sequence = ? AND address = ?", sequence, address);
      }
      for (const { address, nextAttemptAtMs, lastResult } of settlement.deferred) {
        this.#database.run(
          `UPDATE recipients SET attempts = attempts + 1, next_attempt_at_ms = ?, last_result = ?
           WHERE sequence = ? AND address = ?`,
          nextAttemptAtMs,
          lastResult,
          sequence,
          address,
        );
      }
      if (this.#database.get("SELECT 1 FROM recipients WHERE sequence = ?", sequence) === undefined) {
        this.#database.run("DELETE FROM queue WHERE sequence = ?", sequence);
        this.#mailboxes.forget([{ contentId: Number(row.content_id) }]);
      }
      // A bounce takes the place of a mail, so no bound keeps it out.
      if (settlement.bounce !== undefined) this.#put(settlement.bounce, settlement.bounce.recipients);
    });
  }

  *flush(nowMs: number, id?: string): Task {
    this.#database.run(
      `UPDATE recipients SET next_attempt_at_ms = min(next_attempt_at_ms, ?1)
       WHERE ?2 IS NULL OR sequence = (SELECT sequence FROM queue WHERE id = ?2)`,
      nowMs,
      id ?? null,
    );
  }

  close(): void {
    this.#database.close();
  }

  #accept(mail: NewMail): AcceptOutcome {
    this.#forgetDoubts(mail.arrivedAtMs);
    const had = new Set(this.#recipientsInDoubt(mail.doubtKey));
    const fresh = mail.recipients.filter(({ address }) => !had.has(address));
    if (fresh.length === 0 && mail.recipients.length > 0) return "duplicate";
    if (this.#isFull(mail, fresh)) return "full";
    this.#put(mail, fresh);
    if (mail.doubtKey !== undefined) {
      for (const { address } of fresh) {
        this.#database.run(
          "INSERT INTO doubts (key, address, arrived_at_ms) VALUES (?, ?, ?)",
          mail.doubtKey,
          address,
          mail.arrivedAtMs,
        );
      }
    }
    return "accepted";
  }

  #put(mail: NewMail, recipients: readonly NewRecipient[]): void {
    const contentId = this.#mailboxes.keep(mail.content);
    for (const name of mailboxesOf(recipients)) this.#deliver(name, contentId, mail);
    const remote = recipients.filter(({ mailbox }) => mailbox === undefined);
    if (remote.length === 0) {
      this.#mailboxes.forget([{ contentId }]);
      return;
    }
    const row = this.#database.get(
      `INSERT INTO queue (id, reverse_path, content_id, octets, arrived_at_ms) VALUES (?, ?, ?, ?, ?)
       RETURNING sequence`,
      mail.id,
      mail.reversePath,
      contentId,
      mail.content.length,
      mail.arrivedAtMs,
    );
    for (const [position, { address }] of remote.entries()) {
      this.#database.run(
        `INSERT INTO recipients (sequence, position, address, attempts, next_attempt_at_ms) VALUES (?, ?, ?, 0, ?)`,
        Number(row?.sequence),
        position,
        address,
        mail.arrivedAtMs,
      );
    }
  }

  #deliver(name: string, contentId: number, mail: NewMail): void {
    const { arrivedAtMs } = mail;
    const inbox = this.#mailboxes.folder(name, INBOX, arrivedAtMs);
    const prefix = fromByteString(mail.mailboxPrefix);
    const letter = { contentId, prefix, octets: mailboxOctets(mail), arrivedAtMs, flags: [] };
    if (inbox !== undefined) this.#mailboxes.put(inbox.id, [letter]);
  }

  #isFull(mail: NewMail, recipients: readonly NewRecipient[]): boolean {
    const queues = recipients.some(({ mailbox }) => mailbox === undefined);
    const queued = queues ? this.#database.get("SELECT count(*) AS count FROM queue") : undefined;
    if (Number(queued?.count ?? 0) >= this.#limits.queuedMailsMax) return queues;
    return mailboxesOf(recipients).some((name) => this.#mailboxes.isFull(name, 1, mailboxOctets(mail)));
  }

  #recipientsInDoubt(doubtKey: string | undefined): string[] {
    if (doubtKey === undefined) return [];
    const rows = this.#database.all("SELECT address FROM doubts WHERE key = ?", doubtKey);
    return rows.map((row) => String(row.address));
  }

  #forgetDoubts(nowMs: number): void {
    for (const key of this.#confirmed) this.#database.run("DELETE FROM doubts WHERE key = ?", key);
    this.#confirmed.clear();
    this.#database.run("DELETE FROM doubts WHERE arrived_at_ms <= ?", nowMs - DOUBT_KEPT_MS);
    this.#database.run(
      `DELETE FROM doubts WHERE arrived_at_ms <=
       (SELECT arrived_at_ms FROM doubts ORDER BY arrived_at_ms DESC LIMIT 1 OFFSET ?)`,
      DOUBTS_MAX,
    );
  }

  #queuedMail(row: Row): QueuedMail {
    const recipients = this.#database
      .all("SELECT * FROM recipients WHERE sequence = ? ORDER BY position", Number(row.sequence))
      .map(
        (recipient): QueuedRecipient => ({
          address: String(recipient.address),
          attempts: Number(recipient.attempts),
          nextAttemptAtMs: Number(recipient.next_attempt_at_ms),
          lastResult: recipient.last_result === null ? undefined : String(recipient.last_result),
        }),
      );
    return {
      id: String(row.id),
      reversePath: String(row.reverse_path),
      arrivedAtMs: Number(row.arrived_at_ms),
      octets: Number(row.octets),
      recipients,
    };
  }
}

/** Each mailbox once: two addresses of one person are one delivery. */
function mailboxesOf(recipients: readonly NewRecipient[]): string[] {
  return [...new Set(recipients.flatMap(({ mailbox }) => (mailbox === undefined ? [] : [mailbox])))];
}

function mailboxOctets(mail: NewMail): number {
  return mail.mailboxPrefix.length + mail.content.length;
}

const MESSAGES = `SELECT m.uid, m.octets, m.arrived_at_ms, f.uid_validity FROM messages m
  JOIN folders f ON f.id = m.folder_id WHERE f.user = ? AND f.name = '${INBOX}'`;
