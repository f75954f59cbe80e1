/**
 * imaptest's scripted tests against our server: what a server of IMAP must answer, written by others. They are not part
 * of this repository: they are read from a folder beside it, or from where HAMLET_IMAP_SCRIPTS says.
 */

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { OsNetwork } from "../../src/os/index.ts";
import { imap } from "../../src/services/mail/index.ts";
import { memoryStores } from "../../src/store/memory/index.ts";
import { dialogue } from "./imap-dialogue.ts";
import { parseMailbox, parseScript, playScript } from "./imap-script.ts";

const folder = process.env.HAMLET_IMAP_SCRIPTS ?? join(import.meta.dirname, "../../../shared/suites/imap");
const login = { user: "bob@hamburger.edu", password: "hungry" };

test("a script of our own is played, and one that expects what does not come is not passed", async () => {
  const text = [
    "state: created",
    "",
    "# a comment",
    "ok append",
    "select $mailbox",
    "* 1 exists",
    "* ok [uidnext $next]",
    "ok [read-write]",
    "ok uid fetch 1 (uid body.peek[text])",
    "* 1 fetch (uid 1 body[text] {{{",
    "text",
    "",
    "}}})",
    "! 2 fetch (uid $next)",
    "",
  ].join("\n");
  const mailbox = [{ content: "Subject: x\r\n\r\ntext\r\n", date: " 1-Jan-2026 00:00:00 +0000" }];
  const { port, stop } = await startServer();
  const os = new OsNetwork();
  try {
    const play = (script: string): Promise<string | undefined> =>
      os.run(playScript(os, port, login, parseScript(new TextEncoder().encode(script)), mailbox));
    assert.equal(await play(text), undefined);
    for (const [said, changed, problem] of [
      ["1 exists", "2 exists", /select imaptest: missing: 2 exists/],
      ["uid 1 body[text]", "uid 2 body[text]", /missing: 1 fetch/],
      ["! 2 fetch (uid $next)", "! 1 fetch (uid 1)", /came, but must not/],
      ["ok [read-write]", "ok [read-only]", /no \[read-only\]/],
    ] as const) {
      await os.run(dialogue(os, port, [`LOGIN ${login.user} ${login.password}`, "DELETE imaptest"]));
      assert.match((await play(text.replace(said, changed))) ?? "", problem);
    }
  } finally {
    await os.close();
    await stop();
  }
});

if (!existsSync(folder)) {
  test("imaptest's scripts", (t) =>
    t.skip("imaptest's scripts are not here: set HAMLET_IMAP_SCRIPTS to their folder"));
} else {
  const names = readdirSync(folder).filter((name) => !/\.|^[A-Z]/.test(name));
  const fallback = parseMailbox(readFileSync(join(folder, "default.mbox")));
  for (const name of names) {
    test(`imaptest's script ${name}`, async (t) => {
      const script = parseScript(readFileSync(join(folder, name)));
      const own = join(folder, `${name}.mbox`);
      const mailbox = existsSync(own) ? parseMailbox(readFileSync(own)) : fallback;
      const { port, capabilities, stop } = await startServer();
      try {
        const missing = script.capabilities.filter((capability) => !capabilities.includes(capability));
        if (missing.length > 0) {
          t.skip(`we do not have ${missing.join(" ")}`);
          return;
        }
        const os = new OsNetwork();
        try {
          assert.equal(await os.run(playScript(os, port, login, script, mailbox)), undefined);
        } finally {
          await os.close();
        }
      } finally {
        await stop();
      }
    });
  }
}

async function startServer() {
  const os = new OsNetwork({ hostName: "mail.hamburger.edu" });
  const users = [{ name: "bob", password: "hungry" }];
  const host = { network: os, nameServers: [], users, stores: memoryStores() };
  const service = await os.run(
    imap.start(host, { address: "127.0.0.1", port: 0, domains: ["hamburger.edu"] }),
  );
  const port = Number(/:(\d+)$/.exec(service.description)?.[1]);
  const capabilities = await os.run(
    (function* () {
      const connection = yield* os.connect("127.0.0.1", port, { timeoutMs: 5000 });
      const greeting = yield* connection.readLine({ max: 10_000, timeoutMs: 5000 });
      connection.close();
      return (/CAPABILITY ([^\]]*)\]/.exec(greeting ?? "")?.[1] ?? "").toUpperCase().split(" ");
    })(),
  );
  const stop = async (): Promise<void> => {
    await os.run(service.stop(0));
    await os.close();
  };
  return { port, capabilities, stop };
}
