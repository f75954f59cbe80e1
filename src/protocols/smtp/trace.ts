/** The trace that a mail collects on its way: RFC 5321 section 4.4. Dates come formatted (RFC 5322 section 3.3). */

import { addressLiteral, formatPath, type Mailbox, type ReversePath } from "./address.ts";
import type { SmtpPeer } from "./store.ts";

export interface ReceivedTrace {
  readonly peer: SmtpPeer;
  /** The server that received it. */
  readonly by: string;
  readonly id: string;
  /** Only when there is one recipient: more would tell them of each other. */
  readonly recipient: Mailbox | undefined;
  readonly date: string;
}

/** The field that each server that receives a mail puts before its content. */
export function receivedField(trace: ReceivedTrace): string {
  const { peer, by, id, recipient, date } = trace;
  const forWhom = recipient === undefined ? "" : `\r\n\tfor ${formatPath(recipient)}`;
  return (
    `Received: from ${peer.helloName} (${addressLiteral(peer.address)})\r\n` +
    `\tby ${by} with ${peer.protocol} id ${id}${forWhom};\r\n\t${date}\r\n`
  );
}

/** The field that the server of final delivery puts on top: to whom a notification would go. */
export function returnPathField(reversePath: ReversePath): string {
  return `Return-Path: ${formatPath(reversePath)}\r\n`;
}

/** RFC 5321 section 6.3: over this many Received fields a mail runs in a circle; at least 100. */
export const RECEIVED_MAX = 100;
