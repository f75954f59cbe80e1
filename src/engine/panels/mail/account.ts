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
  incomingProtocol: v.optional(v.picklist(["POP3", "IMAP"]), "POP3"),
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
  check("incomingServer", (text) =>
    parseHostAndPort(text, "the incoming server", PORTS[form.incomingProtocol]),
  );
  check("outgoingServer", (text) => parseHostAndPort(text, "the outgoing server", PORTS.SMTP));
  return problems;
}

export function accountOf(form: AccountForm): MailAccount {
  const { name, address, incomingServer, incomingProtocol, outgoingServer, userName, password } = form;
  return {
    ...(name.trim() && { name: name.trim() }),
    address: address.trim(),
    incomingServer: incomingServer.trim(),
    // An account of POP3 is written as it was before there was a choice.
    ...(incomingProtocol === "IMAP" && { incomingProtocol }),
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
    incomingProtocol: account.incomingProtocol ?? "POP3",
    outgoingServer: account.outgoingServer ?? "",
    userName: account.userName ?? "",
    password: account.password ?? "",
  };
}

/** Throws MailProblem where none is set. */
export function incomingServerOf(account: MailAccount): ServerInQuestion {
  return serverOf("incomingServer", account.incomingServer, account.incomingProtocol ?? "POP3");
}

/** Throws MailProblem where none is set. */
export function outgoingServerOf(account: MailAccount): ServerInQuestion {
  return serverOf("outgoingServer", account.outgoingServer, "SMTP");
}

/** `Alice <alice@crepes.fr>`, as it goes into From. */
export function senderOf(account: MailAccount): string {
  return account.name === undefined ? account.address : `${quoted(account.name)} <${account.address}>`;
}

function serverOf(
  field: ServerInQuestion["field"],
  text: string | undefined,
  protocol: ServerInQuestion["protocol"],
): ServerInQuestion {
  if (text === undefined) throw MailProblem.at(field, `${REQUIRED[field]} is missing`);
  return { field, protocol, ...parseHostAndPort(text, "the server", PORTS[protocol]) };
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
const PORTS = { POP3: 110, IMAP: 143, SMTP: 25 } as const;
