/** Letters that a user writes: the form's fields, answers and forwards to begin with, checking, sending by SMTP. */

import {
  type Connection,
  HamletError,
  LocalError,
  messageOf,
  type Network,
  type Task,
} from "../../net/index.ts";
import {
  type Attachment,
  composeMessage,
  makeMessageId,
  type NamedAddress,
  parseAddresses,
} from "../../protocols/message/index.ts";
import { describeReply, type Mailbox, parseMailbox, SmtpClient } from "../../protocols/smtp/index.ts";
import type { OpenedMessage } from "./mailbox.ts";

/** What stands in the form. */
export interface Letter {
  readonly to: string;
  readonly cc: string;
  readonly subject: string;
  readonly text: string;
  /** The message that this one answers or forwards. */
  readonly answers: string;
  readonly forwards: string;
}

export const EMPTY_LETTER: Letter = { to: "", cc: "", subject: "", text: "", answers: "", forwards: "" };

/** The beginning of an answer: to the sender, or to all but oneself. */
export function answerTo(message: OpenedMessage, own: string, toAll: boolean): Letter {
  const { headers } = message;
  const others = (text: string): NamedAddress[] =>
    parseAddresses(text).filter(({ address }) => address.toLowerCase() !== own.toLowerCase());
  const sender = parseAddresses(headers.replyTo || headers.from);
  const more = toAll
    ? others(headers.to).filter((one) => !sender.some(({ address }) => address === one.address))
    : [];
  return {
    ...EMPTY_LETTER,
    to: [...sender, ...more].map(written).join(", "),
    cc: toAll ? others(headers.cc).map(written).join(", ") : "",
    subject: prefixed("Re:", headers.subject),
    text: `\n\n${headers.date && `On ${headers.date}, `}${headers.from || "somebody"} wrote:\n${quoted(message.shownText)}`,
    answers: message.id,
  };
}

export function forwardOf(message: OpenedMessage): Letter {
  const { from, to, date, subject } = message.headers;
  const said = Object.entries({ From: from, To: to, Date: date, Subject: subject });
  const head = said.filter(([, value]) => value !== "").map(([name, value]) => `${name}: ${value}\n`);
  return {
    ...EMPTY_LETTER,
    subject: prefixed("Fwd:", subject),
    text: `\n\n---------- Forwarded message ----------\n${head.join("")}\n${message.shownText}`,
    forwards: message.id,
  };
}

export interface Sending {
  readonly network: Network;
  /** Whose letter it is: "bob@hamburger.edu". */
  readonly from: string;
  readonly submitTo: { readonly host: string; readonly port: number };
  readonly letter: Letter;
  readonly answered: OpenedMessage | undefined;
  readonly attachments: readonly Attachment[];
}

export interface Sent {
  /** How many recipients the server took it for. */
  readonly takenCount: number;
  /** One line for each of the others, with what the server said. */
  readonly refused: readonly string[];
}

/**
 * Hands the letter to the mail server. Throws LocalError "bad-letter" for what cannot be sent, and what the network and
 * the server's refusal throw.
 */
export function* sendLetter(sending: Sending): Task<Sent> {
  const { network, from, submitTo, letter, answered, attachments } = sending;
  const [to, cc] = [letter.to, letter.cc].map(parseAddresses);
  const recipients = uniqueMailboxes([...to, ...cc]);
  if (recipients.length === 0) throw new LocalError("bad-letter", "Nobody stands under To.");
  const nowMs = Math.floor(network.clock.unixMs());
  const content = composeMessage({
    from,
    to: to.map(written),
    cc: cc.map(written),
    subject: letter.subject.replace(/[\r\n]+/g, " "),
    dateMs: nowMs,
    messageId: makeMessageId(nowMs, network.random.bytes(8), from.slice(from.lastIndexOf("@") + 1)),
    // RFC 5322 section 3.6.4.
    inReplyTo: answered?.headers.messageId || undefined,
    references: [...(answered?.headers.references ?? []), answered?.headers.messageId ?? ""],
    text: letter.text,
    attachments,
  });
  const connection = yield* openConnection(network, submitTo);
  try {
    const client = yield* SmtpClient.start(connection, { helloName: network.hostName });
    const outcomes = yield* client.send({ reversePath: parseMailbox(from), recipients, content });
    yield* client.quit();
    const refused = outcomes
      .filter(({ outcome }) => outcome !== "delivered")
      .map(({ recipient, reply }) => `${recipient.localPart}@${recipient.domain}: ${describeReply(reply)}`);
    return { takenCount: outcomes.length - refused.length, refused };
  } finally {
    connection.abort();
  }
}

function* openConnection(network: Network, { host, port }: Sending["submitTo"]): Task<Connection> {
  try {
    return yield* network.connect(host, port, { timeoutMs: CONNECT_MS });
  } catch (error) {
    if (!(error instanceof HamletError)) throw error;
    network.log.warn(
      `webmail: the outgoing mail server ${host}:${port} does not answer: ${messageOf(error)}`,
    );
    throw new LocalError("bad-letter", "The outgoing mail server does not answer now.", { cause: error });
  }
}

function uniqueMailboxes(addresses: readonly NamedAddress[]): Mailbox[] {
  const byText = new Map<string, Mailbox>();
  for (const { address } of addresses) {
    try {
      byText.set(address.toLowerCase(), parseMailbox(address));
    } catch (error) {
      throw new LocalError("bad-letter", `“${address}” is no mail address.`, { cause: error });
    }
  }
  if (byText.size > RECIPIENTS_MAX)
    throw new LocalError("bad-letter", `A letter goes to ${RECIPIENTS_MAX} people at most.`);
  return [...byText.values()];
}

function written({ name, address }: NamedAddress): string {
  return name === "" ? address : `"${name.replace(/["\\]/g, "\\$&")}" <${address}>`;
}

function prefixed(prefix: string, subject: string): string {
  return subject.toLowerCase().startsWith(prefix.toLowerCase()) ? subject : `${prefix} ${subject}`.trim();
}

function quoted(text: string): string {
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => (line.startsWith(">") ? `>${line}\n` : `> ${line}\n`))
    .join("");
}

/** As many as mail servers take at once: RFC 5321 section 4.5.3.1.8. */
const RECIPIENTS_MAX = 100;
/** The server is this very host, or next to it. */
const CONNECT_MS = 10_000;
