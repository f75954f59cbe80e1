/** What is done in panels is done again on the way to a moment of the past: the same packets, the same mailboxes. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOf, TestConsole } from "../testing/test-console.ts";
import type { AccountResult, MailView, MessageList, SendResult } from "./mail/view.ts";

for (const incomingProtocol of ["POP3", "IMAP"])
  test(`letters by ${incomingProtocol}, records and pages come again with the past, octet for octet`, () =>
    thereAndBack(incomingProtocol));

function thereAndBack(incomingProtocol: string): void {
  const console = new TestConsole({ network: "mail-lab" });
  const act = (host: string, panel: string, action: string, value: object = {}) =>
    console.ask("panel.act", { host, panel, action, value });
  const look = (): unknown => {
    const value = { folder: "inbox", search: "", from: 0, count: 10 };
    const list = console.ask("panel.look", { host: "pc2", panel: "mail", question: "list", value });
    return [(list as MessageList).rows, console.ask("panel.view", { host: "pc1", panel: "mail" }).data];
  };
  console.machine.pass(500);
  const { account } = console.ask("panel.view", { host: "pc2", panel: "mail" }).data as MailView;
  act("pc2", "mail", "account.save", { ...account, incomingProtocol });
  const attachments = [{ name: "a.txt", type: "text/plain", content: "aGVsbG8=" }];
  const letter = { to: "sreesanth@gmail.com", cc: "", bcc: "", subject: "Hello", text: "x", attachments };
  act("pc1", "mail", "send", letter);
  act("server", "dns", "record.add", { zone: "gmail.com", name: "www", type: "A", value: "192.168.1.5" });
  act("pc2", "browser", "go", { url: "http://www.gmail.com/" });
  act("pc2", "mail", "receive");
  act("pc2", "mail", "open", { id: 1 });
  console.machine.pass(3_000);
  act("pc1", "mail", "send", { ...letter, subject: "By IMAP it comes by itself" });
  console.machine.pass(3_000);
  console.ask("time.pause", {});
  const { nowNs } = console.ask("time.pause", {});
  const [packets, seen] = [digestOf(console.engine), look()];
  assert.equal((seen as [unknown[]])[0].length, incomingProtocol === "IMAP" ? 2 : 1);

  console.ask("time.goTo", { to: { timeNs: 400e6 } });
  const before = console.ask("panel.view", { host: "pc1", panel: "mail" }).data as MailView;
  assert.deepEqual(
    before.folders.map(({ total }) => total),
    [0, 0, 0, 0],
  );
  console.ask("time.goTo", { to: { timeNs: nowNs } });
  assert.deepEqual(digestOf(console.engine), packets);
  assert.deepEqual(look(), seen);
  console.engine.close();
}

test("what was refused is no change: it is not listed, and the future that is known stays known", () => {
  const console = new TestConsole({ network: "mail-lab" });
  console.machine.pass(2_000);
  console.ask("time.pause", {});
  const { horizonNs } = console.ask("time.goTo", { to: { timeNs: 500e6 } });
  const act = (host: string, panel: string, action: string, value: object) => ({
    host,
    panel,
    action,
    value,
  });
  const letter = { to: "who?", cc: "", bcc: "", subject: "", text: "", attachments: [] };
  const unsent = console.ask("panel.act", act("pc1", "mail", "send", letter)) as SendResult;
  assert.deepEqual(unsent.problems, [{ field: "to", message: '"who?" is no mail address' }]);
  const { account } = console.ask("panel.view", { host: "pc1", panel: "mail" }).data as MailView;
  const form = { ...account, address: "nobody" };
  const unsaved = console.ask("panel.act", act("pc1", "mail", "account.save", form)) as AccountResult;
  assert.equal(unsaved.problems[0].field, "address");
  const record = { zone: "nosuch.example", name: "www", type: "A", value: "192.168.1.5" };
  console.fail("panel.act", act("server", "dns", "record.add", record));
  assert.deepEqual(console.ask("time.inputs", {}), []);
  assert.equal(console.ask("time.pause", {}).horizonNs, horizonNs);

  console.ask("panel.act", act("pc1", "mail", "account.save", account as object));
  assert.deepEqual(
    console.ask("time.inputs", {}).map(({ text }) => text),
    ["mail on pc1: account.save"],
  );
  console.ask("host.power", { host: "pc1", on: false });
  assert.equal(console.fail("panel.act", act("pc1", "mail", "send", letter)).code, "host-off");
  assert.equal(console.fail("panel.act", act("pc1", "mail", "account.remove", {})).code, "host-off");
  console.engine.close();
});
