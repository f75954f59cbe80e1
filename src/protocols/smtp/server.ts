/**
 * The server's side of SMTP: RFC 5321. Read first: `serveSmtp`, then `ALLOWED` (which command in which state).
 * What must stay true: 250 after the content is said only when `SmtpReceiver.acceptMail` has taken the mail over;
 * every line that arrives gets exactly one reply, in order.
 */

import { FormatError } from "../../bytes/index.ts";
import { type Connection, NetworkError, RemoteError, type Task } from "../../net/index.ts";
import { formatMailbox, type Mailbox, type ReversePath } from "./address.ts";
import { type DataProblem, receiveData } from "./data.ts";
import * as replies from "./replies.ts";
import type { AcceptedMail, SmtpPeer, SmtpReceiver } from "./store.ts";
import { type Command, emitReply, type Parameter, parseCommand, type Reply, type Verb } from "./wire.ts";

export interface SmtpServerOptions {
  /** What the server calls itself: in the greeting, in the reply to EHLO, in QUIT. */
  readonly name: string;
  /** Octets of one mail's content; announced with SIZE (RFC 1870). Absent: CONTENT_MAX_DEFAULT. */
  readonly contentMax?: number;
  /** Recipients of one mail. Absent: RECIPIENTS_MAX_DEFAULT. */
  readonly recipientsMax?: number;
  /** Refuse what RFC 5321 forbids but senders do (see README, divergences). Absent: false. */
  readonly strict?: boolean;
  /** Extensions that are not announced, to see how clients get along without. */
  readonly withoutExtensions?: readonly Extension[];
}

export const EXTENSIONS = ["PIPELINING", "SIZE", "8BITMIME", "ENHANCEDSTATUSCODES"] as const;
export type Extension = (typeof EXTENSIONS)[number];

/** Talks to one client from the greeting to the end; the caller closes the connection. */
export function* serveSmtp(connection: Connection, options: SmtpServerOptions, receiver: SmtpReceiver): Task {
  yield* new Session(connection, options, receiver).run();
}

/** Tells a client over the limit why it is not served. */
export function* refuseSmtp(connection: Connection, name: string): Task {
  yield* connection.write(emitReply(replies.tooManyConnections(name), false), COMMAND_TIMEOUT_MS);
  yield* connection.finish(REFUSAL_LINGER_MS);
}

/** Where a session stands: nobody has said hello; said; MAIL accepted; at least one RCPT accepted. */
type State = "connected" | "ready" | "sender" | "recipients";

/** RFC 5321 section 4.1.4: what may be said when. What is missing here is answered by `outOfOrder`. */
const ALLOWED: Record<Verb, readonly State[]> = {
  HELO: ["connected", "ready", "sender", "recipients"],
  EHLO: ["connected", "ready", "sender", "recipients"],
  MAIL: ["ready"],
  RCPT: ["sender", "recipients"],
  DATA: ["recipients"],
  RSET: ["connected", "ready", "sender", "recipients"],
  NOOP: ["connected", "ready", "sender", "recipients"],
  VRFY: ["connected", "ready", "sender", "recipients"],
  EXPN: ["connected", "ready", "sender", "recipients"],
  HELP: ["connected", "ready", "sender", "recipients"],
  QUIT: ["connected", "ready", "sender", "recipients"],
};

class Session {
  readonly #connection: Connection;
  readonly #options: SmtpServerOptions;
  readonly #receiver: SmtpReceiver;
  readonly #contentMax: number;
  readonly #recipientsMax: number;
  #state: State = "connected";
  #peer: SmtpPeer;
  #reversePath: ReversePath = null;
  #recipients: Mailbox[] = [];
  #recipientRefused = false;
  #errors = 0;
  /** Replies not yet written: those of one pipelined group go out together (RFC 2920 section 3.2). */
  #pending = "";
  /** A mail whose 250 the client may not have seen. */
  #unconfirmed: AcceptedMail | undefined;

  constructor(connection: Connection, options: SmtpServerOptions, receiver: SmtpReceiver) {
    this.#connection = connection;
    this.#options = options;
    this.#receiver = receiver;
    this.#contentMax = options.contentMax ?? CONTENT_MAX_DEFAULT;
    this.#recipientsMax = options.recipientsMax ?? RECIPIENTS_MAX_DEFAULT;
    this.#peer = { address: connection.remote.address, helloName: "", protocol: "SMTP" };
  }

  *run(): Task {
    yield* this.#reply(replies.greeting(this.#options.name));
    try {
      for (;;) {
        const line = yield* this.#readCommandLine();
        if (line === null) return;
        const command = this.#understand(line);
        const answer = "verb" in command ? yield* this.#obey(command) : command;
        if ("verb" in command && command.verb === "QUIT") return yield* this.#farewell(answer);
        yield* this.#reply(answer);
        if (this.#errors >= ERRORS_MAX)
          return yield* this.#farewell(replies.tooManyErrors(this.#options.name));
      }
    } catch (error) {
      const last = this.#lastWord(error);
      if (last === undefined) throw error;
      yield* this.#farewell(last);
    }
  }

  /** What a client is told whose session cannot go on; undefined when nobody listens any more. */
  #lastWord(error: unknown): Reply | undefined {
    // RFC 5321 section 4.5.3.2.7: a client that says nothing is told so.
    if (error instanceof NetworkError && error.code === "timed-out")
      return replies.timedOut(this.#options.name);
    if (!(error instanceof RemoteError)) return undefined;
    if (error.code === "too-large") return replies.tooLarge(this.#contentMax);
    // In the middle of a line nothing can be understood.
    return error.code === "line-too-long" ? replies.lineTooLong : undefined;
  }

  /** The next line, null at the end; a line that ends with LF alone is answered here. */
  *#readCommandLine(): Task<string | null> {
    for (;;) {
      if (!this.#connection.hasInput) yield* this.#flush();
      const pipelined = this.#connection.hasInput;
      const line = yield* this.#readLine();
      // Who went on after our 250 has seen it, unless the line was there before the 250 was.
      if (!pipelined && line !== null) this.#confirm();
      if (line !== undefined) return line;
    }
  }

  /** One line; undefined for one that was answered because it is none. */
  *#readLine(): Task<string | null | undefined> {
    try {
      return yield* this.#connection.readLine({
        max: COMMAND_LINE_MAX,
        timeoutMs: COMMAND_TIMEOUT_MS,
        bareLf: "refuse",
      });
    } catch (error) {
      if (!(error instanceof RemoteError && error.code === "bare-line-feed")) throw error;
      if (++this.#errors >= ERRORS_MAX) throw error;
      yield* this.#reply(replies.bareLineFeed);
      return undefined;
    }
  }

  #confirm(): void {
    this.#unconfirmed?.confirm();
    this.#unconfirmed = undefined;
  }

  /** The command of a line, or the reply to what is none. */
  #understand(line: string): Command | Reply {
    try {
      return parseCommand(line, { strict: this.#options.strict ?? false });
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.#errors++;
      if (error.field === "smtp.verb") return replies.unknownCommand;
      if (/[\x80-\xff]/.test(line)) return replies.eightBitAddress;
      return replies.syntaxError(error.message);
    }
  }

  *#obey(command: Command): Task<Reply> {
    if (!ALLOWED[command.verb].includes(this.#state)) return this.#outOfOrder(command.verb);
    switch (command.verb) {
      case "HELO":
      case "EHLO":
        return this.#hello(command.verb, command.client);
      case "MAIL":
        return this.#mail(command.reversePath, command.parameters);
      case "RCPT":
        return yield* this.#recipient(command.forwardPath, command.parameters);
      case "DATA":
        return yield* this.#data();
      case "RSET":
        this.#reset();
        return replies.ok;
      case "NOOP":
        return replies.ok;
      case "VRFY":
        return replies.cannotVerify;
      case "EXPN":
        return replies.notImplemented;
      case "HELP":
        return replies.help;
      case "QUIT":
        return replies.closing(this.#options.name);
    }
  }

  #hello(verb: "HELO" | "EHLO", client: string): Reply {
    // RFC 5321 section 4.1.4: a new hello resets as RSET does.
    this.#reset();
    this.#state = "ready";
    this.#peer = { ...this.#peer, helloName: client, protocol: verb === "HELO" ? "SMTP" : "ESMTP" };
    if (verb === "HELO") return replies.hello(client);
    const keywords = EXTENSIONS.filter((extension) => this.#offers(extension)).map((extension) =>
      extension === "SIZE" ? `SIZE ${this.#contentMax}` : extension,
    );
    return replies.extendedHello(this.#options.name, client, keywords);
  }

  #mail(reversePath: ReversePath, parameters: readonly Parameter[]): Reply {
    for (const { keyword, value } of parameters) {
      const refusal = this.#checkMailParameter(keyword, value);
      if (refusal !== undefined) return this.#mistake(refusal);
    }
    this.#state = "sender";
    this.#reversePath = reversePath;
    return replies.senderOk(reversePath);
  }

  #checkMailParameter(keyword: string, value: string | undefined): Reply | undefined {
    // RFC 5321 section 4.1.1.11: parameters belong to EHLO.
    const known = this.#peer.protocol === "ESMTP";
    if (known && keyword === "SIZE" && this.#offers("SIZE")) {
      // RFC 1870 section 3: up to 20 digits.
      if (value === undefined || !/^\d{1,20}$/.test(value)) return replies.syntaxError("SIZE=number");
      return Number(value) > this.#contentMax ? replies.tooLarge(this.#contentMax) : undefined;
    }
    if (known && keyword === "BODY" && this.#offers("8BITMIME")) {
      // RFC 6152 section 2.
      if (/^(7BIT|8BITMIME)$/i.test(value ?? "")) return undefined;
      return replies.syntaxError("BODY=7BIT or BODY=8BITMIME");
    }
    return replies.unknownParameter(keyword);
  }

  *#recipient(recipient: Mailbox, parameters: readonly Parameter[]): Task<Reply> {
    if (parameters.length > 0) return this.#mistake(replies.unknownParameter(parameters[0].keyword));
    if (this.#recipients.length >= this.#recipientsMax) return replies.tooManyRecipients;
    const refusal = yield* this.#receiver.acceptRecipient(this.#peer, this.#reversePath, recipient);
    if (refusal !== undefined) {
      this.#recipientRefused = true;
      return this.#mistake(refusal);
    }
    // Who is named twice gets the mail once.
    const known = this.#recipients.some((other) => formatMailbox(other) === formatMailbox(recipient));
    if (!known) this.#recipients.push(recipient);
    this.#state = "recipients";
    return replies.recipientOk(recipient);
  }

  *#data(): Task<Reply> {
    this.#pending += emitReply(replies.sendContent, false);
    yield* this.#flush();
    const data = yield* receiveData(this.#connection, {
      contentMax: this.#contentMax,
      timeoutMs: COMMAND_TIMEOUT_MS,
      strict: this.#options.strict ?? false,
    });
    const envelope = { peer: this.#peer, reversePath: this.#reversePath, recipients: this.#recipients };
    this.#reset();
    if (data.content === undefined) return this.#mistake(this.#refusalOf(data.problem));
    const outcome = yield* this.#receiver.acceptMail(envelope, data.content);
    if ("code" in outcome) return outcome;
    this.#unconfirmed = outcome;
    return replies.accepted;
  }

  #refusalOf(problem: DataProblem): Reply {
    switch (problem) {
      case "bare-line-end":
        return replies.bareLineEnd;
      case "line-too-long":
        return replies.contentLineTooLong;
      case "too-large":
        return replies.tooLarge(this.#contentMax);
    }
  }

  #outOfOrder(verb: Verb): Reply {
    this.#errors++;
    if (this.#state === "connected") return replies.helloFirst;
    if (verb === "MAIL") return replies.senderTwice;
    if (verb === "RCPT") return replies.senderFirst;
    // RFC 2920 section 3.1: the client sent DATA before it knew that all its recipients were refused.
    return this.#state === "sender" && this.#recipientRefused
      ? replies.noValidRecipients
      : replies.recipientFirst;
  }

  #mistake(refusal: Reply): Reply {
    this.#errors++;
    return refusal;
  }

  #reset(): void {
    if (this.#state !== "connected") this.#state = "ready";
    this.#reversePath = null;
    this.#recipients = [];
    this.#recipientRefused = false;
  }

  #offers(extension: Extension): boolean {
    return !(this.#options.withoutExtensions ?? []).includes(extension);
  }

  /** Writes a reply, or keeps it while the client's next pipelined line is already here. */
  *#reply(reply: Reply): Task {
    const withStatus = this.#peer.protocol === "ESMTP" && this.#offers("ENHANCEDSTATUSCODES");
    this.#pending += emitReply(reply, withStatus);
    if (this.#pending.length > PENDING_MAX || !this.#connection.hasInput) yield* this.#flush();
  }

  /** The last reply: nothing that may still come is waited for. */
  *#farewell(reply: Reply): Task {
    yield* this.#reply(reply);
    yield* this.#flush();
  }

  *#flush(): Task {
    const pending = this.#pending;
    this.#pending = "";
    if (pending !== "") yield* this.#connection.write(pending, COMMAND_TIMEOUT_MS);
  }
}

/** RFC 5321 section 4.5.3.1.4 says 512; with the parameters of our extensions (RFC 1870, 6152) it is more. */
const COMMAND_LINE_MAX = 1000;
/** RFC 5321 section 4.5.3.2.7: at least 5 minutes. */
const COMMAND_TIMEOUT_MS = 5 * 60_000;
/** How long a refused client may take to read why. */
const REFUSAL_LINGER_MS = 5_000;
/** A client that errs so often is broken or guesses addresses; the usual limit of other servers is 10 to 20. */
const ERRORS_MAX = 20;
/** RFC 5321 section 4.5.3.1.8: at least 100. */
const RECIPIENTS_MAX_DEFAULT = 100;
/** 35 MB as base64 is a file of 25 MB, what the large providers accept. */
const CONTENT_MAX_DEFAULT = 35 * 1024 * 1024;
/** Replies to a pipelined group that wait to be written together. */
const PENDING_MAX = 4096;
