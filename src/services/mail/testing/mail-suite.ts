/**
 * What the mail services must do on every network: one suite for the operating system's sockets and for simulated
 * hosts, with any store.
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  fromByteString,
  lastly,
  type Network,
  sleep,
  stopAll,
  type Task,
  type TaskHandle,
  toByteString,
} from "../../../net/index.ts";
import type { TwoHosts } from "../../../net/testing/network-suite.ts";
import { Pop3Client } from "../../../protocols/pop3/index.ts";
import {
  parseMailbox,
  type RecipientOutcome,
  SmtpClient,
  type SmtpClientOptions,
} from "../../../protocols/smtp/index.ts";
import type { HostStores, HostUser, RunningService, ServiceHost } from "../../service.ts";
import { pop3Service } from "../pop3-service.ts";
import type { MailRouting } from "../routing.ts";
import { smtpService } from "../smtp-service.ts";

export function mailSuite(
  name: string,
  makeTwoHosts: () => Promise<TwoHosts> | TwoHosts,
  makeStores: () => HostStores,
): void {
  const check = (title: string, work: (bench: Bench) => Task): void => {
    test(title, async () => {
      const hosts = await makeTwoHosts();
      const stores = [makeStores(), makeStores()] as const;
      const bench = new Bench(hosts, stores);
      try {
        await hosts.run(bench.whole(work));
        assert.deepEqual(hosts.liveTaskNames(), []);
      } finally {
        await hosts.close();
        for (const each of stores) each.close();
      }
    });
  };

  describe(`mail on ${name}`, () => {
    for (const family of [4, 6] as const) {
      check(`the textbook's mail is sent and read, over IPv${family}`, function* (bench) {
        const server = bench.hosts.serverAddresses[family];
        const said: string[] = [];
        const onLine = (from: "C" | "S", line: string): void => void said.push(`${from}: ${line}`);
        yield* bench.send(server, [["bob@hamburger.edu", KETCHUP]], {
          helloName: "crepes.fr",
          style: "textbook",
          onLine,
        });
        assert.deepEqual(said, TEXTBOOK);
        const [mail] = yield* bench.fetch(server, "bob", "hungry");
        assert.match(mail, /^Return-Path: <alice@crepes.fr>\r\nReceived: from crepes.fr \(\[/);
        assert.ok(mail.endsWith(`\r\n\r\n${KETCHUP}`));
        assert.deepEqual(yield* bench.fetch(server, "bob", "hungry"), []);
      });
    }

    check(
      "many mails over one connection, large ones, dots and 8-bit octets, arrive as they were sent",
      function* (bench) {
        const contents = [
          ".\r\n..\r\n...a\r\n",
          `${"x".repeat(998)}\r\n`.repeat(400),
          `gr${String.fromCharCode(0xfc)}n\r\n\r\n\r\n`,
          ...Array.from({ length: 20 }, (_, i) => `Subject: ${i}\r\n\r\n`),
        ];
        const server = bench.hosts.serverAddresses[4];
        yield* bench.send(
          server,
          contents.map((content) => ["bob@hamburger.edu", content] as const),
        );
        const mails = yield* bench.fetch(server, "bob", "hungry");
        assert.equal(mails.length, contents.length);
        for (const [i, content] of contents.entries()) assert.ok(mails[i].endsWith(content), `mail ${i}`);
      },
    );

    check("twenty clients at once are all served", function* (bench) {
      const server = bench.hosts.serverAddresses[4];
      const clients: TaskHandle<RecipientOutcome[]>[] = [];
      for (let i = 0; i < 20; i++) {
        const mails = [["bob@hamburger.edu", `number ${i}\r\n`]] as const;
        clients.push(bench.hosts.client.spawn(`client ${i}`, bench.send(server, mails)));
      }
      for (const client of clients) yield* client.join();
      const mails = yield* bench.fetch(server, "bob", "hungry");
      const numbers = mails.map((mail) => Number(/number (\d+)/.exec(mail)?.[1])).sort((a, b) => a - b);
      assert.deepEqual(
        numbers,
        Array.from({ length: 20 }, (_, i) => i),
      );
    });

    check("one server's queue carries the mail to the other", function* (bench) {
      const relay = yield* bench.startRelay();
      const outcomes = yield* bench.send("crepes.fr", [["bob@hamburger.edu", KETCHUP]], {}, relay);
      assert.equal(outcomes[0].outcome, "delivered");
      const server = bench.hosts.serverAddresses[4];
      let mails: string[] = [];
      for (let tries = 0; mails.length === 0 && tries < 100; tries++) {
        yield* sleep(bench.hosts.client.clock, 20);
        mails = yield* bench.fetch(server, "bob", "hungry");
      }
      assert.equal(mails.length, 1);
      assert.equal(mails[0].match(/^Received: /gm)?.length, 2);
    });

    check(
      "a wrong password is refused, a maildrop in use too, and a service that is off refuses connections",
      function* (bench) {
        const server = bench.hosts.serverAddresses[4];
        const { client } = bench.hosts;
        const connection = yield* client.connect(server, bench.pop3Port, LIMIT);
        const session = yield* Pop3Client.start(connection);
        yield* session.login("bob@hamburger.edu", "hungry");
        yield* expectCode("maildrop-in-use", bench.fetch(server, "bob", "hungry"));
        connection.abort();
        yield* sleep(client.clock, 50);
        yield* expectCode("login-refused", bench.fetch(server, "bob", "thirsty"));
        yield* bench.pop3.stop(0);
        yield* expectCode("refused", client.connect(server, bench.pop3Port, LIMIT));
      },
    );
  });
}

/** The server of hamburger.edu on one host; who talks to it on the other. */
class Bench {
  readonly hosts: TwoHosts;
  readonly #stores: readonly [HostStores, HostStores];
  readonly #running: RunningService[] = [];
  smtpPort = 0;
  pop3Port = 0;
  pop3!: RunningService;

  constructor(hosts: TwoHosts, stores: readonly [HostStores, HostStores]) {
    this.hosts = hosts;
    this.#stores = stores;
  }

  /** Starts the services, does the work, stops them. */
  *whole(work: (bench: Bench) => Task): Task {
    const { server } = this.hosts;
    this.smtpPort = yield* freePort(server);
    this.pop3Port = yield* freePort(server);
    const host = serviceHost(server, [{ name: "bob", password: "hungry" }], this.#stores[0]);
    const smtp = { domains: ["hamburger.edu"], name: "hamburger.edu", port: this.smtpPort };
    this.#running.push(yield* smtpService(() => nowhere).start(host, smtp));
    this.pop3 = yield* pop3Service.start(host, { port: this.pop3Port, domains: ["hamburger.edu"] });
    this.#running.push(this.pop3);
    try {
      yield* work(this);
    } finally {
      yield* lastly(stopAll(this.#running, 1000));
    }
    // What was stopped ends at its next turn.
    yield* sleep(server.clock, 50);
  }

  /** A server of crepes.fr on the client's host that relays for everybody; returns its port. */
  *startRelay(): Task<number> {
    const port = yield* freePort(this.hosts.client);
    const host = serviceHost(this.hosts.client, [{ name: "alice", password: "" }], this.#stores[1]);
    const address = this.hosts.serverAddresses[4];
    const routing: MailRouting = {
      *mailExchangers() {
        return [{ preference: 0, exchange: address }];
      },
    };
    const configuration = {
      domains: ["crepes.fr"],
      name: "crepes.fr",
      port,
      relayFor: ["0.0.0.0/0", "::/0"],
    };
    this.#running.push(yield* smtpService(() => routing, this.smtpPort).start(host, configuration));
    return port;
  }

  /** Sends mails over one connection; to the relay on the own host when `relayPort` is given. */
  *send(
    server: string,
    mails: readonly (readonly [to: string, content: string])[],
    options: Partial<SmtpClientOptions> = {},
    relayPort?: number,
  ): Task<RecipientOutcome[]> {
    const { client } = this.hosts;
    const address = relayPort === undefined ? server : "127.0.0.1";
    const connection = yield* client.connect(address, relayPort ?? this.smtpPort, LIMIT);
    const session = yield* SmtpClient.start(connection, { helloName: "pc.crepes.fr", ...options });
    const outcomes: RecipientOutcome[] = [];
    for (const [to, content] of mails) {
      const mail = { reversePath: parseMailbox("alice@crepes.fr"), recipients: [parseMailbox(to)] };
      outcomes.push(...(yield* session.send({ ...mail, content: fromByteString(content) })));
    }
    yield* session.quit();
    return outcomes;
  }

  /** Fetches and deletes all mails of a user. */
  *fetch(server: string, user: string, password: string): Task<string[]> {
    const connection = yield* this.hosts.client.connect(server, this.pop3Port, LIMIT);
    try {
      const session = yield* Pop3Client.start(connection);
      yield* session.login(user, password);
      const mails: string[] = [];
      for (const { number } of yield* session.list()) {
        mails.push(toByteString(yield* session.retrieve(number)));
        yield* session.delete(number);
      }
      yield* session.quit();
      return mails;
    } finally {
      connection.abort();
    }
  }
}

function serviceHost(network: Network, users: readonly HostUser[], stores: HostStores): ServiceHost {
  return { network, nameServers: [], users, stores };
}

function* freePort(network: Network): Task<number> {
  const listener = yield* network.listen({ port: 0 });
  listener.close();
  return listener.local.port;
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

const nowhere: MailRouting = {
  *mailExchangers() {
    return [];
  },
};
const LIMIT = { timeoutMs: 5000 };
const KETCHUP = "Do you like ketchup?\r\nHow about pickles?\r\n";
const TEXTBOOK = [
  "S: 220 hamburger.edu",
  "C: HELO crepes.fr",
  "S: 250 Hello crepes.fr, pleased to meet you",
  "C: MAIL FROM: <alice@crepes.fr>",
  "S: 250 alice@crepes.fr ... Sender ok",
  "C: RCPT TO: <bob@hamburger.edu>",
  "S: 250 bob@hamburger.edu ... Recipient ok",
  "C: DATA",
  'S: 354 Enter mail, end with "." on a line by itself',
  "S: 250 Message accepted for delivery",
  "C: QUIT",
  "S: 221 hamburger.edu closing connection",
];
