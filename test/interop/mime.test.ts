/** MIME as Python's email package and swaks have it: what we compose they read, what they compose we read. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fromByteString } from "../../src/net/index.ts";
import { composeMessage, type Draft, readMessage } from "../../src/protocols/message/index.ts";
import { withMailBench } from "./mail-bench.ts";
import { isInstalled } from "./programs.ts";

/** Debian's own. */
const PYTHON = "/usr/bin/python3";

const TEXTS = [
  "plain\n",
  "Grüße, mostly ASCII, with a line that is much longer than seventy-six characters and ends in spaces  \n\n=3D .\n.\nFrom me\n",
  "Χαῖρε κόσμε 😀\nстрока\n",
  `${"long ".repeat(500)}\n`,
  "tab\tand form feed\f\n",
];
const NAMES = [
  "cat.png",
  "grün und blau.png",
  'quo"te\\s;.txt',
  `${"sehr lang ".repeat(8)}Käse.pdf`,
  "1%2*3'4.bin",
];

test("Python reads what we compose: fields, text, HTML, files", (t) => {
  if (!isInstalled(t, PYTHON, "python3")) return;
  const drafts = TEXTS.map((text, i): Draft => {
    const attachments = NAMES.slice(0, i).map((name) => ({
      name,
      type: "application/x-test",
      bytes: randomBytes(200 * i),
    }));
    return {
      from: "Älice, Crêpes <alice@crepes.fr>",
      to: ["bob@hamburger.edu", '"Carol \\"C.\\" D" <carol@hamburger.edu>'],
      subject: `Grüße ${"und mehr ".repeat(10)} no. ${i}`,
      dateMs: 1e12,
      messageId: `${i}@crepes.fr`,
      text,
      html: i % 2 === 1 ? `<p>${text}</p>\n` : undefined,
      attachments,
    };
  });
  const read = runPython(
    READER,
    drafts.map((draft) => Buffer.from(composeMessage(draft)).toString("base64")),
  );
  for (const [i, draft] of drafts.entries()) {
    assert.deepEqual(read[i], {
      defects: [],
      from: [["Älice, Crêpes", "alice@crepes.fr"]],
      to: [
        ["", "bob@hamburger.edu"],
        ['Carol "C." D', "carol@hamburger.edu"],
      ],
      subject: draft.subject,
      date: "2001-09-09T01:46:40+00:00",
      text: draft.text,
      html: draft.html ?? null,
      files: (draft.attachments ?? []).map(({ name, type, bytes }) => [
        name,
        type,
        Buffer.from(bytes).toString("base64"),
      ]),
    });
  }
});

test("we read what Python composes, in each of its encodings and charsets", (t) => {
  if (!isInstalled(t, PYTHON, "python3")) return;
  const texts = TEXTS.filter((text) => !text.includes("\f"));
  const mails = runPython(
    WRITER,
    texts.map((text, i) => ({ text, names: NAMES.slice(0, i + 1) })),
  ) as string[][];
  let count = 0;
  for (const [i, variants] of mails.entries()) {
    for (const mail of variants) {
      const { headers, text, html, attachments } = readMessage(Buffer.from(mail, "base64"));
      assert.equal(headers.from, "Älice <alice@crepes.fr>");
      assert.equal(headers.subject, `Grüße ${i}`);
      assert.equal(text, texts[i]);
      assert.equal(html, `<p>${texts[i]}</p>\n`);
      assert.deepEqual(
        attachments.map(({ name, type, bytes }) => [name, type, Buffer.from(bytes).toString()]),
        // What is no part of a name on a disk is left out.
        NAMES.slice(0, i + 1).map((name) => [
          name.split("\\").at(-1),
          "application/x-test",
          `content of ${name}`,
        ]),
      );
      count++;
    }
  }
  assert.ok(count >= 12, `${count} mails`);
});

test("swaks sends a file, and we have it", async (t) => {
  if (!isInstalled(t, "swaks", "swaks")) return;
  await withMailBench(async (bench) => {
    await bench.start();
    const bytes = randomBytes(50_000);
    writeFileSync(join(bench.folder, "cat.png"), bytes);
    const { status, output } = await bench.run("swaks", [
      ...[
        "--server",
        `127.0.0.1:${bench.smtpPort}`,
        "--from",
        "alice@crepes.fr",
        "--to",
        "bob@hamburger.edu",
      ],
      ...[
        "--h-Subject",
        "A cat",
        "--body",
        "See below.",
        "--attach-type",
        "image/png",
        "--attach",
        "@cat.png",
      ],
    ]);
    assert.equal(status, 0, output);
    const [mail] = await bench.mailbox(1);
    const { headers, text, attachments } = readMessage(fromByteString(mail));
    assert.equal(headers.subject, "A cat");
    assert.equal(text?.trim(), "See below.");
    assert.equal(attachments.length, 1);
    // Some versions take the mark of a file for a part of its name.
    assert.match(attachments[0].name, /^@?cat\.png$/);
    assert.equal(attachments[0].type, "image/png");
    assert.ok(Buffer.compare(attachments[0].bytes, bytes) === 0);
  });
});

/** Mails in base64 to what the package sees in them. */
const READER = `
import base64, email, email.policy, json, sys
out = []
for encoded in json.load(sys.stdin):
    m = email.message_from_bytes(base64.b64decode(encoded), policy=email.policy.default)
    addresses = lambda name: [[a.display_name, a.addr_spec] for a in m[name].addresses]
    body = lambda kind: (lambda part: None if part is None else part.get_content().replace('\\r\\n', '\\n'))(m.get_body((kind,)))
    out.append({
        "defects": [str(d) for part in m.walk() for d in part.defects],
        "from": addresses("From"), "to": addresses("To"), "subject": str(m["Subject"]),
        "date": m["Date"].datetime.isoformat(), "text": body("plain"), "html": body("html"),
        "files": [[a.get_filename(), a.get_content_type(), base64.b64encode(a.get_content()).decode()]
                  for a in m.iter_attachments()],
    })
json.dump(out, sys.stdout)
`;

/** Each text in several encodings and charsets, with files. */
const WRITER = `
import base64, json, sys
from email.message import EmailMessage
from email.policy import SMTP
out = []
for i, mail in enumerate(json.load(sys.stdin)):
    variants = []
    for charset in ["utf-8", "iso-8859-1", "us-ascii", "windows-1252"]:
        for cte in ["7bit", "8bit", "quoted-printable", "base64"]:
            m = EmailMessage(policy=SMTP)
            m["From"] = "Älice <alice@crepes.fr>"
            m["Subject"] = "Grüße %d" % i
            try:
                m.set_content(mail["text"], charset=charset, cte=cte)
                m.add_alternative("<p>%s</p>\\n" % mail["text"], subtype="html", charset=charset, cte=cte)
            except ValueError:
                continue
            for name in mail["names"]:
                m.add_attachment(("content of " + name).encode(), "application", "x-test", filename=name)
            variants.append(base64.b64encode(m.as_bytes()).decode())
    out.append(variants)
json.dump(out, sys.stdout)
`;

function runPython(program: string, input: unknown) {
  const options = {
    input: JSON.stringify(input),
    encoding: "utf8",
    timeout: 60_000,
    maxBuffer: 1 << 26,
  } as const;
  const env = { ...process.env, PYTHONIOENCODING: "utf-8" };
  const { status, stdout, stderr } = spawnSync(PYTHON, ["-c", program], { ...options, env });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}
