/** Options that several commands have, in the same words: which addresses of the host, and the lines that are sent. */

import type { AddressFamily, Task } from "../../net/index.ts";
import type { CommandInput, CommandOption, Shell } from "./command.ts";
import { exclusiveOption, hasOption, optionTexts } from "./option-values.ts";

export const FAMILY_OPTIONS: readonly CommandOption[] = [
  { name: "ipv4", short: "4", help: "by IPv4 only" },
  { name: "ipv6", short: "6", help: "by IPv6 only" },
];

/** For options of `Network.connect` and the like; without a family when none was asked for. */
export function optionFamily(input: CommandInput): { readonly family?: AddressFamily } {
  const name = exclusiveOption(input, ["ipv4", "ipv6"]);
  return name === undefined ? {} : { family: name === "ipv4" ? 4 : 6 };
}

export const TEXT_OPTION: CommandOption = {
  name: "text",
  value: "TEXT",
  repeatable: true,
  help: "a line to send; absent: lines typed until their end",
};

/** Does it for every line: of the option when that was given, else as they are typed. */
export function* eachLine(shell: Shell, input: CommandInput, act: (text: string) => Task): Task {
  if (hasOption(input, "text")) {
    for (const text of optionTexts(input, "text")) yield* act(text);
    return;
  }
  for (let text = yield* shell.readLine(); text !== null; text = yield* shell.readLine()) yield* act(text);
}
