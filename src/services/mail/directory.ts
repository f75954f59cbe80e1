/** Whose mail ends here: the domains of a server, the users of its host, the postmaster. */

import type { Mailbox } from "../../protocols/smtp/index.ts";
import type { HostUser } from "../service.ts";

export interface Directory {
  isLocalDomain(domain: string): boolean;
  /** The name of the store's mailbox for an address of a local domain; undefined: nobody. */
  mailboxOf(address: Mailbox): string | undefined;
}

export interface DirectoryOptions {
  /** Living lists: a user added or a domain set counts from the next mail on. */
  readonly domains: () => readonly string[];
  readonly users: () => readonly HostUser[];
  /** Own addresses, for mail to postmaster@[192.0.2.1]. */
  readonly postmaster: string | undefined;
}

export function makeDirectory(options: DirectoryOptions): Directory {
  const userNamed = (name: string): string | undefined =>
    // Ours to decide (RFC 5321 section 2.4): Bob and bob are one person.
    options.users().find((user) => user.name.toLowerCase() === name.toLowerCase())?.name;
  return {
    isLocalDomain(domain) {
      // RFC 5321 section 4.1.1.3: <Postmaster> without a domain is the postmaster here.
      return domain === "" || options.domains().some((own) => own.toLowerCase() === domain.toLowerCase());
    },
    mailboxOf({ localPart }) {
      const user = userNamed(localPart);
      if (user !== undefined || localPart.toLowerCase() !== POSTMASTER) return user;
      // RFC 5321 section 4.5.1: the postmaster exists always.
      return (options.postmaster === undefined ? undefined : userNamed(options.postmaster)) ?? POSTMASTER;
    },
  };
}

const POSTMASTER = "postmaster";
