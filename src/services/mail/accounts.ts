/** The folders of a host's users for IMAP. */

import { decodeUtf8 } from "../../bytes/index.ts";
import { type Clock, fromByteString, type Task } from "../../net/index.ts";
import type { MailAccount, MailAccounts } from "../../protocols/imap/index.ts";
import { findUser } from "../login.ts";
import type { HostUser } from "../service.ts";
import type { MailStore } from "./store.ts";

export interface AccountsOptions {
  readonly store: MailStore;
  readonly clock: Clock;
  /** The living list of accounts. */
  readonly users: () => readonly HostUser[];
  /** Domains that a user name may carry. */
  readonly domains: readonly string[];
}

export class UserAccounts implements MailAccounts {
  readonly #options: AccountsOptions;

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  *login(login: string, password: string): Task<MailAccount | undefined> {
    const { users, domains, store, clock } = this.#options;
    const user = findUser(users(), domains, textOf(login), textOf(password));
    return user && store.account(user.name, () => Math.floor(clock.unixMs()));
  }
}

/** UTF-8; what is none stays as it is, and is nobody's. */
function textOf(octets: string): string {
  return decodeUtf8(fromByteString(octets)) ?? octets;
}
