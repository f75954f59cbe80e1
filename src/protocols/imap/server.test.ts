/** The server against written dialogues, with several sessions at once, and against anything at all in each of its states. */

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { type Connection, HamletError, silentLog, sleep, type Task } from "../../net/index.ts";
import { MemoryWorld } from "../../net/testing/memory-world.ts";
import { playTranscript } from "../../net/testing/transcript.ts";
import { serveImap } from "./server.ts";
import type { ImapServerOptions } from "./session.ts";
import { TestAccounts } from "./testing/accounts.ts";

const folder = new URL("transcripts/", import.meta.url);

for (const file of readdirSync(folder).sort()) {
  test(`dialogue ${file}`, () => {
    const accounts = new TestAccounts();
    playTranscript(new URL(file, folder), (world) => (connection) => {
      return serveImap(connection, optionsOf(world), accounts);
    });
  });
}

test("a wrong password costs time", () => {
  const world = new MemoryWorld();
  const lines = converse(world, "a LOGIN bob x\r\n", {});
  assert.match(lines[1], /^a NO \[AUTHENTICATIONFAILED\]/);
  assert.ok(world.clock.nowNs() >= 2e9);
});

test("capabilities that are switched off are neither announced nor served, and IMAP4rev2 goes with them", () => {
  const input = "a LOGIN bob hungry\r\nb IDLE\r\nc LOGOUT\r\n";
  const lines = converse(new MemoryWorld(), input, { withoutCapabilities: ["IDLE"] });
  assert.doesNotMatch(lines[0], /IDLE|IMAP4rev2/);
  assert.equal(lines[2], "b BAD there is no such command");
});

test("of trouble with the store the client hears that it does not work now, the operator hears why", () => {
  const said: string[] = [];
  const log = { ...silentLog, error: (text: string) => void said.push(text) };
  const lines = converse(new MemoryWorld(), "a LOGIN broken hungry\r\nb LOGOUT\r\n", { log });
  assert.equal(lines[1], "a NO [SERVERBUG] it cannot be done now");
  assert.deepEqual(said, ["imap: LOGIN: the disk is gone"]);
});

test("without LITERAL+ a literal waits for the server's word", () => {
  const lines = converse(new MemoryWorld(), "a LOGIN {3+}\r\n", { withoutCapabilities: ["LITERAL+"] });
  assert.match(lines[1], /^a BAD/);
});

test("a message that is asked for a thousand times in one command is not put together a thousand times", () => {
  const letter = `Subject: large\r\n\r\n${`${"x".repeat(98)}\r\n`.repeat(3_000)}`;
  const fetch = (item: string): string => `FETCH 3 (${Array(1_000).fill(item).join(" ")})\r\n`;
  const input = [
    "a LOGIN bob hungry\r\n",
    `b APPEND INBOX {${letter.length}+}\r\n${letter}\r\n`,
    "c SELECT INBOX\r\n",
    `d ${fetch("BODY.PEEK[]")}e ${fetch("BODY.PEEK[]<0.1>")}f LOGOUT\r\n`,
  ];
  const lines = converse(new MemoryWorld(), input.join(""), {});
  assert.ok(lines.includes("d NO [LIMIT] this is too much of one message at once"));
  assert.ok(lines.includes("e OK fetched"));
  const patterns = Array(101).fill("a*").join(" ");
  const listed = converse(new MemoryWorld(), `a LOGIN bob hungry\r\nb LIST "" (${patterns})\r\n`, {});
  assert.match(listed.at(-1) ?? "", /^b BAD .*too many patterns$/);
});

/** Two sessions of bob with INBOX open. */
function twoSessions(work: (first: Client, second: Client, world: MemoryWorld) => Task): void {
  const world = new MemoryWorld();
  const accounts = new TestAccounts();
  const clients = [1, 2].map(() => {
    const [client, server] = world.connectionPair(1 << 20);
    world.spawn("server", closing(serveImap(server, optionsOf(world), accounts), server));
    return new Client(client);
  });
  world.run(
    (function* (): Task {
      for (const client of clients) yield* client.start();
      yield* work(clients[0], clients[1], world);
      for (const { connection } of clients) connection.abort();
    })(),
  );
  world.runUntilIdle();
  assert.equal(world.runner.liveCount, 0, world.runner.liveNames().join());
}

test("what one session does, the other hears with its next command, and in IDLE at once", () => {
  twoSessions(function* (first, second) {
    assert.deepEqual(yield* first.say("STORE 1 +FLAGS (\\Seen)"), ["* 1 FETCH (FLAGS (\\Seen \\Recent))"]);
    assert.deepEqual(yield* second.say("NOOP"), ["* 1 FETCH (UID 1 FLAGS (\\Seen))"]);
    yield* second.connection.write("i IDLE\r\n", 1000);
    assert.equal(yield* second.line(), "+ idling");
    yield* first.say("STORE 2 FLAGS.SILENT ($x)");
    assert.equal(yield* second.line(), "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $x)");
    yield* second.line();
    assert.equal(yield* second.line(), "* 2 FETCH (UID 2 FLAGS ($x))");
    yield* first.say("APPEND INBOX {1+}\r\nx");
    assert.equal(yield* second.line(), "* 3 EXISTS");
    assert.equal(yield* second.line(), "* 0 RECENT", "the first was told of it before");
    yield* second.connection.write("DONE\r\n", 1000);
    assert.equal(yield* second.line(), "i OK done");
    assert.deepEqual(yield* second.say("NOOP"), []);
  });
});

test("numbers hold while they are used: EXPUNGE comes neither with FETCH, STORE nor SEARCH, but with the others", () => {
  twoSessions(function* (first, second) {
    yield* first.say("STORE 1 +FLAGS (\\Deleted)");
    yield* second.say("NOOP");
    assert.deepEqual(yield* first.say("EXPUNGE"), ["* 1 EXPUNGE"]);
    assert.deepEqual(yield* second.say("FETCH 2 UID"), ["* 2 FETCH (UID 2)"]);
    assert.deepEqual(yield* second.say("SEARCH ALL"), ["* SEARCH 1 2"]);
    assert.deepEqual(yield* second.say("STORE 1 +FLAGS (\\Seen)"), []);
    yield* second.connection.write("t FETCH 1 BODY[]\r\n", 1000);
    assert.equal(yield* second.line(), "t NO [EXPUNGEISSUED] some of these messages are gone");
    yield* second.connection.write("u COPY 1 INBOX\r\n", 1000);
    assert.equal(yield* second.line(), "* 1 EXPUNGE");
    assert.equal(yield* second.line(), "u NO [EXPUNGEISSUED] some of these messages are gone");
    assert.deepEqual(yield* second.say("FETCH 1 UID"), ["* 1 FETCH (UID 2)"]);
  });
});

test("a message that came and went before the other session looked was never there", () => {
  twoSessions(function* (first, second) {
    yield* first.say("APPEND INBOX (\\Deleted) {1+}\r\nx");
    yield* first.say("EXPUNGE");
    assert.deepEqual(yield* second.say("NOOP"), []);
    yield* first.say("CREATE Other");
    yield* second.say("SELECT Other");
    yield* first.say("APPEND Other {1+}\r\nx");
    yield* first.say("DELETE Other");
    assert.deepEqual(yield* second.say("NOOP"), []);
    assert.deepEqual(yield* second.say("FETCH 1:* FLAGS"), []);
  });
});

test("IDLE ends after half an hour, and when the client goes", () => {
  twoSessions(function* (first, second, world) {
    yield* first.connection.write("i IDLE\r\n", 1000);
    yield* first.line();
    second.connection.abort();
    yield* sleep(world.clock, 31 * 60_000);
    assert.equal(yield* first.line(), "* BYE autologout");
  });
});

const piece = fc.oneof(
  fc.constantFrom(
    "a LOGIN bob hungry\r\n",
    "b SELECT INBOX\r\n",
    "c FETCH 1:* (UID FLAGS BODY.PEEK[HEADER.FIELDS (TO)] BODYSTRUCTURE ENVELOPE)\r\n",
    "d UID SEARCH OR FROM x (NOT TEXT y)\r\n",
    "e STORE * FLAGS (\\Deleted)\r\n",
    "f EXPUNGE\r\n",
    "g APPEND INBOX {3+}\r\nx:y\r\n",
    'h LIST (SUBSCRIBED) "" (% *) RETURN (STATUS (UNSEEN))\r\n',
    "i IDLE\r\n",
    "DONE\r\n",
    "j MOVE 1 INBOX\r\n",
    "k RENAME INBOX x\r\n",
    "l CLOSE\r\n",
  ),
  fc.constantFrom(
    "\r\n",
    "\n",
    "\r",
    " ",
    "(",
    ")",
    '"',
    "{5}\r\n",
    "{5+}\r\n",
    "{99999999999+}\r\n",
    "m ",
    "UID ",
    "1:*",
  ),
  fc.constantFrom(
    "FETCH ",
    "SEARCH ",
    "BODY[",
    "1.2.",
    "HEADER]",
    "<0.1>",
    "AUTHENTICATE PLAIN\r\n",
    "=",
    "ENABLE IMAP4rev2",
  ),
  fc.string({ unit: "binary-ascii", maxLength: 20 }),
  fc.uint8Array({ maxLength: 20 }).map((octets) => String.fromCharCode(...octets)),
);
const states = {
  "not authenticated": "",
  authenticated: "a LOGIN bob hungry\r\n",
  selected: "a LOGIN bob hungry\r\nb SELECT INBOX\r\n",
  idling: "a LOGIN bob hungry\r\nb SELECT INBOX\r\nc IDLE\r\n",
  "in a literal": "a LOGIN bob hungry\r\nb APPEND INBOX {40}\r\n",
};

for (const [state, head] of Object.entries(states)) {
  test(`whatever comes in the state ${state}, the server answers or closes`, () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const lines = converse(new MemoryWorld(), head + pieces.join(""), {});
        assert.match(lines[0], /^\* OK \[CAPABILITY/);
      }),
      { numRuns: 80 },
    );
  });
}

class Client {
  readonly connection: Connection;
  #tags = 0;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  *start(): Task {
    yield* this.line();
    yield* this.say("LOGIN bob hungry");
    yield* this.say("SELECT INBOX");
  }

  *line(): Task<string | null> {
    return yield* this.connection.readLine({ max: 10_000, timeoutMs: 60_000 });
  }

  /** Says a command that must be answered with OK; what came before that. */
  *say(text: string): Task<string[]> {
    const tag = `a${++this.#tags}`;
    yield* this.connection.write(`${tag} ${text}\r\n`, 1000);
    const lines: string[] = [];
    for (;;) {
      const line = (yield* this.line()) ?? assert.fail("the server hung up");
      if (!line.startsWith(`${tag} `)) lines.push(line);
      else {
        assert.match(line, /^a\d+ OK/, `${text}: ${line}`);
        return lines;
      }
    }
  }
}

function optionsOf(world: MemoryWorld, more: Partial<ImapServerOptions> = {}): ImapServerOptions {
  return { clock: world.clock, spawn: (name, task) => world.spawn(name, task), ...more };
}

/** Sends all at once and ends; returns the server's lines and checks that it leaves nothing behind. */
function converse(world: MemoryWorld, input: string, options: Partial<ImapServerOptions>): string[] {
  const [client, server] = world.connectionPair(1 << 20);
  const lines: string[] = [];
  const serving = closing(serveImap(server, optionsOf(world, options), new TestAccounts()), server);
  const handle = world.spawn("server", serving);
  world.run(
    (function* (): Task {
      yield* client.write(input, 1000);
      client.end();
      try {
        for (;;) {
          const line = yield* client.readLine({ max: 100_000, timeoutMs: 10_000 });
          if (line === null) break;
          lines.push(line);
        }
      } catch (error) {
        if (!(error instanceof HamletError)) throw error;
      }
      client.abort();
    })(),
  );
  world.runUntilIdle();
  assert.ok(handle.done, "the server goes on without a client");
  assert.equal(world.runner.liveCount, 0);
  return lines;
}

function* closing(serving: Task, connection: Connection): Task {
  try {
    yield* serving;
  } catch (error) {
    if (!(error instanceof HamletError)) throw error;
  } finally {
    connection.close();
  }
}
