/**
 * Several sessions on one folder, doing anything: what each client was told, number by number, is at every moment what
 * it may believe, and at the end what is there.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Connection, Task } from "../../net/index.ts";
import { MemoryWorld } from "../../net/testing/memory-world.ts";
import { serveImap } from "./server.ts";
import { TestAccounts } from "./testing/accounts.ts";

/** What a client knows of the message that has a number. */
interface Known {
  uid?: number;
  flags?: string;
}

class Believer {
  readonly #connection: Connection;
  #messages: Known[] = [];
  #tags = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get known(): readonly Known[] {
    return this.#messages;
  }

  *start(): Task {
    yield* this.#connection.readLine(LIMITS);
    yield* this.say("LOGIN bob hungry");
    yield* this.say("SELECT INBOX");
  }

  /** Says a command; `#` stands for a number that exists, as far as this client knows. */
  *say(command: string, choice = 0): Task {
    const count = this.#messages.length;
    if (command.includes("#") && count === 0) return;
    const text = command.replace("#", String(1 + (choice % Math.max(1, count))));
    const keepsNumbers = /^(?:FETCH|STORE|SEARCH)/.test(text);
    const tag = `t${++this.#tags}`;
    yield* this.#connection.write(`${tag} ${text}\r\n`, 1000);
    for (;;) {
      let line = (yield* this.#connection.readLine(LIMITS)) ?? assert.fail("the server hung up");
      for (let literal = /\{(\d+)\}$/.exec(line); literal !== null; literal = /\{(\d+)\}$/.exec(line)) {
        yield* this.#connection.readExactly(Number(literal[1]), 1000);
        line = `${line.slice(0, literal.index)}${yield* this.#connection.readLine(LIMITS)}`;
      }
      const done = line.startsWith(`${tag} `);
      if (done) {
        assert.match(line, /^t\d+ (OK|NO \[(EXPUNGEISSUED|TRYCREATE)\])/, `${text}: ${line}`);
        return;
      }
      this.#hear(line, keepsNumbers);
    }
  }

  close(): void {
    this.#connection.end();
  }

  #hear(line: string, keepsNumbers: boolean): void {
    const [, digits, what, rest] = /^\* (\d+) (EXISTS|EXPUNGE|FETCH)(.*)$/.exec(line) ?? [];
    const number = Number(digits);
    if (what === "EXISTS") {
      assert.ok(number >= this.#messages.length, `${line}: EXISTS takes nothing away`);
      while (this.#messages.length < number) this.#messages.push({});
    } else if (what === "EXPUNGE") {
      assert.ok(!keepsNumbers, "EXPUNGE while numbers count");
      assert.ok(number >= 1 && number <= this.#messages.length, line);
      this.#messages.splice(number - 1, 1);
    } else if (what === "FETCH") {
      const known = this.#messages[number - 1] ?? assert.fail(`${line}: there is no such number`);
      const uid = /UID (\d+)/.exec(rest)?.[1];
      if (uid !== undefined) {
        assert.ok(known.uid === undefined || known.uid === Number(uid), `${line}: it was ${known.uid}`);
        known.uid = Number(uid);
      }
      const flags = /FLAGS \(([^)]*)\)/.exec(rest)?.[1];
      if (flags !== undefined) known.flags = sortedFlags(flags);
    }
  }
}

const command = fc.constantFrom(
  "NOOP",
  "CHECK",
  "EXPUNGE",
  "APPEND INBOX {1+}\r\nx",
  "APPEND INBOX (\\Deleted) {1+}\r\nx",
  "STORE # +FLAGS (\\Deleted)",
  "STORE 1:# FLAGS (\\Seen)",
  "UID STORE 1:* -FLAGS (\\Deleted)",
  "FETCH # (UID FLAGS)",
  "FETCH 1:# BODY[]",
  "UID FETCH 2:5 FLAGS",
  "COPY # INBOX",
  "MOVE # INBOX",
  "MOVE # Other",
  "UID MOVE 1:3 INBOX",
  "UID SEARCH DELETED",
  "SEARCH ALL",
  "SELECT INBOX",
);

test("whatever several sessions do to a folder, each knows what its numbers mean", () => {
  const step = fc.record({ who: fc.nat(2), command, choice: fc.nat(20) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const world = new MemoryWorld();
      const accounts = new TestAccounts();
      const clients = [0, 1, 2].map(() => {
        const [client, server] = world.connectionPair(1 << 20);
        const options = { clock: world.clock, spawn: world.spawn.bind(world) };
        world.spawn("server", serveImap(server, options, accounts));
        return new Believer(client);
      });
      world.run(
        (function* (): Task {
          for (const client of clients) yield* client.start();
          yield* clients[0].say("CREATE Other");
          for (const { who, command: text, choice } of steps) {
            const client = clients[who];
            // What a folder was is forgotten when it is opened again.
            if (text.startsWith("SELECT")) clients[who] = yield* reopened(client, world, accounts);
            else yield* client.say(text, choice);
          }
          for (const client of clients) {
            yield* client.say("NOOP");
            const told = client.known.map(({ uid, flags }) => ({ uid, flags }));
            yield* client.say("FETCH 1:* (UID FLAGS)");
            for (const [i, { uid, flags }] of client.known.entries()) {
              assert.equal(told[i].uid ?? uid, uid);
              assert.equal(told[i].flags ?? flags, flags, `the flags of UID ${uid} were not told`);
            }
          }
          const [first, ...others] = clients.map(({ known }) => known);
          for (const known of others) assert.deepEqual(known, first);
          for (const client of clients) client.close();
        })(),
      );
    }),
    { numRuns: 150 },
  );
});

function* reopened(client: Believer, world: MemoryWorld, accounts: TestAccounts): Task<Believer> {
  client.close();
  const [near, far] = world.connectionPair(1 << 20);
  const options = { clock: world.clock, spawn: world.spawn.bind(world) };
  world.spawn("server", serveImap(far, options, accounts));
  const again = new Believer(near);
  yield* again.start();
  return again;
}

/** \Recent is one session's own. */
function sortedFlags(flags: string): string {
  return flags
    .split(" ")
    .filter((flag) => flag !== "\\Recent")
    .sort()
    .join(" ");
}

const LIMITS = { max: 10_000, timeoutMs: 60_000 };
