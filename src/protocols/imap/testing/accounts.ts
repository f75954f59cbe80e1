/** Accounts for tests: bob's with two letters in INBOX, on the store in memory; one whose store is broken. */

import { fromByteString, LocalError, type Task } from "../../../net/index.ts";
import { MemoryMailStore } from "../../../store/memory/index.ts";
import type { MailAccount, MailAccounts } from "../store.ts";

export class TestAccounts implements MailAccounts {
  readonly store = new MemoryMailStore();
  readonly #nowMs: () => number;
  #isFilled = false;

  constructor(nowMs: () => number = () => 1_000_000) {
    this.#nowMs = nowMs;
  }

  *login(user: string, password: string): Task<MailAccount | undefined> {
    if (user === "broken") throw new LocalError("store-failed", "the disk is gone");
    if (user !== "bob" || password !== "hungry") return undefined;
    const account = this.store.account("bob", this.#nowMs);
    if (!this.#isFilled) {
      const letters = [KETCHUP, PICTURE].map((text) => ({ content: fromByteString(text), flags: [] }));
      yield* account.append("INBOX", letters);
    }
    this.#isFilled = true;
    return account;
  }
}

const KETCHUP = [
  "From: Alice <alice@crepes.fr>",
  "To: bob@hamburger.edu",
  "Date: Wed, 17 Jul 1996 02:23:25 -0700",
  "Subject: Ketchup",
  "Message-ID: <1@crepes.fr>",
  "",
  "Do you like ketchup?",
  "How about pickles?",
  "",
].join("\r\n");

const PICTURE = [
  "From: =?utf-8?q?Zo=C3=A9?= <zoe@crepes.fr>",
  "Subject: A picture",
  'Content-Type: multipart/mixed; boundary="b"',
  "",
  "--b",
  "Content-Type: text/plain; charset=utf-8",
  "Content-Transfer-Encoding: quoted-printable",
  "",
  "Voil=C3=A0",
  "--b",
  'Content-Type: image/png; name="cr\u00eape.png"',
  "Content-Transfer-Encoding: base64",
  "Content-Disposition: attachment",
  "",
  "iVBORw0KGgo=",
  "--b--",
  "",
].join("\r\n");
