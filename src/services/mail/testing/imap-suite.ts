/** What the service "imap" must do on every network, with any store, beside SMTP and POP3 of the same host. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromByteString, lastly, sleep, stopAll, type Task, toByteString } from "../../../net/index.ts";
import type { TwoHosts } from "../../../net/testing/network-suite.ts";
import { ImapClient } from "../../../protocols/imap/index.ts";
import { Pop3Client } from "../../../protocols/pop3/index.ts";
import { parseMailbox, SmtpClient } from "../../../protocols/smtp/index.ts";
import type { HostStores, RunningService } from "../../service.ts";
import { imapService } from "../imap-service.ts";
import { pop3Service } from "../pop3-service.ts";
import { smtpService } from "../smtp-service.ts";

export function imapSuite(
  name: string,
  makeTwoHosts: () => Promise<TwoHosts> | TwoHosts,
  makeStores: () => HostStores,
): void {
  const check = (title: string, work: (bench: Bench) => Task): void => {
    test(title, async () => {
      const hosts = await makeTwoHosts();
      const stores = makeStores();
      try {
        await hosts.run(new Bench(hosts, stores).whole(work));
        assert.deepEqual(hosts.liveTaskNames(), []);
      } finally {
        await hosts.close();
        stores.close();
      }
    });
  };

  describe(`IMAP on ${name}`, () => {
    for (const family of [4, 6] as const) {
      check(
        `a mail is delivered, found, read in parts, moved and deleted, over IPv${family}`,
        function* (bench) {
          yield* bench.send(KETCHUP, family);
          const client = yield* bench.open(family);
          const inbox = yield* client.select("INBOX");
          assert.equal(inbox.exists, 1);
          const [uid] = yield* client.search({ from: "alice", subject: "ketchup" });
          const [letter] = yield* client.fetch([uid], {
            envelope: true,
            structure: true,
            sections: [{ section: "1" }, { section: "HEADER", range: { start: 0, count: 11 } }],
          });
          assert.equal(letter.envelope?.subject, "Ketchup");
          assert.equal(text(letter.sections.get("1")), "Do you like ketchup?");
          assert.equal(text(letter.sections.get("HEADER")), "Return-Path");
          yield* client.create("Lunch/2026");
          yield* client.move([uid], "Lunch/2026");
          assert.equal(inbox.exists, 0);
          yield* client.select("Lunch/2026");
          yield* client.store([1], "+", ["\\Deleted"]);
          yield* client.expunge();
          assert.equal((yield* client.status("Lunch/2026", ["MESSAGES"])).get("MESSAGES"), 0);
          yield* client.logout();
        },
      );
    }

    check("who waits in IDLE hears of a mail at once, and of what POP3 deletes", function* (bench) {
      const client = yield* bench.open();
      const inbox = yield* client.select("INBOX");
      const { clock } = bench.hosts.client;
      const waiting = bench.hosts.client.spawn("idle", client.idle(clock, 10_000));
      yield* sleep(clock, 100);
      yield* bench.send(KETCHUP);
      assert.equal(yield* waiting.join(), true);
      assert.equal(inbox.exists, 1);
      const again = bench.hosts.client.spawn("idle", client.idle(clock, 10_000));
      yield* sleep(clock, 100);
      yield* bench.emptyByPop3();
      assert.equal(yield* again.join(), true);
      assert.equal(inbox.exists, 0);
      yield* client.logout();
    });

    check("who gives up IDLE says DONE, and has the session for something else", function* (bench) {
      const client = yield* bench.open();
      yield* client.select("INBOX");
      const { clock } = bench.hosts.client;
      const waiting = bench.hosts.client.spawn("idle", client.idle(clock, 10_000));
      yield* sleep(clock, 100);
      waiting.cancel();
      yield* expectCode("cancelled", waiting.join());
      yield* client.noop();
      yield* client.logout();
    });

    check("a large letter goes up and comes down as it was; POP3 sees only INBOX", function* (bench) {
      const client = yield* bench.open();
      const content = fromByteString(`Subject: large\r\n\r\n${`${"x".repeat(998)}\r\n`.repeat(400)}`);
      yield* client.create("Archive");
      yield* client.append("Archive", content, { flags: ["\\Seen"] });
      yield* client.select("Archive");
      const [letter] = yield* client.fetch("1", { flags: true, sections: [{ section: "" }] });
      assert.ok(letter.flags?.includes("\\Seen"));
      assert.deepEqual(letter.sections.get(""), content);
      assert.equal(yield* bench.emptyByPop3(), 0);
      yield* client.logout();
    });

    check("several sessions of one user see the same, and change it at once", function* (bench) {
      const clients: ImapClient[] = [];
      for (let i = 0; i < 5; i++) clients.push(yield* bench.open());
      for (const client of clients) yield* client.select("INBOX");
      const tasks = clients.map((client, i) =>
        bench.hosts.client.spawn(
          `client ${i}`,
          client.append("INBOX", fromByteString(`Subject: ${i}\r\n\r\n`)),
        ),
      );
      for (const task of tasks) yield* task.join();
      for (const client of clients) {
        yield* client.noop();
        assert.equal(client.mailbox?.exists, 5);
      }
      yield* clients[0].store([1, 3], "+", ["\\Deleted"]);
      yield* clients[1].expunge();
      yield* clients[2].noop();
      assert.equal(clients[2].mailbox?.exists, 3);
      for (const client of clients) yield* client.logout();
    });

    check("a wrong password is refused, and a service that is off refuses connections", function* (bench) {
      yield* expectCode("login-refused", bench.open(4, "thirsty"));
      yield* bench.imap.stop(0);
      yield* expectCode("refused", bench.open());
    });
  });
}

/** The server of hamburger.edu on one host; who talks to it on the other. */
class Bench {
  readonly hosts: TwoHosts;
  readonly #stores: HostStores;
  #ports: readonly number[] = [];
  imap!: RunningService;

  constructor(hosts: TwoHosts, stores: HostStores) {
    this.hosts = hosts;
    this.#stores = stores;
  }

  /** Starts the services, does the work, stops them. */
  *whole(work: (bench: Bench) => Task): Task {
    const { server } = this.hosts;
    const users = [{ name: "bob", password: "hungry" }];
    const host = { network: server, nameServers: [], users, stores: this.#stores };
    const routing = {
      *mailExchangers() {
        return [];
      },
    };
    const domains = ["hamburger.edu"];
    const smtp = smtpService(() => routing);
    const running = [yield* smtp.start(host, { domains, name: "hamburger.edu", port: 0 })];
    running.push(yield* pop3Service.start(host, { port: 0, domains }));
    this.imap = yield* imapService.start(host, { port: 0, domains });
    running.push(this.imap);
    this.#ports = running.map(({ description }) => Number(/:(\d+)(?: |$)/.exec(description)?.[1]));
    try {
      yield* work(this);
    } finally {
      yield* lastly(stopAll(running, 1000));
    }
    // What was stopped ends at its next turn.
    yield* sleep(server.clock, 50);
  }

  *open(family: 4 | 6 = 4, password = "hungry"): Task<ImapClient> {
    const connection = yield* this.hosts.client.connect(
      this.hosts.serverAddresses[family],
      this.#ports[2],
      LIMIT,
    );
    try {
      const client = yield* ImapClient.start(connection);
      yield* client.login("bob@hamburger.edu", password);
      return client;
    } catch (error) {
      connection.abort();
      throw error;
    }
  }

  *send(content: string, family: 4 | 6 = 4): Task {
    const address = this.hosts.serverAddresses[family];
    const connection = yield* this.hosts.client.connect(address, this.#ports[0], LIMIT);
    const session = yield* SmtpClient.start(connection, { helloName: "crepes.fr" });
    const recipients = [parseMailbox("bob@hamburger.edu")];
    const reversePath = parseMailbox("alice@crepes.fr");
    yield* session.send({ reversePath, recipients, content: fromByteString(content) });
    yield* session.quit();
  }

  /** Deletes all that POP3 sees; how many there were. */
  *emptyByPop3(): Task<number> {
    const connection = yield* this.hosts.client.connect(this.hosts.serverAddresses[4], this.#ports[1], LIMIT);
    const session = yield* Pop3Client.start(connection);
    yield* session.login("bob", "hungry");
    const messages = yield* session.list();
    for (const { number } of messages) yield* session.delete(number);
    yield* session.quit();
    return messages.length;
  }
}

function* expectCode(code: string, work: Task<unknown>): Task {
  try {
    yield* work;
  } catch (error) {
    assert.equal((error as { code?: string }).code, code, String(error));
    return;
  }
  assert.fail(`"${code}" was expected`);
}

function text(octets: Uint8Array | undefined): string | undefined {
  return octets && toByteString(octets);
}

const LIMIT = { timeoutMs: 5000 };
const KETCHUP = [
  "From: Alice <alice@crepes.fr>",
  "Subject: Ketchup",
  'Content-Type: multipart/mixed; boundary="b"',
  "",
  "--b",
  "",
  "Do you like ketchup?",
  "--b",
  "Content-Type: text/html",
  "",
  "<p>How about pickles?</p>",
  "--b--",
  "",
].join("\r\n");
