/** Web mail in the lab, as a browser sees it: log-in, reading, writing, files, and what must not be possible. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeUtf8 } from "../../bytes/index.ts";
import { fromByteString, sleep, type Task } from "../../net/index.ts";
import { fieldValue, httpRequest } from "../../protocols/http/index.ts";
import { composeMessage, readMessage } from "../../protocols/message/index.ts";
import { MailLab, type Site } from "../mail/testing/mail-lab.ts";
import type { RunningService } from "../service.ts";
import { parseFormData } from "./form-data.ts";
import { escapeHtml, html } from "./html.ts";
import { webmailService } from "./index.ts";
import { Browser, octetsOf } from "./testing/browser.ts";
import { textOfHtml } from "./text-of-html.ts";

const MAIL = "http://mail.hamburger.edu";
const PICTURE = {
  name: 'grün "1".png',
  type: "image/png",
  bytes: Uint8Array.from({ length: 300 }, (_, i) => i),
};

test("bob logs in, writes to alice with a file, alice answers by POP3's neighbour; he reads, deletes, logs out", () => {
  const { lab, hamburger, crepes, browse, store } = bench();
  browse(function* (browser) {
    yield* browser.logIn("Bob@hamburger.edu", "bob's");
    assert.equal(browser.path, "/inbox");
    assert.match(browser.text, /There is no mail/);
    yield* browser.open("/compose");
    const letter = {
      to: '"Alice, C." <alice@crepes.fr>',
      cc: "bob@hamburger.edu",
      subject: "Grüße & <b>",
      text: "Hi\r\n.\r\nü",
    };
    yield* browser.submitMultipart("/send", letter, [{ ...PICTURE, name: "grün %221%22.png" }]);
    assert.match(browser.text, /role="status">Your mail was sent\.</);
  });
  lab.passSeconds(5);
  const [octets] = store(crepes, "alice");
  const received = readMessage(octets);
  assert.equal(received.headers.from, "bob@hamburger.edu");
  assert.equal(received.headers.to, '"Alice, C." <alice@crepes.fr>');
  assert.equal(received.headers.subject, "Grüße & <b>");
  assert.equal(received.text, "Hi\n.\nü\n");
  assert.deepEqual(received.attachments, [PICTURE]);
  assert.equal(store(hamburger, "bob").length, 1, "and the copy");
  browse(function* (browser) {
    yield* browser.logIn("bob", "bob's");
    assert.match(browser.text, /Grüße &#38; &#60;b&#62; <small title="with attachments">/);
    yield* browser.open(linkIn(browser, /href="(\/message[^"]*)"/));
    assert.doesNotMatch(browser.text, /<b>/);
    assert.match(browser.text, /<pre>\nHi\n\.\nü\n<\/pre>/);
    const [message, download] = [browser.text, linkIn(browser, /href="(\/attachment[^"]*)"/)];
    yield* browser.open(download);
    assert.equal(octetsOf(browser), Buffer.from(PICTURE.bytes).toString("latin1"));
    const fields = browser.response?.fields ?? [];
    assert.equal(
      fieldValue(fields, "Content-Disposition"),
      "attachment; filename=\"gr_n _1_.png\"; filename*=UTF-8''gr%C3%BCn%20%221%22.png",
    );
    assert.equal(fieldValue(fields, "X-Content-Type-Options"), "nosniff");
    browser.text = message;
    yield* browser.submit("/delete", {});
    assert.match(browser.text, /One mail was deleted/);
    yield* browser.submit("/logout", {});
    assert.equal(browser.cookies.size, 1, "only the new log-in form's");
    yield* browser.open("/inbox");
    assert.match(browser.text, /Password/);
  });
  assert.equal(store(hamburger, "bob").length, 0);
});

test("an answer goes to the sender in the thread, a forward takes the files along", () => {
  const { lab, browse, hamburger, crepes, deliver, store } = bench();
  deliver(hamburger, "bob", {
    from: "Älice <alice@crepes.fr>",
    to: ["bob@hamburger.edu", "carol@crepes.fr"],
    subject: "Menu",
    messageId: "1@crepes.fr",
    references: ["0@crepes.fr"],
    text: "Ketchup?\n> no\n",
    attachments: [PICTURE],
  });
  browse(function* (browser) {
    yield* browser.logIn("bob", "bob's");
    const id = linkIn(browser, /message\?id=([^"]*)"/);
    yield* browser.open(`/compose?answer=${id}&all=1`);
    assert.match(
      browser.text,
      /name="to" value="&#34;Älice&#34; &#60;alice@crepes.fr&#62;, carol@crepes.fr"/,
    );
    assert.match(browser.text, /name="subject" value="Re: Menu"/);
    assert.match(browser.text, /wrote:\n&#62; Ketchup\?\n&#62;&#62; no\n/);
    yield* browser.submitMultipart("/send", { to: "alice@crepes.fr", subject: "Re: Menu", text: "Yes." }, []);
    yield* browser.open(`/compose?forward=${id}`);
    yield* browser.submitMultipart(
      "/send",
      { to: "alice@crepes.fr", subject: "Fwd: Menu", text: "", with: "1" },
      [],
    );
    yield* browser.open(`/source?id=${id}`);
    assert.match(browser.text, /^Subject: Menu$/m);
    assert.equal(fieldValue(browser.response?.fields ?? [], "Content-Type"), "text/plain; charset=utf-8");
  });
  lab.passSeconds(5);
  const [answer, forward] = store(crepes, "alice").map(readMessage);
  assert.equal(answer.headers.inReplyTo, "1@crepes.fr");
  assert.deepEqual(answer.headers.references, ["0@crepes.fr", "1@crepes.fr"]);
  assert.deepEqual(forward.attachments, [PICTURE]);
});

test("what cannot be sent comes back with all that was written, and the reason", () => {
  const { browse, hamburger, lab } = bench();
  const write = { subject: "S", text: "T&T" };
  browse(function* (browser) {
    yield* browser.logIn("bob", "bob's");
    for (const [to, problem] of [
      ["", "Nobody stands under To"],
      ["nobody", "“nobody” is no mail address"],
      ["nobody@hamburger.edu", "550 5.1.1"],
      ["a@x, b c@x", "“b c@x” is no mail address"],
    ]) {
      yield* browser.open("/compose");
      yield* browser.submitMultipart("/send", { ...write, to }, []);
      assert.equal(browser.status, 422);
      assert.ok(browser.text.includes(problem), `${to}: ${browser.text}`);
      assert.match(browser.text, /\nT&#38;T<\/textarea>/);
    }
    yield* browser.open("/compose");
    yield* browser.submitMultipart("/send", { ...write, to: "bob@hamburger.edu, nobody@hamburger.edu" }, []);
    assert.match(browser.text, /sent, but not to all\. nobody@hamburger\.edu: 550/);
  });
  lab.world.finish(hamburger.network.spawn("stop", hamburger.smtp.stop(0)));
  browse(function* (browser) {
    yield* browser.logIn("bob", "bob's");
    yield* browser.open("/compose");
    yield* browser.submitMultipart("/send", { ...write, to: "bob@hamburger.edu" }, []);
    assert.match(browser.text, /The outgoing mail server does not answer now/);
  });
});

test("nothing without a session, nothing without the form's own token", () => {
  const { browse, hamburger, deliver, store } = bench();
  deliver(hamburger, "bob", { from: "a@x", to: ["bob@hamburger.edu"], messageId: "1@x", text: "secret" });
  browse(function* (browser) {
    for (const path of [
      "/inbox",
      "/message?id=1.1",
      "/source?id=1.1",
      "/attachment?id=1.1&number=0",
      "/compose",
    ]) {
      yield* browser.open(path);
      assert.match(browser.text, /Password/, path);
    }
    yield* browser.submitMultipart("/send", { to: "bob@hamburger.edu", text: "spam" }, []);
    assert.match(browser.text, /Password/);
    browser.cookies.set("mail-hamburger-edu", "0".repeat(64));
    yield* browser.open("/inbox");
    assert.match(browser.text, /Password/);
  });
  browse(function* (browser) {
    yield* browser.logIn("bob", "bob's");
    const id = linkIn(browser, /message\?id=([^"]*)"/);
    for (const token of ["", "0".repeat(64)]) {
      for (const action of ["/delete", "/logout"]) {
        yield* browser.submit(action, { token, id });
        assert.equal(browser.status, 403, action);
      }
      yield* browser.submitMultipart("/send", { token, to: "bob@hamburger.edu" }, []);
      assert.equal(browser.status, 403);
    }
    yield* browser.open("/inbox");
    assert.match(browser.text, /1 mail/);
  });
  assert.equal(store(hamburger, "bob").length, 1);
});

test("a wrong password costs time; a log-in form of another site does not count; sessions end", () => {
  const { browse, hamburger, lab, client } = bench();
  browse(function* (browser) {
    const beganAtNs = lab.world.nowNs;
    for (const [user, password] of [
      ["bob", "x"],
      ["nobody", ""],
      ["bob", ""],
      ["", "bob's"],
    ]) {
      yield* browser.logIn(user, password);
      assert.equal(browser.status, 403);
    }
    assert.ok(lab.world.nowNs - beganAtNs >= 8e9);
    yield* browser.open("/");
    yield* browser.submit("/login", { user: "bob", password: "bob's", token: "0".repeat(64) });
    assert.match(browser.text, /cookies must be allowed/);
    yield* browser.logIn("bob", "bob's");
    assert.equal(browser.path, "/inbox");
    const elsewhere = yield* httpRequest(client.network, `${MAIL}/logout`, {
      method: "POST",
      fields: [{ name: "Origin", value: "http://evil.test" }],
    });
    assert.equal(elsewhere.status, 403);
    hamburger.users[0] = { name: "bob", password: "new" };
    yield* browser.open("/inbox");
    assert.match(browser.text, /Password/, "another password ends the session");
    yield* browser.logIn("bob", "new");
  });
  browse(function* (browser) {
    yield* browser.logIn("bob", "new");
    assert.equal(browser.path, "/inbox");
    const cookies = [...browser.cookies];
    yield* pause(client.network, 31 * 60_000);
    for (const [name, value] of cookies) browser.cookies.set(name, value);
    yield* browser.open("/inbox");
    assert.match(browser.text, /Password/, "half an hour idle ends it");
  });
});

test("pages of a long list; addresses that are not there; methods; the fields that protect", () => {
  const { browse, hamburger, deliver } = bench();
  for (let i = 1; i <= 30; i++)
    deliver(hamburger, "bob", {
      from: "a@x",
      to: ["b@x"],
      messageId: `${i}@x`,
      subject: `no. ${i}.`,
      text: "",
    });
  browse(function* (browser) {
    yield* browser.logIn("bob", "bob's");
    assert.match(browser.text, /no\. 30\..*no\. 6\./s);
    assert.doesNotMatch(browser.text, /no\. 5\./);
    for (const page of ["2", "3", "99"]) {
      yield* browser.open(`/inbox?page=${page}`);
      assert.match(browser.text, /no\. 5\..*no\. 1\..*Page 2 of 2/s);
    }
    for (const path of ["/nothing", "/message", "/message?id=1.999", "/attachment?id=x&number=0"]) {
      yield* browser.open(path);
      assert.equal(browser.status, 404, path);
    }
    yield* browser.open("/send");
    assert.equal(browser.status, 405);
    assert.equal(fieldValue(browser.response?.fields ?? [], "Allow"), "POST, OPTIONS");
    yield* browser.open("/inbox");
    const policy = fieldValue(browser.response?.fields ?? [], "Content-Security-Policy") ?? "";
    assert.match(
      policy,
      /^default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-anc/,
    );
    assert.equal(fieldValue(browser.response?.fields ?? [], "Cache-Control"), "no-store");
    assert.doesNotMatch(browser.text, /<script|style=|onclick|javascript:/i);
  });
});

test("a mail in HTML is its text: no script, no picture, no form, links with where they lead", () => {
  const source = `<html><head><title>t</title><style>p{}</style></head><body onload="x()"><!-- <p>hidden -->
    <script>alert("1 < 2")</script><p>Hello&nbsp;<b>Bob</b> &lt;3 &#x20ac; &#128512; &bogus;</p>
    <img src="http://evil.test/pixel"><div>Go to <a href='http://evil.test/?a&amp;b'>your bank</a>,
    <a href="http://x/">http://x/</a></div><ul><li>one<li>two</ul><br><td>cell</td>`;
  assert.equal(
    textOfHtml(source),
    "Hello\u00a0Bob <3 € 😀 &bogus;\n\nGo to your bank [http://evil.test/?a&b], http://x/\n\n- one\n- two\n\ncell",
  );
  const { browse, hamburger, deliver } = bench();
  deliver(
    hamburger,
    "bob",
    { from: "a@x", to: ["b@x"], messageId: "1@x", text: "", html: source },
    "text/html",
  );
  browse(function* (browser) {
    yield* browser.logIn("bob", "bob's");
    yield* browser.open(linkIn(browser, /href="(\/message[^"]*)"/));
    assert.match(browser.text, /This mail is HTML/);
    assert.doesNotMatch(browser.text, /<script|<img|pixel|onload/);
  });
  const bomb = fc.array(
    fc.constantFrom("<", "<script", "<a href=", ">", "</a", "<!--", '"', " ", "&", "&nbsp;", "x"),
    {
      maxLength: 40,
    },
  );
  fc.assert(fc.property(bomb, (parts) => void textOfHtml(parts.join(""))));
  for (const piece of ["<script>", "<a href='", "<!--", "&nbsp;", "<br", "<p> ", "</a><a>"])
    textOfHtml(piece.repeat(20_000));
});

test("what is put into a page cannot break out of it", () => {
  const evil = `"><script>alert('&')</script>`;
  assert.equal(
    html`<p title="${evil}">${[evil, undefined, false, html`<br>`]}</p>`.text,
    `<p title="${escapeHtml(evil)}">${escapeHtml(evil)}<br></p>`,
  );
  fc.assert(fc.property(fc.string(), (text) => assert.doesNotMatch(html`${text}`.text, /[<>"']/)));
});

test("forms with files: whatever comes is read without harm", () => {
  const decode = (octets: Uint8Array): string => Buffer.from(octets).toString();
  const part = fc.oneof(
    fc.constantFrom("--b\r\n", "--b--\r\n", 'Content-Disposition: form-data; name="a"\r\n', "\r\n", "\n"),
    fc.constantFrom(
      'Content-Disposition: form-data; name="f"; filename="..\\x/y%0Az"\r\n',
      "Content-Type: multipart/mixed; boundary=b\r\n",
    ),
    fc.string({ unit: "binary-ascii", maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
      const form = parseFormData("multipart/form-data; boundary=b", fromByteString(parts.join("")), decode);
      for (const { name } of form.files) assert.match(name, /^[^/\\]+$/);
    }),
  );
  assert.deepEqual(parseFormData("text/plain", encodeUtf8("--b"), decode), { values: new Map(), files: [] });
});

interface Bench {
  readonly lab: MailLab;
  readonly hamburger: Site;
  readonly crepes: Site;
  readonly client: ReturnType<MailLab["addHost"]>;
  browse(visit: (browser: Browser) => Task): void;
  deliver(
    site: Site,
    mailbox: string,
    mail: Partial<Parameters<typeof composeMessage>[0]>,
    only?: string,
  ): void;
  store(site: Site, mailbox: string): Uint8Array[];
}

/** Two mail sites with web mail at one, and a visitor with a browser. */
function bench(): Bench {
  const lab = new MailLab();
  const hamburger = lab.addSite("hamburger.edu", ["bob"], { relayFor: ["127.0.0.1"] });
  const crepes = lab.addSite("crepes.fr", ["alice"]);
  const client = lab.addHost("pc.hamburger.edu");
  const { network, users } = hamburger;
  const stores = { mail: () => hamburger.store, leases: () => assert.fail(), close() {} };
  const start = webmailService.start(
    { network, nameServers: [], users, stores },
    { domains: ["hamburger.edu"] },
  );
  const running: RunningService = lab.world.finish(network.spawn("webmail", start));
  assert.match(running.description, /^listens on .*:80 for hamburger\.edu; 0 logged in$/);
  return {
    lab,
    hamburger,
    crepes,
    client,
    browse: (visit) =>
      lab.world.finish(client.network.spawn("browser", visit(new Browser(client.network, MAIL)))),
    deliver(site, mailbox, mail, only) {
      const draft = { from: "", to: [], dateMs: 0, messageId: "", text: "", ...mail };
      const octets =
        only === undefined ? composeMessage(draft) : encodeUtf8(`Content-Type: ${only}\r\n\r\n${mail.html}`);
      const recipients = [{ address: `${mailbox}@${site.domain}`, mailbox }];
      const id = `${mail.messageId}`;
      const kept = {
        id,
        reversePath: "",
        content: octets,
        mailboxPrefix: "",
        arrivedAtMs: 0,
        recipients,
        doubtKey: undefined,
      };
      assert.equal(lab.world.run(site.store.accept(kept)), "accepted");
    },
    store: (site, mailbox) => lab.mailbox(site, mailbox).map(fromByteString),
  };
}

function linkIn(browser: Browser, pattern: RegExp): string {
  const [, link] = pattern.exec(browser.text) ?? assert.fail(`${pattern} is not in ${browser.text}`);
  return link.replaceAll("&#38;", "&").replaceAll("&amp;", "&");
}

function* pause(network: { clock: Parameters<typeof sleep>[0] }, delayMs: number): Task {
  yield* sleep(network.clock, delayMs);
}
