/** `nslookup`: the addresses of a name, for those who know it by this name; `dig` says more. */

import { NetworkError, type Task } from "../../net/index.ts";
import type { Command, Shell } from "./command.ts";
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
    const addresses: string[] = [];
    for (const type of ["A", "AAAA"]) addresses.push(...(yield* addressesOf(shell, [...at, name], type)));
    if (addresses.length === 0) throw new NetworkError("name-not-found", `nslookup: ${name} has no address`);
    shell.print(shell.json ? `${JSON.stringify({ name, addresses })}\n` : `${addresses.join("\n")}\n`);
    return 0;
  },
};

/** What `dig` finds, which prints it as JSON; an alias on the way is no address. */
function* addressesOf(shell: Shell, operands: readonly string[], type: string): Task<string[]> {
  let printed = "";
  const listener: Shell = { ...shell, json: true, print: (text) => (printed += text) };
  yield* dig.run(listener, { operands: [...operands, type], options: new Map() });
  const { answer } = JSON.parse(printed) as { answer: { type: string; data: string }[] };
  return answer.filter((record) => record.type === type).map(({ data }) => data);
}
