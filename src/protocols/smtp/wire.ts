/**
 * Commands and replies of SMTP as lines: RFC 5321 sections 4.1 and 4.2. Read first: `Command`, `Reply`.
 * Lines are byte strings without their CRLF. `parseCommand` throws FormatError; its field says which reply fits:
 * "smtp.verb" (500: no such command) or another (501: wrong parameters).
 */

import { FormatError } from "../../bytes/index.ts";
import { formatPath, isDomainOrLiteral, type Mailbox, parsePathAt, type ReversePath } from "./address.ts";

export type Command =
  | { readonly verb: "HELO" | "EHLO"; readonly client: string }
  | { readonly verb: "MAIL"; readonly reversePath: ReversePath; readonly parameters: readonly Parameter[] }
  | { readonly verb: "RCPT"; readonly forwardPath: Mailbox; readonly parameters: readonly Parameter[] }
  | { readonly verb: "DATA" | "RSET" | "QUIT" }
  | { readonly verb: "NOOP" | "HELP" | "VRFY" | "EXPN"; readonly text: string };

export type Verb = Command["verb"];

/** An extension's parameter of MAIL or RCPT: `SIZE=1000`, `BODY=8BITMIME`. */
export interface Parameter {
  /** In capitals. */
  readonly keyword: string;
  readonly value: string | undefined;
}

export interface Reply {
  readonly code: number;
  /** Enhanced status code (RFC 3463): "2.1.5". */
  readonly status?: string | undefined;
  /** At least one line of text; may be empty. */
  readonly lines: readonly string[];
}

export interface ParseOptions {
  /** Refuse what the grammar forbids but senders do: white space around the colon's path. */
  readonly strict: boolean;
}

export function parseCommand(line: string, options: ParseOptions): Command {
  // RFC 5321 section 4.1.1: white space before the CRLF should be tolerated.
  const text = line.replace(/[ \t]+$/, "");
  const word = /^[A-Za-z]*/.exec(text)?.[0] ?? "";
  const verb = word.toUpperCase() as Verb;
  const rest = text.slice(word.length);
  if (!VERBS.includes(verb) || (rest !== "" && rest[0] !== " ")) {
    throw new FormatError("smtp.verb", 0, "no such command");
  }
  switch (verb) {
    case "HELO":
    case "EHLO":
      return { verb, client: parseClient(rest, word.length) };
    case "MAIL": {
      const { path, parameters } = parsePathAndParameters(text, "FROM", options);
      return { verb, reversePath: path, parameters };
    }
    case "RCPT": {
      const { path, parameters } = parsePathAndParameters(text, "TO", options);
      if (path === null) throw new FormatError("smtp.forward-path", 0, "the null path is no recipient");
      return { verb, forwardPath: path, parameters };
    }
    case "DATA":
    case "RSET":
    case "QUIT":
      if (rest !== "") throw new FormatError("smtp.parameter", word.length, `${verb} takes no parameters`);
      return { verb };
    default:
      return { verb, text: rest.trim() };
  }
}

/** The line of a command, without CRLF. `spaceAfterColon` writes paths as the textbook does (see README). */
export function emitCommand(command: Command, spaceAfterColon = false): string {
  const colon = spaceAfterColon ? ": " : ":";
  switch (command.verb) {
    case "HELO":
    case "EHLO":
      return `${command.verb} ${command.client}`;
    case "MAIL":
      return `MAIL FROM${colon}${formatPath(command.reversePath)}${emitParameters(command.parameters)}`;
    case "RCPT":
      return `RCPT TO${colon}${formatPath(command.forwardPath)}${emitParameters(command.parameters)}`;
    case "DATA":
    case "RSET":
    case "QUIT":
      return command.verb;
    default:
      return command.text === "" ? command.verb : `${command.verb} ${command.text}`;
  }
}

/** All lines of a reply with their CRLF; the enhanced status code stands on each of them (RFC 2034 section 4). */
export function emitReply(reply: Reply, withStatus: boolean): string {
  const status = withStatus && reply.status !== undefined ? `${reply.status} ` : "";
  const last = reply.lines.length - 1;
  return reply.lines
    .map((line, i) => `${reply.code}${i === last ? " " : "-"}${status}${line}`)
    .map((line) => `${line.trimEnd()}\r\n`)
    .join("");
}

/** One line of a reply; `more` says that others follow. */
export function parseReplyLine(line: string): { code: number; more: boolean; text: string } {
  // RFC 5321 section 4.2: the code alone, without a space, must be understood too.
  const match = /^([2-5]\d\d)(?:([ -])([^\r\n]*))?$/.exec(line);
  if (match === null)
    throw new FormatError("smtp.reply", 0, `"${line.slice(0, 40)}" begins with no reply code`);
  return { code: Number(match[1]), more: match[2] === "-", text: match[3] ?? "" };
}

/** Puts the lines of one reply together and takes the enhanced status code out of the text. */
export function joinReply(code: number, texts: readonly string[]): Reply {
  const statusOf = (text: string): string | undefined => /^([245]\.\d{1,3}\.\d{1,3})(?= |$)/.exec(text)?.[1];
  const status = statusOf(texts[0]);
  // RFC 2034 section 4: its class is that of the reply; anything else is just text.
  if (status === undefined || status[0] !== String(code)[0]) return { code, lines: texts };
  const lines = texts.map((text) => (statusOf(text) === status ? text.slice(status.length + 1) : text));
  return { code, status, lines };
}

/** A reply in one line, for logs, notifications and the packet list. */
export function describeReply(reply: Reply): string {
  const status = reply.status === undefined ? "" : ` ${reply.status}`;
  // It goes into logs and onto terminals: what a foreign server said must not steer them.
  return `${reply.code}${status} ${reply.lines.join(" ")}`.trimEnd().replace(/[^ -~]/g, "?");
}

/** What a line of the dialogue is about, in a few words, for the packet list; never throws. */
export function describeLine(line: string, from: "client" | "server"): string {
  if (from === "server") {
    const code = /^([2-5])\d\d/.exec(line);
    return code === null ? "not a reply" : REPLY_CLASSES[Number(code[1]) - 2];
  }
  try {
    return COMMAND_MEANINGS[parseCommand(line, { strict: false }).verb];
  } catch (error) {
    if (error instanceof FormatError) return "not a command";
    throw error;
  }
}

function parseClient(rest: string, offset: number): string {
  const client = rest.trim();
  // RFC 5321 section 4.1.1.1: a domain name, or an address literal when the client has no name.
  if (!isDomainOrLiteral(client))
    throw new FormatError("smtp.domain", offset, "a domain name or address literal");
  return client;
}

function parsePathAndParameters(
  text: string,
  preposition: "FROM" | "TO",
  options: ParseOptions,
): { path: ReversePath; parameters: Parameter[] } {
  const pattern = preposition === "FROM" ? /^MAIL( +)FROM( *):( *)/i : /^RCPT( +)TO( *):( *)/i;
  const head = pattern.exec(text);
  if (head === null) throw new FormatError("smtp.parameter", 4, `"${preposition}:<path>" must follow`);
  // RFC 5321 section 3.3: no spaces on either side of the colon; many senders, and the textbook, put one.
  if (options.strict && (head[1] !== " " || head[2] !== "" || head[3] !== "")) {
    throw new FormatError("smtp.parameter", 4, `no spaces around the colon of "${preposition}:<path>"`);
  }
  const { path, end } = parsePathAt(text, head[0].length);
  return { path, parameters: parseParameters(text, end) };
}

/** RFC 5321 section 4.1.2: Mail-parameters, Rcpt-parameters. */
function parseParameters(text: string, at: number): Parameter[] {
  const rest = text.slice(at);
  if (rest === "") return [];
  if (rest[0] !== " ") throw new FormatError("smtp.parameter", at, "a space must follow the path");
  const parameters: Parameter[] = [];
  for (const word of rest.split(" ")) {
    if (word === "") continue;
    const match = /^([A-Za-z0-9][A-Za-z0-9-]*)(?:=([!-<>-~]+))?$/.exec(word);
    if (match === null)
      throw new FormatError("smtp.parameter", at, `"${word}" is not KEYWORD or KEYWORD=value`);
    const keyword = match[1].toUpperCase();
    if (parameters.some((other) => other.keyword === keyword)) {
      throw new FormatError("smtp.parameter", at, `${keyword} is given twice`);
    }
    parameters.push({ keyword, value: match[2] });
  }
  return parameters;
}

function emitParameters(parameters: readonly Parameter[]): string {
  return parameters
    .map(({ keyword, value }) => ` ${keyword}${value === undefined ? "" : `=${value}`}`)
    .join("");
}

const COMMAND_MEANINGS: Record<Verb, string> = {
  HELO: "the client names itself",
  EHLO: "the client names itself and asks for the extensions",
  MAIL: "a mail begins: who sends it",
  RCPT: "one recipient",
  DATA: "the content shall follow",
  RSET: "the mail begun is forgotten",
  NOOP: "nothing",
  QUIT: "the client is done",
  VRFY: "does this mailbox exist?",
  EXPN: "who is on this list?",
  HELP: "help",
};

const VERBS = Object.keys(COMMAND_MEANINGS) as readonly Verb[];

/** RFC 5321 section 4.2.1: what the first digit says. */
const REPLY_CLASSES = ["done", "go on", "not now, try again later", "refused for good"] as const;
