/**
 * Maildrops for tests: bob's with two messages, one in use, one broken; "shared" is bob's, and its first message is gone
 * as soon as it is open.
 */

import { fromByteString, LocalError, type Task } from "../../../net/index.ts";
import type { LoginRefusal, Maildrop, MaildropMessage, Maildrops } from "../store.ts";

export class TestMaildrops implements Maildrops {
  /** What is in bob's maildrop, by unique name. */
  readonly contents = new Map([
    ["u.1", "Subject: one\r\n\r\n.\r\nbody"],
    ["u.2", "Subject: two\r\n\r\nx\r\n"],
  ]);
  locked = false;

  *open(user: string, password: string): Task<Maildrop | LoginRefusal> {
    if (user === "busy") return "in-use";
    if (user === "broken") throw new LocalError("store-failed", "the disk is gone");
    if ((user !== "bob" && user !== "shared") || password !== "hungry") return "wrong";
    if (this.locked) return "in-use";
    this.locked = true;
    const { contents } = this;
    return {
      messages: [...contents].map(([uniqueId, content]) => ({ uniqueId, octets: content.length })),
      *read({ uniqueId }: MaildropMessage): Task<Uint8Array | undefined> {
        const content = user === "shared" && uniqueId === "u.1" ? undefined : contents.get(uniqueId);
        return content === undefined ? undefined : fromByteString(content);
      },
      *delete(messages: readonly MaildropMessage[]): Task {
        for (const { uniqueId } of messages) contents.delete(uniqueId);
      },
      close: () => {
        this.locked = false;
      },
    };
  }
}
