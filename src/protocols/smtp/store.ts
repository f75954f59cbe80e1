/** What an SMTP server asks of its host: who may be written to, and to take over what was received. */

import type { Task } from "../../net/index.ts";
import type { Mailbox, ReversePath } from "./address.ts";
import type { Reply } from "./wire.ts";

/** Who is talking to the server. */
export interface SmtpPeer {
  /** Canonical IP address. */
  readonly address: string;
  /** What it called itself with HELO or EHLO. */
  readonly helloName: string;
  /** "SMTP" after HELO, "ESMTP" after EHLO: RFC 3848. */
  readonly protocol: "SMTP" | "ESMTP";
}

export interface Envelope {
  readonly peer: SmtpPeer;
  readonly reversePath: ReversePath;
  /** Those whom `acceptRecipient` let in, each once, in order. */
  readonly recipients: readonly Mailbox[];
}

export interface SmtpReceiver {
  /** Whether mail to `recipient` is taken from this peer: undefined says yes, a reply says no (4yz: not now; 5yz: never). */
  acceptRecipient(peer: SmtpPeer, reversePath: ReversePath, recipient: Mailbox): Task<Reply | undefined>;
  /**
   * Takes over responsibility for the mail (RFC 5321 section 6.1). When this returns undefined, the mail must be
   * where neither SIGKILL nor power loss reaches it: the client is told 250 next, and forgets it.
   */
  acceptMail(envelope: Envelope, content: Uint8Array): Task<Reply | AcceptedMail>;
}

export interface AcceptedMail {
  /**
   * Called when the client has shown that it saw our 250 (it went on). Until then it may send the mail again
   * (RFC 1047), and the receiver can know that it is the same one.
   */
  confirm(): void;
}
