/** The account of a mail client: the form of its configuration, checked, and as the host keeps it. */

import * as v from "valibot";
import { FormatError } from "../../../bytes/index.ts";
import { type MailAccount, parseHostAndPort } from "../../../host/shell/index.ts";
import { LocalError } from "../../../net/index.ts";
import { parseMailbox } from "../../../protocols/smtp/index.ts";
import { short } from "../values.ts";
import { MailProblem, type ServerInQuestion } from "./problem.ts";
import type { AccountForm, FieldProblem } from "./view.ts";

export const accountForm = v.strictObject({
  name: short,
  address: short,
  incomingServer: short,
  outgoingServer: short,
  userName: short,
  password: short,
});

/** What is wrong with the form before any server is asked. */
export function formProblems(form: AccountForm): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const [field, words] of Object.entries(REQUIRED) as [keyof AccountForm, string][]) {
    if (form[field].trim() === "") problems.push({ field, message: `${words} is missing` });
  }
  const check = (field: keyof AccountForm, parse: (text: string) => unknown): void => {
    const text = form[field].trim();
    if (text === "") return;
    try {
      parse(text);
    } catch (error) {
      if (!(error instanceof FormatError || error instanceof LocalError)) throw error;
      const what = field === "address" ? "a mail address like alice@crepes.fr" : "HOST or HOST:PORT";
      problems.push({ field, message: `"${text}" is not ${what}` });
    }
  };
  check("address", parseMailbox);
  check("incomingServer", (text) => parseHostAndPort(text, "the incoming server", POP3_PORT));
  check("outgoingServer", (text) => parseHostAndPort(text, "the outgoing server", SMTP_PORT));
  return problems;
}

export function accountOf(form: AccountForm): MailAccount {
  const { name, address, incomingServer, outgoingServer, userName, password } = form;
  return {
    ...(name.trim() && { name: name.trim() }),
    address: address.trim(),
    incomingServer: incomingServer.trim(),
    outgoingServer: outgoingServer.trim(),
    userName: userName.trim(),
    password,
  };
}

export function formOf(account: MailAccount): AccountForm {
  return {
    name: account.name ?? "",
    address: account.address,
    incomingServer: account.incomingServer ?? "",
    outgoingServer: account.outgoingServer ?? "",
    userName: account.userName ?? "",
    password: account.password ?? "",
  };
}

/** Throws MailProblem where none is set. */
export function incomingServerOf(account: MailAccount): ServerInQuestion {
  return serverOf("incomingServer", account.incomingServer, POP3_PORT);
}

/** Throws MailProblem where none is set. */
export function outgoingServerOf(account: MailAccount): ServerInQuestion {
  return serverOf("outgoingServer", account.outgoingServer, SMTP_PORT);
}

/** `Alice <alice@crepes.fr>`, as it goes into From. */
export function senderOf(account: MailAccount): string {
  return account.name === undefined ? account.address : `${quoted(account.name)} <${account.address}>`;
}

function serverOf(
  field: ServerInQuestion["field"],
  text: string | undefined,
  port: number,
): ServerInQuestion {
  if (text === undefined) throw MailProblem.at(field, `${REQUIRED[field]} is missing`);
  return { field, ...parseHostAndPort(text, "the server", port) };
}

function quoted(name: string): string {
  return /[^A-Za-z0-9 \u0080-\uffff]/.test(name) ? `"${name.replace(/["\\]/g, "\\$&")}"` : name;
}

const REQUIRED: Partial<Record<keyof AccountForm, string>> = {
  address: "The e-mail address",
  incomingServer: "The incoming server",
  outgoingServer: "The outgoing server",
  userName: "The user name",
  password: "The password",
};
const POP3_PORT = 110;
const SMTP_PORT = 25;
