/**
 * The notification that a mail could not be delivered: RFC 3464 in the frame of RFC 3462 (multipart/report).
 * It has the null reverse-path, and what has the null reverse-path is never answered: no bounce of a bounce.
 */

import { fromByteString, toByteString } from "../../net/index.ts";
import { formatDate, parseMessage } from "../../protocols/message/index.ts";

export interface FailedRecipient {
  readonly address: string;
  /** RFC 3463: "5.1.1". */
  readonly status: string;
  /** In one line what happened, e.g. "mail.hamburger.edu [10.2.0.5] said: 550 5.1.1 ...". */
  readonly reason: string;
  /** The server that said no and its reply; undefined when no server was reached. */
  readonly remote: { readonly host: string; readonly reply: string } | undefined;
}

export interface BounceRequest {
  /** The server that gives up. */
  readonly reportingName: string;
  /** Whom it tells: the reverse-path. */
  readonly to: string;
  readonly messageId: string;
  readonly nowMs: number;
  readonly arrivedAtMs: number;
  readonly queueId: string;
  readonly failed: readonly FailedRecipient[];
  /** The mail that failed; its header goes back. */
  readonly content: Uint8Array;
}

/** The octets of the notification. */
export function composeBounce(request: BounceRequest): Uint8Array {
  const boundary = `${request.messageId.replace(/[^A-Za-z0-9]/g, "-")}/report`;
  const part = (type: string, body: string): string =>
    `--${boundary}\r\nContent-Type: ${type}\r\n\r\n${body.endsWith("\r\n") ? body : `${body}\r\n`}\r\n`;
  const header = [
    `From: Mail Delivery System <postmaster@${request.reportingName}>`,
    `To: ${request.to}`,
    "Subject: Undelivered Mail Returned to Sender",
    `Date: ${formatDate(request.nowMs)}`,
    `Message-ID: <${request.messageId}>`,
    // RFC 3834 section 5: so that no automaton answers.
    "Auto-Submitted: auto-replied",
    "MIME-Version: 1.0",
    `Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary="${boundary}"`,
  ];
  const original = headerOf(request.content);
  const eightBit = /[\x80-\xff]/.test(original) ? "\r\nContent-Transfer-Encoding: 8bit" : "";
  return fromByteString(
    `${header.join("\r\n")}${eightBit}\r\n\r\n` +
      part("text/plain; charset=us-ascii", explanation(request)) +
      part("message/delivery-status", deliveryStatus(request)) +
      part(`text/rfc822-headers${eightBit}`, original) +
      `--${boundary}--\r\n`,
  );
}

/** For a person. */
function explanation({ reportingName, failed }: BounceRequest): string {
  const lines = failed.flatMap(({ address, reason }) => [`<${address}>:`, ...wrap(reason, "    "), ""]);
  return [
    `This is the mail system at ${reportingName}.`,
    "",
    "Your mail could not be delivered to:",
    "",
    ...lines,
    "The header of your mail is attached.",
  ].join("\r\n");
}

/** For programs: RFC 3464 section 2. */
function deliveryStatus(request: BounceRequest): string {
  const perMessage = [
    `Reporting-MTA: dns; ${request.reportingName}`,
    `X-Queue-ID: ${request.queueId}`,
    `Arrival-Date: ${formatDate(request.arrivedAtMs)}`,
  ];
  const perRecipient = request.failed.map(({ address, status, remote }) => [
    "",
    `Final-Recipient: rfc822; ${address}`,
    "Action: failed",
    `Status: ${status}`,
    ...(remote === undefined
      ? []
      : [`Remote-MTA: dns; ${remote.host}`, `Diagnostic-Code: smtp; ${printable(remote.reply)}`]),
  ]);
  return [...perMessage, ...perRecipient.flat()].join("\r\n");
}

function headerOf(content: Uint8Array): string {
  const { bodyAt } = parseMessage(content);
  return toByteString(content.subarray(0, Math.min(bodyAt, HEADER_MAX))).replace(/(\r\n)+$/, "\r\n");
}

function wrap(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of printable(text).split(" ")) {
    if (line !== "" && line.length + 1 + word.length > 70) {
      lines.push(indent + line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, indent + line];
}

/** What a foreign server said must not write our message. */
function printable(text: string): string {
  return text.replace(/[^ -~]/g, "?").slice(0, 900);
}

/** More of a header tells nobody anything. */
const HEADER_MAX = 64 * 1024;
