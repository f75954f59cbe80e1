/** What can go wrong with HTTP, beyond what the network itself reports and what is no HTTP (FormatError). */

import { RemoteError } from "../../net/index.ts";

/** A request that the server refuses: the status says how, the message why, and the client hears both. */
export class RequestRefused extends RemoteError {
  readonly status: number;

  constructor(status: number, message: string) {
    super("request-refused", message);
    this.status = status;
  }
}

/** What the server answers is no HTTP, or no answer to what it was asked. */
export class BadResponse extends RemoteError {
  constructor(message: string, options?: ErrorOptions) {
    super("bad-response", message, options);
  }
}

/** The content is larger than the receiver wants. */
export class ContentTooLarge extends RemoteError {
  constructor(max: number) {
    super("content-too-large", `the content has over ${max} octets`);
  }
}
