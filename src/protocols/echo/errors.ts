/** What can go wrong with an echo, beyond what the network itself reports. */

import { RemoteError } from "../../net/index.ts";

/** The server has as many clients as it takes. */
export class ServerFull extends RemoteError {
  constructor(peer: string, reply: string) {
    super("server-full", `${peer} refuses: ${reply}`, { reply });
  }
}

/** The server sent something else back than it was sent: RFC 862 knows no other mistake. */
export class EchoMismatch extends RemoteError {
  constructor(peer: string, offset: number) {
    super("echo-mismatch", `${peer} did not send back what it was sent (octet ${offset} differs)`);
  }
}
