/** The maildrops of a host's users for POP3: one mailbox each, locked by one session at a time. */

import { decodeUtf8 } from "../../bytes/index.ts";
import { fromByteString, LocalError, type Log, messageOf, type Task } from "../../net/index.ts";
import type { LoginRefusal, Maildrop, MaildropMessage, Maildrops } from "../../protocols/pop3/index.ts";
import { findUser } from "../login.ts";
import type { HostUser } from "../service.ts";
import type { MailStore, StoredMessage } from "./store.ts";

export interface MaildropsOptions {
  readonly store: MailStore;
  readonly log: Log;
  /** The living list of accounts. */
  readonly users: () => readonly HostUser[];
  /** Domains that a user name may carry. */
  readonly domains: readonly string[];
}

export class UserMaildrops implements Maildrops {
  readonly #options: MaildropsOptions;
  /** RFC 1939 section 4: exclusive access, so that the numbers of a session hold. */
  readonly #locked = new Set<string>();

  constructor(options: MaildropsOptions) {
    this.#options = options;
  }

  *open(login: string, password: string): Task<Maildrop | LoginRefusal> {
    const { users, domains } = this.#options;
    const user = findUser(users(), domains, textOf(login), textOf(password));
    if (user === undefined) return "wrong";
    if (this.#locked.has(user.name)) return "in-use";
    this.#locked.add(user.name);
    let opened = false;
    try {
      const messages = yield* reported(this.#options.log, this.#options.store.messages(user.name));
      opened = true;
      return new UserMaildrop(this.#options, user.name, messages, () => this.#locked.delete(user.name));
    } finally {
      if (!opened) this.#locked.delete(user.name);
    }
  }
}

class UserMaildrop implements Maildrop {
  readonly messages: readonly MaildropMessage[];
  readonly #store: MailStore;
  readonly #log: Log;
  readonly #mailbox: string;
  readonly #uids = new Map<MaildropMessage, number>();
  readonly #unlock: () => void;
  #open = true;

  constructor(
    options: MaildropsOptions,
    mailbox: string,
    messages: readonly StoredMessage[],
    unlock: () => void,
  ) {
    this.#store = options.store;
    this.#log = options.log;
    this.#mailbox = mailbox;
    this.#unlock = unlock;
    this.messages = messages.map(({ uid, uidValidity, octets }) => {
      const message = { uniqueId: `${uidValidity}.${uid}`, octets };
      this.#uids.set(message, uid);
      return message;
    });
  }

  *read(message: MaildropMessage): Task<Uint8Array | undefined> {
    return yield* reported(this.#log, this.#store.readMessage(this.#mailbox, this.#uid(message)));
  }

  *delete(messages: readonly MaildropMessage[]): Task {
    const uids = messages.map((message) => this.#uid(message));
    yield* reported(this.#log, this.#store.deleteMessages(this.#mailbox, uids));
  }

  close(): void {
    if (this.#open) this.#unlock();
    this.#open = false;
  }

  #uid(message: MaildropMessage): number {
    const uid = this.#uids.get(message);
    if (uid === undefined) throw new Error("a message of another maildrop");
    return uid;
  }
}

/** UTF-8; what is none stays as it is, and is nobody's. */
function textOf(octets: string): string {
  return decodeUtf8(fromByteString(octets)) ?? octets;
}

/** The client hears only that it does not work now; the operator hears why. */
function* reported<T>(log: Log, work: Task<T>): Task<T> {
  try {
    return yield* work;
  } catch (error) {
    if (error instanceof LocalError) log.error(`pop3: ${messageOf(error)}`);
    throw error;
  }
}
