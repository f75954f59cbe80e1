/** What is done in panels is done again on the way to a moment of the past: the same packets, the same mailboxes. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOf, TestConsole } from "../testing/test-console.ts";
import type { MailView, MessageList } from "./mail/view.ts";

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
