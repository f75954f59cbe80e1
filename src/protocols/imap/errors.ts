/** What a server's NO, BAD or BYE is to our client. */

import { RemoteError } from "../../net/index.ts";

/** The server said no. `status` and `responseCode` are its words: "NO", "TRYCREATE". */
export class ImapRefusedError extends RemoteError {
  readonly status: "NO" | "BAD" | "BYE";
  readonly responseCode: string | undefined;

  constructor(
    server: string,
    answerTo: string,
    said: {
      readonly status: "NO" | "BAD" | "BYE";
      readonly responseCode?: string | undefined;
      readonly text: string;
    },
  ) {
    // It goes into logs and onto terminals: what a foreign server said must not steer them.
    const text = said.text.replace(/[^ -~]/g, "?") || said.status;
    super(codeOf(said.responseCode), `${server} refused ${answerTo}: ${text}`, { reply: said.text });
    this.status = said.status;
    this.responseCode = said.responseCode;
  }
}

/** RFC 5530: what the response codes say. */
function codeOf(responseCode: string | undefined): string {
  switch (responseCode) {
    case "AUTHENTICATIONFAILED":
    case "AUTHORIZATIONFAILED":
    case "EXPIRED":
      return "login-refused";
    case "NONEXISTENT":
    case "TRYCREATE":
      return "no-mailbox";
    case "INUSE":
      return "mailbox-in-use";
    case "OVERQUOTA":
      return "over-quota";
    default:
      return "imap-refused";
  }
}
