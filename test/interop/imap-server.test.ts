/** Our IMAP server talked to by curl, Python, mbsync and fetchmail; and what it says of odd mails beside what Dovecot says. */

import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fromByteString, type Task } from "../../src/net/index.ts";
import { hasDovecot, startDovecot } from "./dovecot.ts";
import { dialogue } from "./imap-dialogue.ts";
import { ODD_MAILS } from "./imap-odd-mails.ts";
import { parseValues } from "./imap-script-match.ts";
import { type MailBench, withMailBench } from "./mail-bench.ts";
import { isInstalled } from "./programs.ts";

const KETCHUP = "From: Alice <alice@crepes.fr>\r\nSubject: Ketchup\r\n\r\nDo you like ketchup?\r\n";
const PARTS = [
  "From: Zoe <zoe@crepes.fr>",
  "Subject: A picture",
  'Content-Type: multipart/mixed; boundary="b"',
  "",
  "--b",
  "",
  "Look!",
  "--b",
  "Content-Type: image/png",
  "Content-Transfer-Encoding: base64",
  "",
  "iVBORw0KGgo=",
  "--b--",
  "",
].join("\r\n");

test("curl lists folders, reads headers and parts, searches, uploads, deletes", async (t) => {
  if (!isInstalled(t, "curl", "curl")) return;
  await withMailBench(async (bench) => {
    await bench.start();
    await put(bench, "INBOX", KETCHUP, PARTS);
    await put(bench, "Work/2026", KETCHUP);
    const url = `imap://bob:hungry@127.0.0.1:${bench.imapPort}`;
    const curl = async (...words: string[]): Promise<string> => {
      const { status, output } = await bench.run("curl", ["-sS", ...words]);
      assert.equal(status, 0, output);
      return output;
    };
    assert.equal(
      await curl(`${url}/`),
      ["INBOX", "Work", "Work/2026"]
        .map((name) => `* LIST (${name === "Work" ? "\\HasChildren" : "\\HasNoChildren"}) "/" ${name}\r\n`)
        .join(""),
    );
    assert.equal(await curl(`${url}/INBOX;MAILINDEX=1`), KETCHUP);
    assert.equal(await curl(`${url}/INBOX;UID=2;SECTION=1`), "Look!");
    assert.equal(
      await curl(`${url}/INBOX;UID=1;SECTION=HEADER`),
      KETCHUP.slice(0, KETCHUP.indexOf("Do you")),
    );
    assert.equal(await curl(`${url}/INBOX?SUBJECT%20picture`), "* SEARCH 2\r\n");
    assert.match(await curl("-X", "STATUS Work/2026 (MESSAGES UNSEEN)", url), /MESSAGES 1 UNSEEN 1/);
    const file = join(bench.folder, "letter");
    writeFileSync(file, PARTS);
    await curl("-T", file, `${url}/Work`);
    assert.match(
      await curl("-X", "FETCH 1 (FLAGS RFC822.SIZE)", `${url}/Work`),
      new RegExp(`SIZE ${PARTS.length}\\)`),
    );
    await curl("-X", "STORE 1 +Flags \\Deleted", `${url}/INBOX`);
    assert.match(await curl("-X", "EXPUNGE", `${url}/INBOX`), /1 EXPUNGE/);
    assert.equal((await bench.run("curl", ["-sS", `${url.replace("hungry", "thirsty")}/`])).status, 67);
  });
});

test("Python's imaplib: every kind of command", async (t) => {
  if (!isInstalled(t, "python3", "python3")) return;
  await withMailBench(async (bench) => {
    await bench.start();
    await put(bench, "INBOX", KETCHUP, PARTS, KETCHUP);
    const script = join(import.meta.dirname, "imap-session.py");
    const { status, output } = await bench.run("python3", [script, String(bench.imapPort)]);
    assert.equal(status, 0, output);
    assert.match(output, /everything was as it should be/);
  });
});

test("mbsync keeps a Maildir and our folders the same, both ways", async (t) => {
  if (!isInstalled(t, "mbsync", "isync")) return;
  await withMailBench(async (bench) => {
    await bench.start();
    await put(bench, "INBOX", KETCHUP, PARTS);
    await put(bench, "Work/2026", KETCHUP);
    const near = join(bench.folder, "near");
    mkdirSync(near);
    writeFileSync(join(bench.folder, "mbsyncrc"), mbsyncConfiguration(bench));
    const sync = async (): Promise<void> => {
      const { status, output } = await bench.run("mbsync", ["-c", join(bench.folder, "mbsyncrc"), "all"]);
      assert.equal(status, 0, output);
    };
    await sync();
    const inbox = filesOf(near, "INBOX");
    const contents = inbox.map((file) => readFileSync(file, "latin1").replace(/^X-TUID:.*\r?\n/gm, ""));
    assert.deepEqual(
      contents.map((content) => content.replace(/\r?\n/g, "\r\n")).sort(),
      [KETCHUP, PARTS].sort(),
    );
    assert.equal(filesOf(near, "Work/2026").length, 1);
    // Read and flagged here, a new one there, one deleted here: all of it comes to the other side.
    const ketchup = inbox.find((file) => /ketchup/i.test(readFileSync(file, "latin1"))) ?? "";
    renameSync(
      ketchup,
      join(
        near,
        "INBOX/cur",
        `${ketchup
          .split("/")
          .at(-1)
          ?.replace(/:2,.*$/, "")}:2,FS`,
      ),
    );
    writeFileSync(join(near, "Work/2026/new/1.a.test"), PARTS.replaceAll("\r\n", "\n"));
    for (const file of filesOf(near, "INBOX")) {
      if (/A picture/.test(readFileSync(file, "latin1"))) rmSync(file);
    }
    await sync();
    const said = await commands(
      bench,
      bench.imapPort,
      "SELECT INBOX",
      "FETCH 1:* FLAGS",
      "STATUS Work/2026 (MESSAGES)",
    );
    assert.match(said, /\* 1 FETCH \(FLAGS \((?=.*\\Seen)(?=.*\\Flagged)/);
    assert.doesNotMatch(said, /\* 2 FETCH/);
    assert.match(said, /MESSAGES 2/);
    await commands(bench, bench.imapPort, "SELECT Work/2026", "STORE 1 +FLAGS (\\Deleted)", "EXPUNGE");
    await sync();
    assert.equal(filesOf(near, "Work/2026").length, 1);
  });
});

test("fetchmail takes INBOX and deletes it", async (t) => {
  if (!isInstalled(t, "fetchmail", "fetchmail")) return;
  await withMailBench(async (bench) => {
    await bench.start();
    await put(bench, "INBOX", KETCHUP, PARTS);
    const rc = join(bench.folder, "fetchmailrc");
    const taken = join(bench.folder, "taken");
    writeFileSync(
      rc,
      `poll 127.0.0.1 service ${bench.imapPort} protocol IMAP user bob password hungry sslproto '' mda "cat >> ${taken}"\n`,
    );
    chmodSync(rc, 0o600);
    const words = [
      "-f",
      rc,
      "--fetchall",
      "--pidfile",
      join(bench.folder, "pid"),
      "-i",
      join(bench.folder, "ids"),
    ];
    const { status, output } = await bench.run("fetchmail", words);
    assert.equal(status, 0, output);
    const text = readFileSync(taken, "latin1");
    assert.match(text, /Do you like ketchup\?/);
    assert.match(text, /iVBORw0KGgo=/);
    assert.match(await commands(bench, bench.imapPort, "STATUS INBOX (MESSAGES)"), /MESSAGES 0/);
  });
});

test("odd mails: structure, envelope and parts as Dovecot has them", async (t) => {
  if (!hasDovecot(t, "imap")) return;
  await withMailBench(async (bench) => {
    await bench.start();
    const mails = ODD_MAILS.map(({ mail }) => mail);
    await put(bench, "INBOX", ...mails);
    const theirs = await startDovecot(bench, "imap", []);
    const differences: string[] = [];
    for (const [i, { name, mail, otherwise = [] }] of ODD_MAILS.entries()) {
      await commands(bench, theirs, `APPEND INBOX {${mail.length}+}\r\n${mail}`);
      for (const item of ITEMS.filter((each) => !otherwise.includes(each))) {
        const command = `FETCH ${i + 1} (${item})`;
        const [ours, dovecots] = [
          await commands(bench, bench.imapPort, "EXAMINE INBOX", command),
          await commands(bench, theirs, "EXAMINE INBOX", command),
        ].map(dataOf);
        if (ours !== dovecots)
          differences.push(`${name}, ${item}:\n  ours    ${ours}\n  Dovecot ${dovecots}`);
      }
    }
    t.diagnostic(`${mails.length} mails, ${ITEMS.length} items of each`);
    assert.equal(differences.join("\n"), "");
  });
});

const LITERAL = /\{(\d+)\}\r\n/;
/** What is asked of each mail. */
const ITEMS = [
  "RFC822.SIZE",
  "ENVELOPE",
  "BODY",
  "BODYSTRUCTURE",
  "BODY.PEEK[HEADER]",
  "BODY.PEEK[TEXT]",
  "BODY.PEEK[1]",
  "BODY.PEEK[2]",
  "BODY.PEEK[1.1]",
  "BODY.PEEK[2.1]",
  "BODY.PEEK[2.HEADER]",
  "BODY.PEEK[2.MIME]",
  "BODY.PEEK[HEADER.FIELDS (FROM X-None)]",
  "BODY.PEEK[]<10.20>",
];

/** The FETCH response as values; capital letters mean nothing in names, and NIL and "" are both "no such part". */
function dataOf(answer: string): string {
  const literals: string[] = [];
  let text = /\* \d+ FETCH .*(?=\r\na\d+ )/s.exec(answer)?.[0] ?? answer;
  for (let marker = LITERAL.exec(text); marker !== null; marker = LITERAL.exec(text)) {
    const at = marker.index + marker[0].length;
    literals.push(text.slice(at, at + Number(marker[1])));
    text = `${text.slice(0, marker.index)}\0${text.slice(at + Number(marker[1]))}`;
  }
  const fields = parseValues(text, literals);
  return JSON.stringify(fields).toLowerCase().replaceAll('{"text":"nil"}', '{"text":""}');
}

async function commands(bench: MailBench, port: number, ...lines: string[]): Promise<string> {
  return await bench.os.run(dialogue(bench.os, port, ["LOGIN bob hungry", ...lines]));
}

async function put(bench: MailBench, folder: string, ...mails: readonly string[]): Promise<void> {
  const account = bench.stores.mail().account("bob", () => 1_000_000_000);
  await bench.os.run(
    (function* (): Task {
      yield* account.create(folder);
      yield* account.append(
        folder,
        mails.map((mail) => ({ content: fromByteString(mail), flags: [] })),
      );
    })(),
  );
}

function filesOf(near: string, folder: string): string[] {
  return ["cur", "new"].flatMap((part) =>
    readdirSync(join(near, folder, part)).map((name) => join(near, folder, part, name)),
  );
}

const mbsyncConfiguration = ({ folder, imapPort }: MailBench): string => `
IMAPAccount hamlet
Host 127.0.0.1
Port ${imapPort}
User bob
Pass hungry
SSLType None
AuthMechs *

IMAPStore far
Account hamlet

MaildirStore near
Path ${folder}/near/
Inbox ${folder}/near/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Expunge Both
SyncState ${folder}/state-
`;
