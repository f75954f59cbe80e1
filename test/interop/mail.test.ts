/** Our mail servers talked to by curl, swaks and Python; our clients talking to aiosmtpd, Dovecot and Postfix. */

import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fromByteString, type Task, toByteString } from "../../src/net/index.ts";
import { download, Pop3Client } from "../../src/protocols/pop3/index.ts";
import { parseMailbox, SmtpClient } from "../../src/protocols/smtp/index.ts";
import { hasDovecot, startDovecot } from "./dovecot.ts";
import { type MailBench, withMailBench } from "./mail-bench.ts";
import { isInstalled } from "./programs.ts";

/** Debian's own, which has Debian's modules. */
const PYTHON = "/usr/bin/python3";
const MAIL =
  "From: alice@crepes.fr\r\nTo: bob@hamburger.edu\r\nSubject: Ketchup\r\n\r\n.\r\n..two dots\r\nDo you like ketchup?\r\n";
const DOVECOT_MAILS = [MAIL, "Subject: two\r\n\r\nx\r\n"];

test("curl sends a mail and reads it back", async (t) => {
  if (!isInstalled(t, "curl", "curl")) return;
  await withMailBench(async (bench) => {
    await bench.start();
    const [smtp, pop] = [
      `smtp://127.0.0.1:${bench.smtpPort}`,
      `pop3://bob:hungry@127.0.0.1:${bench.pop3Port}`,
    ];
    const words = ["-sS", "--mail-from", "alice@crepes.fr", "--mail-rcpt", "bob@hamburger.edu", "-T", "-"];
    const sent = await bench.run("curl", [...words, `${smtp}/crepes.fr`], MAIL);
    assert.deepEqual(sent, { status: 0, output: "" });
    const list = await bench.run("curl", ["-sS", pop]);
    assert.match(list.output, /^1 \d+\r\n$/);
    const read = await bench.run("curl", ["-sS", `${pop}/1`]);
    assert.ok(read.output.endsWith(MAIL.slice(MAIL.indexOf("\r\n\r\n"))), read.output);
    for (const [request, answer] of [
      ["UIDL", /^1 \d+\.1\r\n$/],
      ["TOP 1 0", /^Return-Path: .*Subject: Ketchup\r\n\r\n$/s],
    ] as const) {
      assert.match((await bench.run("curl", ["-sS", "-X", request, pop])).output, answer);
    }
    assert.equal((await bench.run("curl", ["-sS", "-I", "-X", "DELE 1", pop])).status, 0);
    assert.equal((await bench.run("curl", ["-sS", pop])).output.trim(), "");
    // 67 is curl's word for a login that was refused, 55 or 56 for a recipient that was.
    assert.equal((await bench.run("curl", ["-sS", pop.replace("hungry", "thirsty")])).status, 67);
    const unknown = words.map((word) => word.replace("bob@", "nobody@"));
    assert.equal((await bench.run("curl", [...unknown, smtp], MAIL)).status, 55);
  });
});

test("swaks: EHLO and HELO, pipelining, several recipients, refusals", async (t) => {
  if (!isInstalled(t, "swaks", "swaks")) return;
  await withMailBench(async (bench) => {
    await bench.start();
    const words = [
      "--server",
      `127.0.0.1:${bench.smtpPort}`,
      "--from",
      "alice@crepes.fr",
      "--helo",
      "crepes.fr",
    ];
    const bob = ["--to", "bob@hamburger.edu"];
    for (const more of [[], ["--protocol", "SMTP"], ["--pipeline"], ["--body", ".\n..\nText\n"]]) {
      const { status, output } = await bench.run("swaks", [...words, ...bob, ...more]);
      assert.equal(status, 0, output);
    }
    const mixed = await bench.run("swaks", [...words, "--to", "nobody@hamburger.edu,bob@hamburger.edu,x@"]);
    assert.match(mixed.output, /<\*\* 550 5\.1\.1 nobody@hamburger\.edu/);
    assert.match(mixed.output, /<\*\* 501 5\.5\.4 /);
    assert.equal((await bench.mailbox(5)).length, 5);
    // 24: no recipient was accepted.
    assert.equal((await bench.run("swaks", [...words, "--to", "nobody@hamburger.edu"])).status, 24);
  });
});

test("Python's smtplib and poplib", async (t) => {
  if (!isInstalled(t, PYTHON, "python3")) return;
  await withMailBench(async (bench) => {
    await bench.start();
    const { status, output } = await bench.run(PYTHON, [
      "-c",
      PYTHON_CLIENT,
      `${bench.smtpPort}`,
      `${bench.pop3Port}`,
    ]);
    assert.equal(status, 0, output);
    assert.equal(output, "8BITMIME True\nrefused 550\nmails 3\nok\n");
    assert.equal((await bench.mailbox(2)).length, 2);
  });
});

test("no ending but CR LF . CR LF ends a mail, whatever a smuggler tries on a real socket", async (t) => {
  if (!isInstalled(t, PYTHON, "python3")) return;
  await withMailBench(async (bench) => {
    await bench.start();
    const { status, output } = await bench.run(PYTHON, ["-c", SMUGGLER, `${bench.smtpPort}`]);
    assert.equal(status, 0, output);
    assert.equal(output, "550\n".repeat(8));
  });
});

test("our client and our queue deliver to aiosmtpd", async (t) => {
  if (
    !isInstalled(t, PYTHON, "python3-aiosmtpd", [
      "-c",
      "import aiosmtpd; print('aiosmtpd', aiosmtpd.__version__)",
    ])
  )
    return;
  await withMailBench(async (bench) => {
    const port = await bench.freePort();
    const server = bench.spawn(PYTHON, ["-u", "-m", "aiosmtpd", "-n", "-l", `127.0.0.1:${port}`]);
    let output = "";
    server.stdout?.on("data", (chunk) => (output += chunk));
    await bench.waitForPort(port);
    await bench.start(port);
    for (const style of ["EHLO", "HELO", "textbook"] as const) {
      assert.deepEqual(await send(bench, port, "x@elsewhere.example", { style }), ["delivered"]);
    }
    assert.deepEqual(await send(bench, bench.smtpPort, "x@elsewhere.example", {}), ["delivered"]);
    for (let tries = 0; tries < 100 && (output.match(/END MESSAGE/g) ?? []).length < 4; tries++)
      await wait(50);
    assert.equal(output.match(/\.\r?\n\.\.two dots\r?\nDo you like ketchup\?/g)?.length, 4);
    assert.match(output, /Received: from pc\.crepes\.fr \(\[127\.0\.0\.1\]\)/);
  });
});

test("our POP3 client reads Dovecot's maildrop, and both servers tell the same", async (t) => {
  if (!hasDovecot(t, "pop3")) return;
  await withMailBench(async (bench) => {
    const port = await startDovecot(bench, "pop3", DOVECOT_MAILS);
    const read = (pop3Port: number, keep: boolean): Promise<{ mails: string[]; names: string[] }> =>
      bench.os.run(readAll(bench, pop3Port, keep));
    const kept = await read(port, true);
    assert.deepEqual(kept.mails, [MAIL, "Subject: two\r\n\r\nx\r\n"]);
    assert.ok(kept.names.includes("UIDL") && kept.names.includes("TOP"));
    assert.equal((await read(port, false)).mails.length, 2);
    assert.equal((await read(port, true)).mails.length, 0);
    await assert.rejects(bench.os.run(login(bench, port, "thirsty")), { code: "login-refused" });
  });
});

test("Postfix takes our mail and gives us its own", async (t) => {
  if (!isInstalled(t, "/usr/sbin/postconf", "postfix", ["-d", "mail_version"])) return;
  if (process.getuid?.() !== 0) return t.skip("Postfix is started by root, who gives its parts their users");
  await withMailBench(async (bench) => {
    const port = await bench.freePort();
    await bench.start(port);
    await startPostfix(bench, port, bench.smtpPort);
    // Ours to Postfix: by the client, by the queue with what 8BITMIME allows, to somebody who is not there.
    assert.deepEqual(await send(bench, port, "carol@postfix.example", {}), ["delivered"]);
    assert.deepEqual(
      await send(bench, bench.smtpPort, "carol@postfix.example", {}, `${MAIL}gr\xfc\xdfe\r\n`),
      ["delivered"],
    );
    assert.deepEqual(await send(bench, port, "nobody@postfix.example", {}), ["failed"]);
    const maildir = join(bench.folder, "mail/carol/new");
    for (let tries = 0; tries < 200 && !(existsSync(maildir) && readdirSync(maildir).length === 2); tries++)
      await wait(50);
    const mails = readdirSync(maildir).map((file) => readFileSync(join(maildir, file), "latin1"));
    assert.equal(mails.length, 2);
    for (const mail of mails) assert.match(mail, /\n\.\n\.\.two dots\nDo you like ketchup\?\n/);
    assert.equal(mails.filter((mail) => mail.endsWith("gr\xfc\xdfe\n")).length, 1);
    // Postfix to ours: it relays what is addressed to hamburger.edu.
    assert.deepEqual(await send(bench, port, "bob@hamburger.edu", {}), ["delivered"]);
    const [mail] = await bench.mailbox(1);
    assert.match(mail, /\r\n\tby hamburger\.edu with ESMTP id /);
    assert.match(mail, /\(Postfix\)/);
    assert.ok(mail.endsWith(MAIL.slice(MAIL.indexOf("\r\n\r\n"))));
    // And what nobody takes comes back to its sender, read as a notification by Postfix's own format.
    assert.deepEqual(await send(bench, port, "nobody@hamburger.edu", {}, MAIL, "bob@hamburger.edu"), [
      "delivered",
    ]);
    const bounce = (await bench.mailbox(2))[1];
    assert.match(bounce, /^Return-Path: <>\r\n/);
    assert.match(bounce, /Diagnostic-Code: smtp; 550 5\.1\.1 nobody@hamburger\.edu/);
  });
});

async function send(
  bench: MailBench,
  port: number,
  to: string,
  options: { style?: "EHLO" | "HELO" | "textbook" },
  content = MAIL,
  from = "alice@crepes.fr",
): Promise<string[]> {
  return await bench.os.run(
    (function* (): Task<string[]> {
      const connection = yield* bench.os.connect("127.0.0.1", port, { timeoutMs: 5000 });
      const client = yield* SmtpClient.start(connection, { helloName: "pc.crepes.fr", ...options });
      const mail = { reversePath: parseMailbox(from), recipients: [parseMailbox(to)] };
      const outcomes = yield* client.send({ ...mail, content: fromByteString(content) });
      yield* client.quit();
      return outcomes.map(({ outcome }) => outcome);
    })(),
  );
}

function* login(bench: MailBench, port: number, password: string): Task<Pop3Client> {
  const connection = yield* bench.os.connect("127.0.0.1", port, { timeoutMs: 5000 });
  const client = yield* Pop3Client.start(connection);
  yield* client.login("bob", password);
  return client;
}

function* readAll(bench: MailBench, port: number, keep: boolean): Task<{ mails: string[]; names: string[] }> {
  const client = yield* login(bench, port, "hungry");
  const names = [...(yield* client.capabilities()).keys()];
  const mails: string[] = [];
  yield* download(client, {
    keep,
    known: new Set(),
    *take({ content }) {
      mails.push(toByteString(content));
    },
  });
  yield* client.quit();
  return { mails, names };
}

async function startPostfix(bench: MailBench, port: number, ourPort: number): Promise<void> {
  const { folder } = bench;
  chmodSync(folder, 0o755);
  for (const part of ["queue", "data", "etc", "mail"]) mkdirSync(join(folder, part));
  writeFileSync(join(folder, "etc/main.cf"), postfixMain(folder, ourPort));
  writeFileSync(join(folder, "etc/master.cf"), postfixMaster(port));
  writeFileSync(join(folder, "etc/mailboxes"), "carol@postfix.example carol/\n");
  await bench.run("chown", ["postfix", join(folder, "data")]);
  await bench.run("chown", ["mail:mail", join(folder, "mail")]);
  const check = await bench.run("/usr/sbin/postfix", ["-c", join(folder, "etc"), "check"]);
  assert.equal(check.status, 0, check.output);
  const daemons = (await bench.run("/usr/sbin/postconf", ["-h", "daemon_directory"])).output.trim();
  // In the foreground, so that it ends with us; it ends its own process group then.
  bench.spawn(join(daemons, "master"), ["-c", join(folder, "etc"), "-d"], { detached: true });
  await bench.waitForPort(port);
}

const postfixMain = (folder: string, ourPort: number): string => `
compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file_prefixes = ${folder}
maillog_file = ${folder}/log
mail_owner = postfix
myhostname = mail.postfix.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
relayhost = [127.0.0.1]:${ourPort}
virtual_mailbox_domains = postfix.example
virtual_mailbox_base = ${folder}/mail
virtual_mailbox_maps = texthash:${folder}/etc/mailboxes
virtual_uid_maps = static:8
virtual_gid_maps = static:8
virtual_minimum_uid = 1
alias_maps =
smtpd_tls_security_level = none
smtp_tls_security_level = none
`;

const postfixMaster = (port: number): string => `
127.0.0.1:${port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;

const PYTHON_CLIENT = `
import smtplib, poplib, sys
smtp = smtplib.SMTP("127.0.0.1", int(sys.argv[1]), local_hostname="crepes.fr", timeout=10)
smtp.ehlo()
print("8BITMIME", smtp.has_extn("8bitmime"))
text = "Subject: %d\\r\\n\\r\\n.\\r\\nbody\\r\\n"
for i in range(3):
    smtp.sendmail("alice@crepes.fr", ["bob@hamburger.edu"], text % i)
try:
    smtp.sendmail("alice@crepes.fr", ["nobody@hamburger.edu"], text % 9)
except smtplib.SMTPRecipientsRefused as error:
    print("refused", error.recipients["nobody@hamburger.edu"][0])
smtp.quit()
pop = poplib.POP3("127.0.0.1", int(sys.argv[2]), timeout=10)
pop.user("bob")
pop.pass_("hungry")
print("mails", pop.stat()[0])
assert [line for line in pop.retr(2)[1]][-4:] == [b"Subject: 1", b"", b".", b"body"]
assert len(pop.top(1, 1)[1]) == len(pop.retr(1)[1]) - 1
assert len(pop.uidl()[1]) == 3 and pop.capa()["UIDL"] == []
pop.dele(1)
pop.rset()
pop.dele(2)
pop.quit()
print("ok")
`;

const SMUGGLER = `
import socket, sys
for end in [b"\\n.\\n", b"\\r.\\r", b"\\r\\n.\\n", b"\\n.\\r\\n", b"\\r\\n.\\r", b"\\r.\\r\\n", b"\\r\\r\\n.\\r\\r\\n", b"\\n\\r.\\r\\n"]:
    s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=10)
    f = s.makefile("rb")
    f.readline()
    for line in [b"HELO crepes.fr", b"MAIL FROM:<alice@crepes.fr>", b"RCPT TO:<bob@hamburger.edu>", b"DATA"]:
        s.sendall(line + b"\\r\\n")
        f.readline()
    s.sendall(b"one" + end + b"MAIL FROM:<mallory@example.org>\\r\\nRCPT TO:<bob@hamburger.edu>\\r\\nDATA\\r\\ntwo\\r\\n.\\r\\n")
    print(f.readline()[:3].decode())
    s.sendall(b"QUIT\\r\\n")
    assert f.readline().startswith(b"221")
`;
