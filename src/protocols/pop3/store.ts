/** What a POP3 server asks of its host: a user's maildrop, locked for one session. */

import type { Task } from "../../net/index.ts";

export interface Maildrops {
  /** Opens and locks the maildrop of a user (RFC 1939 section 4), or says why not. */
  open(user: string, password: string): Task<Maildrop | LoginRefusal>;
}

/** "wrong": no such user or another password, never said which; "in-use": another session has the lock. */
export type LoginRefusal = "wrong" | "in-use";

export interface Maildrop {
  /** The messages as they were when the maildrop was opened: those that come later have no number in this session. */
  readonly messages: readonly MaildropMessage[];
  /** Undefined when the message is gone: the lock keeps POP3 sessions apart, not those of IMAP. */
  read(message: MaildropMessage): Task<Uint8Array | undefined>;
  /** Deletes for good, all or none. */
  delete(messages: readonly MaildropMessage[]): Task;
  /** Gives the lock back. */
  close(): void;
}

export interface MaildropMessage {
  /** 1 to 70 characters from "!" to "~", never given to another message of this maildrop: RFC 1939 section 7, UIDL. */
  readonly uniqueId: string;
  readonly octets: number;
}
