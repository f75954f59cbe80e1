/** What commands share that send lines to a server: echo, upper, telnet. */

import { type AddressFamily, LocalError, type Task } from "../../net/index.ts";
import type { CommandInput, CommandOption, Shell } from "./command.ts";
import {
  exclusiveOption,
  type HostAndPort,
  hasOption,
  optionDurationMs,
  optionTexts,
  parseHostAndPort,
} from "./option-values.ts";
import { optionFamily } from "./shared-options.ts";

/** With whom lines are exchanged, and how. */
export interface LineExchange extends HostAndPort {
  readonly isUdp: boolean;
  readonly family: { readonly family?: AddressFamily };
  readonly timeoutMs: number;
}

/** What a command takes unless the person says otherwise. */
export interface LineDefaults {
  readonly command: string;
  readonly port: number;
  readonly tcpMs: number;
  readonly udpMs: number;
}

export function readLineExchange(input: CommandInput, defaults: LineDefaults): LineExchange {
  const { command, port, tcpMs, udpMs } = defaults;
  const [host] = input.operands;
  if (host === undefined) throw new LocalError("usage", `${command}: HOST is missing, or --serve`);
  const isUdp = exclusiveOption(input, ["tcp", "udp"]) === "udp";
  const limits = { leastMs: 1, mostMs: 3_600_000 };
  return {
    ...parseHostAndPort(host, "HOST", port),
    isUdp,
    family: optionFamily(input),
    timeoutMs: optionDurationMs(input, "timeout", limits, isUdp ? udpMs : tcpMs),
  };
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
