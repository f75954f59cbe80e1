/** The mail server's panel: domain, mailboxes, queue (row M10). */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openLab, type PanelBench } from "../testing/lab.ts";
import type { MailboxContent, MailServerView } from "./view.ts";

test("the domain is set live, and again after the switch was off and on", () => {
  const bench = openLab("mail-lab.yaml");
  const { network } = bench.host("server");
  const view = () => bench.view<MailServerView>("server", "mail-server");
  assert.deepEqual(view().domains, ["gmail.com"]);
  const before = bench.panel("mail-server").revision(bench.host("server"));
  bench.act("server", "mail-server", "domains.set", { domains: [" example.org "] });
  assert.notEqual(bench.panel("mail-server").revision(bench.host("server")), before);
  assert.deepEqual(view().domains, ["example.org"]);
  assert.match(send(bench, "pc1", "sreesanth@gmail.com"), /55[04]/);
  assert.equal(send(bench, "pc1", "sreesanth@example.org"), "delivered");
  bench.lab.world.finish(network.spawn("off", bench.host("server").stopService("smtp")));
  const { smtp, pop3, imap } = view();
  assert.deepEqual([smtp?.running, pop3?.running, imap?.running], [false, true, true]);
  bench.lab.world.finish(network.spawn("off", bench.host("server").stopService("imap")));
  assert.equal(view().imap?.running, false);
  assert.deepEqual(view().domains, ["example.org"]);
  bench.lab.world.finish(network.spawn("on", bench.host("server").startService("smtp")));
  assert.equal(send(bench, "pc1", "sreesanth@example.org"), "delivered");
  for (const domains of [[], ["a b"], ["-"]]) {
    assert.throws(() => bench.act("server", "mail-server", "domains.set", { domains }), /domain/);
  }
  const spaced = { domains: ["crepes.fr hamburger.edu"] };
  assert.throws(() => bench.act("server", "mail-server", "domains.set", spaced), /commas between them/);
});

test("mailboxes say who has how many, and what", () => {
  const bench = openLab("mail-lab.yaml");
  send(bench, "pc1", "sreesanth@gmail.com");
  const { mailboxes } = bench.view<MailServerView>("server", "mail-server");
  assert.deepEqual(
    mailboxes.map(({ name, messages }) => [name, messages]),
    [
      ["suryakiran", 0],
      ["sreesanth", 1],
    ],
  );
  const content = bench.look<MailboxContent>("server", "mail-server", "mailbox", { name: "sreesanth" });
  assert.equal(content.messages[0].subject, "Menu");
  assert.equal(content.messages[0].from, "suryakiran <suryakiran@gmail.com>");
  const age = bench.lab.world.nowNs - content.messages[0].arrivedAtNs;
  assert.ok(age >= 0 && age < 1e9, `it came ${age} ns ago`);
});

test("what waits in the queue says why; it is tried again, or removed", () => {
  const bench = openLab("ketchup.yaml");
  const server = "mail.crepes.fr";
  const queue = () => bench.view<MailServerView>(server, "mail-server").queue;
  bench.lab.setPower("mail.hamburger.edu", false);
  assert.equal(send(bench, "pc.crepes.fr", "bob@hamburger.edu"), "delivered");
  assert.equal(send(bench, "pc.crepes.fr", "bob@hamburger.edu"), "delivered");
  bench.lab.runTo({ timeNs: bench.lab.world.nowNs + 250e9 });
  const [waiting, second] = queue();
  assert.equal(waiting.from, "alice@crepes.fr");
  assert.equal(waiting.recipients[0].address, "bob@hamburger.edu");
  assert.ok(waiting.recipients[0].attempts > 0);
  assert.ok(waiting.recipients[0].nextAttemptAtNs > bench.lab.world.nowNs);
  assert.match(waiting.recipients[0].lastResult ?? "", /mail\.hamburger\.edu|10\.2\.0\.25/);
  bench.act(server, "mail-server", "queue.remove", { id: second.id });
  assert.deepEqual(
    queue().map(({ id }) => id),
    [waiting.id],
  );
  assert.throws(() => bench.act(server, "mail-server", "queue.remove", { id: second.id }), /left the queue/);
  bench.lab.setPower("mail.hamburger.edu", true);
  bench.lab.runTo({ timeNs: bench.lab.world.nowNs + 1e9 });
  bench.act(server, "mail-server", "queue.flush");
  bench.lab.runTo({ timeNs: bench.lab.world.nowNs + 5e9 });
  assert.deepEqual(queue(), []);
  const [bob] = bench.view<MailServerView>("mail.hamburger.edu", "mail-server").mailboxes;
  assert.deepEqual([bob.name, bob.messages], ["bob", 1]);
});

/** What became of a letter from the mail client of a host. */
function send(bench: PanelBench, host: string, to: string): string {
  const letter = { to, cc: "", bcc: "", subject: "Menu", text: "Soup", attachments: [] };
  const result = bench.act<{ recipients: { outcome: string; reply: string }[] }>(
    host,
    "mail",
    "send",
    letter,
  );
  const [{ outcome, reply }] = result.recipients;
  return outcome === "delivered" ? outcome : reply;
}
