/**
 * The client's side of SMTP: RFC 5321. One `SmtpClient` is one connection that carries any number of mails.
 * What must stay true: a recipient is "delivered" only when the server said 2yz after the final dot; when the connection
 * breaks before that, `send` throws and nobody knows (RFC 1047), so the caller must send again.
 */

import { FormatError } from "../../bytes/index.ts";
import { type Connection, formatEndpoint, RemoteError, type Task } from "../../net/index.ts";
import type { Mailbox, ReversePath } from "./address.ts";
import { emitData } from "./data.ts";
import { isPermanent, isPositive, SmtpRefusedError } from "./errors.ts";
import { reply } from "./replies.ts";
import { type Command, emitCommand, joinReply, type Parameter, parseReplyLine, type Reply } from "./wire.ts";

export interface SmtpClientOptions {
  /** What we call ourselves: a domain name, or an address literal. */
  readonly helloName: string;
  /**
   * "EHLO" (absent): RFC 5321, with HELO where EHLO is refused. "HELO": plain. "textbook": plain, and with the
   * space after the colon that the textbook's dialogue has and every server tolerates.
   */
  readonly style?: "EHLO" | "HELO" | "textbook";
  /** Hears every line of the dialogue except the content. */
  readonly onLine?: (from: "C" | "S", line: string) => void;
  /** Hears of the content as it is sent, dots doubled. */
  readonly onContent?: (content: Uint8Array) => void;
}

export interface OutgoingMail {
  readonly reversePath: ReversePath;
  /** At most RECIPIENTS_PER_MAIL_MAX. */
  readonly recipients: readonly Mailbox[];
  readonly content: Uint8Array;
}

export interface RecipientOutcome {
  readonly recipient: Mailbox;
  /** Deferred: it may work later (4yz). Failed: never as it is (5yz). */
  readonly outcome: "delivered" | "deferred" | "failed";
  /** What the server said of this recipient, or of the mail. */
  readonly reply: Reply;
}

export class SmtpClient {
  readonly #connection: Connection;
  readonly #options: SmtpClientOptions;
  readonly #extensions = new Map<string, string>();
  /** The server's own name, as its greeting says. */
  readonly serverName: string;

  /** Waits for the greeting and says hello. Throws SmtpRefusedError, RemoteError, NetworkError; the caller closes. */
  static *start(connection: Connection, options: SmtpClientOptions): Task<SmtpClient> {
    const greeting = yield* readReply(connection, options, GREETING_TIMEOUT_MS);
    const server = formatEndpoint(connection.remote);
    if (!isPositive(greeting)) throw new SmtpRefusedError(server, "the connection", greeting);
    const client = new SmtpClient(connection, options, greeting.lines[0].split(" ")[0]);
    yield* client.#hello(server);
    return client;
  }

  private constructor(connection: Connection, options: SmtpClientOptions, serverName: string) {
    this.#connection = connection;
    this.#options = options;
    this.serverName = serverName;
  }

  /** Keywords of the server's EHLO reply, in capitals, with their parameters. */
  get extensions(): ReadonlyMap<string, string> {
    return this.#extensions;
  }

  /** Sends one mail; says for each recipient what became of it, in order. */
  *send(mail: OutgoingMail): Task<RecipientOutcome[]> {
    // First: what we must not send is refused before the server hears of it.
    const data = emitData(mail.content);
    const eightBit = hasEightBit(mail.content);
    const refusal = this.#refusalBeforehand(mail.content.length, eightBit);
    if (refusal !== undefined) return mail.recipients.map((recipient) => outcomeOf(recipient, refusal));
    const commands = this.#commandsOf(mail, eightBit);
    const replies = this.#extensions.has("PIPELINING")
      ? yield* this.#askAllAtOnce(commands)
      : yield* this.#askOneByOne(commands);
    const [sender, ...recipients] = replies;
    const answers = mail.recipients.map((_, i) => (isPositive(sender) ? recipients[i] : sender));
    const startData = replies[commands.length - 1];
    if (startData?.code === 354) {
      const anyone = answers.some(isPositive);
      // RFC 2920 section 3.1: 354 although nobody was accepted: the mail must stay empty.
      const final = yield* this.#sendContent(anyone ? data : LONE_DOT);
      return mail.recipients.map((recipient, i) =>
        outcomeOf(recipient, isPositive(answers[i]) ? final : answers[i]),
      );
    }
    if (isPositive(sender)) yield* this.#ask({ verb: "RSET" }, COMMAND_TIMEOUT_MS);
    return mail.recipients.map((recipient, i) =>
      outcomeOf(recipient, isPositive(answers[i]) ? startData : answers[i]),
    );
  }

  /** Says goodbye, waits for the answer and ends the connection. */
  *quit(): Task {
    yield* this.#ask({ verb: "QUIT" }, QUIT_TIMEOUT_MS);
    yield* this.#connection.finish(QUIT_TIMEOUT_MS);
  }

  *#hello(server: string): Task {
    const client = this.#options.helloName;
    if ((this.#options.style ?? "EHLO") === "EHLO") {
      const extended = yield* this.#ask({ verb: "EHLO", client }, COMMAND_TIMEOUT_MS);
      if (isPositive(extended)) {
        for (const line of extended.lines.slice(1)) this.#learnExtension(line);
        return;
      }
      // RFC 5321 section 4.1.4: a server that does not know EHLO is asked with HELO; "not now" is "not now".
      if (!isPermanent(extended)) throw new SmtpRefusedError(server, "EHLO", extended);
    }
    const plain = yield* this.#ask({ verb: "HELO", client }, COMMAND_TIMEOUT_MS);
    if (!isPositive(plain)) throw new SmtpRefusedError(server, "HELO", plain);
  }

  #learnExtension(line: string): void {
    const [keyword, ...parameters] = line.trim().split(/ +/);
    this.#extensions.set(keyword.toUpperCase(), parameters.join(" "));
  }

  #refusalBeforehand(octets: number, eightBit: boolean): Reply | undefined {
    const limit = this.#extensions.get("SIZE");
    // RFC 1870 section 4: 0 or nothing means that no fixed limit is known.
    if (limit !== undefined && /^[1-9]\d*$/.test(limit) && octets > Number(limit)) {
      return reply(552, "5.3.4", `The mail has ${octets} octets, the server takes ${limit}`);
    }
    // RFC 6152 section 3: without the extension the mail must be converted or returned.
    if (eightBit && !this.#extensions.has("8BITMIME")) {
      return reply(
        554,
        "5.6.3",
        "The mail has octets outside ASCII, the server does not take them (no 8BITMIME)",
      );
    }
    return undefined;
  }

  #commandsOf(mail: OutgoingMail, eightBit: boolean): Command[] {
    const parameters: Parameter[] = [];
    if (this.#extensions.has("SIZE")) {
      parameters.push({ keyword: "SIZE", value: String(mail.content.length) });
    }
    if (eightBit) parameters.push({ keyword: "BODY", value: "8BITMIME" });
    return [
      { verb: "MAIL", reversePath: mail.reversePath, parameters },
      ...mail.recipients.map((forwardPath): Command => ({ verb: "RCPT", forwardPath, parameters: [] })),
      { verb: "DATA" },
    ];
  }

  /** Asks command by command; stops at a refused sender or when nobody was accepted. */
  *#askOneByOne(commands: readonly Command[]): Task<Reply[]> {
    const replies: Reply[] = [];
    for (const command of commands) {
      const nobody = command.verb === "DATA" && !replies.slice(1).some(isPositive);
      if (nobody) return replies;
      const answer = yield* this.#ask(
        command,
        command.verb === "DATA" ? DATA_TIMEOUT_MS : COMMAND_TIMEOUT_MS,
      );
      replies.push(answer);
      if (command.verb === "MAIL" && !isPositive(answer)) return replies;
    }
    return replies;
  }

  /** RFC 2920: the whole group at once, then all its replies. */
  *#askAllAtOnce(commands: readonly Command[]): Task<Reply[]> {
    const lines = commands.map((command) => this.#say(command));
    yield* this.#connection.write(lines.join(""), COMMAND_TIMEOUT_MS);
    const replies: Reply[] = [];
    for (const _ of commands) {
      replies.push(yield* readReply(this.#connection, this.#options, COMMAND_TIMEOUT_MS));
    }
    return replies;
  }

  *#ask(command: Command, timeoutMs: number): Task<Reply> {
    yield* this.#connection.write(this.#say(command), timeoutMs);
    return yield* readReply(this.#connection, this.#options, timeoutMs);
  }

  #say(command: Command): string {
    const line = emitCommand(command, this.#options.style === "textbook");
    this.#options.onLine?.("C", line);
    return `${line}\r\n`;
  }

  *#sendContent(data: Uint8Array): Task<Reply> {
    this.#options.onContent?.(data);
    yield* this.#connection.write(data, BLOCK_TIMEOUT_MS);
    return yield* readReply(this.#connection, this.#options, FINAL_DOT_TIMEOUT_MS);
  }
}

/** One reply, all its lines. Throws RemoteError for what is none, and "smtp-closing" for 421. */
function* readReply(connection: Connection, options: SmtpClientOptions, timeoutMs: number): Task<Reply> {
  const server = formatEndpoint(connection.remote);
  const texts: string[] = [];
  for (let code: number | undefined; ; ) {
    const line = yield* connection.readLine({ max: REPLY_LINE_MAX, timeoutMs });
    if (line === null) throw new RemoteError("unexpected-end", `${server} closed the connection`);
    options.onLine?.("S", line);
    const part = parseLine(line, server);
    if (code !== undefined && part.code !== code) {
      throw new RemoteError("bad-reply", `${server} mixed ${code} and ${part.code} in one reply`, {
        reply: line,
      });
    }
    code = part.code;
    texts.push(part.text);
    if (!part.more) return closingOr(joinReply(code, texts), server);
    if (texts.length >= REPLY_LINES_MAX) {
      throw new RemoteError("bad-reply", `${server} sent a reply of over ${REPLY_LINES_MAX} lines`);
    }
  }
}

/** RFC 5321 section 3.8: after 421 the server closes, whatever it was asked. */
function closingOr(answer: Reply, server: string): Reply {
  if (answer.code === 421) throw new SmtpRefusedError(server, "us", answer);
  return answer;
}

function parseLine(line: string, server: string): ReturnType<typeof parseReplyLine> {
  try {
    return parseReplyLine(line);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new RemoteError("bad-reply", `${server} does not speak SMTP: ${error.message}`, {
      reply: line,
      cause: error,
    });
  }
}

function hasEightBit(content: Uint8Array): boolean {
  for (let at = 0; at < content.length; at++) if (content[at] > 127) return true;
  return false;
}

function outcomeOf(recipient: Mailbox, answer: Reply): RecipientOutcome {
  const outcome = isPositive(answer) ? "delivered" : isPermanent(answer) ? "failed" : "deferred";
  return { recipient, outcome, reply: answer };
}

const LONE_DOT = Uint8Array.of(46, 13, 10);

/** RFC 5321 section 4.5.3.1.8: what every server takes. */
export const RECIPIENTS_PER_MAIL_MAX = 100;
/** RFC 5321 section 4.5.3.1.5 says 512; some servers write more into it. */
const REPLY_LINE_MAX = 2048;
/** An EHLO reply has about 15 lines, a long refusal 10. */
const REPLY_LINES_MAX = 100;
/** RFC 5321 section 4.5.3.2.1: the greeting, 5 minutes. */
const GREETING_TIMEOUT_MS = 5 * 60_000;
/** RFC 5321 sections 4.5.3.2.2 and 4.5.3.2.3: MAIL and RCPT, 5 minutes. */
const COMMAND_TIMEOUT_MS = 5 * 60_000;
/** RFC 5321 section 4.5.3.2.4: 354, 2 minutes. */
const DATA_TIMEOUT_MS = 2 * 60_000;
/** RFC 5321 section 4.5.3.2.5: a block of content, 3 minutes. */
const BLOCK_TIMEOUT_MS = 3 * 60_000;
/** RFC 5321 section 4.5.3.2.6: 10 minutes, for a server that delivers before it answers; less makes duplicates. */
const FINAL_DOT_TIMEOUT_MS = 10 * 60_000;
/** Nothing depends on the goodbye any more. */
const QUIT_TIMEOUT_MS = 10_000;
