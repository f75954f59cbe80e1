/** The mail client by IMAP: folders and messages are the server's, whoever looks at them. Row M5 as a person would do it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeBase64, encodeBase64 } from "../../../bytes/index.ts";
import { openLab, type PanelBench } from "../testing/lab.ts";
import { LETTER, MailDesk, PICTURE, SREESANTH } from "../testing/mail-desk.ts";
import type { AccountForm, AccountResult, DraftResult, SearchResult, WorkResult } from "./view.ts";

const BY_IMAP: Partial<AccountForm> = { incomingProtocol: "IMAP" };

test("the form chooses IMAP; accounts without a choice are POP3, and are saved as before", () => {
  const bench = openLab("mail-lab.yaml");
  const desk = new MailDesk(bench, "pc1");
  assert.equal(desk.view().account?.incomingProtocol, "POP3");
  assert.equal(desk.view().isRemote, false);
  const { incomingProtocol, ...older } = desk.view().account as AccountForm;
  assert.deepEqual(desk.act("account.save", older), { problems: [] });
  assert.ok(!("incomingProtocol" in (bench.host("pc1").mailAccount ?? {})));
  assert.deepEqual(desk.setUp(BY_IMAP), { problems: [] });
  assert.equal(bench.host("pc1").mailAccount?.incomingProtocol, "IMAP");
  assert.equal(desk.view().isRemote, true);
  assert.deepEqual(desk.act("account.check"), { problems: [] });
  // What was fetched by POP3 is there again with POP3.
  desk.setUp();
  assert.equal(desk.view().isRemote, false);
});

test("headers are listed, a letter is fetched when it is opened, a file when it is saved", () => {
  const { bench, one, two } = twoClerks();
  const attachments = [{ name: "cat.png", type: "image/png", content: encodeBase64(PICTURE) }];
  assert.equal(one.send({ html: "<p>How is the <b>lab</b>?</p>", attachments }).sent, true);
  assert.deepEqual(two.receive(), { received: 1, problems: [] });
  const { transferred } = meter(bench);
  const [row] = two.rows("inbox");
  assert.deepEqual(
    [row.subject, row.from, row.unread, row.attachments],
    ["Hello", "suryakiran <suryakiran@gmail.com>", true, 1],
  );
  const listed = two.message(row.id);
  assert.deepEqual([listed.isHere, listed.text, listed.files[0].isHere], [false, undefined, false]);
  assert.equal(two.look<{ content?: string }>("attachment", { id: row.id, index: 0 }).content, undefined);
  assert.equal(transferred(), 0, "who looks asks nobody");

  assert.deepEqual(two.act("open", { id: row.id }), { problems: [] });
  const opened = two.message(row.id);
  assert.deepEqual(
    [opened.isHere, opened.unread, opened.text, opened.html],
    [true, false, "How is the lab?\n", "<p>How is the <b>lab</b>?</p>\n"],
  );
  assert.equal(two.rows("inbox")[0].preview, "How is the lab?");
  assert.equal(opened.files[0].isHere, false);
  assert.ok(transferred() < 4_000, "the picture stays on the server");
  two.act("attachment.fetch", { id: row.id, index: 0 });
  assert.ok(transferred() > 6_000);
  assert.equal(two.message(row.id).files[0].octets, PICTURE.length);
  const { content } = two.look<{ content: string }>("attachment", { id: row.id, index: 0 });
  assert.deepEqual(decodeBase64(content), PICTURE);
  two.act("source.fetch", { id: row.id });
  assert.equal(two.message(row.id).sourceIsHere, true);
});

test("two PCs with one account see the same: read, answered, moved, deleted, sent, drafts, folders", () => {
  const { bench, one, two } = twoClerks();
  const other = new MailDesk(bench, "pc1");
  one.send({});
  one.send({ subject: "Second" });
  two.receive();
  // The other PC changes hands.
  other.setUp({ ...BY_IMAP, ...SREESANTH });
  assert.equal(other.receive().received, 2);
  const [second, first] = two.rows("inbox");
  two.act("open", { id: first.id });
  assert.ok(two.send({ to: "suryakiran@gmail.com", subject: "Re: Hello", answers: first.id }).sent);
  two.act("folder.create", { name: "Recipes" });
  two.act("move", { ids: [second.id], folder: "Recipes" });
  assert.deepEqual([two.count("inbox"), two.count("Recipes"), two.count("Sent")], [1, 1, 1]);

  assert.deepEqual(other.receive(), { received: 0, problems: [] });
  const [seen, ...more] = other.rows("inbox");
  assert.deepEqual([more.length, seen.subject, seen.unread, seen.answered], [0, "Hello", false, true]);
  other.act("folder.open", { folder: "Recipes" });
  assert.equal(other.rows("Recipes")[0].subject, "Second");
  other.act("folder.open", { folder: "Sent" });
  assert.equal(other.rows("Sent")[0].subject, "Re: Hello");
  assert.equal(other.folder("Sent")?.role, "sent");

  const { id = -1 } = other.act<DraftResult>("draft.keep", { ...LETTER, subject: "Unfinished" });
  assert.equal(other.rows("Drafts")[0].id, id);
  other.act("delete", { ids: [other.rows("Recipes")[0].id] });
  assert.deepEqual([other.count("Recipes"), other.count("Trash")], [0, 1]);
  other.act("folder.rename", { folder: "Recipes", name: "Soups" });
  two.receive();
  assert.equal(two.count("Drafts"), 1);
  assert.ok(two.folder("Soups") && !two.folder("Recipes"));
  two.act("folder.open", { folder: "Trash" });
  two.act("delete", { ids: [two.rows("Trash")[0].id] });
  two.act("folder.remove", { folder: "Soups" });
  other.receive();
  assert.deepEqual([other.count("Trash"), other.folder("Soups")], [0, undefined]);
  // It is gone, and who has it on the screen hears of it.
  two.act("delete", { ids: [two.rows("inbox")[0].id] });
  const { problems } = other.act<WorkResult>("source.fetch", { id: seen.id });
  assert.match(problems[0].message, /gone/);
  two.act("trash.empty");
  assert.equal(two.count("Trash"), 0);
});

test("the server searches: sender, subject, text that was never fetched", () => {
  const { one, two } = twoClerks();
  one.send({ subject: "Pickles", text: "Are they green?\n" });
  one.send({ subject: "Ketchup", text: "No pickles here.\n" });
  two.receive();
  const search = (field: string, words: string): string[] => {
    const { found } = two.act<SearchResult>("search", { folder: "inbox", field, words });
    const rows = two.rows("inbox", words, field);
    assert.equal(rows.length, found);
    return rows.map(({ subject }) => subject);
  };
  assert.deepEqual(search("subject", "pickles"), ["Pickles"]);
  assert.deepEqual(search("text", "PICKLES"), ["Ketchup", "Pickles"]);
  assert.deepEqual(search("from", "suryakiran"), ["Ketchup", "Pickles"]);
  assert.deepEqual(search("from", "nobody"), []);
  assert.deepEqual(two.rows("inbox", "never asked"), []);
  assert.equal(two.rows("inbox").length, 2);
});

test("what comes, and what another PC does, is seen at once: the server tells it (IDLE)", () => {
  const { bench, one, two } = twoClerks();
  const { world } = bench.lab;
  const pass = (seconds: number): void => bench.lab.runTo({ timeNs: world.nowNs + seconds * 1e9 });
  two.receive();
  pass(3);
  one.send({ subject: "Pushed" });
  pass(3);
  const [row] = two.rows("inbox");
  assert.deepEqual([row.subject, two.folder("inbox")?.unread, two.view().activity], ["Pushed", 1, undefined]);
  // Clicks end the waiting at once, and it goes on behind them.
  const clickedAtNs = world.nowNs;
  assert.deepEqual(two.act("open", { id: row.id }), { problems: [] });
  assert.ok(world.nowNs - clickedAtNs < 0.5e9, `${(world.nowNs - clickedAtNs) / 1e9} s for a click`);
  one.setUp({ ...BY_IMAP, ...SREESANTH });
  one.receive();
  one.act("delete", { ids: [one.rows("inbox")[0].id] });
  pass(3);
  assert.deepEqual([two.count("inbox"), two.rows("inbox")], [0, []]);
  pass(2 * 3600);
  one.send({ subject: "Two hours later" });
  pass(3);
  assert.equal(two.rows("inbox")[0].subject, "Two hours later");
});

test("a draft takes its file along, from the server to the next draft and out", () => {
  const { one, two } = twoClerks();
  const attachments = [{ name: "cat.png", type: "image/png", content: encodeBase64(PICTURE) }];
  const { draft = -1, sent } = one.send({ to: "nobody@gmail.com", attachments });
  assert.equal(sent, false);
  one.act("open", { id: draft });
  const again = one.send({ draft, attachments: [{ message: draft, index: 0 }] });
  assert.deepEqual([again.sent, again.problems, one.count("Drafts"), one.count("Sent")], [true, [], 0, 1]);
  two.receive();
  const [row] = two.rows("inbox");
  assert.equal(row.attachments, 1);
  const forwarded = two.send({
    to: "suryakiran@gmail.com",
    forwards: row.id,
    attachments: [{ message: row.id, index: 0 }],
  });
  assert.equal(forwarded.sent, true);
  assert.equal(two.rows("inbox")[0].forwarded, true);
  one.receive();
  const [back] = one.rows("inbox");
  one.act("attachment.fetch", { id: back.id, index: 0 });
  assert.equal(one.message(back.id).files[0].octets, PICTURE.length);
});

test("what is wrong is said at its field: password, server, IMAP switched off; then all is well again", () => {
  const bench = openLab("mail-lab.yaml");
  const desk = new MailDesk(bench, "pc1");
  const fieldsAfter = (change: Partial<AccountForm>, action = "account.check"): string[] => {
    desk.setUp({ ...BY_IMAP, ...change });
    const { problems } = desk.act<AccountResult>(action);
    assert.deepEqual(desk.view().problems, problems);
    return problems.map(({ field, message }) => `${field}: ${message}`);
  };
  const [user, password] = fieldsAfter({ password: "456" }, "receive");
  assert.match(user, /^userName: mail\.gmail\.com knows no user suryakiran with this password$/);
  assert.match(password, /^password: mail\.gmail\.com refused the login: /);
  assert.match(
    fieldsAfter({ incomingServer: "mail.gmail.com:25" })[0],
    /^incomingServer: .* does not speak IMAP/,
  );
  assert.match(fieldsAfter({ incomingServer: "192.168.1.77" })[0], /^incomingServer: .*(answer|reached)/);
  assert.deepEqual(fieldsAfter({}), []);
  assert.deepEqual(desk.receive().problems, []);

  const server = bench.host("server");
  bench.lab.world.finish(server.network.spawn("off", server.stopService("imap")));
  assert.deepEqual(desk.receive().problems, [
    {
      field: "incomingServer",
      message:
        "The incoming server mail.gmail.com refuses connections to port 143: no IMAP server runs there",
    },
  ]);
  bench.lab.world.finish(server.network.spawn("on", server.startService("imap")));
  assert.deepEqual(desk.receive().problems, []);
  assert.deepEqual(desk.act<WorkResult>("folder.create", { name: "INBOX" }).problems.length, 1);
  assert.match(desk.act<WorkResult>("folder.remove", { folder: "inbox" }).problems[0].message, /stay/);
  assert.deepEqual(desk.receive().problems, [], "a refusal ends no session");
});

test("clicks wait in line; what hangs can be stopped; a power cut on either side is got over", () => {
  const { bench, one, two } = twoClerks();
  one.send({});
  one.send({});
  two.receive();
  const ids = two.rows("inbox").map(({ id }) => id);
  const { network } = bench.host("pc2");
  const start = (action: string, value: object) =>
    network.spawn(action, bench.panel("mail").act(bench.host("pc2"), action, value));
  const works = [...ids.map((id) => start("open", { id })), start("mark", { ids, unread: true })];
  for (const work of works) assert.deepEqual(bench.lab.world.finish(work), { problems: [] });
  assert.equal(two.folder("inbox")?.unread, 2);

  bench.lab.setPower("server", false);
  const hanging = start("source.fetch", { id: ids[0] });
  bench.lab.runTo({ timeNs: bench.lab.world.nowNs + 1e9 });
  assert.equal(two.view().activity?.kind, "open");
  two.act("stop");
  assert.match((bench.lab.world.finish(hanging) as WorkResult).problems[0].message, /stopped/);
  bench.lab.setPower("server", true);
  bench.lab.runTo({ timeNs: bench.lab.world.nowNs + 5e9 });
  assert.deepEqual(two.act("open", { id: ids[0] }), { problems: [] });
  bench.lab.runTo({ timeNs: bench.lab.world.nowNs + 5e9 });
  bench.lab.setPower("server", false);
  const offAtNs = bench.lab.world.nowNs;
  assert.match(
    two.receive().problems[0].message,
    /^The incoming server mail\.gmail\.com (does not answer|was not found|could not be)/,
  );
  assert.ok(bench.lab.world.nowNs - offAtNs < 60e9, "nobody waits for a session that is dead");
  bench.lab.setPower("server", true);
  bench.lab.runTo({ timeNs: bench.lab.world.nowNs + 5e9 });
  bench.lab.setPower("pc2", false);
  bench.lab.setPower("pc2", true);
  bench.lab.runTo({ timeNs: bench.lab.world.nowNs + 5e9 });
  assert.deepEqual(two.receive().problems, []);
});

/** suryakiran on pc1 and sreesanth on pc2, both by IMAP. */
function twoClerks(): { bench: PanelBench; one: MailDesk; two: MailDesk } {
  const bench = openLab("mail-lab.yaml");
  const [one, two] = [new MailDesk(bench, "pc1"), new MailDesk(bench, "pc2")];
  one.setUp(BY_IMAP);
  two.setUp({ ...SREESANTH, ...BY_IMAP });
  return { bench, one, two };
}

/** Counts the octets that hosts put on the network from now on. */
function meter({ lab }: PanelBench): { transferred(): number } {
  let octets = 0;
  lab.world.addTap({
    handleFrame: ({ kind, bytes }) => {
      if (kind === "origin") octets += bytes.length;
    },
  });
  return { transferred: () => octets };
}
