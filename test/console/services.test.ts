/** A service is switched off, and whoever asks for it is refused: seen in the packet list. */

import { test } from "node:test";
import { hasChromium, openConsole } from "./testing/browser.ts";
import { hamletUp } from "./testing/hamlet-up.ts";

test("SMTP is switched off: the connection is refused, which the list shows and the mail client says", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "ketchup"));
  const server = await console.openHost("mail.crepes.fr");
  const services = await server.part("Services");
  const smtp = services.getByRole("switch", { name: /SMTP/ }).first();
  await smtp.click();
  await services.getByText(/^\d of \d on$/).waitFor();
  const pc = await console.openHost("pc.crepes.fr");
  const mail = await pc.mail();
  await mail.send({ to: "bob@hamburger.edu", subject: "Ketchup", text: "Do you like ketchup?" });
  await mail.client
    .getByRole("alert")
    .getByText(/mail\.crepes\.fr refuses connections to port 25/)
    .first()
    .waitFor();
  await console.filter("tcp.port == 25 and tcp.flags.reset == 1");
  await console.row("[RST, ACK]").first().waitFor();
  await server.show();
  await smtp.click();
});

test("a mail server has a switch for each of SMTP, POP3 and IMAP", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "ketchup"));
  const server = await console.openHost("mail.crepes.fr");
  const services = await server.part("Services");
  await services.getByText("all on").waitFor();
  for (const name of ["SMTP", "POP3", "IMAP"]) {
    const button = services.getByRole("switch", { name });
    await services.getByText(new RegExp(`^${name} listens on`)).waitFor();
    await button.click();
    await services.getByText("2 of 3 on").waitFor();
    await button.click();
    await services.getByText("all on").waitFor();
  }
});

test("why a form was refused is said as an alert, and until something else is typed", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "town"));
  const mail = await (await console.openHost("mail.crepes.fr")).part("Services");
  const domain = mail.getByRole("textbox", { name: "Domain name" });
  await domain.fill("not a domain");
  await domain.press("Enter");
  const refused = mail.getByRole("alert");
  await refused.getByText('"not a domain" is no domain name; several have commas between them').waitFor();
  await domain.fill("crepes.fr");
  await refused.waitFor({ state: "detached" });
  await domain.fill("crepes.fr, a@b");
  await domain.press("Enter");
  await refused.getByText('"a@b" is no domain name').waitFor();
  await domain.fill("crepes.fr, example.org");
  await domain.press("Enter");
  await mail.getByText(/listens on .* for crepes\.fr, example\.org/).waitFor();

  const dns = await (await console.openHost("ns1.crepes.fr")).part("Services");
  const form = dns.getByRole("form", { name: /^New record/ });
  const value = form.getByRole("textbox", { name: "Value" });
  await value.fill("no address");
  await value.press("Enter");
  await form.getByRole("alert").waitFor();
  await value.fill("");
  await form.getByRole("alert").waitFor({ state: "detached" });
});
