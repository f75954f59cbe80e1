/** What a server's -ERR is to our client. */

import { RemoteError } from "../../net/index.ts";
import type { Status } from "./wire.ts";

export class Pop3RefusedError extends RemoteError {
  readonly status: Status;

  constructor(server: string, answerTo: string, status: Status) {
    // It goes into logs and onto terminals: what a foreign server said must not steer them.
    const text = status.text === "" ? "-ERR" : status.text.replace(/[^ -~]/g, "?");
    super(codeOf(status), `${server} refused ${answerTo}: ${text}`, { reply: status.text });
    this.status = status;
  }
}

/** RFC 3206 section 4 and RFC 2449 section 8.1: what the response codes say. */
function codeOf(status: Status): string {
  if (status.responseCode === "AUTH") return "login-refused";
  if (status.responseCode === "IN-USE") return "maildrop-in-use";
  return "pop3-refused";
}
