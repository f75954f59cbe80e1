/** The client against written dialogues, and against hostile servers. The whole of a session: test/interop/imap-client.test.ts. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeUtf8 } from "../../bytes/index.ts";
import { type Connection, HamletError, type Task, toByteString } from "../../net/index.ts";
import { MemoryWorld } from "../../net/testing/memory-world.ts";
import { ImapClient, type ImapClientOptions } from "./client.ts";

const READY = "S: * OK [CAPABILITY IMAP4rev1] ready";
/** Logged in at a server with these capabilities. */
const loggedIn = (capabilities: string): string => `
  S: * PREAUTH [CAPABILITY IMAP4rev1 ${capabilities}] hello`;

test("PLAIN in one line, in two, LOGIN in quotes, LOGIN by literals", () => {
  const done = "S: a1 OK [CAPABILITY IMAP4rev1] done";
  const login = (user = "bob", password = "hungry") =>
    function* (client: ImapClient): Task {
      yield* client.login(user, password);
    };
  talk(
    `S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
     C: a1 AUTHENTICATE PLAIN AGJvYgBodW5ncnk=
     ${done}`,
    login(),
  );
  talk(
    `S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready
     C: a1 AUTHENTICATE PLAIN
     S: +
     C: AGJvYgBodW5ncnk=
     ${done}`,
    login(),
  );
  talk(
    `${READY}
     C: a1 LOGIN bob "hun\\"gry \\\\"
     ${done}`,
    login("bob", 'hun"gry \\'),
  );
  talk(
    `${READY}
     C: a1 LOGIN {4}
     S: * OK one moment
     S: + go on
     C: b\xc3\xb6b hungry
     ${done}`,
    login("b\u00f6b"),
  );
  assert.throws(() => talk(READY, login("bob\r\nx")), { code: "bad-argument" });
});

test("what the server can do is asked for where it does not say so, and again after the login", () => {
  talk(
    `S: * OK ready
     C: a1 CAPABILITY
     S: * CAPABILITY IMAP4rev1 AUTH=CRAM-MD5
     S: a1 OK
     C: a2 LOGIN bob hungry
     S: a2 OK
     C: a3 CAPABILITY
     S: * CAPABILITY IMAP4rev1 LITERAL+
     S: a3 OK
     C: a4 APPEND INBOX (\\Seen) {5+}
     C: hello
     S: a4 OK [APPENDUID 38505 3955] done`,
    function* (client) {
      yield* client.login("bob", "hungry");
      assert.equal(yield* client.append("inbox", encodeUtf8("hello"), { flags: ["\\Seen"] }), 3955);
    },
  );
});

test("refusals: of the connection, the login, a literal, the rest of the session", () => {
  const fails = (script: string, work: (client: ImapClient) => Task<unknown>, expected: object): void => {
    assert.throws(() => talk(script, work), expected);
  };
  const login = (client: ImapClient) => client.login("bob", "hungry");
  fails("S: * BYE too many", login, { status: "BYE", message: /refused the connection: too many$/ });
  fails("S: +OK POP3 ready", login, { code: "bad-reply", message: /does not greet as an IMAP server$/ });
  fails("S: 220 hamburger.edu", login, { code: "bad-reply", message: /does not speak IMAP/ });
  fails("S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] x", login, { code: "login-disabled" });
  fails(
    `${READY}
     C: a1 LOGIN bob hungry
     S: a1 NO [AUTHENTICATIONFAILED] wrong \x1b[2J`,
    login,
    { code: "login-refused", message: /refused the login of bob: wrong \?\[2J$/ },
  );
  fails(
    `${loggedIn("")}
     C: a1 APPEND full {5}
     S: a1 NO [OVERQUOTA] no room`,
    (client) => client.append("full", encodeUtf8("hello")),
    { code: "over-quota" },
  );
  fails(
    `${loggedIn("")}
     C: a1 NOOP
     S: * BYE shutting down`,
    (client) => client.noop(),
    { status: "BYE", message: /refused to go on: shutting down$/ },
  );
  for (const answer of ["a7 OK another tag", "+ go on", "a1 FETCH"])
    fails(`${loggedIn("")}\nC: a1 NOOP\nS: ${answer}`, (client) => client.noop(), { code: "bad-reply" });
});

test("the mailbox is known as the server tells of it, at any time; numbers move when a message goes", () => {
  talk(
    `${loggedIn("")}
     C: a1 SELECT INBOX
     S: * 3 EXISTS
     S: * 1 RECENT
     S: * FLAGS (\\Seen $Junk)
     S: * OK [PERMANENTFLAGS (\\Seen \\*)] limited
     S: * OK [UIDVALIDITY 7] valid
     S: * OK [UIDNEXT 40] next
     S: a1 OK [READ-ONLY] done
     C: a2 UID FETCH 10,20:21 (UID FLAGS)
     S: * 1 FETCH (UID 10 FLAGS (\\Seen))
     S: * 2 FETCH (UID 20 FLAGS ())
     S: * 3 FETCH (FLAGS ($Junk) UID 21)
     S: * 4 EXISTS
     S: a2 OK
     C: a3 UID STORE 10 +FLAGS.SILENT (\\Deleted)
     S: * 1 EXPUNGE
     S: * 1 FETCH (FLAGS (\\Answered))
     S: a3 OK`,
    function* (client) {
      const inbox = yield* client.select("INBOX");
      assert.deepEqual([inbox.exists, inbox.recent, inbox.uidValidity, inbox.uidNext], [3, 1, 7, 40]);
      assert.deepEqual(
        [inbox.flags, inbox.permanentFlags],
        [
          ["\\Seen", "$Junk"],
          ["\\Seen", "\\*"],
        ],
      );
      assert.equal(inbox.isReadOnly, true);
      const found = yield* client.fetch([21, 10, 20], { flags: true });
      assert.deepEqual(
        found.map(({ uid }) => uid),
        [10, 20, 21],
      );
      yield* client.store([10], "+", ["\\Deleted"]);
      assert.equal(inbox.exists, 3);
      assert.deepEqual([inbox.uidOf(1), inbox.flagsOf(1), inbox.uidOf(2)], [20, ["\\Answered"], 21]);
      assert.deepEqual([inbox.uidOf(3), inbox.uidOf(0)], [undefined, undefined]);
    },
  );
});

test("one message told in several responses, parts as literals; UID sets are put together", () => {
  const uids = [1, 2, 3, 5, ...Array.from({ length: 600 }, (_, i) => 10 + 2 * i)];
  const heard = talk(
    `${loggedIn("")}
     C: a1 SELECT INBOX
     S: * 2 EXISTS
     S: a1 OK
     C: a2 UID FETCH 9 (UID RFC822.SIZE BODY.PEEK[1.2]<0.3> BODY.PEEK[HEADER])
     S: * 1 FETCH (UID 9 BODY[1.2]<0> {3}
     S: a) RFC822.SIZE 99)
     S: * 1 FETCH (BODY[HEADER] ~{4}
     S: b)
     S:  UID 9)
     S: a2 OK`,
    function* (client) {
      yield* client.select("INBOX");
      const range = { start: 0, count: 3 };
      const sections = [{ section: "1.2", range }, { section: "HEADER" }];
      const [message, ...more] = yield* client.fetch([9], { octets: true, sections });
      assert.deepEqual([message.octets, more.length], [99, 0]);
      assert.deepEqual(
        [...message.sections].map(([name, octets]) => [name, toByteString(octets ?? new Uint8Array(0))]),
        [
          ["1.2", "a) "],
          ["HEADER", "b)\r\n"],
        ],
      );
      try {
        yield* client.fetch(uids, { flags: true });
      } catch (error) {
        if (!(error instanceof HamletError)) throw error;
      }
    },
  );
  assert.match(heard.slice(heard.indexOf("a3")), /^a3 UID FETCH 1:3,5,10,12,[0-9,]* \(UID FLAGS\)\r\n$/);
  assert.throws(
    () => talk(loggedIn(""), (client) => client.fetch([1], { sections: [{ section: "1] x" }] })),
    {
      code: "bad-argument",
    },
  );
});

test("IDLE ends at the first news, begins anew before half an hour is over, and is left in time", () => {
  const world = new MemoryWorld();
  const opened = `${loggedIn("IDLE")}
     C: a1 SELECT INBOX
     S: * 2 EXISTS
     S: a1 OK`;
  talk(
    `${opened}
     C: a2 IDLE
     S: + idling
     S: * OK still here
     S: * 3 EXISTS
     C: DONE
     S: * 1 EXPUNGE
     S: a2 OK`,
    function* (client) {
      const inbox = yield* client.select("INBOX");
      assert.equal(yield* client.idle(world.clock, 60_000), true);
      assert.equal(inbox.exists, 2);
    },
    {},
    world,
  );
  const startNs = world.clock.nowNs();
  talk(
    `${opened}
     C: a2 IDLE
     S: + idling
     C: DONE
     S: a2 OK
     C: a3 IDLE
     S: +
     C: DONE
     S: a3 OK`,
    function* (client) {
      yield* client.select("INBOX");
      assert.equal(yield* client.idle(world.clock, 40 * 60_000), false);
    },
    {},
    world,
  );
  assert.equal((world.clock.nowNs() - startNs) / 60e9, 40);
});

test("what has no end is cut off at the limit: a literal, an answer, a line", () => {
  const fetch = (client: ImapClient): Task<unknown> => client.fetch([1], { sections: [{ section: "" }] });
  const opened = `${loggedIn("")}\nC: a1 UID FETCH 1 (UID BODY.PEEK[])`;
  const options = { answerMax: 10_000 };
  for (const answer of [
    "S: * 1 FETCH (BODY[] {10001}",
    "S: * 1 FETCH (BODY[] {4294967295}",
    "S: * 1 FETCH (UID 1)\n".repeat(1_000),
    "S: * SEARCH 1 2 3\n".repeat(1_000),
  ])
    assert.throws(() => talk(`${opened}\n${answer}`, fetch, options), { code: "bad-reply" });
});

test("whatever a server says, the client ends with an answer or an expected error", () => {
  const line = fc.oneof(
    fc.constantFrom(
      "* OK [CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS LITERAL- AUTH=PLAIN SASL-IR] x",
      "* PREAUTH x",
      "* CAPABILITY IMAP4rev1",
      ...[1, 2, 3, 4, 5, 6, 7].map((number) => `a${number} OK done`),
      "a3 NO no",
      "a4 BAD",
      "+ x",
      "* 3 EXISTS",
      "* 1 EXPUNGE",
      "* 1 FETCH (UID 1 FLAGS (\\Seen) BODY[] {3}",
      "x)",
      "* 99999999999999 EXISTS",
      '* LIST () "/" INBOX',
      "* SEARCH 1 2",
      "* BYE",
    ),
    fc.string({ unit: "binary-ascii", maxLength: 10 }),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 25 }), (lines) => {
      const world = new MemoryWorld();
      const [a, b] = world.connectionPair(1 << 20);
      try {
        world.run(
          (function* (): Task {
            yield* b.write(lines.map((each) => `${each}\r\n`).join(""), 1000);
            b.end();
            const client = yield* ImapClient.start(a);
            yield* client.login("bob", "hungry");
            yield* client.list();
            yield* client.select("INBOX");
            yield* client.fetch("1:*", { flags: true, sections: [{ section: "" }] });
            yield* client.search({ text: "x" });
            yield* client.idle(world.clock, 1000);
            yield* client.move([1], "Trash");
            yield* client.logout();
          })(),
        );
      } catch (error) {
        if (!(error instanceof HamletError)) throw error;
      }
    }),
    { numRuns: 400 },
  );
});

/**
 * A written dialogue: the server says its lines (S:) and wants to hear the client's (C:), each exactly. Whatever the
 * client says after the last line is the result.
 */
function talk(
  script: string,
  work: (client: ImapClient) => Task<unknown>,
  options: ImapClientOptions = {},
  world = new MemoryWorld(),
): string {
  const [a, b] = world.connectionPair(1 << 20);
  const steps = [...script.matchAll(/^ *([SC]): ?(.*)$/gm)].map(([, from, line]) => ({ from, line }));
  const heard = { text: "" };
  world.spawn("server", served(b, steps, heard));
  world.run(
    (function* (): Task {
      try {
        yield* work(yield* ImapClient.start(a, options));
      } finally {
        a.abort();
      }
    })(),
  );
  world.runUntilIdle();
  return heard.text;
}

function* served(
  connection: Connection,
  steps: readonly { readonly from: string; readonly line: string }[],
  heard: { text: string },
): Task {
  try {
    for (const { from, line } of steps) {
      if (from === "S") yield* connection.write(`${line}\r\n`, 1000);
      else {
        const said = yield* connection.readLine({ max: 100_000, timeoutMs: 3600_000 });
        assert.equal(said, line);
        heard.text += `${said}\r\n`;
      }
    }
    const rest = yield* connection.read(100_000, 1000);
    heard.text += rest === null ? "" : toByteString(rest);
  } catch (error) {
    if (!(error instanceof HamletError)) throw error;
  } finally {
    connection.close();
  }
}
