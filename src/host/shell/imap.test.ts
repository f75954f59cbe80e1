/** `imap` on a host of the lab: what a person sees, and what programs read. Row M5: folders, header only, one part, search. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { buildNetwork, type Lab, parseNetworkFile } from "../../topology/index.ts";
import { splitWords } from "./words.ts";

test("folders are made, messages move between them, are marked and deleted", () => {
  const pc = new Desk();
  pc.send("Ketchup", "Do you like ketchup?");
  pc.send("Pickles", "How about pickles?");
  assert.equal(pc.imap("create Recipes").printed, "folder Recipes made\n");
  assert.match(pc.imap("folders").printed, /^Folder +Messages +Unread +Use\nINBOX +2 +2\nRecipes +0 +0\n$/);
  assert.equal(pc.imap("move 2 Recipes").printed, "2: moved to Recipes\n");
  assert.equal(pc.imap("mark 1 read").printed, "1: marked as read\n");
  assert.match(pc.imap("folders").printed, /^INBOX +1 +0\nRecipes +1 +1$/m);
  assert.match(
    pc.imap("list -f Recipes").printed,
    /^UID +Marks.*\n1 +unread +suryakiran@gmail\.com .* Pickles +\d+\n$/,
  );
  assert.equal(pc.imap("rename Recipes Soups").printed, "folder Recipes is Soups now\n");
  assert.equal(pc.imap("copy 1 Soups").printed, "1: copied to Soups\n");
  assert.equal(pc.imap("delete 1:2 -f Soups").printed, "1:2: deleted for good\n");
  assert.equal(pc.imap("list -f Soups").printed, "no messages\n");
  assert.equal(pc.imap("remove Soups").status, 0);
  assert.match(pc.imap("append").printed, /^put into INBOX as UID \d+\n$/);
  assert.equal(JSON.parse(pc.imap("list --json").printed).messages.length, 2);
});

test("a header alone, one part, the letter without its file: fewer octets than the message has", () => {
  const pc = new Desk();
  pc.files.write(
    "cat.png",
    Uint8Array.from({ length: 4_000 }, (_, i) => i & 255),
  );
  pc.send("Cat", "Look.", "--attach cat.png");
  const [{ uid, octets }] = JSON.parse(pc.imap("list --json").printed).messages;
  const header = pc.imap(`show ${uid} --header`);
  assert.match(header.printed, /^Return-Path: [\s\S]*\nSubject: Cat\n[\s\S]*\n\n$/);
  const [, transferred] = /^(\d+) octets transferred; the message has (\d+)\n$/.exec(header.errors) ?? [];
  assert.ok(Number(transferred) < 1_200 && octets > 5_000, header.errors);
  assert.match(
    pc.imap(`show ${uid} --structure`).printed,
    /^- {2,}multipart\/mixed .*\n1 +text\/plain .*\n2 +image\/png +base64 +\d+ +cat\.png$/m,
  );
  assert.match(pc.imap("folders").printed, /^INBOX +1 +1$/m, "nobody has read it yet");
  const letter = pc.imap(`show ${uid}`);
  assert.match(letter.printed, /\n\nLook\.\n\[part 2: cat\.png, image\/png, about \d+ octets\]\n$/);
  assert.match(pc.imap("folders").printed, /^INBOX +1 +0$/m);
  assert.equal(pc.imap(`show ${uid} --part 1`).printed, "Look.\n");
  assert.match(pc.imap(`show ${uid} --part 2`).errors, /^part 2 is image\/png: say --save FILE\n$/);
  assert.equal(pc.imap(`show ${uid} --part 2 --save copy.png`).printed, "saved as copy.png\n");
  assert.deepEqual(pc.files.read("copy.png"), pc.files.read("cat.png"));
  const whole = JSON.parse(pc.imap(`show ${uid} --source --json`).printed);
  assert.ok(whole.text.includes("Content-Type: image/png") && whole.transferred > octets);
});

test("the server searches by sender, subject, text and day", () => {
  const pc = new Desk();
  pc.send("Ketchup", "red");
  pc.send("Pickles", "green, with ketchup");
  const found = (words: string): string[] =>
    JSON.parse(pc.imap(`search --json ${words}`).printed).messages.map(
      ({ subject }: { subject: string }) => subject,
    );
  assert.deepEqual(found("--subject KETCHUP"), ["Ketchup"]);
  assert.deepEqual(found("--text ketchup"), ["Ketchup", "Pickles"]);
  assert.deepEqual(found("--from suryakiran --text green"), ["Pickles"]);
  assert.deepEqual(found("--from nobody"), []);
  assert.deepEqual(found("--unread --since 2020-01-01"), ["Ketchup", "Pickles"]);
  assert.deepEqual(found("--before 2020-01-01"), []);
});

test("idle tells what comes and what goes", () => {
  const pc = new Desk();
  pc.send("Before", "x");
  const watching = pc.start("imap idle --for 30s");
  pc.lab.runTo({ timeNs: pc.lab.world.nowNs + 5e9 });
  pc.send("Ketchup", "x");
  pc.imap("delete 1");
  pc.lab.world.finish(watching.handle);
  assert.match(
    watching.output.printed,
    /^INBOX: 1 messages; waiting\nUID .*\n2 +unread .* Ketchup +\d+\n1 gone\n$/,
  );
});

test("what is wrong is said in one line, and what makes no sense before any server is asked", () => {
  const pc = new Desk();
  for (const [line, words] of [
    ["imap show", /something is missing; say: imap show UID/],
    ["imap folders mail.gmail.com", /"mail.gmail.com" is too much .*--server/],
    ["imap explode", /"explode" is none of: \[folders\|list\|/],
    ["imap list --header", /imap list takes no --header/],
    ["imap show 1 --header --source", /exclude each other/],
    ["imap show 1 --save x", /--save goes with --part or --source/],
    ["imap move 3-5 Recipes", /UIDS must be UIDs such as 3 or 3,5 or 2:8/],
    ["imap mark 3 blue", /"blue" is none of: read\|unread/],
    ["imap search --since yesterday", /--since must be a day/],
  ] as const) {
    const { status, errors } = pc.imap(line.slice(5));
    assert.equal(status, 2, line);
    assert.match(errors, words);
  }
  assert.match(pc.imap("show 9").errors, /^there is no message with the UID 9 in INBOX\n$/);
  assert.match(pc.imap("list -f Nowhere").errors, /refused EXAMINE Nowhere: /);
  const { status, errors } = pc.type("imap list --server mail.gmail.com --user sreesanth --password x");
  assert.equal(status, 1);
  assert.match(errors, /refused the login of sreesanth: /);
});

/** sreesanth at pc2 of the shipped mail lab. */
class Desk {
  readonly lab: Lab;

  constructor() {
    const text = readFileSync(new URL("../../../networks/mail-lab.yaml", import.meta.url), "utf8");
    const { file } = parseNetworkFile(text, "mail-lab.yaml");
    assert.ok(file);
    this.lab = buildNetwork(file);
    this.lab.start({ story: false });
    this.lab.runTo({ timeNs: 1e9 });
  }

  get files() {
    const host = this.lab.hosts.get("pc2");
    assert.ok(host);
    return host.files;
  }

  /** As sreesanth, whose account is one of POP3. */
  imap(words: string) {
    return this.type(`imap ${words}`);
  }

  send(subject: string, body: string, more = ""): void {
    const from = "--from suryakiran@gmail.com --to sreesanth@gmail.com";
    const { status, errors } = this.type(`mail send ${from} --subject "${subject}" --body "${body}" ${more}`);
    assert.equal(status, 0, errors);
  }

  type(line: string) {
    const { handle, output } = this.start(line);
    return { status: this.lab.world.finish(handle), ...output };
  }

  start(line: string) {
    const output = { printed: "", errors: "" };
    const handle = this.lab.hosts.get("pc2")?.exec(splitWords(line), {
      print: (text) => void (output.printed += text),
      printError: (text) => void (output.errors += text),
    });
    assert.ok(handle);
    return { handle, output };
  }
}
