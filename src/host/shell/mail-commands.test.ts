/** `mail send` and `pop` on simulated hosts: what a person sees, and what programs read. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { HamletError, type Task } from "../../net/index.ts";
import { MemoryFileStore } from "../../protocols/fetch/index.ts";
import { MailLab, type Site } from "../../services/mail/testing/mail-lab.ts";
import { parseCommandLine } from "./arguments.ts";
import type { Command, MailAccount, Shell, ShellFiles } from "./command.ts";
import { mailSend } from "./mail-send.ts";
import { pop } from "./pop.ts";

interface Result {
  readonly status: number | string;
  readonly printed: string;
  readonly errors: string;
}

function bench(): {
  lab: MailLab;
  site: Site;
  type: (command: Command, words: string[], more?: object) => Result;
} {
  const lab = new MailLab();
  const site = lab.addSite("hamburger.edu", ["bob"]);
  const pc = lab.addHost("pc.hamburger.edu");
  const type = (
    command: Command,
    words: string[],
    more: {
      input?: string[];
      json?: boolean;
      mailAccount?: MailAccount;
      memory?: Map<string, string>;
      files?: ShellFiles;
    } = {},
  ): Result => {
    let [printed, errors] = ["", ""];
    const { input = [], json = false, ...rest } = more;
    const shell: Shell = {
      network: pc.network,
      nameServers: [],
      print: (text) => void (printed += text),
      printError: (text) => void (errors += text),
      json,
      colour: false,
      *readLine() {
        return input.shift() ?? null;
      },
      ...rest,
    };
    const status = lab.world.finish(
      pc.network.spawn("command", outcomeOf(command.run(shell, parseCommandLine(command, words)))),
    );
    return { status, printed, errors };
  };
  return { lab, site, type };
}

function* outcomeOf(work: Task<number>): Task<number | string> {
  try {
    return yield* work;
  } catch (error) {
    if (!(error instanceof HamletError)) throw error;
    return error.message;
  }
}

const toBob = [
  "--from",
  "Alice <alice@crepes.fr>",
  "--to",
  "bob@hamburger.edu",
  "--server",
  "mail.hamburger.edu",
];
const asBob = ["--server", "mail.hamburger.edu", "--user", "bob", "--password", "bob's"];

test("a mail is written, sent, listed, read, deleted", () => {
  const { type } = bench();
  const sent = type(mailSend, [...toBob, "--subject", "Gr\u00fc\u00dfe", "--header", "X-Test: 1"], {
    input: ["Do you like ketchup?", ".", "\u00fc"],
  });
  assert.deepEqual(sent, { status: 0, printed: "bob@hamburger.edu: taken by hamburger.edu\n", errors: "" });
  const listed = type(pop, asBob);
  assert.match(
    listed.printed,
    /^ {2}1 {2}Alice <alice@crepes\.fr> {2}.* \+0000 {2}Gr\u00fc\u00dfe {2}\(\d+ octets\)\n$/,
  );
  const read = type(pop, ["read", "1", ...asBob]);
  assert.match(read.printed, /\nX-Test: 1\n[\s\S]*\n\nDo you like ketchup\?\n\.\n\u00fc\n$/);
  assert.equal(type(pop, ["dele", "1", ...asBob]).printed, "message 1 deleted\n");
  assert.equal(type(pop, asBob).printed, "no messages\n");
});

test("files go along, are listed and not spilled over the terminal; a file that is not there is said", () => {
  const { type } = bench();
  const folder = new MemoryFileStore(
    new Map([
      ["menu.txt", Buffer.from("ketchup")],
      ["cats/grün.png", Buffer.from("\x89PNG", "latin1")],
    ]),
  );
  const files = { create: () => assert.fail("nothing is saved"), openFolder: () => folder };
  const words = [...toBob, "--body", "Sch\u00f6n."];
  const sent = type(mailSend, [...words, "--attach", "menu.txt", "-a", "cats/gr\u00fcn.png"], { files });
  assert.equal(sent.status, 0, sent.errors);
  const read = type(pop, ["fetch", ...asBob]).printed;
  assert.match(
    read,
    /\n\nSch\u00f6n\.\n\[menu\.txt: text\/plain, 7 octets\]\n\[gr\u00fcn\.png: image\/png, 4 octets\]\n1 fetched\n$/,
  );
  for (const missing of ["nope", "cats/", ""]) {
    assert.equal(
      type(mailSend, [...words, "--attach", missing], { files }).status,
      `--attach: there is no file ${missing}`,
    );
  }
});

test("the dialogue is shown on request, the textbook's with --helo", () => {
  const { type } = bench();
  const { printed } = type(mailSend, [...toBob, "--body", "Do you like ketchup?", "-v", "--helo"]);
  assert.match(printed, /^S: 220 hamburger\.edu\nC: HELO pc\.hamburger\.edu\nS: 250 Hello/);
  assert.match(
    printed,
    /\nC: MAIL FROM: <alice@crepes\.fr>\n[\s\S]*\nC: Do you like ketchup\?\nC: \.\nS: 250 Message accepted for delivery\n/,
  );
  assert.match(
    type(pop, [...asBob, "-v"]).printed,
    /C: USER bob\nS: \+OK\nC: PASS bob's\nS: \+OK user successfully logged on\n/,
  );
});

test("fetch keeps or deletes; what was fetched before is not fetched again", () => {
  const { type } = bench();
  const memory = new Map<string, string>();
  type(mailSend, [...toBob, "--body", "one"]);
  assert.match(type(pop, ["fetch", ...asBob], { memory }).printed, /\none\n1 fetched\n$/);
  assert.equal(type(pop, ["fetch", ...asBob], { memory }).printed, "no new messages\n");
  type(mailSend, [...toBob, "--body", "two"]);
  assert.match(
    type(pop, ["fetch", "--delete", ...asBob], { memory }).printed,
    /\ntwo\n1 fetched and deleted\n$/,
  );
  assert.equal(type(pop, asBob).printed, "no messages\n");
});

test("a configured account saves the options; JSON for programs", () => {
  const { type } = bench();
  const mailAccount = {
    name: "Bob",
    address: "bob@hamburger.edu",
    outgoingServer: "mail.hamburger.edu",
    incomingServer: "mail.hamburger.edu:110",
    userName: "bob",
    password: "bob's",
  };
  const sent = type(mailSend, ["--to", "bob@hamburger.edu", "--body", "note"], { mailAccount, json: true });
  const { messageId, recipients } = JSON.parse(sent.printed);
  assert.deepEqual(recipients, [
    { address: "bob@hamburger.edu", outcome: "delivered", reply: "250 2.0.0 Message accepted for delivery" },
  ]);
  const { messages } = JSON.parse(type(pop, ["list"], { mailAccount, json: true }).printed);
  assert.equal(messages[0].from, "Bob <bob@hamburger.edu>");
  assert.ok(
    JSON.parse(type(pop, ["read", "1"], { mailAccount, json: true }).printed).text.includes(`<${messageId}>`),
  );
});

test("what is wrong is said in one line: server, user, password, recipient, address", () => {
  const { lab, site, type } = bench();
  const wrongPassword = [...asBob.slice(0, -1), "x"];
  assert.match(
    String(type(pop, wrongPassword).status),
    /refused the login of bob: wrong user name or password$/,
  );
  assert.match(String(type(pop, ["read", "7", ...asBob]).status), /refused RETR 7: no such message$/);
  assert.match(
    String(type(pop, ["--server", "nowhere", ...asBob.slice(2)]).status),
    /^the incoming mail server nowhere does not answer: /,
  );
  assert.match(
    String(type(mailSend, [...toBob.slice(0, -1), "nowhere", "--body", "x"]).status),
    /^the outgoing mail server nowhere does not answer: /,
  );
  assert.match(
    String(type(mailSend, ["--from", "alice", "--to", "bob@x", "--server", "x"]).status),
    /^--from "alice" is no mail address/,
  );
  assert.match(String(type(mailSend, ["--from", "a@b"]).status), /--to ADDRESS/);
  assert.match(
    String(type(mailSend, [...toBob, "--body", "x", "--header", "Subject: twice"]).status),
    /made from the other options/,
  );
  const refused = type(mailSend, [...toBob, "--to", "nobody@hamburger.edu", "--body", "x"]);
  assert.equal(refused.status, 1);
  assert.equal(
    refused.errors,
    "nobody@hamburger.edu was refused: 550 5.1.1 nobody@hamburger.edu ... No such user here\n",
  );
  lab.world.finish(site.network.spawn("stop", site.smtp.stop(0)));
  assert.match(String(type(mailSend, [...toBob, "--body", "x"]).status), /does not answer: .*refused/);
});

test("a message cannot write controls onto the terminal", () => {
  const { lab, site, type } = bench();
  lab.send(site.sim, site, {
    from: "a@b.c",
    to: ["bob@hamburger.edu"],
    text: "Subject: \x1b[2J\r\n\r\n\x1b]0;x\x07\r\n",
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may come through.
  const controls = /[\x00-\x08\x0b-\x1f\x7f]/;
  for (const words of [["list"], ["read", "1"]])
    assert.doesNotMatch(type(pop, [...words, ...asBob]).printed, controls);
});
