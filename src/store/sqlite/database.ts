/**
 * A SQLite database file that is ours: opened exclusively, durable with each transaction, checked for being what it
 * claims. What must stay true: when a transaction has returned, its pages are on the disk (WAL, synchronous=FULL:
 * the log is synced at each commit).
 */

import { dirname, resolve } from "node:path";
import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from "node:sqlite";
import { LocalError, messageOf } from "../../net/index.ts";
import { makeFolder, syncFolder } from "./folder.ts";

export interface DatabaseKind {
  /** "mail store": for messages. */
  readonly what: string;
  /** Four octets that mark the file as this kind (PRAGMA application_id). */
  readonly applicationId: number;
  /** Statements that bring the schema from version i to i + 1. Never changed once released, only added to. */
  readonly migrations: readonly string[];
}

export type Row = Record<string, SQLOutputValue>;

export class Database {
  readonly #path: string;
  readonly #what: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, ReturnType<DatabaseSync["prepare"]>>();
  #open = true;

  /** Opens or makes the file. Throws LocalError: store-in-use, store-foreign, store-failed. */
  constructor(path: string, kind: DatabaseKind) {
    this.#path = path;
    this.#what = kind.what;
    try {
      makeFolder(dirname(resolve(path)));
      this.#database = new DatabaseSync(path);
    } catch (error) {
      throw this.#failure(error);
    }
    try {
      // Exclusive: two servers on one queue would deliver everything twice.
      this.#database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = 0");
      this.#checkKind(kind);
      this.#database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
      this.transaction(() => this.#migrate(kind));
    } catch (error) {
      this.#database.close();
      throw error instanceof LocalError ? error : this.#failure(error);
    }
    syncFolder(dirname(resolve(path)));
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#attempt(() => this.#prepare(sql).all(...values) as Row[]);
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#attempt(() => this.#prepare(sql).get(...values) as Row | undefined);
  }

  run(sql: string, ...values: SQLInputValue[]): void {
    this.#attempt(() => this.#prepare(sql).run(...values));
  }

  /** All of `work` or nothing; on the disk when this returns. */
  transaction<T>(work: () => T): T {
    this.#attempt(() => this.#database.exec("BEGIN IMMEDIATE"));
    try {
      const result = work();
      this.#attempt(() => this.#database.exec("COMMIT"));
      return result;
    } catch (error) {
      // After some failures (disk full) SQLite has rolled back by itself.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#database.close();
  }

  #prepare(sql: string): ReturnType<DatabaseSync["prepare"]> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #attempt<T>(work: () => T): T {
    if (!this.#open) throw new LocalError("store-closed", `the ${this.#what} is closed`);
    try {
      return work();
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #checkKind(kind: DatabaseKind): void {
    const applicationId = this.#pragma("application_id");
    const isNew = this.#database.prepare("SELECT count(*) AS count FROM sqlite_schema").get()?.count === 0;
    if (!isNew && applicationId !== kind.applicationId) {
      throw new LocalError(
        "store-foreign",
        `${this.#path} is a database of another program, not a ${kind.what}`,
      );
    }
    const version = this.#pragma("user_version");
    if (version > kind.migrations.length) {
      throw new LocalError(
        "store-foreign",
        `${this.#path} was made by a newer version of Hamlet (its schema is ${version}, known are ${kind.migrations.length})`,
      );
    }
  }

  #migrate(kind: DatabaseKind): void {
    const version = this.#pragma("user_version");
    for (const step of kind.migrations.slice(version)) this.#database.exec(step);
    this.#database.exec(
      `PRAGMA application_id = ${kind.applicationId}; PRAGMA user_version = ${kind.migrations.length}`,
    );
  }

  #pragma(name: string): number {
    return Number(this.#database.prepare(`PRAGMA ${name}`).get()?.[name]);
  }

  #failure(error: unknown): LocalError {
    const resultCode = (error as { errcode?: number }).errcode;
    const code = resultCode === undefined ? undefined : resultCode & 0xff;
    const where = `the ${this.#what} ${this.#path}`;
    const cause = { cause: error };
    switch (code) {
      case SQLITE_BUSY:
        return new LocalError("store-in-use", `${where} is in use by another process`, cause);
      case SQLITE_NOTADB:
        return new LocalError("store-foreign", `${where} is not a SQLite database`, cause);
      case SQLITE_CORRUPT:
        return new LocalError("store-failed", `${where} is damaged: ${messageOf(error)}`, cause);
      case SQLITE_FULL:
        return new LocalError("store-failed", `${where} cannot grow: the disk is full`, cause);
      default:
        return new LocalError("store-failed", `${where}: ${messageOf(error)}`, cause);
    }
  }
}

/** https://sqlite.org/rescode.html */
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;
