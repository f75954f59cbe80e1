/** What can go wrong with upper-casing, beyond what the network itself reports. */

import { RemoteError } from "../../net/index.ts";

/** The server has as many clients as it takes. */
export class ServerFull extends RemoteError {
  constructor(peer: string, reply: string) {
    super("server-full", `${peer} refuses: ${reply}`, { reply });
  }
}
