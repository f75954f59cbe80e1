/** The server against written dialogues, and against anything at all in each of its states. */

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { type Connection, HamletError, type Task } from "../../net/index.ts";
import { MemoryWorld } from "../../net/testing/memory-world.ts";
import { playTranscript } from "../../net/testing/transcript.ts";
import { EXTENSIONS, type SmtpServerOptions, serveSmtp } from "./server.ts";
import { type RecordedMail, RecordingReceiver } from "./testing/receiver.ts";

const folder = new URL("transcripts/", import.meta.url);

function play(file: string, options: Partial<SmtpServerOptions> = {}): RecordedMail[] {
  const receiver = new RecordingReceiver();
  playTranscript(
    new URL(file, folder),
    () => (connection) =>
      serveSmtp(connection, { name: "hamburger.edu", contentMax: 100_000, ...options }, receiver),
  );
  return receiver.mails;
}

const ketchup = "Do you like ketchup?\r\nHow about pickles?\r\n";
const [alice, bob, carol] = ["<alice@crepes.fr>", "bob@hamburger.edu", "carol@hamburger.edu"];

/** What each dialogue must have brought into the mailboxes: from, to, content. */
const expected: Record<string, [string, string[], string][]> = {
  "textbook.txt": [[alice, [bob], ketchup]],
  "several-mails.txt": [
    [alice, [bob], "one\r\n"],
    ["<>", [bob, carol], ".\r\n.two\r\n"],
  ],
  "extended.txt": [[alice, [bob, '"bob smith"@hamburger.edu', "PostMaster"], "gr\xc3\xbc\xc3\x9fe\r\n"]],
  "pipelining.txt": [[alice, [bob, carol], "one\r\n"]],
  "long-lines.txt": [[alice, [bob], `${"x".repeat(998)}\r\n${".".repeat(998)}\r\n`]],
  "smuggling.txt": [[alice, [bob], "one\r\n\0.\r\n\0\r\nMAIL FROM:<mallory@example.org>\r\n"]],
};
const withOptions: Record<string, Partial<SmtpServerOptions>> = { "strict.txt": { strict: true } };

for (const file of readdirSync(folder).sort()) {
  test(`dialogue ${file}`, () => {
    const mails = play(file, withOptions[file]);
    assert.deepEqual(
      mails.map(({ from, to, content }) => [from, to, content]),
      expected[file] ?? [],
    );
  });
}

test("a mail is confirmed by the client's next command, not by one that was there before the 250", () => {
  assert.deepEqual(
    play("textbook.txt").map(({ confirmed }) => confirmed),
    [true],
  );
  assert.deepEqual(
    play("pipelining.txt").map(({ confirmed }) => confirmed),
    [false],
  );
});

test("extensions that are switched off are neither announced nor understood", () => {
  const replies = talk([["EHLO crepes.fr"], ["MAIL FROM:<alice@crepes.fr> SIZE=1"], ["QUIT"]], {
    withoutExtensions: EXTENSIONS,
  });
  assert.deepEqual(replies.slice(1), [
    "250 hamburger.edu Hello crepes.fr, pleased to meet you",
    "555 Parameter SIZE not recognized or not implemented",
    "221 hamburger.edu closing connection",
  ]);
});

test("content over the limit is read to its end and refused; the session goes on", () => {
  const groups = [
    ["HELO crepes.fr"],
    ["MAIL FROM:<alice@crepes.fr>"],
    ["RCPT TO:<bob@hamburger.edu>"],
    ["DATA"],
    [...new Array<string>(20_001).fill("abc"), "."],
    ["QUIT"],
  ];
  const replies = talk(groups, {});
  assert.deepEqual(replies.slice(-2), [
    "552 Message is larger than 100000 octets",
    "221 hamburger.edu closing connection",
  ]);
});

test("the 101st recipient is told to come again, and the mail goes to the first hundred", () => {
  const receiver = new RecordingReceiver();
  const recipients = Array.from({ length: 101 }, (_, i) => `RCPT TO:<user${i}@hamburger.edu>`);
  const lines = ["EHLO crepes.fr", "MAIL FROM:<alice@crepes.fr>", ...recipients, "DATA"];
  const replies = talk([lines, ["."], ["QUIT"]], {}, receiver);
  assert.equal(replies.filter((line) => line.startsWith("250 2.1.5")).length, 100);
  assert.equal(replies.filter((line) => line === "452 4.5.3 Too many recipients").length, 1);
  assert.equal(receiver.mails[0].to.length, 100);
});

test("after twenty errors the server has enough", () => {
  const replies = talk([new Array<string>(30).fill("XXXX")], {});
  assert.equal(replies.filter((line) => line.startsWith("500")).length, 20);
  assert.equal(replies.at(-1), "421 hamburger.edu closing connection: too many errors");
});

/** Lines that bring the server into each of its states. */
const states: Record<string, string[]> = {
  connected: [],
  ready: ["EHLO crepes.fr"],
  "ready after HELO": ["HELO crepes.fr"],
  sender: ["EHLO crepes.fr", "MAIL FROM:<alice@crepes.fr>"],
  recipients: ["EHLO crepes.fr", "MAIL FROM:<alice@crepes.fr>", "RCPT TO:<bob@hamburger.edu>"],
  data: ["EHLO crepes.fr", "MAIL FROM:<alice@crepes.fr>", "RCPT TO:<bob@hamburger.edu>", "DATA"],
};

const piece = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom("MAIL FROM:", "RCPT TO:", "DATA\r\n", "RSET\r\n", "QUIT\r\n", "NOOP\r\n"),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "\r\n",
      "\n",
      "\r",
      ".",
      "\r\n.\r\n",
      " ",
      "<>",
      "<a@b>",
      "EHLO x\r\n",
      "BDAT 1 LAST",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("x".repeat(999), '"\\', "[IPv6:", "@a,@b:", "SIZE=", "BODY=8BITMIME", "\0"),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary-ascii", maxLength: 30 }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 30 }).map((octets) => String.fromCharCode(...octets)) },
);

for (const [state, lines] of Object.entries(states)) {
  test(`whatever comes in the state "${state}", the server answers in replies or closes, and ends with its client`, () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const output = converse(lines.map((line) => `${line}\r\n`).join("") + pieces.join(""), {});
        for (const line of output) assert.match(line, /^[245]\d\d[ -][ -~]*$|^354 |^220 /);
      }),
      { numRuns: 60 },
    );
  });
}

/** Sends groups of lines, each after the replies to the one before; returns all lines of the server. */
function talk(
  groups: readonly (readonly string[])[],
  options: Partial<SmtpServerOptions>,
  receiver = new RecordingReceiver(),
): string[] {
  const world = new MemoryWorld();
  const lines: string[] = [];
  const [client, server] = world.connectionPair(1 << 20);
  world.spawn("server", serving(server, options, receiver));
  world.run(
    (function* (): Task {
      for (const group of groups) {
        yield* client.write(group.map((line) => `${line}\r\n`).join(""), 1000);
        yield* readAllFor(client, lines, 100);
      }
      client.end();
      yield* readAllFor(client, lines, 1000);
      client.abort();
    })(),
  );
  return lines;
}

/** Sends all at once and ends; returns the server's lines and checks that its task is over. */
function converse(input: string, options: Partial<SmtpServerOptions>): string[] {
  const world = new MemoryWorld();
  const lines: string[] = [];
  const [client, server] = world.connectionPair(1 << 20);
  const handle = world.spawn("server", serving(server, options, new RecordingReceiver()));
  world.run(
    (function* (): Task {
      yield* client.write(input, 1000);
      client.end();
      yield* readAllFor(client, lines, 1000);
      client.abort();
    })(),
  );
  world.runUntilIdle();
  assert.ok(handle.done, "the server goes on without a client");
  return lines;
}

function* readAllFor(client: Connection, lines: string[], timeoutMs: number): Task {
  try {
    for (;;) {
      const line = yield* client.readLine({ max: 2000, timeoutMs });
      if (line === null) return;
      lines.push(line);
    }
  } catch (error) {
    if (!(error instanceof HamletError)) throw error;
  }
}

function* serving(
  server: Connection,
  options: Partial<SmtpServerOptions>,
  receiver: RecordingReceiver,
): Task {
  try {
    yield* serveSmtp(server, { name: "hamburger.edu", contentMax: 100_000, ...options }, receiver);
  } catch (error) {
    if (!(error instanceof HamletError)) throw error;
  } finally {
    server.close();
  }
}
