/**
 * Plays a written dialogue against a server's dialogue function, in memory and virtual time:
 *
 *     # a comment
 *     S: 220 hamburger.edu          exactly this line must come
 *     S~ 250 .*                     a line that matches this pattern (anchored) must come
 *     C: HELO crepes.fr             sent with CRLF; several in a row are one write
 *     C| two\nlines\r\n             sent as it is; \r \n \0 \t \\ and \xHH stand for octets, \*N repeats the one before N times
 *     T: 300                        lets so many seconds pass
 *     S: <end>                      the server ends the connection
 *     C: <end>                      the client ends its direction
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { sleep } from "../clock.ts";
import type { Connection } from "../connection.ts";
import { HamletError } from "../errors.ts";
import type { Task } from "../task.ts";
import { MemoryWorld } from "./memory-world.ts";

export function playTranscript(
  url: URL,
  serverFor: (world: MemoryWorld) => (connection: Connection) => Task,
): void {
  const steps = parse(readFileSync(url, "utf8"), url.pathname.split("/").at(-1) ?? "");
  const world = new MemoryWorld();
  const [client, server] = world.connectionPair(1024 * 1024);
  const serving = world.spawn("server", closing(serverFor(world)(server), server));
  world.run(play(client, world, steps));
  client.abort();
  world.runUntilIdle();
  assert.ok(serving.done, "the server's dialogue goes on although its client is gone");
}

interface Step {
  readonly where: string;
  readonly kind: string;
  readonly text: string;
}

function parse(text: string, file: string): Step[] {
  return text.split("\n").flatMap((line, i) => {
    if (line === "" || line.startsWith("#")) return [];
    const match = /^(S:|S~|C:|C\||T:)(?: (.*))?$/.exec(line);
    assert.ok(match, `${file}:${i + 1}: not a line of a transcript: ${line}`);
    return [{ where: `${file}:${i + 1}`, kind: match[1], text: match[2] ?? "" }];
  });
}

function* play(client: Connection, world: MemoryWorld, steps: readonly Step[]): Task {
  let outgoing = "";
  for (const step of steps) {
    const { kind, text, where } = step;
    if (outgoing !== "" && kind !== "C:" && kind !== "C|") {
      yield* client.write(outgoing, WAIT_MS);
      outgoing = "";
    }
    if (kind === "T:") yield* sleep(world.clock, Number(text) * 1000);
    else if (kind === "C|") outgoing += octetsOf(text);
    else if (kind === "C:" && text === "<end>") {
      if (outgoing !== "") yield* client.write(outgoing, WAIT_MS);
      outgoing = "";
      client.end();
    } else if (kind === "C:") outgoing += `${text}\r\n`;
    else yield* expectLine(client, kind, text, where);
  }
}

function* expectLine(client: Connection, kind: string, text: string, where: string): Task {
  let line: string | null;
  try {
    line = yield* client.readLine({ max: 10_000, timeoutMs: WAIT_MS });
  } catch (error) {
    if (!(error instanceof HamletError)) throw error;
    line = error.code === "reset" ? null : `(${error.message})`;
  }
  if (kind === "S:") assert.equal(line ?? "<end>", text, `${where}: not what the server says`);
  else assert.match(line ?? "<end>", new RegExp(`^(?:${text})$`), `${where}: not what the server says`);
}

function* closing(dialogue: Task, connection: Connection): Task {
  try {
    yield* dialogue;
  } catch (error) {
    if (!(error instanceof HamletError)) throw error;
  } finally {
    connection.close();
  }
}

function octetsOf(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-f]{2})|([rn0t\\]))(?:\\\*(\d+))?|([^\\])\\\*(\d+)/g,
    (_, hex, named, n, plain, m) => {
      const octet =
        plain ?? (hex === undefined ? NAMED[named] : String.fromCharCode(Number.parseInt(hex, 16)));
      return octet.repeat(Number(n ?? m ?? 1));
    },
  );
}

const NAMED: Record<string, string> = { r: "\r", n: "\n", "0": "\0", t: "\t", "\\": "\\" };
/** Longer than any time limit of the servers, so that theirs are seen. */
const WAIT_MS = 3600_000;
