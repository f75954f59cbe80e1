/** The mail client of a host, as a person uses it. */

import type { Locator, Page } from "playwright-core";

export interface Account {
  readonly name: string;
  readonly address: string;
  readonly incomingServer: string;
  readonly outgoingServer: string;
  readonly userName: string;
  readonly password: string;
}

export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly files?: readonly { readonly name: string; readonly mimeType: string; readonly buffer: Buffer }[];
}

export class MailPage {
  readonly client: Locator;

  constructor(client: Locator) {
    this.client = client;
  }

  get account(): Locator {
    return this.client.getByRole("form", { name: "Mail account" });
  }

  field(label: string): Locator {
    return this.account.getByRole("textbox", { name: label, exact: true });
  }

  async openAccount(): Promise<void> {
    if (await this.account.isVisible()) return;
    await this.client.getByRole("button", { name: "Mail account", exact: true }).click();
    await this.account.waitFor();
  }

  /** Fills in the form of the account; what is not given stays. */
  async fill(account: Partial<Account>): Promise<void> {
    for (const [key, value] of Object.entries(account))
      await this.field(LABELS[key as keyof Account]).fill(value);
  }

  async save(): Promise<void> {
    await this.account.getByRole("button", { name: "Save" }).click();
  }

  async send({ to, subject, text, files = [] }: Letter): Promise<void> {
    await this.client.getByRole("button", { name: "Compose" }).click();
    const letter = this.client.getByRole("form", { name: "New message" });
    await letter.getByRole("textbox", { name: "To", exact: true }).fill(to);
    await letter.getByRole("textbox", { name: "Subject" }).fill(subject);
    await letter.getByRole("textbox", { name: "Text of the message" }).fill(text);
    if (files.length > 0) await letter.getByLabel("Files to attach").setInputFiles([...files]);
    await letter.getByRole("button", { name: "Send", exact: true }).click();
  }

  async receive(): Promise<void> {
    await this.client.getByRole("button", { name: "Receive" }).click();
  }

  /** Chooses how the mailbox is read. */
  async choose(protocol: "POP3" | "IMAP"): Promise<void> {
    await this.account.getByText(protocol, { exact: true }).click();
  }

  /** Has the server search. */
  async search(words: string, where: "Anywhere" | "Sender" | "Subject"): Promise<void> {
    await this.client.getByRole("combobox", { name: "Where the server searches" }).selectOption(where);
    const box = this.client.getByRole("textbox", { name: /^Search in/ });
    await box.fill(words);
    await box.press("Enter");
  }

  async newFolder(name: string): Promise<void> {
    await this.client.getByRole("button", { name: "New folder" }).click();
    const { page } = this;
    await page.getByRole("textbox", { name: "Name of the new folder" }).fill(name);
    await page.getByRole("button", { name: "Make" }).click();
    await this.client
      .getByRole("navigation", { name: "Mail folders" })
      .getByText(name, { exact: true })
      .waitFor();
  }

  /** The message that is open goes into another folder. */
  async moveTo(folder: string): Promise<void> {
    await this.client.getByRole("button", { name: "Move to a folder" }).click();
    await this.page.getByRole("menuitem", { name: folder }).click();
  }

  get page(): Page {
    return this.client.page();
  }

  async folder(name: string): Promise<Locator> {
    await this.client
      .getByRole("navigation", { name: "Mail folders" })
      .getByRole("button", { name: new RegExp(`^${name}`) })
      .click();
    return this.client.getByRole("list", { name });
  }

  /** Opens a message of the folder that is shown. */
  async open(subject: string): Promise<Locator> {
    await this.client.getByRole("listitem").filter({ hasText: subject }).getByRole("button").click();
    const message = this.client.getByRole("article", { name: subject });
    await message.waitFor();
    return message;
  }
}

const LABELS: Readonly<Record<keyof Account, string>> = {
  name: "Your name",
  address: "E-mail address",
  incomingServer: "Incoming server",
  outgoingServer: "Outgoing server",
  userName: "User name",
  password: "Password",
};
