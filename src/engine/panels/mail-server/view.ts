/** What the mail server and its panel say to each other. Types only. */

export interface MailServerView {
  /** Undefined where it is not installed. */
  readonly smtp: SwitchView | undefined;
  readonly pop3: SwitchView | undefined;
  readonly imap: SwitchView | undefined;
  /** The domains whose mail ends here. */
  readonly domains: readonly string[];
  readonly mailboxes: readonly MailboxView[];
  /** Mails in the queue; `queue` has the oldest of them. */
  readonly queued: number;
  readonly queue: readonly QueueEntry[];
}

export interface SwitchView {
  readonly running: boolean;
  /** "listens on [::]:25 for crepes.fr", while it runs. */
  readonly description: string;
}

export interface MailboxView {
  readonly name: string;
  /** An account, or a mailbox that nobody can open: "postmaster". */
  readonly isUser: boolean;
  readonly messages: number;
  readonly octets: number;
}

export interface QueueEntry {
  readonly id: string;
  /** Empty: a notification. */
  readonly from: string;
  readonly octets: number;
  /** Instants of virtual time. */
  readonly arrivedAtNs: number;
  readonly recipients: readonly {
    readonly address: string;
    readonly attempts: number;
    readonly nextAttemptAtNs: number;
    /** What the last attempt brought. */
    readonly lastResult: string | undefined;
  }[];
}

/** What `look("mailbox")` answers: the newest first. */
export interface MailboxContent {
  readonly messages: readonly {
    readonly uid: number;
    readonly from: string;
    readonly subject: string;
    readonly octets: number;
    readonly arrivedAtNs: number;
  }[];
}
