/** What can go wrong with upper-casing, beyond what the network itself reports. */

import { RemoteError } from "../../net/index.ts";

/** The server has as many clients as it takes. */
export class ServerFull extends RemoteError {
  constructor(peer: string, reply: string) {
    super("server-full", `${peer} refuses: ${shown(reply)}`, { reply });
  }
}

/** What others wrote must not steer the terminal of who reads the error. */
function shown(reply: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to replace.
  return reply.slice(0, REPLY_SHOWN_MAX).replace(/[\x00-\x1f\x7f-\x9f]/g, "\u00b7");
}

const REPLY_SHOWN_MAX = 200;
