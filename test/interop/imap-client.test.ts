/** Our IMAP client and Dovecot; and the same sessions with our server, so that both servers tell the same. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { encodeUtf8 } from "../../src/bytes/index.ts";
import { fromByteString, HamletError, type Task, toByteString } from "../../src/net/index.ts";
import {
  ImapClient,
  type ImapClientOptions,
  SWITCHABLE_CAPABILITIES,
} from "../../src/protocols/imap/index.ts";
import { composeMessage } from "../../src/protocols/message/index.ts";
import { imap } from "../../src/services/mail/index.ts";
import { hasDovecot, startDovecot } from "./dovecot.ts";
import { type MailBench, withMailBench } from "./mail-bench.ts";

const SERVERS = ["Dovecot", "our server"] as const;
type Server = (typeof SERVERS)[number];

const PICTURE = Uint8Array.from({ length: 3_000 }, (_, i) => (i * i) & 255);
const PLAIN =
  "From: alice@crepes.fr\r\nTo: bob@hamburger.edu\r\nSubject: Ketchup\r\n\r\nDo you like ketchup?\r\n";
const WITH_PICTURE = toByteString(
  composeMessage({
    from: "Alice <alice@crepes.fr>",
    to: ["bob@hamburger.edu"],
    subject: "Grüße",
    dateMs: Date.UTC(2026, 10, 21, 9, 30),
    messageId: "2@crepes.fr",
    text: "Look.\n",
    html: "<p>Look.</p>\n",
    attachments: [{ name: "käse.png", type: "image/png", bytes: PICTURE }],
  }),
);

for (const server of SERVERS) {
  test(`a session with ${server}: folders, parts, search, flags, move, append, expunge`, async (t) => {
    if (!hasServer(t, server)) return;
    await withServer(server, {}, async (session) => {
      await session(function* (client) {
        const folders = yield* client.list();
        assert.deepEqual(
          folders.map(({ name, delimiter }) => [name, delimiter]),
          [
            ["INBOX", "/"],
            ["Sent", "/"],
          ],
        );
        if (server === "Dovecot") assert.ok(folders[1].attributes.includes("\\Sent"));
        yield* client.create("Käse & Brot/Neu");
        yield* client.rename("Käse & Brot/Neu", "Käse & Brot/Alt");
        assert.deepEqual(
          (yield* client.list("Käse*")).map(({ name }) => name),
          ["Käse & Brot", "Käse & Brot/Alt"],
        );

        const inbox = yield* client.select("INBOX");
        assert.equal(inbox.exists, 2);
        assert.ok((inbox.uidValidity ?? 0) > 0);
        const headers = yield* client.fetch("1:*", {
          flags: true,
          octets: true,
          envelope: true,
          structure: true,
        });
        assert.deepEqual(
          headers.map(({ uid, octets, envelope }) => [
            uid,
            octets,
            envelope?.from[0].mailbox,
            envelope?.subject,
          ]),
          [
            [1, PLAIN.length, "alice", "Ketchup"],
            [2, WITH_PICTURE.length, "alice", "=?utf-8?B?R3LDvMOfZQ==?="],
          ],
        );
        const structure = headers[1].structure;
        assert.equal(structure?.type, "multipart/mixed");
        assert.deepEqual(
          structure?.parts
            .flatMap((part) => [part, ...part.parts])
            .map(({ section, type }) => [section, type]),
          [
            ["1", "multipart/alternative"],
            ["1.1", "text/plain"],
            ["1.2", "text/html"],
            ["2", "image/png"],
          ],
        );
        assert.equal(structure?.parts[1].disposition?.parameters.get("filename*"), "utf-8''k%C3%A4se.png");

        const before = client.octetsReceived;
        const [part] = yield* client.fetch([2], { sections: [{ section: "1.1" }, { section: "HEADER" }] });
        assert.equal(toByteString(part.sections.get("1.1") ?? PICTURE), "Look.\r\n");
        assert.equal(toByteString(part.sections.get("HEADER") ?? PICTURE), headerOf(WITH_PICTURE));
        assert.ok(client.octetsReceived - before < 1_000, "the picture stays where it is");
        const [range] = yield* client.fetch([1], {
          sections: [{ section: "", range: { start: 6, count: 5 } }],
        });
        assert.equal(toByteString(range.sections.get("") ?? PICTURE), "alice");

        assert.deepEqual(yield* client.search({ from: "alice", subject: "ketchup" }), [1]);
        assert.deepEqual(yield* client.search({ subject: "grüße" }), [2]);
        assert.deepEqual(yield* client.search({ text: "Look", flags: ["\\Seen"] }), []);
        yield* client.store([1, 2], "+", ["\\Seen", "$Forwarded"]);
        yield* client.store([2], "-", ["\\Seen"]);
        assert.deepEqual(yield* client.search({ flags: ["$Forwarded"], withoutFlags: ["\\Seen"] }), [2]);
        yield* client.copy([1], "Käse & Brot/Alt");
        yield* client.move([2], "Käse & Brot/Alt");
        assert.equal(inbox.exists, 1);
        assert.deepEqual(
          [...(yield* client.status("Käse & Brot/Alt", ["MESSAGES", "UNSEEN"]))],
          [
            ["MESSAGES", 2],
            ["UNSEEN", 1],
          ],
        );
        const internalDateMs = Date.UTC(2001, 1, 3, 4, 5, 6);
        assert.equal(
          yield* client.append("Sent", encodeUtf8(PLAIN), { flags: ["\\Seen"], internalDateMs }),
          1,
        );
        const sent = yield* client.select("Sent");
        assert.equal(sent.exists, 1);
        const [copy] = yield* client.fetch("*", {
          flags: true,
          internalDate: true,
          sections: [{ section: "" }],
        });
        assert.match(copy.internalDate ?? "", /^[ 0]3-Feb-2001 0\d:05:06 \+\d{4}$/);
        assert.ok(copy.flags?.includes("\\Seen"));
        assert.equal(toByteString(copy.sections.get("") ?? PICTURE), PLAIN);
        yield* client.store([1], "+", ["\\Deleted"]);
        yield* client.expunge([1]);
        assert.equal(sent.exists, 0);
        yield* client.unselect();
        yield* client.delete("Käse & Brot/Alt");
      });
    });
  });
}

for (const server of SERVERS) {
  test(`refusals of ${server}, each with its code`, async (t) => {
    if (!hasServer(t, server)) return;
    await withServer(server, {}, async (session) => {
      await assert.rejects(
        session(function* () {}, "thirsty"),
        { code: "login-refused", status: "NO" },
      );
      await session(function* (client) {
        assert.equal(
          yield* codeOf(client.select("nowhere")),
          server === "Dovecot" ? "imap-refused" : "no-mailbox",
        );
        assert.equal(client.mailbox, undefined);
        assert.equal(yield* codeOf(client.append("nowhere", encodeUtf8(PLAIN))), "no-mailbox");
        yield* client.select("INBOX");
        assert.equal(yield* codeOf(client.copy([1], "nowhere")), "no-mailbox");
        assert.equal(yield* codeOf(client.create("INBOX")), "imap-refused");
        assert.deepEqual(yield* client.fetch([99], { flags: true }), []);
      });
    });
  });
}

for (const server of SERVERS) {
  test(`IDLE at ${server}: another session's message is told at once, and so is that it goes`, async (t) => {
    if (!hasServer(t, server)) return;
    await withServer(server, {}, async (session, bench, inSession) => {
      const clock = bench.os.clock;
      await session(function* (watcher) {
        const inbox = yield* watcher.select("INBOX");
        assert.equal(yield* watcher.idle(clock, 100), false);
        const change = bench.os.spawn("another session", inSession(append));
        assert.equal(yield* watcher.idle(clock, 20_000), true);
        assert.equal(inbox.exists, 3);
        yield* change.join();
        yield* inSession(expunge);
        yield* watcher.noop();
        assert.equal(inbox.exists, 2);
      });
    });
    function* append(client: ImapClient): Task {
      yield* client.append("INBOX", encodeUtf8(PLAIN));
    }
    function* expunge(client: ImapClient): Task {
      yield* client.select("INBOX");
      yield* client.store([1], "+", ["\\Deleted"]);
      yield* client.expunge();
    }
  });
}

for (const server of SERVERS) {
  test(`${server} that can do nothing but IMAP4rev1: literals wait, MOVE is COPY and EXPUNGE, IDLE is NOOP`, async (t) => {
    if (!hasServer(t, server)) return;
    await withServer(server, { capabilities: "IMAP4rev1" }, async (session, bench) => {
      const lines: string[] = [];
      await session(
        function* (client) {
          for (const extension of ["IDLE", "MOVE", "UIDPLUS", "LITERAL+"])
            assert.equal(yield* client.can(extension), false);
          yield* client.create("B\u00fccher");
          const inbox = yield* client.select("INBOX");
          yield* client.move([1], "B\u00fccher");
          assert.equal(inbox.exists, 1);
          yield* client.append("INBOX", encodeUtf8(PLAIN));
          assert.equal(yield* client.idle(bench.os.clock, 50), false);
          assert.equal(inbox.exists, 2);
          assert.deepEqual(yield* client.search({ subject: "gr\u00fc\u00dfe" }), [2]);
          yield* client.unselect();
        },
        "hungry",
        (from, line) => void (from === "C" && lines.push(line.replace(/^a\d+ /, ""))),
      );
      assert.ok(lines.includes(`APPEND INBOX {${PLAIN.length}}`));
      assert.ok(lines.includes("UID STORE 1 +FLAGS.SILENT (\\Deleted)") && lines.includes("EXPUNGE"));
      assert.ok(lines.includes("CLOSE"));
    });
  });
}

test("hamlet imap on the machine's own network: folders, a header, a part into a file, a search", async (t) => {
  if (!hasServer(t, "Dovecot")) return;
  await withMailBench(async (bench) => {
    const port = await startDovecot(bench, "imap", [PLAIN, WITH_PICTURE]);
    const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
    const login = ["--server", `127.0.0.1:${port}`, "--user", "bob", "--password", "hungry"];
    const hamlet = async (...words: string[]): Promise<string> => {
      const { status, output } = await bench.run(process.execPath, [main, "imap", ...words, ...login]);
      assert.equal(status, 0, output);
      return output;
    };
    await hamlet("create", "K\u00e4se");
    assert.match(await hamlet("folders"), /^INBOX +2 +2\nK\u00e4se +0 +0$/m);
    assert.match(await hamlet("list"), /^2 +unread +Alice <alice@crepes\.fr> .* Gr\u00fc\u00dfe /m);
    const header = await hamlet("show", "2", "--header");
    assert.match(header, /^Subject: =\?utf-8/m);
    assert.match(
      header,
      new RegExp(`^3\\d\\d octets transferred; the message has ${WITH_PICTURE.length}$`, "m"),
    );
    const letter = await hamlet("show", "2");
    assert.match(letter, /\n\nLook\.\n\[part 2: k\u00e4se\.png, image\/png, about \d+ octets\]\n/);
    await hamlet("show", "2", "--part", "2", "--save", "cat.png");
    assert.deepEqual(new Uint8Array(readFileSync(join(bench.folder, "cat.png"))), PICTURE);
    assert.match(await hamlet("search", "--subject", "GR\u00dc\u00dfE", "--from", "crepes"), /^2 /m);
    await hamlet("move", "2", "K\u00e4se");
    assert.match(await hamlet("folders"), /^INBOX +1 +1\nK\u00e4se +1 +0$/m);
  });
});

type Session = (
  work: (client: ImapClient) => Task,
  password?: string,
  onLine?: ImapClientOptions["onLine"],
) => Promise<void>;

function hasServer(t: TestContext, server: Server): boolean {
  return server !== "Dovecot" || hasDovecot(t, "imap");
}

/** A server with two messages, and sessions of bob with it. */
async function withServer(
  server: Server,
  options: { readonly capabilities?: string },
  work: (
    session: Session,
    bench: MailBench,
    inSession: (work: (client: ImapClient) => Task) => Task,
  ) => Promise<void>,
): Promise<void> {
  await withMailBench(async (bench) => {
    const port =
      server === "Dovecot"
        ? await startDovecot(bench, "imap", [PLAIN, WITH_PICTURE], options)
        : await startOurs(bench, options);
    const session: Session = (dialogue, password = "hungry", onLine) =>
      bench.os.run(sessionOf(bench, port, dialogue, password, onLine));
    await work(session, bench, (dialogue) => sessionOf(bench, port, dialogue, "hungry"));
  });
}

async function startOurs(bench: MailBench, options: { readonly capabilities?: string }): Promise<number> {
  const { os: network, stores } = bench;
  const host = { network, nameServers: [], users: [{ name: "bob", password: "hungry" }], stores };
  const withoutCapabilities = options.capabilities === undefined ? [] : SWITCHABLE_CAPABILITIES;
  const configuration = { address: "127.0.0.1", port: 0, withoutCapabilities };
  const { description } = await network.run(imap.start(host, configuration));
  const port = Number(/:(\d+)$/.exec(description)?.[1]);
  await network.run(sessionOf(bench, port, fill, "hungry"));
  return port;
}

function* fill(client: ImapClient): Task {
  yield* client.create("Sent");
  for (const mail of [PLAIN, WITH_PICTURE]) yield* client.append("INBOX", fromByteString(mail));
}

function* sessionOf(
  { os }: MailBench,
  port: number,
  work: (client: ImapClient) => Task,
  password: string,
  onLine?: ImapClientOptions["onLine"],
): Task {
  const connection = yield* os.connect("127.0.0.1", port, { timeoutMs: 5000 });
  try {
    const client = yield* ImapClient.start(connection, onLine === undefined ? {} : { onLine });
    yield* client.login("bob", password);
    yield* work(client);
    yield* client.logout();
  } finally {
    connection.abort();
  }
}

/** The code of the error that it ends with. */
function* codeOf(work: Task<unknown>): Task<string> {
  try {
    yield* work;
  } catch (error) {
    if (error instanceof HamletError) return error.code;
    throw error;
  }
  return "it worked";
}

function headerOf(message: string): string {
  return message.slice(0, message.indexOf("\r\n\r\n") + 4);
}
