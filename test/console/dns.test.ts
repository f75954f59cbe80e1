/** The name server's panel: a record with a TTL of its own, which is changed in its place. */

import { test } from "node:test";
import { hasChromium, openConsole } from "./testing/browser.ts";
import { hamletUp } from "./testing/hamlet-up.ts";

test("a record is added with its TTL, and changed", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "town"));
  const dns = await (await console.openHost("ns1.crepes.fr")).part("Services");
  const added = dns.getByRole("form", { name: /^New record in/ });
  await added.getByRole("textbox", { name: "Name" }).fill("note");
  await added.getByRole("textbox", { name: "TTL (s)" }).fill("soon");
  await added.getByRole("combobox", { name: "Type" }).selectOption("TXT");
  await added.getByRole("textbox", { name: "Value" }).fill("hello world");
  await added.getByRole("button", { name: "Add" }).click();
  await added
    .getByRole("alert")
    .getByText(/TTL is a whole number of seconds/)
    .waitFor();
  await added.getByRole("textbox", { name: "TTL (s)" }).fill("60");
  await added.getByRole("button", { name: "Add" }).click();
  await dns.getByRole("row", { name: /note 60 TXT "hello world"/ }).waitFor();
  await dns.getByRole("button", { name: /^Change note TXT/ }).click();
  const changed = dns.getByRole("form", { name: /^Record in/ });
  await changed.getByRole("textbox", { name: "Value" }).fill("good bye");
  await changed.getByRole("button", { name: "Change" }).click();
  await dns.getByRole("row", { name: /note 60 TXT "good bye"/ }).waitFor();
  await dns.getByText('"hello world"').waitFor({ state: "detached" });
  await added.waitFor();
});
