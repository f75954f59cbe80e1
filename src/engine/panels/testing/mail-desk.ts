/** The mail client of a host of networks/mail-lab.yaml, worked as a console works it. */

import type {
  AccountForm,
  AccountResult,
  FolderView,
  Letter,
  MailView,
  MessageList,
  MessageRow,
  MessageView,
  ReceiveResult,
  SendResult,
} from "../mail/view.ts";
import type { PanelBench } from "./lab.ts";

export class MailDesk {
  readonly bench: PanelBench;
  readonly host: string;

  constructor(bench: PanelBench, host: string) {
    this.bench = bench;
    this.host = host;
  }

  view(): MailView {
    return this.bench.view(this.host, "mail");
  }

  act<T>(action: string, value: object = {}): T {
    return this.bench.act(this.host, "mail", action, value);
  }

  look<T>(question: string, value: object): T {
    return this.bench.look(this.host, "mail", question, value);
  }

  rows(folder: string, search = "", field = "text"): readonly MessageRow[] {
    return this.look<MessageList>("list", { folder, search, field, from: 0, count: 100 }).rows;
  }

  message(id: number): MessageView {
    return this.look("message", { id });
  }

  folder(id: string): FolderView | undefined {
    return this.view().folders.find(({ folder }) => folder === id);
  }

  count(folder: string): number {
    return this.folder(folder)?.total ?? -1;
  }

  setUp(change: Partial<AccountForm> = {}): AccountResult {
    return this.act("account.save", { ...SURYAKIRAN, ...change });
  }

  send(change: Partial<Letter>): SendResult {
    return this.act("send", { ...LETTER, ...change });
  }

  receive(): ReceiveResult {
    return this.act("receive");
  }
}

export const SURYAKIRAN: AccountForm = {
  name: "suryakiran",
  address: "suryakiran@gmail.com",
  incomingServer: "mail.gmail.com",
  incomingProtocol: "POP3",
  outgoingServer: "mail.gmail.com",
  userName: "suryakiran",
  password: "123",
};
export const SREESANTH: Partial<AccountForm> = {
  name: "sreesanth",
  address: "sreesanth@gmail.com",
  userName: "sreesanth",
  password: "456",
};
export const LETTER: Letter = {
  to: "sreesanth@gmail.com",
  cc: "",
  bcc: "",
  subject: "Hello",
  text: "How is the lab?\n",
  attachments: [],
};
export const PICTURE = Uint8Array.from({ length: 5_000 }, (_, i) => (i * i) & 255);
