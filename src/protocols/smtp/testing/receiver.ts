/** A receiver for tests: takes mail for everybody but a few, and remembers it. */

import { type Task, toByteString } from "../../../net/index.ts";
import { formatMailbox, formatPath, type Mailbox, type ReversePath } from "../address.ts";
import { reply } from "../replies.ts";
import type { AcceptedMail, Envelope, SmtpPeer, SmtpReceiver } from "../store.ts";
import type { Reply } from "../wire.ts";

export interface RecordedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly content: string;
  confirmed: boolean;
}

export class RecordingReceiver implements SmtpReceiver {
  readonly mails: RecordedMail[] = [];

  *acceptRecipient(_peer: SmtpPeer, _from: ReversePath, recipient: Mailbox): Task<Reply | undefined> {
    const name = formatMailbox(recipient);
    if (recipient.localPart === "nobody") return reply(550, "5.1.1", `${name} ... No such user here`);
    if (recipient.localPart === "later") return reply(450, "4.2.1", `${name} ... Try again later`);
    return undefined;
  }

  *acceptMail(envelope: Envelope, content: Uint8Array): Task<Reply | AcceptedMail> {
    const text = toByteString(content);
    if (text === "full\r\n") return reply(452, "4.3.1", "Insufficient system storage");
    const mail: RecordedMail = {
      from: formatPath(envelope.reversePath),
      to: envelope.recipients.map(formatMailbox),
      content: text,
      confirmed: false,
    };
    this.mails.push(mail);
    return {
      confirm() {
        mail.confirmed = true;
      },
    };
  }
}
