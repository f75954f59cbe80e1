/** `mail send`: hands a message to a mail server by SMTP. */

import { decodeUtf8Lossy } from "../../bytes/index.ts";
import { type Connection, LocalError, messageOf, NetworkError, type Task } from "../../net/index.ts";
import {
  type Attachment,
  composeMessage,
  makeMessageId,
  mediaTypeOf,
} from "../../protocols/message/index.ts";
import {
  addressLiteral,
  describeReply,
  isDomainOrLiteral,
  type Mailbox,
  parseMailbox,
  SmtpClient,
} from "../../protocols/smtp/index.ts";
import { hasOption, optionText, optionTexts, parseHostAndPort } from "./arguments.ts";
import type { Command, CommandInput, Shell } from "./command.ts";
import { printable } from "./printable.ts";
import { readWholeFile } from "./read-file.ts";

export const mailSend: Command = {
  name: "mail send",
  summary: "send a mail through a mail server (SMTP)",
  operands: "",
  options: [
    { name: "from", value: "ADDRESS", help: 'who sends it: alice@crepes.fr or "Alice <alice@crepes.fr>"' },
    { name: "to", value: "ADDRESS", help: "a recipient", repeatable: true },
    { name: "subject", short: "s", value: "TEXT", help: "the subject" },
    { name: "body", short: "b", value: "TEXT", help: "the text; absent: the lines of the input" },
    { name: "attach", short: "a", value: "FILE", help: "a file to go with it", repeatable: true },
    { name: "header", value: '"NAME: VALUE"', help: "one more header field", repeatable: true },
    { name: "server", value: "HOST[:PORT]", help: "the outgoing mail server (port 25)" },
    { name: "helo", help: "say HELO as in the textbook, not EHLO" },
    { name: "verbose", short: "v", help: "show the dialogue with the server" },
  ],
  examples: [
    'mail send --from alice@crepes.fr --to bob@hamburger.edu --server mail.crepes.fr --subject Ketchup --body "Do you like ketchup?"',
    "mail send --to bob@hamburger.edu --subject Menu --body See. --attach menu.pdf",
  ],
  *run(shell, input): Task<number> {
    const letter = yield* readLetter(shell, input);
    const { host, port } = serverOf(shell, input);
    let connection: Connection;
    try {
      connection = yield* shell.network.connect(host, port, { timeoutMs: CONNECT_TIMEOUT_MS });
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      throw new NetworkError(
        error.code,
        `the outgoing mail server ${host} does not answer: ${messageOf(error)}`,
      );
    }
    try {
      return yield* send(shell, input, connection, letter);
    } finally {
      connection.abort();
    }
  },
};

interface Letter {
  readonly from: Mailbox;
  readonly recipients: readonly Mailbox[];
  readonly messageId: string;
  readonly content: Uint8Array;
}

function* send(shell: Shell, input: CommandInput, connection: Connection, letter: Letter): Task<number> {
  const verbose = hasOption(input, "verbose") && !shell.json;
  const client = yield* SmtpClient.start(connection, {
    helloName: isDomainOrLiteral(shell.network.hostName)
      ? shell.network.hostName
      : addressLiteral(connection.local.address),
    style: hasOption(input, "helo") ? "textbook" : "EHLO",
    ...(verbose && {
      onLine: (from, line) => shell.print(`${from}: ${printable(line)}\n`),
      onContent: (content) => shell.print(printable(decodeUtf8Lossy(content)).replace(/(.*)\n/g, "C: $1\n")),
    }),
  });
  const { from, recipients, content, messageId } = letter;
  const outcomes = yield* client.send({ reversePath: from, recipients, content });
  yield* client.quit();
  const results = outcomes.map(({ recipient, outcome, reply }) => ({
    address: `${recipient.localPart}@${recipient.domain}`,
    outcome,
    reply: describeReply(reply),
  }));
  if (shell.json) shell.print(`${JSON.stringify({ messageId, recipients: results })}\n`);
  for (const { address, outcome, reply } of results) {
    if (outcome !== "delivered") shell.printError(`${address} was ${WORDS[outcome]}: ${reply}\n`);
    else if (!shell.json) shell.print(`${address}: taken by ${client.serverName}\n`);
  }
  return results.every(({ outcome }) => outcome === "delivered") ? 0 : 1;
}

function* readLetter(shell: Shell, input: CommandInput): Task<Letter> {
  const from = optionText(input, "from") ?? accountAddress(shell);
  const to = optionTexts(input, "to");
  if (from === undefined) throw new LocalError("usage", "who sends it? say --from ADDRESS");
  if (to.length === 0) throw new LocalError("usage", "who gets it? say --to ADDRESS");
  const sender = readAddress(from, "--from");
  const recipients = to.map((text) => readAddress(text, "--to"));
  const fields = optionTexts(input, "header").map(readField);
  const attachments = readAttachments(shell, optionTexts(input, "attach"));
  const text = optionText(input, "body") ?? (yield* readBody(shell));
  const { clock, random } = shell.network;
  const messageId = makeMessageId(
    Math.floor(clock.unixMs()),
    random.bytes(8),
    sender.domain.replace(/[[\]]/g, ""),
  );
  const content = composeMessage({
    from,
    to,
    subject: optionText(input, "subject"),
    dateMs: clock.unixMs(),
    messageId,
    fields,
    text,
    attachments,
  });
  return { from: sender, recipients, messageId, content };
}

function* readBody(shell: Shell): Task<string> {
  const lines: string[] = [];
  for (let octets = 0; ; ) {
    const line = yield* shell.readLine();
    if (line === null) return lines.map((each) => `${each}\n`).join("");
    octets += line.length;
    if (octets > BODY_MAX) throw new LocalError("too-large", `the input has over ${BODY_MAX} characters`);
    lines.push(line);
  }
}

function readAttachments(shell: Shell, paths: readonly string[]): Attachment[] {
  let left = ATTACHMENTS_MAX;
  return paths.map((path) => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const bytes = readWholeFile(shell, path, "--attach", left);
    left -= bytes.length;
    return { name, type: mediaTypeOf(name), bytes };
  });
}

function serverOf(shell: Shell, input: CommandInput): { host: string; port: number } {
  const text = optionText(input, "server") ?? shell.mailAccount?.outgoingServer;
  if (text === undefined) throw new LocalError("usage", "through which server? say --server HOST[:PORT]");
  return parseHostAndPort(text, "--server", SMTP_PORT);
}

/** The address of `Alice <alice@crepes.fr>` or `alice@crepes.fr`. */
function readAddress(text: string, option: string): Mailbox {
  const address = /<([^<>]*)>\s*$/.exec(text)?.[1] ?? text.trim();
  try {
    return parseMailbox(address);
  } catch (error) {
    throw new LocalError("usage", `${option} "${text}" is no mail address: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function readField(text: string): { name: string; value: string } {
  const colon = text.indexOf(":");
  if (colon < 1) throw new LocalError("usage", `--header "${text}" is not "NAME: VALUE"`);
  return { name: text.slice(0, colon).trim(), value: text.slice(colon + 1).trim() };
}

function accountAddress(shell: Shell): string | undefined {
  const account = shell.mailAccount;
  return account && (account.name === undefined ? account.address : `${account.name} <${account.address}>`);
}

const WORDS = { failed: "refused", deferred: "not accepted now" } as const;
const SMTP_PORT = 25;
/** As long as a person waits for a server that does not answer. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Text that is typed or piped into a mail; larger things are attachments. */
const BODY_MAX = 16 * 1024 * 1024;
/** As many octets as servers take; base64 makes a third more of them. */
const ATTACHMENTS_MAX = 32 * 1024 * 1024;
