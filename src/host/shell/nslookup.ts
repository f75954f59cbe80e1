/** `nslookup`: the addresses of a name, for those who know it by this name; `dig` says more. */

import type { Task } from "../../net/index.ts";
import type { Command } from "./command.ts";
import { dig } from "./dig.ts";

export const nslookup: Command = {
  name: "nslookup",
  summary: "ask a name server for the addresses of a name",
  operands: "NAME [SERVER]",
  options: [],
  examples: ["nslookup mail.hamburger.edu", "nslookup hamburger.edu 10.1.0.53"],
  *run(shell, input): Task<number> {
    const [name, server] = input.operands;
    const at = server === undefined ? [] : [`@${server}`];
    let status = 0;
    for (const type of ["A", "AAAA"]) {
      const options = new Map([["short", ["true"]]]);
      status ||= yield* dig.run(shell, { operands: [...at, name, type], options });
    }
    return status;
  },
};
