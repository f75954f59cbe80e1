/** Mail as a person clicks it: the lab of one server and two clients, a picture, and what a wrong account looks like. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { hasChromium, openConsole } from "./testing/browser.ts";
import { WAIT_MS } from "./testing/chromium.ts";
import { hamletUp } from "./testing/hamlet-up.ts";
import type { Account, MailPage } from "./testing/mail-page.ts";

const WORKS = "Saved. Both servers answer as they should.";
const suryakiran: Account = {
  name: "suryakiran",
  address: "suryakiran@gmail.com",
  incomingServer: "mail.gmail.com",
  outgoingServer: "mail.gmail.com",
  userName: "suryakiran",
  password: "123",
};
const sreesanth: Account = {
  ...suryakiran,
  name: "sreesanth",
  address: "sreesanth@gmail.com",
  userName: "sreesanth",
  password: "456",
};

test("the mail lab, from two empty forms: both clients are set up, and write to each other", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, `${await hamletUp(t, "ketchup")}&lesson=3-mail-lab`);
  const { guide, page } = console;
  await guide
    .getByRole("button", { name: /begin|start|open/i })
    .last()
    .click();
  await page.getByRole("button", { name: "Mail lab", exact: true }).waitFor();
  const first = await console.openHost("pc1");
  await first.program("Terminal");
  await first.type("ping -c 2 mail.gmail.com");
  await console.isDone("Is the server there?");
  const pc1 = await first.mail();
  await pc1.openAccount();
  await pc1.fill(suryakiran);
  await pc1.save();
  await pc1.account.getByText(WORKS).waitFor();
  await console.isDone("Set up the mail client of pc1");
  const second = await console.openHost("pc2");
  const pc2 = await second.mail();
  await pc2.openAccount();
  await pc2.fill(sreesanth);
  await pc2.save();
  await pc2.account.getByText(WORKS).waitFor();
  await console.isDone("Set up the mail client of pc2");
  await first.show();
  await pc1.send({ to: sreesanth.address, subject: "Hello", text: "How is the lab going?" });
  await page.getByText(`Sent to ${sreesanth.address}`).waitFor();
  await console.isDone("suryakiran writes to sreesanth");
  await second.show();
  await pc2.receive();
  const received = await pc2.open("Hello");
  await received.getByText("How is the lab going?").waitFor();
  await received.getByRole("button", { name: "Reply", exact: true }).click();
  await pc2.client.getByRole("textbox", { name: "Text of the message" }).pressSequentially("Well.");
  await pc2.client.getByRole("button", { name: "Send", exact: true }).click();
  await console.isDone("... and answers");
});

test("what an HTML mail would fetch is taken out of it, wherever it stands, and counted", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "ketchup", "--speed", "10"));
  const pc = await console.openHost("pc.crepes.fr");
  await pc.program("Terminal");
  const html = `<picture><source srcset=//a.test/1><img srcset=//a.test/2 alt=cat></picture><p background=//a.test/3>Cats`;
  await pc.type("telnet mail.crepes.fr 25");
  await pc.screen.getByText(/220 /).waitFor();
  for (const [line, reply] of [
    ["HELO pc.crepes.fr", /^250 .*/],
    ["MAIL FROM:<bob@hamburger.edu>", /^250 .*/],
    ["RCPT TO:<alice@crepes.fr>", /^250 .*/],
    ["DATA", /^354 /],
  ] as const) {
    await pc.type(line);
    await pc.screen.getByText(reply).last().waitFor();
  }
  for (const line of ["Subject: Cats", "Content-Type: text/html", "", html, "."]) await pc.type(line);
  await pc.type("QUIT");
  await pc.screen.getByText(/^221 /).waitFor();
  const mail = await pc.mail();
  await mail.receive();
  await mail.open("Cats");
  await mail.client.getByText("Remote images and the like are blocked (3)").waitFor();
  const shown = mail.client.frameLocator("iframe").locator("body");
  await shown.getByText("Cats").waitFor();
  assert.doesNotMatch(await shown.innerHTML(), /a\.test/);
});

test("with three files Send stays in sight; a letter to no address is no change", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "mail-lab", "--speed", "10"));
  const mail = await (await console.openHost("pc1")).mail();
  await mail.client.getByRole("button", { name: "Compose" }).click();
  const letter = mail.client.getByRole("form", { name: "New message" });
  await letter.getByRole("button", { name: "Cc, Bcc" }).click();
  const files = ["a long name of a file.txt", "another long name.txt", "one more long name.txt"];
  await letter
    .getByLabel("Files to attach")
    .setInputFiles(files.map((name) => ({ name, mimeType: "text/plain", buffer: Buffer.from(name) })));
  await letter.getByText(files[2]).waitFor();
  await letter.getByRole("textbox", { name: "To", exact: true }).fill("nobody at all");
  const send = letter.getByRole("button", { name: "Send", exact: true });
  const isSeen = await send.evaluate((button) => {
    const { left, right, top, bottom } = button.getBoundingClientRect();
    const corners = [top + 2, bottom - 2].map((y) =>
      button.ownerDocument.elementFromPoint((left + right) / 2, y),
    );
    return corners.every((found) => button.contains(found));
  });
  assert.ok(isSeen, "without scrolling");
  await send.click();
  await letter.getByText('"nobody at all" is no mail address').first().waitFor();
  await console.page.getByRole("button", { name: "Changes: 0" }).waitFor();
});

test("the form: Clear, Reset, Remove; a wrong server, user or password is said at its field", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "mail-lab", "--speed", "10"));
  const mail = await (await console.openHost("pc1")).mail();
  await mail.openAccount();
  const values = () => Promise.all(FIELDS.map((label) => mail.field(label).inputValue()));
  assert.deepEqual(await values(), Object.values(suryakiran));
  await mail.account.getByRole("button", { name: "Clear" }).click();
  assert.deepEqual(await values(), ["", "", "", "", "", ""]);
  await mail.account.getByRole("button", { name: "Reset" }).click();
  assert.deepEqual(await values(), Object.values(suryakiran));

  await mail.fill({ password: "wrong" });
  await mail.save();
  await mail.account.getByText(/mail\.gmail\.com refused the login/).waitFor();
  await mail.fill({ password: "123", incomingServer: "pop.gmail.com" });
  await mail.save();
  await mail.account.getByText(/incoming server pop\.gmail\.com was not found/).waitFor();
  assert.equal(await mail.field("Incoming server").getAttribute("aria-invalid"), "true");
  await mail.fill({ incomingServer: "mail.gmail.com", outgoingServer: "192.168.1.2" });
  await mail.save();
  await mail.account.getByText(/outgoing server 192\.168\.1\.2 refuses connections to port 25/).waitFor();
  await mail.fill({ outgoingServer: "mail.gmail.com", address: "suryakiran at gmail" });
  await mail.save();
  await mail.account.getByText(/is not a mail address/).waitFor();
  assert.equal(await mail.field("E-mail address").getAttribute("aria-invalid"), "true");
  await mail.fill(suryakiran);
  await mail.save();
  await mail.account.getByText(WORKS).waitFor();
  await mail.account.getByRole("button", { name: "Remove" }).click();
  await console.until(async () => (await values()).every((value) => value === ""));
});

test("a picture goes from one PC to the other, and is the same", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "ketchup", "--speed", "5"));
  const { page } = console;
  const alice = await (await console.openHost("pc.crepes.fr")).mail();
  const files = [{ name: "ketchup.png", mimeType: "image/png", buffer: PICTURE }];
  await alice.send({ to: "bob@hamburger.edu", subject: "A picture", text: "Look at this.", files });
  await page.getByText("Sent to bob@hamburger.edu").waitFor();
  const sent = await alice.folder("Sent");
  await sent.getByText("A picture").waitFor();
  const bob = await (await console.openHost("pc.hamburger.edu")).mail();
  await receiveUntil(bob, "A picture");
  await bob.client
    .getByRole("listitem")
    .filter({ hasText: "A picture" })
    .getByLabel("1 attachment")
    .waitFor();
  const message = await bob.open("A picture");
  await message.getByText("Look at this.").waitFor();
  const download = page.waitForEvent("download");
  await message
    .getByRole("button", { name: /ketchup\.png/ })
    .first()
    .click();
  assert.ok(readFileSync(await (await download).path()).equals(PICTURE));
});

/** Asks until it is there: from server to server it takes a moment of the network's time. */
async function receiveUntil(mail: MailPage, subject: string): Promise<void> {
  const list = await mail.folder("Inbox");
  const endAt = performance.now() + WAIT_MS;
  while (performance.now() < endAt) {
    await mail.receive();
    const isThere = await list
      .getByText(subject)
      .waitFor({ timeout: 1_000 })
      .then(
        () => true,
        () => false,
      );
    if (isThere) return;
  }
  assert.fail(`"${subject}" did not come`);
}

const FIELDS = ["Your name", "E-mail address", "Incoming server", "Outgoing server", "User name", "Password"];
/** One red pixel. */
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
);
