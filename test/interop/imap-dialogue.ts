/** A dialogue of IMAP typed by hand: what a server says to these lines, literals and all. */

import { fromByteString, type Network, type Task, toByteString } from "../../src/net/index.ts";

/** Says each line with a tag of its own, waits for its answer; all that the server said after the greeting. */
export function* dialogue(network: Network, port: number, lines: readonly string[]): Task<string> {
  const connection = yield* network.connect("127.0.0.1", port, { timeoutMs: WAIT_MS });
  try {
    let said = "";
    const readLine = function* (): Task<string> {
      let text = "";
      for (;;) {
        const line = (yield* connection.readLine({ max: 1_000_000, timeoutMs: WAIT_MS })) ?? "* BYE (end)";
        text += `${line}\r\n`;
        const literal = /\{(\d+)\}$/.exec(line);
        if (literal === null) return text;
        text += toByteString(yield* connection.readExactly(Number(literal[1]), WAIT_MS));
      }
    };
    yield* readLine();
    for (const [i, line] of lines.entries()) {
      yield* connection.write(fromByteString(`a${i} ${line}\r\n`), WAIT_MS);
      for (let answer = ""; !answer.startsWith(`a${i} `) && !answer.includes("BYE (end)"); ) {
        answer = yield* readLine();
        said += answer;
      }
    }
    return said;
  } finally {
    connection.close();
  }
}

const WAIT_MS = 10_000;
