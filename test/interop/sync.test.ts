/** Durable means synced: the system calls of a mail server between what it was told and its answer, as strace saw them. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { fromByteString } from "../../src/net/index.ts";
import { OsNetwork } from "../../src/os/index.ts";
import { ImapClient } from "../../src/protocols/imap/index.ts";
import { parseMailbox, SmtpClient } from "../../src/protocols/smtp/index.ts";
import { isInstalled } from "./programs.ts";

const SERVER = fileURLToPath(new URL("../scenarios/mail-crash-server.ts", import.meta.url));

test("a mail is synced to the disk before its 250 is written, a flag of IMAP before its OK", async (t) => {
  if (!isInstalled(t, "strace", "strace")) return;
  const folder = mkdtempSync(join(tmpdir(), "hamlet-sync-"));
  const os = new OsNetwork();
  const log = join(folder, "calls");
  const calls = "trace=fsync,fdatasync,write,writev,sendto,sendmsg";
  // -D: what is started is the server itself, and strace its grandchild, which ends with it.
  const words = [
    "-D",
    "-f",
    "-s",
    "3000",
    "-e",
    calls,
    "-o",
    log,
    process.execPath,
    SERVER,
    join(folder, "mail"),
  ];
  const server = spawn("strace", words, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(server, "exit");
  try {
    const [line] = await once(createInterface({ input: server.stdout }), "line");
    const [smtpPort, , imapPort] = JSON.parse(line) as number[];
    await os.run(
      (function* () {
        const connection = yield* os.connect("127.0.0.1", smtpPort, { timeoutMs: 5000 });
        const client = yield* SmtpClient.start(connection, { helloName: "crepes.fr" });
        yield* client.send({
          reversePath: parseMailbox("alice@crepes.fr"),
          recipients: [parseMailbox("bob@hamburger.edu")],
          content: fromByteString("From: alice@crepes.fr\r\n\r\nDo you like ketchup?\r\n"),
        });
        yield* client.quit();
        const reader = yield* ImapClient.start(yield* os.connect("127.0.0.1", imapPort, { timeoutMs: 5000 }));
        yield* reader.login("bob", "hungry");
        yield* reader.select("INBOX");
        yield* reader.store([1], "+", ["\\Flagged"]);
        yield* reader.expunge();
      })(),
    );
    server.kill("SIGKILL");
    await ended;
    let text = "";
    for (let tries = 0; tries < 100 && !text.includes("+++ killed"); tries++) {
      await wait(50);
      text = readFileSync(log, "utf8");
    }
    for (const [told, answered] of [
      ["\\r\\n354 ", '"250 2.0.0 Message accepted'],
      ["OK [READ-WRITE] opened", " OK stored"],
    ]) {
      const afterwards = text.slice(text.indexOf(told));
      const between = afterwards.slice(0, afterwards.indexOf(answered));
      assert.ok(text.includes(told) && between.length > 0, text);
      assert.match(between, /\b(fsync|fdatasync)\(\d+\) += 0/, between);
    }
  } finally {
    server.kill("SIGKILL");
    await ended;
    await os.close();
    rmSync(folder, { recursive: true });
  }
});
