/** What every MailStore must do: one suite, run for each implementation. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromByteString, type Task, toByteString } from "../../net/index.ts";
import { MemoryWorld } from "../../net/testing/memory-world.ts";
import {
  DOUBT_KEPT_MS,
  type MailStore,
  type MailStoreLimits,
  type NewMail,
} from "../../services/mail/store.ts";

const LIMITS: MailStoreLimits = {
  queuedMailsMax: 3,
  mailboxMessagesMax: 3,
  mailboxOctetsMax: 1000,
  foldersMax: 12,
};

export function mailStoreSuite(name: string, open: (limits: MailStoreLimits) => MailStore): void {
  const check = (title: string, work: (store: MailStore) => Task): void => {
    test(title, () => {
      const store = open(LIMITS);
      run(work(store));
      store.close();
    });
  };

  describe(`the mail store ${name}`, () => {
    check("delivers into each mailbox once, with the prefix, and keeps the order", function* (store) {
      yield* store.accept(
        newMail({ recipients: [local("bob"), local("carol"), { address: "b@x", mailbox: "bob" }] }),
      );
      yield* store.accept(newMail({ content: "two\r\n", recipients: [local("bob")], arrivedAtMs: 2000_500 }));
      const messages = yield* store.messages("bob");
      assert.deepEqual(messages, [
        { uid: 1, uidValidity: 1000, octets: 13, arrivedAtMs: 1000_000 },
        { uid: 2, uidValidity: 1000, octets: 13, arrivedAtMs: 2000_500 },
      ]);
      assert.equal(text(yield* store.readMessage("bob", 1)), "Prefix\r\none\r\n");
      assert.equal(text(yield* store.readMessage("carol", 1)), "Prefix\r\none\r\n");
      assert.equal(yield* store.readMessage("bob", 3), undefined);
      assert.deepEqual(yield* store.messages("nobody"), []);
      assert.deepEqual(yield* store.queue(10), []);
    });

    check("never gives a uid twice, also when the last message was deleted", function* (store) {
      yield* store.accept(newMail({ recipients: [local("bob")] }));
      yield* store.accept(newMail({ recipients: [local("bob")] }));
      yield* store.deleteMessages("bob", [2, 7]);
      yield* store.deleteMessages("nobody", [1]);
      yield* store.accept(newMail({ recipients: [local("bob")] }));
      assert.deepEqual(
        (yield* store.messages("bob")).map(({ uid }) => uid),
        [1, 3],
      );
    });

    check("queues what is not local, due at once", function* (store) {
      yield* store.accept(
        newMail({ id: "q", recipients: [local("bob"), remote("x@a.example"), remote("y@b.example")] }),
      );
      const waiting = { attempts: 0, nextAttemptAtMs: 1000_000, lastResult: undefined };
      const queued = {
        id: "q",
        reversePath: "alice@crepes.fr",
        arrivedAtMs: 1000_000,
        octets: 5,
        recipients: [
          { address: "x@a.example", ...waiting },
          { address: "y@b.example", ...waiting },
        ],
      };
      assert.deepEqual(yield* store.queue(10), [queued]);
      assert.deepEqual(yield* store.dueMails(1000_000, 10), [queued]);
      assert.deepEqual(yield* store.dueMails(999_999, 10), []);
      assert.equal(yield* store.nextAttemptAtMs(0), 1000_000);
      assert.equal(yield* store.nextAttemptAtMs(1000_000), undefined);
      assert.equal(text(yield* store.readQueued("q")), "one\r\n");
      assert.equal((yield* store.messages("bob")).length, 1);
    });

    check("settles recipients: done ones go, deferred ones wait, an empty mail leaves", function* (store) {
      yield* store.accept(newMail({ id: "q", recipients: [remote("x@a"), remote("y@a"), remote("z@a")] }));
      yield* store.settle("q", {
        done: ["x@a"],
        deferred: [{ address: "z@a", nextAttemptAtMs: 5000_000, lastResult: "450 later" }],
      });
      const [mail] = yield* store.queue(10);
      assert.deepEqual(
        mail.recipients.map(({ address, attempts, lastResult }) => [address, attempts, lastResult]),
        [
          ["y@a", 0, undefined],
          ["z@a", 1, "450 later"],
        ],
      );
      assert.equal(yield* store.nextAttemptAtMs(1000_000), 5000_000);
      yield* store.flush(2000_000);
      assert.equal((yield* store.dueMails(2000_000, 10)).length, 1);
      yield* store.settle("q", { done: ["y@a", "z@a"], deferred: [] });
      assert.deepEqual(yield* store.queue(10), []);
      assert.equal(yield* store.readQueued("q"), undefined);
      yield* store.settle("q", { done: ["y@a"], deferred: [] });
    });

    check("puts a bounce in the place of a failed recipient, though the queue is full", function* (store) {
      for (const id of ["q", "r", "s"]) yield* store.accept(newMail({ id, recipients: [remote("x@a")] }));
      const bounce = newMail({
        id: "b",
        reversePath: "",
        recipients: [remote("alice@crepes.fr")],
        arrivedAtMs: 3000_000,
      });
      yield* store.settle("q", { done: ["x@a"], deferred: [], bounce });
      yield* store.settle("r", { done: [], deferred: [], bounce: { ...bounce, id: "c" } });
      assert.deepEqual(
        (yield* store.queue(10)).map(({ id }) => id),
        ["r", "s", "b", "c"],
      );
      assert.deepEqual(
        (yield* store.dueMails(9000_000, 2)).map(({ id }) => id),
        ["r", "s"],
      );
      yield* store.settle("q", { done: ["x@a"], deferred: [], bounce: { ...bounce, id: "d" } });
      assert.equal((yield* store.queue(10)).length, 4, "a mail that is gone is not settled twice");
    });

    check(
      "knows a transmission that comes again, recipient by recipient, until it is confirmed",
      function* (store) {
        const first = newMail({ id: "1", recipients: [local("bob")], doubtKey: "k" });
        const both = newMail({ id: "2", recipients: [local("bob"), remote("x@a")], doubtKey: "k" });
        assert.equal(yield* store.accept(first), "accepted");
        assert.equal(yield* store.accept(first), "duplicate");
        assert.equal(yield* store.accept(both), "accepted");
        assert.equal((yield* store.messages("bob")).length, 1);
        assert.equal((yield* store.queue(10)).length, 1);
        assert.equal(yield* store.accept({ ...first, doubtKey: "other" }), "accepted");
        store.confirm("k");
        assert.equal(yield* store.accept(first), "accepted");
        assert.equal((yield* store.messages("bob")).length, 3);
      },
    );

    check("forgets doubts that are older than any sender tries", function* (store) {
      const mail = newMail({ recipients: [local("bob")], doubtKey: "k" });
      yield* store.accept(mail);
      const later = { ...mail, arrivedAtMs: mail.arrivedAtMs + DOUBT_KEPT_MS - 1 };
      assert.equal(yield* store.accept(later), "duplicate");
      assert.equal(yield* store.accept({ ...later, arrivedAtMs: later.arrivedAtMs + 1 }), "accepted");
    });

    check("says full and changes nothing: queue, messages, octets", function* (store) {
      for (const id of ["q", "r", "s"]) yield* store.accept(newMail({ id, recipients: [remote("x@a")] }));
      const mixed = newMail({ id: "t", recipients: [local("bob"), remote("x@a")], doubtKey: "k" });
      assert.equal(yield* store.accept(mixed), "full");
      assert.deepEqual(yield* store.messages("bob"), []);
      const large = newMail({ content: "x".repeat(995), recipients: [local("bob"), local("carol")] });
      assert.equal(yield* store.accept(large), "full");
      for (let i = 0; i < 3; i++) {
        assert.equal(yield* store.accept(newMail({ recipients: [local("bob")] })), "accepted");
      }
      assert.equal(yield* store.accept(newMail({ recipients: [local("bob")] })), "full");
      yield* store.settle("q", { done: ["x@a"], deferred: [] });
      yield* store.deleteMessages("bob", [1]);
      assert.equal(yield* store.accept(mixed), "accepted");
    });

    check("flushes one mail or all", function* (store) {
      for (const id of ["q", "r"]) {
        yield* store.accept(newMail({ id, recipients: [remote("x@a")] }));
        yield* store.settle(id, {
          done: [],
          deferred: [{ address: "x@a", nextAttemptAtMs: 9000_000, lastResult: "" }],
        });
      }
      yield* store.flush(2000_000, "r");
      assert.deepEqual(
        (yield* store.dueMails(2000_000, 10)).map(({ id }) => id),
        ["r"],
      );
      yield* store.flush(2000_000);
      assert.deepEqual(
        (yield* store.dueMails(2000_000, 10)).map(({ id }) => id),
        ["q", "r"],
      );
      assert.deepEqual(
        (yield* store.dueMails(2000_000, 1)).map(({ id }) => id),
        ["q"],
      );
    });

    test("says that it is closed", () => {
      const store = open(LIMITS);
      store.close();
      store.close();
      for (const work of [
        store.accept(newMail({})),
        store.messages("bob"),
        store.dueMails(0, 1),
        store.flush(0),
      ]) {
        assert.throws(() => run(work as Task<unknown>), { code: "store-closed" });
      }
    });
  });
}

/** A mail with what a test does not care about filled in. */
export function newMail(of: Partial<Omit<NewMail, "content">> & { content?: string }): NewMail {
  return {
    id: "id",
    reversePath: "alice@crepes.fr",
    mailboxPrefix: "Prefix\r\n",
    arrivedAtMs: 1000_000,
    recipients: [local("bob")],
    doubtKey: undefined,
    ...of,
    content: fromByteString(of.content ?? "one\r\n"),
  };
}

export function local(name: string): { address: string; mailbox: string } {
  return { address: `${name}@hamburger.edu`, mailbox: name };
}

export function remote(address: string): { address: string } {
  return { address };
}

export function run<T>(task: Task<T>): T {
  return new MemoryWorld().run(task);
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes && toByteString(bytes);
}
