/** Options that several commands have, in the same words: which addresses of the host. */

import type { AddressFamily } from "../../net/index.ts";
import type { CommandInput, CommandOption } from "./command.ts";
import { exclusiveOption } from "./option-values.ts";

export const FAMILY_OPTIONS: readonly CommandOption[] = [
  { name: "ipv4", short: "4", help: "by IPv4 only" },
  { name: "ipv6", short: "6", help: "by IPv6 only" },
];

/** For options of `Network.connect` and the like; without a family when none was asked for. */
export function optionFamily(input: CommandInput): { readonly family?: AddressFamily } {
  const name = exclusiveOption(input, ["ipv4", "ipv6"]);
  return name === undefined ? {} : { family: name === "ipv4" ? 4 : 6 };
}
