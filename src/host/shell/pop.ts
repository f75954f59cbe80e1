/** `pop`: reads a mailbox by POP3. */

import { decodeUtf8Lossy } from "../../bytes/index.ts";
import { LocalError, type Task } from "../../net/index.ts";
import { decodeWords, fieldValue, parseMessage, readMessage } from "../../protocols/message/index.ts";
import { download, type ListedMessage, Pop3Client } from "../../protocols/pop3/index.ts";
import { hasOption, parseInteger } from "./arguments.ts";
import type { Command, CommandInput, Shell } from "./command.ts";
import { connectIncoming, type IncomingProtocol, incomingLogin, incomingOptions } from "./incoming-mail.ts";
import { printable } from "./printable.ts";

const POP3: IncomingProtocol = { name: "POP3", port: 110 };

export const pop: Command = {
  name: "pop",
  summary: "read a mailbox (POP3)",
  operands: "[list|read|fetch|dele] [N]",
  options: [
    ...incomingOptions(POP3),
    {
      name: "keep",
      help: "fetch: leave the messages on the server (the default); what was fetched before is skipped",
    },
    { name: "delete", help: "fetch: delete them from the server" },
    { name: "verbose", short: "v", help: "show the dialogue with the server" },
  ],
  examples: ["pop --server mail.hamburger.edu --user bob --password hungry", "pop fetch --delete --user bob"],
  *run(shell, input): Task<number> {
    const request = readRequest(input);
    const login = yield* incomingLogin(shell, input, POP3);
    const { host, port, user, password } = login;
    const connection = yield* connectIncoming(shell, login);
    try {
      const verbose = hasOption(input, "verbose") && !shell.json;
      const onLine = (from: "C" | "S", line: string): void => shell.print(`${from}: ${printable(line)}\n`);
      const client = yield* Pop3Client.start(connection, verbose ? { onLine } : {});
      yield* client.login(user, password);
      yield* obey(shell, client, request, `pop ${user}@${host}:${port}`);
      yield* client.quit();
      return 0;
    } finally {
      connection.abort();
    }
  },
};

type Request =
  | { readonly kind: "list" }
  | { readonly kind: "fetch"; readonly keep: boolean }
  | { readonly kind: "read" | "dele"; readonly number: number };

function readRequest(input: CommandInput): Request {
  const [kind = "list", number, ...more] = input.operands;
  const takesNumber = kind === "read" || kind === "dele";
  if (
    !["list", "fetch", "read", "dele"].includes(kind) ||
    more.length > 0 ||
    (number !== undefined) !== takesNumber
  ) {
    throw new LocalError("usage", `"${input.operands.join(" ")}" is none of: ${pop.operands}`);
  }
  if (takesNumber) return { kind, number: parseInteger(number, "the number of the message", 1, 999_999_999) };
  if (kind === "list") return { kind };
  if (hasOption(input, "keep") && hasOption(input, "delete")) {
    throw new LocalError("usage", "--keep and --delete exclude each other");
  }
  return { kind: "fetch", keep: !hasOption(input, "delete") };
}

function* obey(shell: Shell, client: Pop3Client, request: Request, memoryKey: string): Task {
  switch (request.kind) {
    case "list":
      return yield* list(shell, client);
    case "read":
      return show(shell, request.number, yield* client.retrieve(request.number));
    case "dele":
      yield* client.delete(request.number);
      if (shell.json) shell.print(`${JSON.stringify({ deleted: request.number })}\n`);
      else shell.print(`message ${request.number} deleted\n`);
      return;
    case "fetch":
      return yield* fetch(shell, client, request.keep, memoryKey);
  }
}

function* list(shell: Shell, client: Pop3Client): Task {
  const messages: (ListedMessage & Summary)[] = [];
  for (const message of yield* client.list()) {
    // A server without TOP has only sizes to tell.
    const header = yield* client.topOrNothing(message.number, 0);
    messages.push({ ...message, ...summaryOf(header ?? new Uint8Array(0)) });
  }
  if (shell.json) shell.print(`${JSON.stringify({ messages })}\n`);
  else if (messages.length === 0) shell.print("no messages\n");
  else {
    for (const { number, octets, from, date, subject } of messages) {
      shell.print(`${String(number).padStart(3)}  ${from}  ${date}  ${subject}  (${octets} octets)\n`);
    }
  }
}

function* fetch(shell: Shell, client: Pop3Client, keep: boolean, memoryKey: string): Task {
  const known = new Set((shell.memory?.get(memoryKey) ?? "").split(" "));
  let count = 0;
  const seen = yield* download(client, {
    keep,
    known,
    *take({ number, content }) {
      count++;
      show(shell, number, content);
    },
  });
  shell.memory?.set(memoryKey, [...seen].slice(-KNOWN_MAX).join(" "));
  if (!shell.json)
    shell.print(count === 0 ? "no new messages\n" : `${count} fetched${keep ? "" : " and deleted"}\n`);
}

function show(shell: Shell, number: number, content: Uint8Array): void {
  const text = printable(readableText(content));
  if (shell.json) shell.print(`${JSON.stringify({ number, ...summaryOf(content), text })}\n`);
  else shell.print(text.endsWith("\n") ? text : `${text}\n`);
}

/** The header as it stands, the text decoded; a mail without MIME is shown as it came, octet by octet. */
function readableText(content: Uint8Array): string {
  const { fields, bodyAt } = parseMessage(content);
  const source = decodeUtf8Lossy(content);
  if (fieldValue(fields, "MIME-Version") === undefined) return source;
  const { text, html, attachments } = readMessage(content);
  const shown = text ?? (html === undefined ? "" : "[this mail is HTML only]\n");
  const files = attachments.map(({ name, type, bytes }) => `[${name}: ${type}, ${bytes.length} octets]\n`);
  return decodeUtf8Lossy(content.subarray(0, bodyAt)) + shown + files.join("");
}

interface Summary {
  readonly from: string;
  readonly date: string;
  readonly subject: string;
}

function summaryOf(content: Uint8Array): Summary {
  const { fields } = parseMessage(content);
  const value = (name: string): string => printable(decodeWords(fieldValue(fields, name) ?? ""));
  return {
    from: value("From") || value("Return-Path"),
    date: value("Date"),
    subject: value("Subject") || "(no subject)",
  };
}

/** Unique names that are remembered of one mailbox. */
const KNOWN_MAX = 10_000;
