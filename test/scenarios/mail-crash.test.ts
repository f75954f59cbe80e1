/**
 * A mail server is killed with SIGKILL: what it has acknowledged is there after the restart, once; what it has not
 * acknowledged is there at most once, and exactly once when its sender has tried again.
 */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { fromByteString, HamletError, type Task, toByteString } from "../../src/net/index.ts";
import { OsNetwork } from "../../src/os/index.ts";
import { ImapClient } from "../../src/protocols/imap/index.ts";
import { Pop3Client } from "../../src/protocols/pop3/index.ts";
import { parseMailbox, SmtpClient } from "../../src/protocols/smtp/index.ts";
import { SqliteMailStore } from "../../src/store/index.ts";

const SERVER = fileURLToPath(new URL("mail-crash-server.ts", import.meta.url));

test("mail that was answered with 250 survives SIGKILL, in the mailbox and in the queue", async () => {
  await withServer(async (server) => {
    const { smtpPort } = await server.start();
    const sent: string[] = [];
    for (let i = 0; i < 5; i++) {
      const id = `<${i}@crepes.fr>`;
      await server.os.run(deliver(server.os, smtpPort, ["bob@hamburger.edu", "x@elsewhere.example"], id));
      sent.push(id);
    }
    await server.kill();
    const { pop3Port } = await server.start();
    assert.deepEqual(await server.os.run(messageIds(server.os, pop3Port)), sent);
    await server.kill();
    const store = new SqliteMailStore(server.file);
    const queue = await server.os.run(store.queue(100));
    store.close();
    assert.equal(queue.length, 5);
    for (const mail of queue)
      assert.deepEqual(
        mail.recipients.map(({ address }) => address),
        ["x@elsewhere.example"],
      );
  });
});

test("what IMAP answered with OK survives SIGKILL: folders, letters, flags, moves, deletions", async () => {
  await withServer(async (server) => {
    const { imapPort } = await server.start();
    const uid = await server.os.run(
      (function* (): Task<number | undefined> {
        const client = yield* openImap(server.os, imapPort);
        yield* client.create("Work/2026");
        const content = fromByteString("Subject: one\r\n\r\nketchup\r\n");
        for (let i = 0; i < 3; i++) yield* client.append("Work/2026", content);
        yield* client.select("Work/2026");
        yield* client.move([2], "INBOX");
        yield* client.store([1], "+", ["\\Deleted"]);
        yield* client.expunge();
        yield* client.store([3], "+", ["\\Flagged"]);
        return yield* client.append("INBOX", content, { flags: ["\\Seen"] });
      })(),
    );
    await server.kill();
    const again = await server.start();
    await server.os.run(
      (function* (): Task {
        const client = yield* openImap(server.os, again.imapPort);
        yield* client.select("Work/2026");
        const [letter, ...more] = yield* client.fetch("1:*", { flags: true });
        assert.deepEqual([letter.uid, more.length], [3, 0]);
        assert.ok(letter.flags?.includes("\\Flagged"));
        yield* client.select("INBOX");
        const inbox = yield* client.fetch("1:*", { flags: true });
        assert.deepEqual(
          inbox.map((each) => each.uid),
          [1, uid],
        );
        assert.ok(inbox[1].flags?.includes("\\Seen"));
        yield* client.logout();
      })(),
    );
  });
});

test("a mail whose 250 was lost with the server arrives once when its sender tries again", async () => {
  await withServer(async (server) => {
    // From before the server has read the mail to after it has answered.
    for (const [round, delayMs] of [0, 2, 4, 8, 16, 500].entries()) {
      const id = `<${round}@crepes.fr>`;
      const first = await server.start();
      await server.os.run(
        attempt(
          deliver(server.os, first.smtpPort, ["bob@hamburger.edu"], id, () => {
            setTimeout(first.killNow, delayMs);
          }),
        ),
      );
      await server.kill();
      const second = await server.start();
      await server.os.run(deliver(server.os, second.smtpPort, ["bob@hamburger.edu"], id));
      const ids = await server.os.run(messageIds(server.os, second.pop3Port));
      assert.equal(ids.filter((each) => each === id).length, 1, `killed ${delayMs} ms after the final dot`);
      await server.kill();
    }
  });
});

/** One transaction; returns when the server has said 250, and breaks the connection off then. */
function* deliver(os: OsNetwork, port: number, to: readonly string[], id: string, onSent = () => {}): Task {
  const connection = yield* os.connect("127.0.0.1", port, { timeoutMs: 5000 });
  try {
    const client = yield* SmtpClient.start(connection, { helloName: "crepes.fr", onContent: onSent });
    const content = fromByteString(
      `From: alice@crepes.fr\r\nMessage-ID: ${id}\r\n\r\n${"ketchup\r\n".repeat(100)}`,
    );
    const recipients = to.map(parseMailbox);
    const outcomes = yield* client.send({
      reversePath: parseMailbox("alice@crepes.fr"),
      recipients,
      content,
    });
    for (const { outcome } of outcomes) assert.equal(outcome, "delivered");
  } finally {
    connection.abort();
  }
}

function* openImap(os: OsNetwork, port: number): Task<ImapClient> {
  const client = yield* ImapClient.start(yield* os.connect("127.0.0.1", port, { timeoutMs: 5000 }));
  yield* client.login("bob", "hungry");
  return client;
}

function* attempt(work: Task): Task {
  try {
    yield* work;
  } catch (error) {
    if (!(error instanceof HamletError)) throw error;
  }
}

/** What is in bob's maildrop, by Message-ID. */
function* messageIds(os: OsNetwork, port: number): Task<string[]> {
  const connection = yield* os.connect("127.0.0.1", port, { timeoutMs: 5000 });
  const client = yield* Pop3Client.start(connection);
  yield* client.login("bob", "hungry");
  const ids: string[] = [];
  for (const { number } of yield* client.list()) {
    const content = toByteString(yield* client.retrieve(number));
    assert.ok(content.endsWith("ketchup\r\n".repeat(100)), "the whole mail");
    ids.push(/^Message-ID: (.*)\r$/m.exec(content)?.[1] ?? "");
  }
  yield* client.quit();
  return ids;
}

class KillableServer {
  readonly os = new OsNetwork({ hostName: "localhost", lingerMs: 20 });
  readonly folder = mkdtempSync(join(tmpdir(), "hamlet-crash-"));
  readonly file = join(this.folder, "mail.sqlite");
  #child: ChildProcess | undefined;

  async start(): Promise<{ smtpPort: number; pop3Port: number; imapPort: number; killNow: () => void }> {
    const child = spawn(process.execPath, [SERVER, this.folder], { stdio: ["ignore", "pipe", "inherit"] });
    this.#child = child;
    let line = "";
    for await (const chunk of child.stdout) {
      line += chunk;
      if (line.includes("\n")) break;
    }
    const [smtpPort, pop3Port, imapPort] = JSON.parse(line);
    return { smtpPort, pop3Port, imapPort, killNow: () => child.kill("SIGKILL") };
  }

  /** Kills it and waits until it is gone, and with it its hold on the file. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }
}

async function withServer(work: (server: KillableServer) => Promise<void>): Promise<void> {
  const server = new KillableServer();
  try {
    await work(server);
  } finally {
    await server.kill();
    await server.os.close();
    rmSync(server.folder, { recursive: true });
  }
}
