/** A user's folders in SQLite: `MailAccount` of protocols/imap/store.ts. Each method is one transaction. */

import { joinBytes } from "../../bytes/index.ts";
import type { Task } from "../../net/index.ts";
import {
  type Appended,
  type Copied,
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
import type { KeptLetter, SqliteFolder, SqliteMailboxes } from "./mailboxes.ts";

export class SqliteMailAccount implements MailAccount {
  readonly #mailboxes: SqliteMailboxes;
  readonly #user: string;
  readonly #nowMs: () => number;

  constructor(mailboxes: SqliteMailboxes, user: string, nowMs: () => number) {
    this.#mailboxes = mailboxes;
    this.#user = user;
    this.#nowMs = nowMs;
  }

  *folders(): Task<Folder[]> {
    this.#existing(INBOX);
    const rows = this.#database.all("SELECT name, special_use FROM folders WHERE user = ?", this.#user);
    return inOrder(
      rows.map((row) => ({
        name: String(row.name),
        specialUse: row.special_use === null ? undefined : (String(row.special_use) as SpecialUse),
      })),
    );
  }

  *subscriptions(): Task<string[]> {
    const rows = this.#database.all("SELECT folder FROM subscriptions WHERE user = ?", this.#user);
    return rows.map((row) => String(row.folder)).sort();
  }

  *subscribe(name: string, isSubscribed: boolean): Task<"done" | "full"> {
    return this.#mailboxes.transaction(() => {
      this.#database.run("DELETE FROM subscriptions WHERE user = ? AND folder = ?", this.#user, name);
      if (!isSubscribed) return "done";
      const sql = "SELECT count(*) AS count FROM subscriptions WHERE user = ?";
      if (Number(this.#database.get(sql, this.#user)?.count) >= this.#mailboxes.limits.foldersMax)
        return "full";
      this.#database.run("INSERT INTO subscriptions (user, folder) VALUES (?, ?)", this.#user, name);
      return "done";
    });
  }

  *create(name: string, specialUse?: SpecialUse): Task<"created" | "exists" | "full"> {
    return this.#mailboxes.transaction(() => {
      if (this.#folder(name) !== undefined) return "exists";
      if (this.#hasNoRoomFor(name)) return "full";
      this.#mailboxes.make(this.#user, name, specialUse, this.#nowMs());
      return "created";
    });
  }

  *delete(name: string): Task<boolean> {
    return this.#mailboxes.transaction(() => {
      const folder = this.#folder(name);
      if (folder === undefined) return false;
      const uids = this.#mailboxes.messages(folder.id).map(({ uid }) => uid);
      this.#mailboxes.forget(this.#mailboxes.remove(folder.id, uids));
      this.#database.run("DELETE FROM folders WHERE id = ?", folder.id);
      return true;
    });
  }

  *rename(from: string, to: string): Task<"renamed" | "missing" | "exists" | "full"> {
    return this.#mailboxes.transaction(() => {
      if (from === INBOX) return this.#renameInbox(to);
      const rows = this.#database.all("SELECT id, name FROM folders WHERE user = ?", this.#user);
      const names = new Set(rows.map((row) => String(row.name)));
      const changes = rows.flatMap((row) => {
        const newName = renamed(String(row.name), from, to);
        return newName === undefined ? [] : [{ id: Number(row.id), newName }];
      });
      if (changes.length === 0) return "missing";
      if (changes.some(({ newName }) => names.has(newName))) return "exists";
      if (this.#hasNoRoomFor(levelsAbove(to).at(-1))) return "full";
      for (const { id, newName } of changes) {
        this.#database.run("UPDATE folders SET name = ? WHERE id = ?", newName, id);
      }
      const above = levelsAbove(to).at(-1);
      if (above !== undefined && this.#folder(above) === undefined) {
        this.#mailboxes.make(this.#user, above, undefined, this.#nowMs());
      }
      return "renamed";
    });
  }

  *status(name: string): Task<FolderStatus | undefined> {
    const folder = this.#existing(name);
    if (folder === undefined) return undefined;
    const row = this.#database.get(
      `SELECT count(*) AS messages, sum(octets) AS octets, sum(instr(flags, '\\Seen') = 0) AS unseen,
       sum(instr(flags, '\\Deleted') > 0) AS deleted, sum(uid >= ?) AS recent FROM messages WHERE folder_id = ?`,
      folder.firstRecent,
      folder.id,
    );
    const { uidValidity, uidNext, highestModSeq } = folder;
    return {
      uidValidity,
      uidNext,
      highestModSeq,
      messages: Number(row?.messages),
      octets: Number(row?.octets ?? 0),
      unseen: Number(row?.unseen ?? 0),
      deleted: Number(row?.deleted ?? 0),
      recent: Number(row?.recent ?? 0),
    };
  }

  *open(name: string, onChange: (change: FolderChange) => void): Task<OpenFolder | undefined> {
    const folder = this.#existing(name);
    return folder && new SqliteOpenFolder(this.#mailboxes, this.#user, this.#nowMs, folder, onChange);
  }

  *append(name: string, letters: readonly NewLetter[]): Task<Appended | "missing" | "full"> {
    return this.#mailboxes.transaction(() => {
      const folder = this.#folder(name);
      if (folder === undefined) return "missing";
      const octets = letters.reduce((sum, { content }) => sum + content.length, 0);
      const isFull = this.#mailboxes.isFull(this.#user, letters.length, octets);
      if (isFull || letters.some(({ flags }) => flags.length > FLAGS_MAX)) return "full";
      const kept = letters.map(({ content, flags, arrivedAtMs }) => ({
        contentId: this.#mailboxes.keep(content),
        prefix: new Uint8Array(0),
        octets: content.length,
        arrivedAtMs: arrivedAtMs ?? this.#nowMs(),
        flags,
      }));
      return { uidValidity: folder.uidValidity, uids: this.#mailboxes.put(folder.id, kept) };
    });
  }

  get #database() {
    return this.#mailboxes.database;
  }

  #folder(name: string): SqliteFolder | undefined {
    return this.#mailboxes.folder(this.#user, name, this.#nowMs());
  }

  /** Outside a transaction: reading alone needs none, making INBOX does. */
  #existing(name: string): SqliteFolder | undefined {
    const row = this.#database.get("SELECT id FROM folders WHERE user = ? AND name = ?", this.#user, name);
    if (row !== undefined) return this.#mailboxes.folderOfId(Number(row.id));
    return name === INBOX ? this.#mailboxes.transaction(() => this.#folder(name)) : undefined;
  }

  #renameInbox(to: string): "renamed" | "exists" | "full" {
    if (this.#folder(to) !== undefined) return "exists";
    if (this.#hasNoRoomFor(to)) return "full";
    const inbox = this.#folder(INBOX);
    const folder = this.#mailboxes.make(this.#user, to, undefined, this.#nowMs());
    if (inbox === undefined) return "renamed";
    const uids = this.#mailboxes.messages(inbox.id).map(({ uid }) => uid);
    this.#mailboxes.put(folder.id, this.#mailboxes.remove(inbox.id, uids));
    return "renamed";
  }

  #hasNoRoomFor(name: string | undefined): boolean {
    if (name === undefined) return false;
    const rows = this.#database.all("SELECT name FROM folders WHERE user = ?", this.#user);
    const names = new Set(rows.map((row) => String(row.name)));
    const fresh = [...levelsAbove(name), name].filter((level) => !names.has(level));
    return names.size + fresh.length > this.#mailboxes.limits.foldersMax;
  }
}

class SqliteOpenFolder implements OpenFolder {
  readonly uidValidity: number;
  readonly uidNext: number;
  readonly highestModSeq: number;
  readonly messages: readonly FolderMessage[];
  readonly close: () => void;
  readonly #mailboxes: SqliteMailboxes;
  readonly #user: string;
  readonly #nowMs: () => number;
  readonly #id: number;

  constructor(
    mailboxes: SqliteMailboxes,
    user: string,
    nowMs: () => number,
    folder: SqliteFolder,
    onChange: (change: FolderChange) => void,
  ) {
    this.#mailboxes = mailboxes;
    this.#user = user;
    this.#nowMs = nowMs;
    this.#id = folder.id;
    this.uidValidity = folder.uidValidity;
    this.uidNext = folder.uidNext;
    this.highestModSeq = folder.highestModSeq;
    this.messages = mailboxes.messages(folder.id);
    this.close = mailboxes.watch.watch(folder.id, onChange);
  }

  *read(uid: number): Task<Uint8Array | undefined> {
    const row = this.#mailboxes.database.get(
      `SELECT m.prefix, c.octets FROM messages m JOIN contents c ON c.id = m.content_id
       WHERE m.folder_id = ? AND m.uid = ?`,
      this.#id,
      uid,
    );
    return row && joinBytes([row.prefix as Uint8Array, row.octets as Uint8Array]);
  }

  *store(
    uids: readonly number[],
    change: FlagChange,
    unchangedSince = Number.POSITIVE_INFINITY,
  ): Task<FolderMessage[] | "full"> {
    return this.#mailboxes.transaction(() =>
      this.#mailboxes.changeFlags(this.#id, uids, change, unchangedSince),
    );
  }

  *expunge(uids: readonly number[]): Task {
    this.#mailboxes.transaction(() => this.#mailboxes.forget(this.#mailboxes.remove(this.#id, uids)));
  }

  *copy(uids: readonly number[], to: string): Task<Copied | "missing" | "full" | "expunged"> {
    return this.#mailboxes.transaction(() => {
      const target = this.#mailboxes.folder(this.#user, to, this.#nowMs());
      if (target === undefined) return "missing";
      const found = this.#mailboxes.find(this.#id, uids);
      if (found.length < uids.length) return "expunged";
      const octets = found.reduce((sum, letter) => sum + letter.octets, 0);
      if (this.#mailboxes.isFull(this.#user, found.length, octets)) return "full";
      return this.#put(target, found);
    });
  }

  *move(uids: readonly number[], to: string): Task<Copied | "missing" | "full"> {
    return this.#mailboxes.transaction(() => {
      const target = this.#mailboxes.folder(this.#user, to, this.#nowMs());
      if (target === undefined) return "missing";
      return this.#put(target, this.#mailboxes.remove(this.#id, uids));
    });
  }

  *firstRecent(take: boolean): Task<number> {
    const folder = this.#mailboxes.folderOfId(this.#id);
    if (folder === undefined || !take || folder.firstRecent === folder.uidNext)
      return folder?.firstRecent ?? 1;
    this.#mailboxes.transaction(() =>
      this.#mailboxes.database.run("UPDATE folders SET first_recent = uid_next WHERE id = ?", this.#id),
    );
    return folder.firstRecent;
  }

  #put(target: SqliteFolder, found: readonly (KeptLetter & { readonly uid: number })[]): Copied {
    const to = found.length === 0 ? [] : this.#mailboxes.put(target.id, found);
    return { uidValidity: target.uidValidity, from: found.map(({ uid }) => uid), to };
  }
}
