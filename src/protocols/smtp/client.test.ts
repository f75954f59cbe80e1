/** The client against our server, against servers of few words, and against hostile ones. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Connection, fromByteString, HamletError, type Task } from "../../net/index.ts";
import { MemoryWorld } from "../../net/testing/memory-world.ts";
import { parseMailbox } from "./address.ts";
import { type OutgoingMail, type RecipientOutcome, SmtpClient, type SmtpClientOptions } from "./client.ts";
import { type Extension, serveSmtp } from "./server.ts";
import { RecordingReceiver } from "./testing/receiver.ts";
import { describeReply } from "./wire.ts";

const ketchup = mail(["bob@hamburger.edu"], "Do you like ketchup?\r\nHow about pickles?\r\n");

test("the textbook's style is the textbook's dialogue, content and all", () => {
  const { said } = toOurServer([ketchup], { style: "textbook" });
  assert.deepEqual(said, [
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
  ]);
});

test("groups of commands go out at once when the server offers PIPELINING, and only then", () => {
  const order = (without: readonly Extension[]): string =>
    toOurServer([ketchup], {}, without)
      .said.map((line) => line[0])
      .join("");
  assert.equal(order([]), "SCSSSSSCCCSSSSCS");
  assert.equal(order(["PIPELINING"]), "SCSSSSCSCSCSSCS");
});

test("several mails over one connection; each recipient has its own outcome", () => {
  const mixed = mail(["nobody@x.y", "bob@x.y", "later@x.y"], ".\r\n..two\r\n");
  for (const style of ["EHLO", "HELO"] as const) {
    const { outcomes, mails } = toOurServer([mixed, mail(["nobody@x.y"], "x\r\n"), ketchup], { style });
    assert.deepEqual(
      outcomes.map((each) => each.map(({ outcome }) => outcome).join()),
      ["failed,delivered,deferred", "failed", "delivered"],
    );
    assert.deepEqual(
      mails.map(({ content }) => content),
      [".\r\n..two\r\n", "Do you like ketchup?\r\nHow about pickles?\r\n"],
    );
  }
});

test("what the server does not take is refused before it is sent: size, 8-bit content", () => {
  const large = mail(["bob@x.y"], "x\r\n".repeat(40_000));
  const german = mail(["bob@x.y"], "gr\xfc\xdfe\r\n");
  const first = toOurServer([large, german], {});
  assert.deepEqual(
    first.outcomes.flat().map(({ reply }) => describeReply(reply)),
    [
      "552 5.3.4 The mail has 120000 octets, the server takes 100000",
      "250 2.0.0 Message accepted for delivery",
    ],
  );
  const second = toOurServer([german], {}, ["8BITMIME"]);
  assert.equal(second.outcomes[0][0].reply.status, "5.6.3");
  assert.equal(second.mails.length, 0);
});

test("content with a bare line end is our own mistake, and the server does not hear of it", () => {
  assert.throws(() => toOurServer([mail(["bob@x.y"], "a\n.\nb\r\n")], {}), { code: "bare-line-end" });
});

test("EHLO refused for good: HELO; refused for now: not now", () => {
  const script = [
    "220 old.example\r\n",
    "502 what?\r\n",
    "250 hello\r\n",
    "250 ok\r\n",
    "250 ok\r\n",
    "354 go\r\n",
    "250 thanks\r\n",
  ];
  const { outcomes } = toScript(script, ketchup);
  assert.equal(outcomes[0].outcome, "delivered");
  assert.throws(() => toScript(["220 x\r\n", "450 busy\r\n"], ketchup), {
    code: "smtp-refused",
    permanent: false,
  });
  assert.throws(() => toScript(["554 go away\r\n"], ketchup), { code: "smtp-refused", permanent: true });
});

test("354 although every recipient was refused: the mail stays empty", () => {
  const ehlo = "250-x\r\n250 PIPELINING\r\n";
  const { outcomes, heard } = toScript(
    ["220 x\r\n", ehlo, "250 ok\r\n550 5.1.1 no\r\n354 go\r\n", "554 no recipients\r\n"],
    ketchup,
  );
  assert.deepEqual(
    outcomes.map(({ outcome, reply }) => [outcome, describeReply(reply)]),
    [["failed", "550 5.1.1 no"]],
  );
  assert.ok(heard.endsWith("DATA\r\n.\r\n"), heard);
});

test("421 at any time ends the session as a refusal for now", () => {
  assert.throws(() => toScript(["220 x\r\n", "250 x\r\n", "421 4.3.2 closing\r\n"], ketchup), {
    code: "smtp-refused",
    permanent: false,
  });
});

test("a connection that breaks after the final dot leaves the outcome open", () => {
  const script = ["220 x\r\n", "250 x\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n"];
  assert.throws(() => toScript(script, ketchup), { code: "unexpected-end" });
});

test("replies of many lines are read whole; what is no reply is an error", () => {
  const good = [
    "220-a\r\n220 b\r\n",
    "250-x\r\n250-SIZE\r\n250-8BITMIME\r\n250 X-FOO BAR\r\n",
    "550-no\r\n550 never\r\n",
    "250 reset\r\n",
  ];
  assert.equal(describeReply(toScript(good, ketchup).outcomes[0].reply), "550 no never");
  for (const bad of [
    "HTTP/1.1 400 Bad Request\r\n",
    "220-a\r\n250 b\r\n",
    `${"220-x\r\n".repeat(200)}220 x\r\n`,
  ]) {
    assert.throws(() => toScript([bad], ketchup), { code: "bad-reply" });
  }
  assert.throws(() => toScript(["2".repeat(5000)], ketchup), { code: "line-too-long" });
});

test("whatever a server says, the client ends with an outcome or an expected error", () => {
  const line = fc.oneof(
    fc.constantFrom(
      "220 x",
      "250 ok",
      "250-x",
      "250 PIPELINING",
      "250-SIZE 99999999999999999999",
      "354 go",
      "421 x",
      "550 5.1.1 x",
      "452",
    ),
    fc.string({ unit: "binary-ascii", maxLength: 8 }),
  );
  const group = fc.array(line, { maxLength: 4 }).map((lines) => lines.map((each) => `${each}\r\n`).join(""));
  fc.assert(
    fc.property(fc.array(group, { maxLength: 9 }), (script) => {
      try {
        const { outcomes } = toScript(script, mail(["a@x.y", "b@x.y"], "x\r\n"));
        assert.equal(outcomes.length, 2);
      } catch (error) {
        if (!(error instanceof HamletError)) throw error;
      }
    }),
    { numRuns: 400 },
  );
});

function mail(to: readonly string[], content: string): OutgoingMail {
  return {
    reversePath: parseMailbox("alice@crepes.fr"),
    recipients: to.map(parseMailbox),
    content: fromByteString(content),
  };
}

function toOurServer(
  mails: readonly OutgoingMail[],
  options: Partial<SmtpClientOptions>,
  withoutExtensions: readonly Extension[] = [],
) {
  const world = new MemoryWorld();
  const receiver = new RecordingReceiver();
  const said: string[] = [];
  const [a, b] = world.connectionPair(1 << 20);
  const server = { name: "hamburger.edu", contentMax: 100_000, withoutExtensions };
  world.spawn(
    "server",
    (function* (): Task {
      yield* serveSmtp(b, server, receiver);
      b.close();
    })(),
  );
  const onLine = (from: "C" | "S", line: string): void => void said.push(`${from}: ${line}`);
  const outcomes = world.run(
    (function* (): Task<RecipientOutcome[][]> {
      const client = yield* SmtpClient.start(a, { helloName: "crepes.fr", onLine, ...options });
      const all: RecipientOutcome[][] = [];
      for (const each of mails) all.push(yield* client.send(each));
      yield* client.quit();
      return all;
    })(),
  );
  return { outcomes, said, mails: receiver.mails };
}

/** A server that says one group of lines after each thing it hears, then ends. */
function toScript(script: readonly string[], outgoing: OutgoingMail) {
  const world = new MemoryWorld();
  const [a, b] = world.connectionPair(1 << 20);
  const heard: string[] = [];
  world.spawn("script", saying(b, script, heard));
  const outcomes = world.run(
    (function* (): Task<RecipientOutcome[]> {
      const client = yield* SmtpClient.start(a, { helloName: "crepes.fr" });
      return yield* client.send(outgoing);
    })(),
  );
  return { outcomes, heard: heard.join("") };
}

function* saying(connection: Connection, script: readonly string[], heard: string[]): Task {
  for (const [i, group] of script.entries()) {
    if (i > 0) {
      const bytes = yield* connection.read(10_000, 1000_000);
      if (bytes === null) break;
      heard.push(String.fromCharCode(...bytes));
    }
    yield* connection.write(group, 1000);
  }
  const last = yield* connection.read(10_000, 1000);
  if (last !== null) heard.push(String.fromCharCode(...last));
  connection.close();
}
