/** The mail client's panel in the lab of one mail server and two clients: rows M11 and M12 as a person would do them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeBase64, decodeUtf8, encodeBase64 } from "../../../bytes/index.ts";
import { openLab } from "../testing/lab.ts";
import { LETTER, MailDesk, PICTURE, SREESANTH, SURYAKIRAN } from "../testing/mail-desk.ts";
import type { AccountForm, AccountResult, MessageView, ReceiveResult, SendResult } from "./view.ts";

test("two clients are set up from nothing and write to each other, with a picture", () => {
  const bench = openLab("mail-lab.yaml");
  const [one, two] = [new MailDesk(bench, "pc1"), new MailDesk(bench, "pc2")];
  for (const desk of [one, two]) desk.act("account.remove");
  assert.equal(one.view().account, undefined);
  assert.deepEqual(one.send({}).problems[0]?.field, "account");

  assert.deepEqual(one.setUp(), { problems: [] });
  assert.deepEqual(two.setUp({ ...SREESANTH }), { problems: [] });
  assert.deepEqual(one.act("account.check"), { problems: [] });
  assert.equal(one.view().account?.userName, "suryakiran");

  const attachments = [{ name: "cat.png", type: "image/png", content: encodeBase64(PICTURE) }];
  const sent = one.send({ html: "<p>How is the <b>lab</b>?</p>", attachments, bcc: "suryakiran@gmail.com" });
  assert.equal(sent.sent, true);
  assert.deepEqual(
    sent.recipients.map(({ address, outcome }) => [address, outcome]),
    [
      ["sreesanth@gmail.com", "delivered"],
      ["suryakiran@gmail.com", "delivered"],
    ],
  );
  assert.equal(one.look<MessageView>("message", { id: one.rows("sent")[0].id }).bcc, "suryakiran@gmail.com");

  two.act("leave-on-server", { on: false });
  assert.deepEqual(two.act<ReceiveResult>("receive"), { received: 1, problems: [] });
  const [row] = two.rows("inbox");
  assert.equal(row.subject, "Hello");
  assert.equal(row.attachments, 1);
  assert.equal(row.unread, true);
  const message = two.look<MessageView>("message", { id: row.id });
  assert.equal(message.text, "How is the lab?\n");
  assert.equal(message.html, "<p>How is the <b>lab</b>?</p>\n");
  assert.equal(message.bcc, "");
  const picture = two.look<{ content: string }>("attachment", { id: row.id, index: 0 });
  assert.deepEqual(decodeBase64(picture.content), PICTURE);
  const source = two.look<{ content: string }>("source", { id: row.id }).content;
  assert.doesNotMatch(decodeUtf8(decodeBase64(source) ?? PICTURE) ?? "", /^Bcc/m);

  const reply = { ...LETTER, to: row.from, subject: "Re: Hello", text: "It works.\n", answers: row.id };
  assert.equal(two.act<SendResult>("send", reply).sent, true);
  assert.equal(two.rows("inbox")[0].answered, true);
  assert.equal(one.act<ReceiveResult>("receive").received, 2);
  assert.deepEqual(
    one.rows("inbox").map(({ subject }) => subject),
    ["Re: Hello", "Hello"],
  );
  // What stays on the server is not received twice; what was to be deleted is gone.
  assert.equal(one.act<ReceiveResult>("receive").received, 0);
  assert.equal(two.act<ReceiveResult>("receive").received, 0);
});

test("what is wrong with the account is said at the right field", () => {
  const bench = openLab("mail-lab.yaml");
  const desk = new MailDesk(bench, "pc1");
  const fieldsAfter = (change: Partial<AccountForm>, action = "account.check"): string[] => {
    assert.deepEqual(desk.setUp(change).problems, []);
    const { problems } = desk.act<AccountResult>(action);
    assert.deepEqual(desk.view().problems, problems);
    return problems.map(({ field, message }) => `${field}: ${message}`);
  };
  assert.deepEqual(desk.setUp({ address: "suryakiran", userName: " ", incomingServer: "a b" }).problems, [
    { field: "userName", message: "The user name is missing" },
    { field: "address", message: '"suryakiran" is not a mail address like alice@crepes.fr' },
    { field: "incomingServer", message: '"a b" is not HOST or HOST:PORT' },
  ]);
  assert.equal(desk.view().account?.address, "suryakiran@gmail.com", "what was set up before stays");

  const [user, password] = fieldsAfter({ password: "456" }, "receive");
  assert.match(user, /^userName: mail\.gmail\.com knows no user suryakiran with this password$/);
  assert.match(password, /^password: mail\.gmail\.com refused the login: .*-?ERR|password/i);
  assert.equal(fieldsAfter({ userName: "nobody" }).length, 2);

  assert.match(
    fieldsAfter({ incomingServer: "mail.gmal.com" })[0],
    /^incomingServer: The incoming server mail\.gmal\.com .*(not found|not be looked up)/,
  );
  assert.deepEqual(fieldsAfter({ outgoingServer: "mail.gmail.com:26" }), [
    "outgoingServer: The outgoing server mail.gmail.com refuses connections to port 26: no SMTP server runs there",
  ]);
  assert.match(
    fieldsAfter({ incomingServer: "mail.gmail.com:25" })[0],
    /^incomingServer: What answers at mail\.gmail\.com:25 does not speak POP3/,
  );
  assert.match(fieldsAfter({ incomingServer: "192.168.1.77" })[0], /^incomingServer: .*(answer|reached)/);
  assert.deepEqual(fieldsAfter({}), []);
});

test("a letter that nobody takes is kept as a draft, with the server's words", () => {
  const bench = openLab("mail-lab.yaml");
  const desk = new MailDesk(bench, "pc1");
  assert.deepEqual(desk.send({ to: "sreesanth@gmail.com, who?" }).problems, [
    { field: "to", message: '"who?" is no mail address' },
  ]);
  assert.equal(desk.send({ to: " " }).problems[0]?.field, "to");
  assert.equal(desk.count("drafts"), 0);

  const refused = desk.send({ to: "nobody@gmail.com" });
  assert.equal(refused.sent, false);
  assert.match(refused.problems[0].message, /^nobody@gmail\.com was refused: 550 /);
  assert.equal(desk.count("drafts"), 1);

  const partly = desk.send({ to: "nobody@gmail.com, sreesanth@gmail.com", draft: refused.draft });
  assert.equal(partly.sent, true);
  assert.equal(partly.problems.length, 1);
  assert.deepEqual([desk.count("drafts"), desk.count("sent")], [0, 1]);

  bench.act("pc1", "mail", "account.save", { ...SURYAKIRAN, outgoingServer: "192.168.1.5:26" });
  const unreached = desk.send({});
  assert.equal(unreached.sent, false);
  assert.equal(unreached.problems[0].field, "outgoingServer");
  const draft = desk.look<MessageView>("message", { id: desk.rows("drafts")[0].id });
  assert.deepEqual([draft.to, draft.subject, draft.text], [LETTER.to, LETTER.subject, LETTER.text]);
});

test("a draft takes its files along, as often as it is kept again", () => {
  const desk = new MailDesk(openLab("mail-lab.yaml"), "pc1");
  const attachments = [{ name: "cat.png", type: "image/png", content: encodeBase64(PICTURE) }];
  const { draft = -1 } = desk.send({ to: "nobody@gmail.com", attachments });
  const again = desk.send({ to: "nobody@gmail.com", draft, attachments: [{ message: draft, index: 0 }] });
  assert.throws(() => desk.look("message", { id: draft }), /gone/);
  const kept = again.draft ?? -1;
  assert.ok(desk.send({ draft: kept, attachments: [{ message: kept, index: 0 }] }).sent);
  const [sent] = desk.rows("sent");
  const file = desk.look<{ content: string }>("attachment", { id: sent.id, index: 0 });
  assert.deepEqual(decodeBase64(file.content), PICTURE);
  assert.equal(desk.count("drafts"), 0);
});

test("messages are marked, moved, found, deleted twice", () => {
  const desk = new MailDesk(openLab("mail-lab.yaml"), "pc1");
  const id = desk.act<{ id: number }>("draft.keep", { ...LETTER, text: "About pickles" }).id;
  desk.act("draft.keep", { ...LETTER, text: "About ketchup" });
  assert.deepEqual(
    desk.rows("drafts", "PICKLES about").map((row) => row.id),
    [id],
  );
  desk.act("move", { ids: [id, 99], folder: "inbox" });
  desk.act("mark", { ids: [id], unread: true });
  assert.equal(desk.view().folders.find(({ folder }) => folder === "inbox")?.unread, 1);
  desk.act("delete", { ids: [id] });
  assert.equal(desk.count("trash"), 1);
  desk.act("delete", { ids: [id] });
  assert.equal(desk.count("trash"), 0);
  assert.throws(() => desk.look("message", { id }), /gone/);
  assert.throws(() => desk.act("mark", { ids: "all", unread: true }), /ids/);
  assert.throws(() => desk.act("explode"), /explode/);
});

test("work that hangs can be stopped, and a host that loses its power begins anew", () => {
  const bench = openLab("mail-lab.yaml");
  const desk = new MailDesk(bench, "pc1");
  bench.lab.setPower("server", false);
  const { network } = bench.host("pc1");
  const start = (action: string) =>
    network.spawn(action, bench.panel("mail").act(bench.host("pc1"), action, {}));
  const receiving = start("receive");
  bench.lab.runTo({ timeNs: bench.lab.world.nowNs + 1e9 });
  assert.equal(desk.view().activity?.kind, "receive");
  assert.match(desk.act<ReceiveResult>("receive").problems[0].message, /busy/);
  desk.act("stop");
  assert.deepEqual(bench.lab.world.finish(receiving), {
    received: 0,
    problems: [{ field: undefined, message: "It was stopped." }],
  });
  assert.equal(desk.view().activity, undefined);
  start("receive");
  bench.lab.runTo({ timeNs: bench.lab.world.nowNs + 1e9 });
  bench.lab.setPower("pc1", false);
  bench.lab.runTo({ timeNs: bench.lab.world.nowNs + 1e9 });
  assert.equal(desk.view().activity, undefined);
});
