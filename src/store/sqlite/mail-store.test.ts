/** The SQLite store: the shared suite, the same answers as memory's, and what can be wrong with a file. */

import assert from "node:assert/strict";
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, test } from "node:test";
import fc from "fast-check";
import type { Task } from "../../net/index.ts";
import type { FlagChange, MailAccount } from "../../protocols/imap/index.ts";
import { MAIL_STORE_LIMITS_DEFAULT, type MailStore } from "../../services/mail/store.ts";
import { MemoryMailStore } from "../memory/index.ts";
import { append, mailFoldersSuite } from "../testing/mail-folders-suite.ts";
import { local, mailStoreSuite, newMail, remote, run } from "../testing/mail-store-suite.ts";
import { Database } from "./database.ts";
import { SqliteMailStore, sqliteStores } from "./index.ts";
import { mailDatabase } from "./mail-schema.ts";

const folder = mkdtempSync(join(tmpdir(), "hamlet-store-"));
after(() => rmSync(folder, { recursive: true }));
let files = 0;
const newPath = (): string => join(folder, `${++files}`, "mail.sqlite");

mailStoreSuite("in SQLite", (limits) => new SqliteMailStore(":memory:", limits));
mailFoldersSuite("in SQLite", (limits) => new SqliteMailStore(":memory:", limits));

test("everything is there after it was closed and opened again", () => {
  const path = newPath();
  const first = new SqliteMailStore(path);
  const mail = newMail({ id: "q", recipients: [local("bob"), remote("x@a")], doubtKey: "k" });
  run(first.accept(mail));
  first.close();
  const second = new SqliteMailStore(path);
  assert.equal(run(second.messages("bob")).length, 1);
  assert.equal(run(second.dueMails(1000_000, 10)).length, 1);
  assert.equal(run(second.accept(mail)), "duplicate");
  second.close();
});

test("a store from before folders opens: what was a mailbox is its INBOX, with the same UIDs", () => {
  const path = newPath();
  const old = new Database(path, { ...mailDatabase, migrations: mailDatabase.migrations.slice(0, 1) });
  old.run("INSERT INTO contents (id, octets) VALUES (7, ?)", Buffer.from("one\r\n"));
  old.run("INSERT INTO mailboxes (id, name, uid_validity, next_uid) VALUES (1, 'bob', 1000, 6)");
  old.run("INSERT INTO messages VALUES (1, 5, 7, ?, 13, 1000000)", Buffer.from("Prefix\r\n"));
  old.run("INSERT INTO queue VALUES (1, 'q', 'alice@crepes.fr', 7, 5, 1000000)");
  old.run("INSERT INTO recipients VALUES (1, 0, 'x@a', 0, 1000000, NULL)");
  old.close();
  const store = new SqliteMailStore(path);
  assert.deepEqual(run(store.messages("bob")), [
    { uid: 5, uidValidity: 1000, octets: 13, arrivedAtMs: 1000_000 },
  ]);
  assert.equal(Buffer.from(run(store.readMessage("bob", 5)) ?? []).toString(), "Prefix\r\none\r\n");
  assert.equal(run(store.queue(10)).length, 1);
  const bob = store.account("bob", () => 500_000);
  assert.equal(run(bob.create("a")), "created");
  assert.equal(run(bob.status("a"))?.uidValidity, 1001, "grows, though the clock went back");
  run(store.accept(newMail({ recipients: [local("bob")] })));
  assert.equal(run(store.messages("bob")).at(-1)?.uid, 6);
  store.close();
  new SqliteMailStore(path).close();
});

test("folders, flags and subscriptions are there after it was closed and opened again", () => {
  const path = newPath();
  const first = new SqliteMailStore(path);
  const account = first.account("bob", () => 1000_000);
  run(account.create("Sent", "\\Sent"));
  run(append(account, "Sent", "one", "two"));
  run(account.subscribe("Sent", true));
  run(
    (function* (): Task {
      const folder = yield* account.open("Sent", () => {});
      yield* folder?.store([2], { how: "set", flags: ["\\Seen", "$x"] }) ?? [];
      yield* folder?.expunge([1]) ?? [];
    })(),
  );
  first.close();
  const second = new SqliteMailStore(path);
  const again = second.account("bob", () => 1000_000);
  assert.deepEqual(run(again.folders())[1], { name: "Sent", specialUse: "\\Sent" });
  assert.deepEqual(run(again.subscriptions()), ["Sent"]);
  const messages = run(again.open("Sent", () => {}))?.messages;
  assert.deepEqual(messages, [
    { uid: 2, octets: 3, arrivedAtMs: 1000_000, flags: ["\\Seen", "$x"], modSeq: 3 },
  ]);
  second.close();
  assert.equal(countContents(path), 1);
});

test("each commit is synced: WAL and synchronous=FULL", () => {
  // Asked of the store's own connection, for it is no property of the file; test/interop/sync.test.ts sees the calls.
  const database = new Database(newPath(), { what: "test", applicationId: 1, migrations: [] });
  assert.equal(database.get("PRAGMA journal_mode")?.journal_mode, "wal");
  assert.equal(database.get("PRAGMA synchronous")?.synchronous, 2);
  database.close();
});

test("contents are kept once and go with the last that needs them", () => {
  const path = newPath();
  const store = new SqliteMailStore(path);
  run(store.accept(newMail({ id: "q", recipients: [local("bob"), local("carol"), remote("x@a")] })));
  run(store.settle("q", { done: ["x@a"], deferred: [] }));
  run(store.deleteMessages("bob", [1]));
  assert.ok(run(store.readMessage("carol", 1)));
  store.close();
  assert.equal(countContents(path), 1);
  const again = new SqliteMailStore(path);
  run(again.deleteMessages("carol", [1]));
  again.close();
  assert.equal(countContents(path), 0);
});

test("a second process cannot open it, and hears why", () => {
  const path = newPath();
  const store = new SqliteMailStore(path);
  assert.throws(() => new SqliteMailStore(path), {
    code: "store-in-use",
    message: /is in use by another process/,
  });
  store.close();
  new SqliteMailStore(path).close();
});

test("what is no database, another program's, or a newer version's is refused and left as it is", () => {
  const text = join(folder, "text");
  writeFileSync(text, "this is a letter, not a database\n".repeat(100));
  const before = readFileSync(text);
  assert.throws(() => new SqliteMailStore(text), {
    code: "store-foreign",
    message: /is not a SQLite database/,
  });
  assert.deepEqual(readFileSync(text), before);

  const foreign = join(folder, "foreign");
  withDatabase(foreign, (database) => database.exec("CREATE TABLE bookmarks (url TEXT)"));
  assert.throws(() => new SqliteMailStore(foreign), { code: "store-foreign", message: /of another program/ });

  const newer = newPath();
  new SqliteMailStore(newer).close();
  withDatabase(newer, (database) => database.exec("PRAGMA user_version = 99"));
  assert.throws(() => new SqliteMailStore(newer), {
    code: "store-foreign",
    message: /newer version of Hamlet/,
  });

  assert.throws(() => new SqliteMailStore(folder), { code: "store-failed" });
  assert.throws(() => new SqliteMailStore(join(text, "mail.sqlite")), { code: "store-failed" });
});

test("a damaged file gives an error that says so, not wrong mail", () => {
  const path = newPath();
  const store = new SqliteMailStore(path);
  for (let i = 0; i < 20; i++) run(store.accept(newMail({ id: `q${i}`, content: "x".repeat(3000) })));
  store.close();
  const file = openSync(path, "r+");
  for (let page = 1; page < 12; page++) writeSync(file, Buffer.alloc(4096, 0x55), 0, 4096, page * 4096);
  assert.throws(
    () => {
      const damaged = new SqliteMailStore(path);
      try {
        for (const { uid } of run(damaged.messages("bob"))) run(damaged.readMessage("bob", uid));
        run(damaged.accept(newMail({})));
      } finally {
        damaged.close();
      }
    },
    { code: "store-failed", message: /is damaged/ },
  );
});

test("the stores of a host open their files on first use", () => {
  const stores = sqliteStores(join(folder, "host"));
  assert.equal(stores.mail(), stores.mail());
  stores.close();
  sqliteStores(join(folder, "never-used")).close();
});

/** One step of a history: what a store is asked. */
const address = fc.constantFrom("x@a", "y@a", "z@b");
const recipient = fc.oneof(fc.constantFrom("bob", "carol").map(local), address.map(remote));
const id = fc.constantFrom("1", "2", "3", "4", "5", "6");
const time = fc.integer({ min: 1000, max: 9000 });
const deferral = fc.record({ address, nextAttemptAtMs: time, lastResult: fc.constantFrom("a", "b") });
type Step = (store: MailStore, number: number) => Task<unknown>;
const recipients = fc.uniqueArray(recipient, { maxLength: 4, selector: (each) => each.address });
const accept = fc
  .tuple(recipients, time, fc.constantFrom(undefined, "k", "l"))
  .map(([to, arrivedAtMs, doubtKey]): Step => {
    return (store, number) =>
      store.accept(newMail({ id: `${number % 6}.${number}`, recipients: to, arrivedAtMs, doubtKey }));
  });
const confirm = fc.constantFrom("k", "l").map(
  (key): Step =>
    (store) =>
      nothing(() => store.confirm(key)),
);
const settle = fc
  .tuple(id, fc.uniqueArray(address), fc.array(deferral, { maxLength: 2 }))
  .map(([prefix, done, deferred]): Step => {
    return function* (store) {
      const mail = (yield* store.queue(99)).find((each) => each.id.startsWith(prefix));
      if (mail !== undefined) yield* store.settle(mail.id, { done, deferred });
    };
  });
const remove = fc.tuple(fc.constantFrom("bob", "carol"), fc.array(fc.integer({ min: 1, max: 9 }))).map(
  ([mailbox, uids]): Step =>
    (store) =>
      store.deleteMessages(mailbox, uids),
);
const flush = time.map(
  (nowMs): Step =>
    (store) =>
      store.flush(nowMs),
);
/** Steps on bob's folders. */
const folderName = fc.constantFrom("INBOX", "a", "a/b", "c");
const flag = fc.constantFrom("\\Seen", "\\Deleted", "$x");
const onFolder = fc
  .tuple(
    fc.constantFrom("create", "delete", "rename", "append", "store", "expunge", "copy", "move", "subscribe"),
    folderName,
    folderName,
    fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 4 }),
    fc.record({ how: fc.constantFrom("set", "add", "remove"), flags: fc.uniqueArray(flag) }),
  )
  .map(([what, name, other, uids, change]): Step => {
    return function* (store, number) {
      const bob = store.account("bob", () => 5000 * number);
      if (what === "create") return yield* bob.create(name);
      if (what === "delete") return name !== "INBOX" && (yield* bob.delete(name));
      if (what === "rename") return other !== "INBOX" && (yield* bob.rename(name, other));
      if (what === "append") return yield* append(bob, name, "x");
      if (what === "subscribe") return yield* bob.subscribe(name, uids.length > 1);
      const heard: unknown[] = [];
      const opened = yield* bob.open(name, (news) => heard.push(news));
      if (opened === undefined) return undefined;
      const sorted = [...uids].sort();
      const outcome =
        what === "store"
          ? yield* opened.store(sorted, change as FlagChange, number)
          : what === "expunge"
            ? yield* opened.expunge(sorted)
            : what === "copy"
              ? yield* opened.copy(sorted, other)
              : yield* opened.move(sorted, other);
      opened.close();
      return { outcome, heard, messages: opened.messages };
    };
  });
const step = fc.oneof(accept, confirm, settle, remove, flush, onFolder, onFolder);

function* nothing(work: () => void): Task {
  work();
}

function* everything(store: MailStore): Task<unknown> {
  return {
    bob: yield* store.messages("bob"),
    carol: yield* store.messages("carol"),
    queue: yield* store.queue(99),
    due: (yield* store.dueMails(5000, 99)).map((mail) => mail.id),
    next: yield* store.nextAttemptAtMs(4000),
    folders: yield* statuses(store.account("bob", () => 9000)),
  };
}

function* statuses(bob: MailAccount): Task<unknown> {
  const found: unknown[] = [yield* bob.subscriptions()];
  for (const each of yield* bob.folders()) found.push(each, yield* bob.status(each.name));
  return found;
}

test("memory and SQLite give the same answers to any history", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const limits = { ...MAIL_STORE_LIMITS_DEFAULT, queuedMailsMax: 4, mailboxMessagesMax: 5 };
      const stores = [new MemoryMailStore(limits), new SqliteMailStore(":memory:", limits)];
      for (const [number, each] of steps.entries()) {
        const [memory, sqlite] = stores.map((store) => [run(each(store, number)), run(everything(store))]);
        assert.deepEqual(sqlite, memory);
      }
      for (const store of stores) store.close();
    }),
    { numRuns: 60 },
  );
});

function countContents(path: string): unknown {
  return withDatabase(
    path,
    (database) => database.prepare("SELECT count(*) AS count FROM contents").get()?.count,
  );
}

function withDatabase<T>(path: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path);
  try {
    return work(database);
  } finally {
    database.close();
  }
}
