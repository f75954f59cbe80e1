/** The mail services in a simulated world: sending, waiting, returning, restarting, each mail exactly once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task } from "../../net/index.ts";
import { parseMessage } from "../../protocols/message/index.ts";
import { serveSmtp } from "../../protocols/smtp/index.ts";
import { RecordingReceiver } from "../../protocols/smtp/testing/receiver.ts";
import { MailLab, type Site } from "./testing/mail-lab.ts";

const MAIL =
  "From: alice@crepes.fr\r\nTo: bob@hamburger.edu\r\nMessage-ID: <1@crepes.fr>\r\n\r\nDo you like ketchup?\r\n";
const toBob = { from: "alice@crepes.fr", to: ["bob@hamburger.edu"], text: MAIL };
/** Everything in 10.0.0.0/24 is the own site of crepes.fr. */
const relayFor = ["10.0.0.0/24"];

function twoSites(seed = 1, configuration = {}): { lab: MailLab; crepes: Site; hamburger: Site } {
  const lab = new MailLab(seed);
  const crepes = lab.addSite("crepes.fr", ["alice"], { relayFor, ...configuration });
  return { lab, crepes, hamburger: lab.addSite("hamburger.edu", ["bob", "carol"]) };
}

test("alice's mail goes through her server's queue to bob's server, and bob reads it later", () => {
  const { lab, crepes, hamburger } = twoSites();
  const pc = lab.addHost("pc.crepes.fr");
  const [outcome] = lab.send(pc, crepes, toBob);
  assert.equal(outcome.outcome, "delivered");
  lab.passSeconds(1);
  assert.deepEqual(lab.queue(crepes), []);
  const [mail, ...more] = lab.fetch(pc, hamburger, "bob");
  assert.deepEqual(more, []);
  const names = parseMessage(Buffer.from(mail)).fields.map(({ name }) => name);
  assert.deepEqual(names, ["Return-Path", "Received", "Received", "Date", "From", "To", "Message-ID"]);
  assert.match(
    mail,
    /^Return-Path: <alice@crepes.fr>\r\nReceived: from crepes\.fr \(\[10\.0\.0\.1\]\)\r\n\tby hamburger\.edu with ESMTP id \w+\r\n\tfor <bob@hamburger\.edu>;\r\n\t\w{3}, /,
  );
  assert.ok(mail.endsWith("\r\n\r\nDo you like ketchup?\r\n"));
  assert.deepEqual(lab.fetch(pc, hamburger, "bob"), []);
});

test("a mail without a header stays a mail without a header, below the trace", () => {
  const { lab, crepes, hamburger } = twoSites();
  lab.send(crepes.sim, crepes, { ...toBob, text: "Do you like ketchup?\r\nHow about pickles?\r\n" });
  lab.passSeconds(1);
  const [mail] = lab.mailbox(hamburger, "bob");
  assert.match(
    mail,
    /\+0000\r\nReceived: [\s\S]*\+0000\r\n\r\nDo you like ketchup\?\r\nHow about pickles\?\r\n$/,
  );
});

test("who may send to whom: strangers only to our users, our site to the world, everybody to the postmaster", () => {
  const lab = new MailLab();
  const site = lab.addSite("hamburger.edu", ["bob"]);
  const to = ["BOB@Hamburger.EDU", "nobody@hamburger.edu", "alice@crepes.fr", "postmaster@hamburger.edu"];
  const outcomes = lab.send(lab.addHost("stranger"), site, { ...toBob, to });
  assert.deepEqual(
    outcomes.map(({ reply }) => `${reply.code} ${reply.status}`),
    ["250 2.0.0", "550 5.1.1", "550 5.7.1", "250 2.0.0"],
  );
  assert.equal(lab.mailbox(site, "bob").length, 1);
  assert.equal(lab.mailbox(site, "postmaster").length, 1);
  const own = lab.addSite("crepes.fr", ["alice"], { postmaster: "alice" });
  lab.send(site.sim, own, { ...toBob, to: ["postmaster@crepes.fr"] });
  assert.equal(lab.mailbox(own, "alice").length, 1);
});

test("users and domains change while the server runs", () => {
  const lab = new MailLab();
  const site = lab.addSite("hamburger.edu", ["bob"]);
  const send = (to: string): string => lab.send(site.sim, site, { ...toBob, to: [to] })[0].outcome;
  assert.equal(send("dave@hamburger.edu"), "failed");
  site.users.push({ name: "dave", password: "old" });
  assert.equal(send("dave@hamburger.edu"), "delivered");
  assert.throws(() => lab.fetch(site.sim, site, "dave"), { code: "login-refused" });
  site.users[1] = { name: "dave", password: "dave's" };
  assert.equal(lab.fetch(site.sim, site, "dave").length, 1);
  site.smtp.setDomains(["fries.edu"]);
  assert.equal(send("dave@hamburger.edu"), "failed");
  assert.equal(send("dave@fries.edu"), "delivered");
  site.users.pop();
  assert.equal(send("dave@fries.edu"), "failed");
});

test("while the other server is away a mail waits, is tried at the times of the policy, and arrives once", () => {
  const { lab, crepes, hamburger } = twoSites(1, { retrySeconds: [60, 120, 600] });
  hamburger.sim.powerOff();
  lab.send(crepes.sim, crepes, toBob);
  const waits: number[] = [];
  for (let attempt = 1; attempt <= 5; attempt++) {
    lab.passSeconds(10);
    const [recipient] = lab.queue(crepes)[0].recipients;
    assert.equal(recipient.attempts, attempt);
    assert.match(recipient.lastResult ?? "", /^mail\.hamburger\.edu: /);
    const waitSeconds = (recipient.nextAttemptAtMs - crepes.network.clock.unixMs()) / 1000;
    waits.push(Math.round(waitSeconds / 10) * 10);
    lab.passSeconds(waitSeconds);
  }
  assert.deepEqual(
    waits,
    [60, 120, 600, 600, 600].map((seconds) => seconds - 10),
  );
  hamburger.sim.powerOn();
  lab.passSeconds(900);
  assert.deepEqual(lab.queue(crepes), []);
  assert.equal(lab.mailbox(hamburger, "bob").length, 1);
});

test("flush tries again now; a restart of the service picks up the queue", () => {
  const { lab, crepes, hamburger } = twoSites();
  hamburger.sim.powerOff();
  lab.send(crepes.sim, crepes, toBob);
  lab.passSeconds(60);
  hamburger.sim.powerOn();
  lab.world.finish(crepes.network.spawn("flush", crepes.smtp.flush()));
  lab.passSeconds(5);
  assert.equal(lab.mailbox(hamburger, "bob").length, 1);

  hamburger.sim.powerOff();
  lab.send(crepes.sim, crepes, toBob);
  lab.passSeconds(60);
  crepes.sim.powerOff();
  hamburger.sim.powerOn();
  lab.passSeconds(3600);
  assert.equal(lab.mailbox(hamburger, "bob").length, 1);
  crepes.sim.powerOn();
  lab.passSeconds(5);
  assert.equal(lab.mailbox(hamburger, "bob").length, 2);
});

test("a mail that cannot be delivered in time is returned to its sender, who is told why", () => {
  const { lab, crepes, hamburger } = twoSites(1, { retrySeconds: [3600], giveUpAfterSeconds: 6 * 3600 });
  hamburger.sim.powerOff();
  lab.send(crepes.sim, crepes, toBob);
  lab.passSeconds(5 * 3600);
  assert.equal(lab.mailbox(crepes, "alice").length, 0);
  lab.passSeconds(2 * 3600);
  assert.deepEqual(lab.queue(crepes), []);
  const [bounce] = lab.mailbox(crepes, "alice");
  assert.match(bounce, /^Return-Path: <>\r\n/);
  assert.match(bounce, /\r\nContent-Type: multipart\/report; report-type=delivery-status;/);
  assert.match(
    bounce,
    /\r\nFinal-Recipient: rfc822; bob@hamburger.edu\r\nAction: failed\r\nStatus: 4\.4\.7\r\n/,
  );
  assert.match(bounce, /given up after many attempts/);
  assert.match(
    bounce,
    /Content-Type: text\/rfc822-headers\r\n\r\nReceived: [\s\S]*Message-ID: <1@crepes.fr>\r\n/,
  );
});

test("what is refused for good is returned at once, recipient by recipient; the others get their mail", () => {
  const { lab, crepes, hamburger } = twoSites();
  const to = ["nobody@hamburger.edu", "bob@hamburger.edu", "carol@hamburger.edu", "x@no-such.example"];
  lab.send(crepes.sim, crepes, { ...toBob, to });
  lab.passSeconds(5);
  assert.deepEqual([lab.mailbox(hamburger, "bob").length, lab.mailbox(hamburger, "carol").length], [1, 1]);
  const bounces = lab.mailbox(crepes, "alice").join("");
  assert.equal(bounces.match(/Action: failed/g)?.length, 2);
  assert.match(
    bounces,
    /Status: 5\.1\.1\r\nRemote-MTA: dns; mail\.hamburger\.edu\r\nDiagnostic-Code: smtp; 550 5\.1\.1 /,
  );
  assert.match(
    bounces,
    /Final-Recipient: rfc822; x@no-such\.example\r\nAction: failed\r\nStatus: 5\.1\.2\r\n/,
  );
  assert.deepEqual(lab.queue(crepes), []);
});

test("a notification is never answered by another one", () => {
  const { lab, crepes, hamburger } = twoSites();
  lab.send(crepes.sim, crepes, { from: "", to: ["nobody@hamburger.edu"], text: MAIL });
  lab.send(crepes.sim, crepes, { ...toBob, from: "ghost@hamburger.edu", to: ["nobody@hamburger.edu"] });
  lab.passSeconds(3600);
  assert.deepEqual([...lab.queue(crepes), ...lab.queue(hamburger)], []);
  for (const mailbox of ["alice", "postmaster"]) assert.deepEqual(lab.mailbox(crepes, mailbox), []);
  assert.ok(lab.log.some((line) => /given up, and there is nobody to tell/.test(line)));
});

test("the exchanger of the best preference that answers is taken", () => {
  const { lab, crepes, hamburger } = twoSites();
  const backup = lab.addSite("backup.example", [], { domains: ["backup.example", "hamburger.edu"] });
  backup.users.push({ name: "bob", password: "" });
  lab.exchangers.set("hamburger.edu", [
    { preference: 20, exchange: "mail.backup.example" },
    { preference: 10, exchange: "mail.hamburger.edu" },
  ]);
  lab.send(crepes.sim, crepes, toBob);
  lab.passSeconds(1);
  assert.equal(lab.mailbox(hamburger, "bob").length, 1);
  hamburger.sim.powerOff();
  lab.send(crepes.sim, crepes, toBob);
  lab.passSeconds(40);
  assert.equal(lab.mailbox(backup, "bob").length, 1);
});

test("null MX, an exchanger without address, and ourselves as exchanger are returned at once", () => {
  const { lab, crepes } = twoSites();
  lab.exchangers.set("null.example", [{ preference: 0, exchange: "." }]);
  lab.exchangers.set("ghost.example", [{ preference: 0, exchange: "no-such.example" }]);
  lab.exchangers.set("ours.example", [{ preference: 0, exchange: "mail.crepes.fr" }]);
  lab.exchangers.set("alias.example", [{ preference: 0, exchange: "10.0.0.1" }]);
  for (const domain of ["null.example", "ghost.example", "ours.example", "alias.example"]) {
    lab.send(crepes.sim, crepes, { ...toBob, to: [`bob@${domain}`] });
  }
  lab.passSeconds(5);
  const statuses = lab.mailbox(crepes, "alice").map((mail) => /Status: (\S+)/.exec(mail)?.[1]);
  assert.deepEqual(statuses.sort(), ["5.1.10", "5.4.4", "5.4.6", "5.4.6"]);
});

test("a mail between two servers that each hold the other for its home ends after a hundred hops", () => {
  const lab = new MailLab();
  const a = lab.addSite("a.example", ["alice"], { relayFor });
  const b = lab.addSite("b.example", [], { relayFor });
  lab.exchangers.set("loop.example", [{ preference: 0, exchange: "mail.b.example" }]);
  const there = lab.exchangers.get("loop.example")!;
  const back = [{ preference: 0, exchange: "mail.a.example" }];
  let turn = 0;
  lab.mailExchangers = function* (domain) {
    return domain === "loop.example" ? (turn++ % 2 === 0 ? there : back) : lab.exchangers.get(domain)!;
  };
  lab.send(a.sim, a, { from: "alice@a.example", to: ["x@loop.example"], text: MAIL });
  lab.passSeconds(600);
  assert.deepEqual([...lab.queue(a), ...lab.queue(b)], []);
  const [bounce] = lab.mailbox(a, "alice");
  assert.match(bounce, /Status: 5\.4\.6\r\n/);
  assert.equal(lab.mailbox(a, "alice").length, 1);
});

test("recipients whom a server will not take in one transaction with others get theirs in the next", () => {
  const { lab, crepes } = twoSites();
  const picky = lab.addHost("mail.picky.example");
  lab.exchangers.set("picky.example", [{ preference: 0, exchange: "mail.picky.example" }]);
  const receiver = new RecordingReceiver();
  picky.network.spawn(
    "server",
    (function* (): Task {
      const listener = yield* picky.network.listen({ port: 25 });
      const options = { name: "picky.example", recipientsMax: 2 };
      yield* serveSmtp(yield* listener.accept(), options, receiver);
    })(),
  );
  const to = ["a", "b", "c", "d", "e"].map((name) => `${name}@picky.example`);
  lab.send(crepes.sim, crepes, { ...toBob, to });
  lab.passSeconds(10);
  assert.deepEqual(
    receiver.mails.map((mail) => mail.to),
    [to.slice(0, 2), to.slice(2, 4), to.slice(4)],
  );
  assert.deepEqual(lab.queue(crepes), []);
});

test("several mails for one domain go over one connection", () => {
  const { lab, crepes, hamburger } = twoSites();
  hamburger.sim.powerOff();
  for (let i = 0; i < 8; i++) {
    lab.send(crepes.sim, crepes, { ...toBob, text: MAIL.replace("<1@", `<${i}@`) });
  }
  lab.passSeconds(60);
  hamburger.sim.powerOn();
  let connections = 0;
  // A SYN without ACK to port 25: IPv4 without options in Ethernet.
  lab.world.addTap({
    handleFrame({ kind, bytes }) {
      if (
        kind === "origin" &&
        bytes[23] === 6 &&
        bytes[36] === 0 &&
        bytes[37] === 25 &&
        (bytes[47] & 0x12) === 2
      )
        connections++;
    },
  });
  lab.world.finish(crepes.network.spawn("flush", crepes.smtp.flush()));
  lab.passSeconds(10);
  assert.equal(lab.mailbox(hamburger, "bob").length, 8);
  assert.equal(connections, 1);
});

test("a 250 that is lost on its way makes no second mail (RFC 1047)", () => {
  for (const style of ["EHLO", "HELO"] as const) {
    const { lab, crepes, hamburger } = twoSites(1, { hello: style, retrySeconds: [60] });
    // From the packet with the last 250 on, nothing of bob's server reaches the others for an hour.
    let cut = false;
    const mend = lab.world.addRule({
      onPacket({ link, bytes }) {
        if (link !== hamburger.link.name) return "pass";
        cut ||= Buffer.from(bytes).includes("Message accepted");
        return cut ? { drop: "the test cuts the line" } : "pass";
      },
    });
    lab.send(crepes.sim, crepes, toBob);
    lab.passSeconds(3600);
    assert.ok(cut);
    assert.equal(lab.mailbox(hamburger, "bob").length, 1);
    assert.equal(lab.queue(crepes).length, 1);
    mend();
    lab.passSeconds(600);
    assert.deepEqual(lab.queue(crepes), []);
    assert.equal(lab.mailbox(hamburger, "bob").length, 1);
    assert.ok(lab.log.some((line) => /was accepted before, not taken again/.test(line)));
    // The same words sent once more by somebody are another mail.
    lab.send(crepes.sim, crepes, toBob);
    lab.passSeconds(10);
    assert.equal(lab.mailbox(hamburger, "bob").length, 2);
  }
});

test("whenever one of the servers loses its power, every accepted mail arrives exactly once", () => {
  for (let at = 20; at < 140; at += 9) {
    for (const victim of ["crepes", "hamburger"] as const) {
      const { lab, ...sites } = twoSites(at, { retrySeconds: [60] });
      const pc = lab.addHost("pc.crepes.fr");
      lab.send(pc, sites.crepes, toBob);
      lab.world.runUntil(lab.world.nowNs + at * 1e6);
      sites[victim].sim.powerOff();
      lab.passSeconds(90);
      sites[victim].sim.powerOn();
      lab.passSeconds(1800);
      assert.deepEqual(lab.queue(sites.crepes), [], `${victim} off after ${at} ms`);
      assert.equal(lab.mailbox(sites.hamburger, "bob").length, 1, `${victim} off after ${at} ms`);
    }
  }
});
