/** What may be typed next on a command line: commands, options, hosts, services, users, files. */

import type { Host } from "../../host/index.ts";
import type { Command } from "../../host/shell/index.ts";
import type { ShellCompletion } from "../protocol/index.ts";

interface Option {
  readonly text: string;
  readonly detail: string;
}

/** `names` are the hosts of the network, which nearly every command takes. */
export function completeLine(
  host: Host,
  line: string,
  cursor: number,
  names: readonly string[],
): ShellCompletion {
  const before = line.slice(0, cursor);
  const from = before.search(/\S*$/);
  const word = before.slice(from);
  const command = commandOf(host, before.slice(0, from));
  const options =
    command === undefined
      ? commandOptions(host, before)
      : [...optionsOf(command, word), ...operands(host, names)];
  const begun = command === undefined ? before.trimStart() : word;
  const fits = options.filter(({ text }) => text.startsWith(begun));
  if (command !== undefined) return { from, options: fits.slice(0, OPTIONS_MAX) };
  // A command of two words is completed as one.
  return { from: before.length - begun.length, options: fits.slice(0, OPTIONS_MAX) };
}

/** The command whose name stands whole before the word that is typed. */
function commandOf(host: Host, text: string): Command | undefined {
  const typed = `${text.trim().replace(/\s+/g, " ")} `;
  const longestFirst = [...host.commands].sort((a, b) => b.name.length - a.name.length);
  return longestFirst.find(({ name }) => typed.startsWith(`${name} `));
}

function commandOptions(host: Host, typed: string): Option[] {
  const isBegun = typed.trimStart() !== "";
  return host.commands
    .filter(({ name }) => isBegun || !name.includes(" "))
    .map(({ name, summary }) => ({ text: name, detail: summary }));
}

function optionsOf(command: Command, word: string): Option[] {
  if (!word.startsWith("-")) return [];
  return command.options.map(({ name, help }) => ({ text: `--${name}`, detail: help }));
}

function operands(host: Host, names: readonly string[]): Option[] {
  return [
    ...names.map((text) => ({ text, detail: "host" })),
    ...host.services.map(({ name }) => ({ text: name, detail: "service" })),
    ...host.users.map(({ name }) => ({ text: name, detail: "user" })),
    ...host.files.names.map((text) => ({ text, detail: "file" })),
  ];
}

/** As many as fit a window. */
const OPTIONS_MAX = 200;
