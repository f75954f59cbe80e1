/** What the folders of every MailStore must do: one suite, run for each implementation. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromByteString, type Task, toByteString } from "../../net/index.ts";
import type { Appended, Copied, FolderChange, MailAccount, OpenFolder } from "../../protocols/imap/index.ts";
import type { MailStore, MailStoreLimits } from "../../services/mail/store.ts";
import { local, newMail, run } from "./mail-store-suite.ts";

const LIMITS: MailStoreLimits = {
  queuedMailsMax: 3,
  mailboxMessagesMax: 6,
  mailboxOctetsMax: 1000,
  foldersMax: 5,
};
const NOW_MS = 2000_000;

export function mailFoldersSuite(name: string, open: (limits: MailStoreLimits) => MailStore): void {
  const check = (title: string, work: (bob: MailAccount, store: MailStore) => Task): void => {
    test(title, () => {
      const store = open(LIMITS);
      run(
        work(
          store.account("bob", () => NOW_MS),
          store,
        ),
      );
      store.close();
    });
  };

  describe(`folders of the mail store ${name}`, () => {
    check("INBOX is there before the first mail, and mails come into it", function* (bob, store) {
      assert.deepEqual(yield* bob.folders(), [{ name: "INBOX", specialUse: undefined }]);
      yield* store.accept(newMail({ recipients: [local("bob")] }));
      const status = yield* bob.status("INBOX");
      assert.deepEqual(status, {
        uidValidity: 2000,
        uidNext: 2,
        highestModSeq: 2,
        messages: 1,
        octets: 13,
        unseen: 1,
        deleted: 0,
        recent: 1,
      });
      assert.deepEqual(yield* store.messages("bob"), [
        { uid: 1, uidValidity: 2000, octets: 13, arrivedAtMs: 1000_000 },
      ]);
    });

    check("folders are made with the levels above them, deleted alone, and have an order", function* (bob) {
      assert.equal(yield* bob.create("b/c", "\\Sent"), "created");
      assert.equal(yield* bob.create("b"), "exists");
      assert.equal(yield* bob.create("a"), "created");
      const names = (yield* bob.folders()).map((folder) => folder.name);
      assert.deepEqual(names, ["INBOX", "a", "b", "b/c"]);
      assert.equal((yield* bob.folders())[3].specialUse, "\\Sent");
      assert.equal(yield* bob.delete("b"), true);
      assert.equal(yield* bob.delete("b"), false);
      assert.equal((yield* bob.folders()).length, 3);
      assert.equal(yield* bob.create("x/y/z"), "full");
      assert.equal(yield* bob.create("x/y"), "created");
      assert.equal(yield* bob.create("z"), "full");
    });

    check("a folder of the same name is another one: its UIDVALIDITY has grown", function* (bob) {
      yield* bob.create("a");
      const before = (yield* bob.status("a"))?.uidValidity ?? 0;
      yield* bob.delete("a");
      yield* bob.create("a");
      assert.ok(((yield* bob.status("a"))?.uidValidity ?? 0) > before);
    });

    check("a folder is renamed with all below it, INBOX gives its messages", function* (bob) {
      yield* bob.create("a/b");
      const { uidValidity } = (yield* append(bob, "a/b", "one")) as Appended;
      assert.equal(yield* bob.rename("a", "c/d"), "renamed");
      assert.deepEqual(
        (yield* bob.folders()).map((folder) => folder.name),
        ["INBOX", "c", "c/d", "c/d/b"],
      );
      assert.equal((yield* bob.status("c/d/b"))?.uidValidity, uidValidity);
      assert.equal(yield* bob.rename("a", "e"), "missing");
      assert.equal(yield* bob.rename("c/d/b", "c"), "exists");
      yield* append(bob, "INBOX", "two");
      assert.equal(yield* bob.rename("INBOX", "c/d/b"), "exists");
      assert.equal(yield* bob.rename("INBOX", "old"), "renamed");
      assert.equal((yield* bob.status("INBOX"))?.messages, 0);
      assert.equal((yield* bob.status("old"))?.messages, 1);
      assert.equal(yield* bob.rename("INBOX", "x"), "full");
    });

    check("subscriptions are names, also of what is gone", function* (bob) {
      assert.equal(yield* bob.subscribe("z", true), "done");
      assert.equal(yield* bob.subscribe("a", true), "done");
      assert.equal(yield* bob.subscribe("a", true), "done");
      assert.deepEqual(yield* bob.subscriptions(), ["a", "z"]);
      yield* bob.subscribe("z", false);
      assert.deepEqual(yield* bob.subscriptions(), ["a"]);
      for (const more of ["b", "c", "d", "e"]) assert.equal(yield* bob.subscribe(more, true), "done");
      assert.equal(yield* bob.subscribe("f", true), "full");
    });

    check("flags are set, added, taken away; who has the folder open hears of it", function* (bob) {
      yield* append(bob, "INBOX", "one", "two");
      const heard: FolderChange[] = [];
      const folder = yield* opened(bob, "INBOX", heard);
      const add = { how: "add", flags: ["\\Seen", "$a"] } as const;
      const stored = yield* folder.store([1, 7], add);
      assert.deepEqual(stored, [
        { uid: 1, octets: 3, arrivedAtMs: NOW_MS, flags: ["\\Seen", "$a"], modSeq: 3 },
      ]);
      assert.deepEqual(heard, [{ kind: "changed", messages: stored }]);
      // Nothing changes, so nobody hears, and the count stays.
      assert.deepEqual(yield* folder.store([1], add), stored);
      assert.equal(heard.length, 1);
      assert.deepEqual(flagsOf(yield* folder.store([1], { how: "remove", flags: ["$A"] })), [["\\Seen"]]);
      assert.deepEqual(flagsOf(yield* folder.store([1, 2], { how: "set", flags: ["$b"] })), [["$b"], ["$b"]]);
      assert.deepEqual(yield* folder.store([1, 2], add, 1), [], "both have changed since");
      const tooMany = Array.from({ length: 101 }, (_, i) => `k${i}`);
      assert.equal(yield* folder.store([1], { how: "set", flags: tooMany }), "full");
      folder.close();
      const status = yield* bob.status("INBOX");
      assert.deepEqual([status?.unseen, status?.deleted, status?.highestModSeq], [2, 0, 5]);
    });

    check("what comes and goes is heard, whoever does it; after closing nothing", function* (bob, store) {
      yield* append(bob, "INBOX", "one");
      const heard: FolderChange[] = [];
      const folder = yield* opened(bob, "INBOX", heard);
      yield* store.accept(newMail({ recipients: [local("bob"), local("carol")] }));
      yield* append(bob, "INBOX", "three");
      yield* store.deleteMessages("bob", [1]);
      yield* folder.expunge([2, 9]);
      yield* bob.create("a");
      yield* folder.move([3], "a");
      assert.deepEqual(
        heard.map((change) => [
          change.kind,
          "uids" in change ? change.uids : change.messages.map((m) => m.uid),
        ]),
        [
          ["arrived", [2]],
          ["arrived", [3]],
          ["expunged", [1]],
          ["expunged", [2]],
          ["expunged", [3]],
        ],
      );
      folder.close();
      yield* append(bob, "INBOX", "four");
      assert.equal(heard.length, 5);
      assert.equal(yield* folder.read(2), undefined);
    });

    check("messages are copied and moved with their flags and dates, all or none", function* (bob) {
      yield* append(bob, "INBOX", "one", "two");
      yield* bob.create("a");
      const folder = yield* opened(bob, "INBOX", []);
      yield* folder.store([2], { how: "set", flags: ["\\Flagged"] });
      assert.equal(yield* folder.copy([1, 2], "nowhere"), "missing");
      assert.equal(yield* folder.copy([1, 5], "a"), "expunged");
      const copied = (yield* folder.copy([1, 2], "a")) as Copied;
      assert.deepEqual(
        [copied.from, copied.to],
        [
          [1, 2],
          [1, 2],
        ],
      );
      const moved = (yield* folder.move([1, 5], "a")) as Copied;
      assert.deepEqual([moved.from, moved.to], [[1], [3]]);
      const target = yield* opened(bob, "a", []);
      assert.deepEqual(flagsOf(target.messages), [[], ["\\Flagged"], []]);
      assert.equal(text(yield* target.read(3)), "one");
      assert.equal(yield* folder.read(1), undefined);
      // To itself it gets a new UID.
      const again = (yield* target.move([1], "a")) as Copied;
      assert.deepEqual(again.to, [4]);
      folder.close();
      target.close();
    });

    check("a full mailbox takes nothing, in whatever folder", function* (bob) {
      yield* bob.create("a");
      yield* append(bob, "a", "1", "2", "3", "4");
      assert.equal(yield* append(bob, "INBOX", "5", "6", "7"), "full");
      assert.equal(yield* append(bob, "INBOX", "x".repeat(997)), "full");
      const folder = yield* opened(bob, "a", []);
      assert.equal(yield* folder.copy([1, 2, 3], "INBOX"), "full");
      assert.equal(((yield* folder.move([1, 2, 3], "INBOX")) as Copied).to.length, 3);
      assert.equal(yield* append(bob, "nowhere", "x"), "missing");
    });

    check("recent is what no session was told of", function* (bob) {
      yield* append(bob, "INBOX", "one");
      const folder = yield* opened(bob, "INBOX", []);
      assert.equal(yield* folder.firstRecent(false), 1);
      assert.equal(yield* folder.firstRecent(true), 1);
      assert.equal(yield* folder.firstRecent(true), 2);
      yield* append(bob, "INBOX", "two");
      assert.equal((yield* bob.status("INBOX"))?.recent, 1);
    });

    check("who has a deleted folder open finds it empty", function* (bob) {
      yield* bob.create("a");
      yield* append(bob, "a", "one");
      const heard: FolderChange[] = [];
      const folder = yield* opened(bob, "a", heard);
      yield* bob.delete("a");
      assert.deepEqual(heard, [{ kind: "expunged", uids: [1] }]);
      assert.equal(yield* folder.read(1), undefined);
      assert.deepEqual(yield* folder.store([1], { how: "set", flags: [] }), []);
      assert.equal(yield* folder.copy([1], "INBOX"), "expunged");
      yield* folder.expunge([1]);
      yield* folder.firstRecent(true);
    });
  });
}

/** Letters of these texts, put into a folder. */
export function* append(
  account: MailAccount,
  folder: string,
  ...texts: readonly string[]
): Task<Appended | "missing" | "full"> {
  const letters = texts.map((each) => ({ content: fromByteString(each), flags: [] }));
  return yield* account.append(folder, letters);
}

function* opened(account: MailAccount, name: string, heard: FolderChange[]): Task<OpenFolder> {
  const folder = yield* account.open(name, (change) => heard.push(change));
  return folder ?? assert.fail(`there is no folder ${name}`);
}

function flagsOf(messages: readonly { readonly flags: readonly string[] }[] | "full"): unknown {
  return messages === "full" ? messages : messages.map(({ flags }) => flags);
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes && toByteString(bytes);
}
