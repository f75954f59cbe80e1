/** What can go wrong with fetching a file, beyond what the network itself reports. */

import { LocalError, RemoteError } from "../../net/index.ts";

/** The server said no: "404 file not found", "503 server full ...". */
export class Refused extends RemoteError {
  constructor(peer: string, reply: string) {
    super(reply.startsWith("404") ? "file-not-found" : "refused", `${peer} says: ${reply}`, { reply });
  }
}

/** The server does not speak the protocol. */
export class BadAnswer extends RemoteError {
  constructor(peer: string, problem: string) {
    super("bad-answer", `${peer} ${problem}`);
  }
}

/** What arrived is not what the server read from its file. */
export class ChecksumMismatch extends RemoteError {
  constructor(peer: string, name: string) {
    super("checksum-mismatch", `${name} from ${peer} is damaged: its checksum is not the one that was sent`);
  }
}

/** The file is no text: one of its words is longer than the protocol carries. */
export class WordTooLong extends LocalError {
  constructor(max: number) {
    super("word-too-long", `a word has over ${max} octets`);
  }
}
