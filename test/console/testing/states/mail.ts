/** The mail client: a letter that is wrong, one with everything in it, and what lies in the folders. */

import type { ConsolePage } from "../console-page.ts";
import { HostPage } from "../host-page.ts";
import { MailPage } from "../mail-page.ts";
import { popup, type State } from "./state.ts";

export const mailStates: readonly State[] = [
  {
    name: "programs of the Desktop",
    async show(console) {
      await console.show("Both");
      const host = await console.openHost("pc.crepes.fr");
      await (await host.part("Desktop")).getByRole("button", { name: "Mail" }).waitFor();
    },
  },
  {
    name: "empty folder",
    async show(console) {
      const mail = await alice(console).mail();
      await mail.folder("Drafts");
      await mail.client.getByText("No drafts.").waitFor();
    },
  },
  {
    name: "letter to nobody",
    async show(console) {
      await mailOf(console).send({ to: "nobody", subject: "Nothing", text: "Nothing." });
      await console.page
        .getByRole("alert")
        .or(console.page.locator('[aria-invalid="true"]'))
        .first()
        .waitFor();
    },
  },
  popup(
    "files of the host",
    (console) => mailOf(console).client.getByRole("button", { name: "From pc.crepes.fr" }).click(),
    ({ page }) => page.getByRole("menuitem", { name: /^No files yet/ }),
  ),
  {
    name: "letter with a file, formats and a link",
    async show(console) {
      const { client } = mailOf(console);
      const text = client.getByRole("textbox", { name: "Text of the message" });
      await text.press("Control+a");
      await client.getByRole("button", { name: "Bold" }).click();
      await client.getByRole("button", { name: "Bullet list" }).click();
      await client.getByLabel("Files to attach").setInputFiles([
        { name: "menu.txt", mimeType: "text/plain", buffer: Buffer.from("Crêpes\n") },
        { name: "picture.png", mimeType: "image/png", buffer: PICTURE },
      ]);
      await client.getByRole("list", { name: "Files of this message" }).getByText("picture.png").waitFor();
      await client.getByRole("button", { name: "Cc, Bcc" }).click();
    },
  },
  popup(
    "address of a link",
    (console) => mailOf(console).client.getByRole("button", { name: "Link", exact: true }).click(),
    ({ page }) => page.getByPlaceholder("http://www.crepes.fr/"),
  ),
  {
    name: "draft",
    async show(console) {
      const mail = mailOf(console);
      await mail.client.getByRole("button", { name: "Keep as draft" }).click();
      await mail.folder("Drafts");
      await (await mail.open("Nothing")).getByRole("list", { name: "Attachments" }).waitFor();
    },
  },
  {
    name: "notice of a letter that was sent",
    async show(console) {
      const { client } = mailOf(console);
      await client.getByRole("button", { name: "Go on writing" }).click();
      await client.getByRole("textbox", { name: "To", exact: true }).fill("bob@hamburger.edu");
      await client.getByRole("button", { name: "Send", exact: true }).click();
      await console.page.getByText("Sent to bob@hamburger.edu").waitFor();
    },
  },
  {
    name: "letter with HTML and attachments",
    async show(console) {
      const mail = mailOf(console);
      await mail.folder("Sent");
      const letter = await mail.open("Nothing");
      await letter.getByRole("img", { name: "Attachment picture.png" }).waitFor();
      await letter.locator("iframe").waitFor();
    },
  },
  {
    name: "source of a letter",
    async show(console) {
      const forms = mailOf(console).client.getByRole("radiogroup", { name: "Form of the message" });
      await forms.getByText("Source").click();
      await console.page.getByRole("region", { name: "Source of the message" }).waitFor();
    },
    leave: (console) => mailOf(console).client.getByRole("button", { name: "Back to the list" }).click(),
  },
  {
    name: "messages that are chosen",
    async show(console) {
      const mail = mailOf(console);
      await mail.client.getByRole("checkbox", { name: "Choose Nothing" }).first().check();
      await mail.client.getByRole("button", { name: "Delete 1" }).waitFor();
    },
    leave: (console) => mailOf(console).client.getByRole("button", { name: "Delete 1" }).click(),
  },
  popup(
    "menu of the trash",
    async (console) => {
      const mail = mailOf(console);
      await (await mail.folder("Trash")).getByText("Nothing").first().waitFor();
      await mail.client.getByRole("button", { name: "More about the folder Trash" }).click();
    },
    ({ page }) => page.getByRole("menuitem", { name: "Empty the trash" }),
  ),
  {
    name: "search in vain",
    async show(console) {
      const { client } = mailOf(console);
      await client.getByRole("textbox", { name: "Search in Trash" }).fill("pickles");
      await client.getByText("No message has these words.").waitFor();
    },
  },
  {
    name: "wrong password",
    async show(console) {
      const mail = mailOf(console);
      await mail.openAccount();
      await mail.fill({ password: "wrong" });
      await mail.save();
      await mail.account.getByText(/refused the login/).waitFor();
    },
  },
  {
    name: "account by IMAP",
    async show(console) {
      const mail = mailOf(console);
      await mail.fill({ password: "gruyere" });
      await mail.choose("IMAP");
      await mail.save();
      await mail.account.getByText(/^Saved/).waitFor();
    },
    leave: (console) => mailOf(console).client.getByRole("button", { name: "To the inbox" }).click(),
  },
  popup(
    "name of a new folder",
    (console) => mailOf(console).client.getByRole("button", { name: "New folder" }).click(),
    ({ page }) => page.getByRole("textbox", { name: "Name of the new folder" }),
  ),
  popup(
    "menu of a folder of one's own",
    async (console) => {
      const mail = mailOf(console);
      await mail.newFolder("Recipes");
      await mail.folder("Recipes");
      await mail.client.getByRole("button", { name: "More about the folder Recipes" }).click();
    },
    ({ page }) => page.getByRole("menuitem", { name: "Rename" }),
  ),
  popup(
    "where a message goes",
    async (console) => {
      const mail = mailOf(console);
      await mail.folder("Inbox");
      await mail.open("Welcome to the town");
      await mail.client.getByRole("button", { name: /^Move/ }).click();
    },
    ({ page }) => page.getByRole("menuitem", { name: "Recipes" }),
  ),
];

function alice({ page }: ConsolePage): HostPage {
  return new HostPage(page, "pc.crepes.fr");
}

function mailOf(console: ConsolePage): MailPage {
  return new MailPage(alice(console).window);
}

/** One red pixel. */
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
);
