/**
 * The folders of all users in SQLite: what SqliteMailStore and its accounts work on. Everything here runs inside a
 * transaction of the caller's, who tells those that watch when it is durable (`transaction`).
 */

import {
  changedFlags,
  FLAGS_MAX,
  type FlagChange,
  type FolderChange,
  type FolderMessage,
  INBOX,
  levelsAbove,
  type SpecialUse,
} from "../../protocols/imap/index.ts";
import type { MailStoreLimits } from "../../services/mail/store.ts";
import { FolderWatch, newUidValidity } from "../folder-watch.ts";
import type { Database, Row } from "./database.ts";

export interface SqliteFolder {
  readonly id: number;
  readonly uidValidity: number;
  readonly uidNext: number;
  readonly highestModSeq: number;
  readonly firstRecent: number;
}

/** A message that is to be put somewhere: its octets are there already. */
export interface KeptLetter {
  readonly contentId: number;
  readonly prefix: Uint8Array;
  readonly octets: number;
  readonly arrivedAtMs: number;
  readonly flags: readonly string[];
}

export class SqliteMailboxes {
  readonly database: Database;
  readonly limits: MailStoreLimits;
  readonly watch = new FolderWatch();
  /** What those that watch will hear when the transaction is durable. */
  #news: { folder: number; change: FolderChange }[] = [];

  constructor(database: Database, limits: MailStoreLimits) {
    this.database = database;
    this.limits = limits;
  }

  /** One transaction; then, and only then, those that watch hear of it. */
  transaction<T>(work: () => T): T {
    this.#news = [];
    const result = this.database.transaction(work);
    const news = this.#news;
    this.#news = [];
    for (const { folder, change } of news) this.watch.tell(folder, change);
    return result;
  }

  /** The folder of that name; INBOX is made when it is asked for. */
  folder(user: string, name: string, nowMs: number): SqliteFolder | undefined {
    const row = this.database.get("SELECT * FROM folders WHERE user = ? AND name = ?", user, name);
    if (row !== undefined) return folderOf(row);
    return name === INBOX ? this.make(user, name, undefined, nowMs) : undefined;
  }

  folderOfId(id: number): SqliteFolder | undefined {
    const row = this.database.get("SELECT * FROM folders WHERE id = ?", id);
    return row && folderOf(row);
  }

  /** Makes a folder and the levels above it. */
  make(user: string, name: string, specialUse: SpecialUse | undefined, nowMs: number): SqliteFolder {
    for (const level of levelsAbove(name)) {
      if (this.folder(user, level, nowMs) === undefined) this.make(user, level, undefined, nowMs);
    }
    const last = this.database.get("SELECT last_uid_validity FROM users WHERE name = ?", user);
    const uidValidity = newUidValidity(nowMs, Number(last?.last_uid_validity ?? 0));
    this.database.run(
      `INSERT INTO users (name, last_uid_validity) VALUES (?1, ?2)
       ON CONFLICT (name) DO UPDATE SET last_uid_validity = ?2`,
      user,
      uidValidity,
    );
    const row = this.database.get(
      `INSERT INTO folders (user, name, special_use, uid_validity, uid_next, highest_mod_seq, first_recent)
       VALUES (?, ?, ?, ?, 1, 1, 1) RETURNING *`,
      user,
      name,
      specialUse ?? null,
      uidValidity,
    );
    return folderOf(row ?? {});
  }

  messages(folder: number): FolderMessage[] {
    return this.database
      .all(
        "SELECT uid, octets, arrived_at_ms, flags, mod_seq FROM messages WHERE folder_id = ? ORDER BY uid",
        folder,
      )
      .map(messageOf);
  }

  /** Keeps octets; who refers to them must follow in the same transaction. */
  keep(content: Uint8Array): number {
    return Number(this.database.get("INSERT INTO contents (octets) VALUES (?) RETURNING id", content)?.id);
  }

  /** Puts messages at the end of a folder; their UIDs. */
  put(folder: number, letters: readonly KeptLetter[]): number[] {
    const row = this.database.get(
      `UPDATE folders SET uid_next = uid_next + ?, highest_mod_seq = highest_mod_seq + 1 WHERE id = ?
       RETURNING uid_next, highest_mod_seq`,
      letters.length,
      folder,
    );
    const modSeq = Number(row?.highest_mod_seq);
    const first = Number(row?.uid_next) - letters.length;
    const messages = letters.map(({ contentId, prefix, octets, arrivedAtMs, flags }, i) => {
      this.database.run(
        `INSERT INTO messages (folder_id, uid, content_id, prefix, octets, arrived_at_ms, flags, mod_seq)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        folder,
        first + i,
        contentId,
        prefix,
        octets,
        arrivedAtMs,
        flags.join(" "),
        modSeq,
      );
      return { uid: first + i, octets, arrivedAtMs, flags, modSeq };
    });
    this.#news.push({ folder, change: { kind: "arrived", messages } });
    return messages.map(({ uid }) => uid);
  }

  /** Takes messages out of a folder; those that were there. Their octets stay until `forget`. */
  remove(folder: number, uids: readonly number[]): (KeptLetter & { readonly uid: number })[] {
    const removed = uids.flatMap((uid) => {
      const row = this.database.get(
        "DELETE FROM messages WHERE folder_id = ? AND uid = ? RETURNING *",
        folder,
        uid,
      );
      return row === undefined ? [] : [{ ...letterOf(row), uid }];
    });
    if (removed.length === 0) return removed;
    this.database.run("UPDATE folders SET highest_mod_seq = highest_mod_seq + 1 WHERE id = ?", folder);
    this.#news.push({ folder, change: { kind: "expunged", uids: removed.map(({ uid }) => uid) } });
    return removed;
  }

  /** Deletes octets that nothing refers to any more. */
  forget(letters: readonly { readonly contentId: number }[]): void {
    for (const { contentId } of letters) {
      this.database.run(
        `DELETE FROM contents WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM messages WHERE content_id = ?1)
         AND NOT EXISTS (SELECT 1 FROM queue WHERE content_id = ?1)`,
        contentId,
      );
    }
  }

  /** The messages with these UIDs that are still there. */
  find(folder: number, uids: readonly number[]): (KeptLetter & { readonly uid: number })[] {
    return uids.flatMap((uid) => {
      const row = this.database.get("SELECT * FROM messages WHERE folder_id = ? AND uid = ?", folder, uid);
      return row === undefined ? [] : [{ ...letterOf(row), uid }];
    });
  }

  changeFlags(
    folder: number,
    uids: readonly number[],
    change: FlagChange,
    unchangedSince: number,
  ): FolderMessage[] | "full" {
    const modSeq = (this.folderOfId(folder)?.highestModSeq ?? 0) + 1;
    const after = uids.flatMap((uid): FolderMessage[] => {
      const row = this.database.get("SELECT * FROM messages WHERE folder_id = ? AND uid = ?", folder, uid);
      if (row === undefined || Number(row.mod_seq) > unchangedSince) return [];
      const before = messageOf(row);
      const flags = changedFlags(before.flags, change);
      return [flags.join(" ") === before.flags.join(" ") ? before : { ...before, flags, modSeq }];
    });
    if (after.some(({ flags }) => flags.length > FLAGS_MAX)) return "full";
    const changed = after.filter((message) => message.modSeq === modSeq);
    for (const { uid, flags } of changed) {
      this.database.run(
        "UPDATE messages SET flags = ?, mod_seq = ? WHERE folder_id = ? AND uid = ?",
        flags.join(" "),
        modSeq,
        folder,
        uid,
      );
    }
    if (changed.length > 0) {
      this.database.run("UPDATE folders SET highest_mod_seq = ? WHERE id = ?", modSeq, folder);
      this.#news.push({ folder, change: { kind: "changed", messages: changed } });
    }
    return after;
  }

  /** Whether so much more has no room in a user's folders together. */
  isFull(user: string, messages: number, octets: number): boolean {
    const row = this.database.get(
      `SELECT count(*) AS count, sum(m.octets) AS octets FROM messages m JOIN folders f ON f.id = m.folder_id
       WHERE f.user = ?`,
      user,
    );
    return (
      Number(row?.count) + messages > this.limits.mailboxMessagesMax ||
      Number(row?.octets ?? 0) + octets > this.limits.mailboxOctetsMax
    );
  }
}

function folderOf(row: Row): SqliteFolder {
  return {
    id: Number(row.id),
    uidValidity: Number(row.uid_validity),
    uidNext: Number(row.uid_next),
    highestModSeq: Number(row.highest_mod_seq),
    firstRecent: Number(row.first_recent),
  };
}

function messageOf(row: Row): FolderMessage {
  return {
    uid: Number(row.uid),
    octets: Number(row.octets),
    arrivedAtMs: Number(row.arrived_at_ms),
    flags: row.flags === "" ? [] : String(row.flags).split(" "),
    modSeq: Number(row.mod_seq),
  };
}

function letterOf(row: Row): KeptLetter {
  const { octets, arrivedAtMs, flags } = messageOf(row);
  return { contentId: Number(row.content_id), prefix: row.prefix as Uint8Array, octets, arrivedAtMs, flags };
}
