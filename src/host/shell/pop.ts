/** `pop`: reads a mailbox by POP3. */

import { decodeUtf8Lossy } from "../../bytes/index.ts";
import { type Connection, LocalError, messageOf, NetworkError, type Task } from "../../net/index.ts";
import { decodeWords, fieldValue, parseMessage, readMessage } from "../../protocols/message/index.ts";
import { download, type ListedMessage, Pop3Client } from "../../protocols/pop3/index.ts";
import { hasOption, optionText, parseHostAndPort, parseInteger } from "./arguments.ts";
import type { Command, CommandInput, Shell } from "./command.ts";
import { printable } from "./printable.ts";

export const pop: Command = {
  name: "pop",
  summary: "read a mailbox (POP3)",
  operands: "[list|read|fetch|dele] [N]",
  options: [
    { name: "server", value: "HOST[:PORT]", help: "the incoming mail server (port 110)" },
    { name: "user", short: "u", value: "NAME", help: "who logs in" },
    {
      name: "password",
      short: "p",
      value: "TEXT",
      help: "the password; absent: the first line of the input",
    },
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
    const { host, port } = serverOf(shell, input);
    const user = optionText(input, "user") ?? shell.mailAccount?.userName;
    if (user === undefined) throw new LocalError("usage", "who logs in? say --user NAME");
    const password =
      optionText(input, "password") ?? shell.mailAccount?.password ?? (yield* shell.readLine());
    if (password === null) throw new LocalError("usage", "no password: say --password TEXT");
    const connection = yield* connect(shell, host, port);
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

function* connect(shell: Shell, host: string, port: number): Task<Connection> {
  try {
    return yield* shell.network.connect(host, port, { timeoutMs: CONNECT_TIMEOUT_MS });
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    throw new NetworkError(
      error.code,
      `the incoming mail server ${host} does not answer: ${messageOf(error)}`,
    );
  }
}

function serverOf(shell: Shell, input: CommandInput): { host: string; port: number } {
  const text = optionText(input, "server") ?? shell.mailAccount?.incomingServer;
  if (text === undefined) throw new LocalError("usage", "which server? say --server HOST[:PORT]");
  return parseHostAndPort(text, "--server", POP3_PORT);
}

const POP3_PORT = 110;
/** As long as a person waits for a server that does not answer. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Unique names that are remembered of one mailbox. */
const KNOWN_MAX = 10_000;
