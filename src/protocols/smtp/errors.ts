/** What a server's "no" is to our client. */

import { RemoteError } from "../../net/index.ts";
import { describeReply, type Reply } from "./wire.ts";

/** The server refused before any recipient was in question: at the greeting, at EHLO or HELO. */
export class SmtpRefusedError extends RemoteError {
  readonly smtpReply: Reply;

  constructor(server: string, answerTo: string, reply: Reply) {
    super("smtp-refused", `${server} answered ${answerTo} with ${describeReply(reply)}`, {
      reply: describeReply(reply),
    });
    this.smtpReply = reply;
  }

  /** 5yz: trying again as it is would be in vain (RFC 5321 section 4.2.1). */
  get permanent(): boolean {
    return isPermanent(this.smtpReply);
  }
}

export function isPermanent(reply: Reply): boolean {
  return reply.code >= 500;
}

export function isPositive(reply: Reply): boolean {
  return reply.code >= 200 && reply.code < 300;
}
