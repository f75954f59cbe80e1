/** Every reply of the server in one place. The texts after HELO are those of the textbook; codes: RFC 5321 section 4.2.3. */

import { formatMailbox, type Mailbox, type ReversePath } from "./address.ts";
import type { Reply } from "./wire.ts";

export function reply(code: number, status: string | undefined, ...lines: string[]): Reply {
  return { code, status, lines };
}

export const greeting = (name: string): Reply => reply(220, undefined, name);

/** RFC 5321 section 4.1.1.1 wants the server's own name first; the textbook's server leaves it out after HELO. */
export const hello = (client: string): Reply => reply(250, undefined, `Hello ${client}, pleased to meet you`);

export const extendedHello = (name: string, client: string, keywords: readonly string[]): Reply =>
  reply(250, undefined, `${name} Hello ${client}, pleased to meet you`, ...keywords);

export const senderOk = (path: ReversePath): Reply =>
  reply(250, "2.1.0", `${path === null ? "<>" : formatMailbox(path)} ... Sender ok`);

export const recipientOk = (recipient: Mailbox): Reply =>
  reply(250, "2.1.5", `${formatMailbox(recipient)} ... Recipient ok`);

export const closing = (name: string): Reply => reply(221, "2.0.0", `${name} closing connection`);

export const sendContent = reply(354, undefined, 'Enter mail, end with "." on a line by itself');
export const accepted = reply(250, "2.0.0", "Message accepted for delivery");
export const ok = reply(250, "2.0.0", "OK");
/** RFC 5321 section 3.5.3: neither yes nor no, so that addresses cannot be harvested. */
export const cannotVerify = reply(
  252,
  "2.1.5",
  "Cannot VRFY user, but will accept message and attempt delivery",
);
export const help = reply(
  214,
  "2.0.0",
  "Commands: HELO EHLO MAIL RCPT DATA RSET NOOP QUIT VRFY HELP",
  "The standard: RFC 5321",
);

export const unknownCommand = reply(500, "5.5.2", "Syntax error, command unrecognized");
export const lineTooLong = reply(500, "5.5.6", "Line too long");
export const bareLineFeed = reply(500, "5.5.2", "A line ends with CR LF, not with LF alone");
export const notImplemented = reply(502, "5.5.1", "Command not implemented");
export const helloFirst = reply(503, "5.5.1", "Polite people say HELO first");
export const senderFirst = reply(503, "5.5.1", "Need MAIL before RCPT");
export const recipientFirst = reply(503, "5.5.1", "Need RCPT (recipient)");
export const senderTwice = reply(503, "5.5.1", "Sender already specified");
export const noValidRecipients = reply(554, "5.5.1", "No valid recipients");
/** RFC 5321 section 4.5.3.1.10: 452, so that the client sends the rest in another transaction. */
export const tooManyRecipients = reply(452, "4.5.3", "Too many recipients");
export const eightBitAddress = reply(
  553,
  "5.6.7",
  "An address outside ASCII needs SMTPUTF8, which is not supported",
);
export const bareLineEnd = reply(550, "5.6.0", "Message contains a CR or LF that is not part of a CR LF");
export const contentLineTooLong = reply(500, "5.6.0", "Message contains a line of over 998 octets");
export const localError = reply(451, "4.3.0", "Local error in processing, try again later");

export const syntaxError = (problem: string): Reply =>
  reply(501, "5.5.4", `Syntax error: ${printable(problem)}`);
export const unknownParameter = (keyword: string): Reply =>
  reply(555, "5.5.4", `Parameter ${keyword} not recognized or not implemented`);
export const tooLarge = (max: number): Reply => reply(552, "5.3.4", `Message is larger than ${max} octets`);
export const timedOut = (name: string): Reply =>
  reply(421, "4.4.2", `${name} closing connection: nothing was sent for too long`);
export const tooManyErrors = (name: string): Reply =>
  reply(421, "4.7.0", `${name} closing connection: too many errors`);
export const tooManyConnections = (name: string): Reply =>
  reply(421, "4.3.2", `${name} too many connections, try again later`);

/** What the client wrote must not write our reply: no controls, not for ever. */
function printable(text: string): string {
  return text.replace(/[^ -~]/g, "?").slice(0, 200);
}
