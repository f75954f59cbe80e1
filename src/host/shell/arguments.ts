/**
 * From words to a CommandInput, and the help of a command. A mistake throws LocalError "usage" with one line that
 * says what to change. The words come from the machine's shell or from `splitWords` (words.ts); the name of the
 * command is not among them.
 */

import { LocalError } from "../../net/index.ts";
import { didYouMean } from "../suggest.ts";
import type { Command, CommandInput, CommandOption } from "./command.ts";
import { hanging } from "./hanging.ts";

export * from "./option-values.ts";

/** What every command understands; whoever runs it looks at these two before `command.run`. */
const COMMON_OPTIONS: readonly CommandOption[] = [
  { name: "json", help: "print one JSON document instead of text; a failure is one, too" },
  { name: "help", short: "h", help: "print this help" },
];

/**
 * Sorts words into operands and options: `--name value`, `--name=value`, `-n value`, `-nvalue`, switches together
 * (`-46`), `--` before operands that begin with a dash. A negative number is an operand or a value.
 */
export function parseCommandLine(command: Command, words: readonly string[]): CommandInput {
  const operands: string[] = [];
  const options = new Map<string, string[]>();
  const left = [...words];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word === "--") operands.push(...left.splice(0));
    else if (word.startsWith("--")) readLong(command, word, left, options);
    else if (isShortOption(command, word)) readShort(command, word, left, options);
    else operands.push(word);
  }
  if (!options.has("help")) checkOperands(command, operands);
  return { operands, options };
}

/** The help of a command, many lines, with a line end after each; broken between words where they are too long. */
export function help(command: Command, columns = Number.POSITIVE_INFINITY): string {
  const usage = ["Usage:", command.name, command.operands, "[options]"].filter((part) => part !== "");
  const rows = allOptions(command).map((option) => [optionForms(option), option.help]);
  const width = Math.max(...rows.map(([forms]) => forms.length));
  const lines = [...hanging("", usage.join(" "), columns), "", ...hanging("", command.summary, columns)];
  lines.push("", "Options:");
  for (const [forms, text] of rows) lines.push(...hanging(`  ${forms.padEnd(width)}  `, text, columns));
  if (command.examples.length > 0)
    lines.push("", "Examples:", ...command.examples.flatMap((line) => hanging("  ", line, columns)));
  return lines.map((line) => `${line}\n`).join("");
}

function allOptions(command: Command): CommandOption[] {
  const own = new Set(command.options.map((option) => option.name));
  return [...command.options, ...COMMON_OPTIONS.filter((option) => !own.has(option.name))];
}

function optionForms(option: CommandOption): string {
  const short = option.short === undefined ? "    " : `-${option.short}, `;
  return `${short}--${option.name}${option.value === undefined ? "" : ` ${option.value}`}`;
}

function readLong(command: Command, word: string, left: string[], options: Map<string, string[]>): void {
  const equals = word.indexOf("=");
  const name = word.slice(2, equals === -1 ? undefined : equals);
  const option = allOptions(command).find((candidate) => candidate.name === name);
  if (option === undefined) throw unknownOption(command, `--${name}`, name);
  if (equals === -1) addOption(command, option, undefined, left, options);
  else if (option.value !== undefined) addOption(command, option, word.slice(equals + 1), left, options);
  else throw usageError(command, `--${name} takes no value`);
}

function readShort(command: Command, word: string, left: string[], options: Map<string, string[]>): void {
  for (let at = 1; at < word.length; at++) {
    const option = findShort(command, word[at]);
    if (option === undefined) throw unknownOption(command, `-${word[at]}`, word.slice(1));
    const attached = word.slice(at + 1);
    if (option.value === undefined) addOption(command, option, undefined, left, options);
    else {
      addOption(command, option, attached === "" ? undefined : attached.replace(/^=/, ""), left, options);
      return;
    }
  }
}

function addOption(
  command: Command,
  option: CommandOption,
  given: string | undefined,
  left: string[],
  options: Map<string, string[]>,
): void {
  const values = options.get(option.name) ?? [];
  if (values.length > 0 && option.value === undefined) return;
  if (values.length > 0 && !option.repeatable) throw usageError(command, `--${option.name} is given twice`);
  if (option.value === undefined) values.push("true");
  else {
    const value = given ?? (isOptionLike(left[0]) ? undefined : left.shift());
    if (value === undefined)
      throw usageError(command, `--${option.name} needs a value: --${option.name} ${option.value}`);
    values.push(value);
  }
  options.set(option.name, values);
}

function checkOperands(command: Command, operands: readonly string[]): void {
  // "[WORD ...]" is one place.
  const places = command.operands.match(/\[(?:[^[\]]|\[[^\]]*\])*\]|\S+/g) ?? [];
  const required = places.filter((place) => !place.startsWith("[") && place !== "...");
  const missing = required[operands.length];
  if (missing !== undefined) throw usageError(command, `${missing.replace(/\[.*|\.+$/g, "")} is missing`);
  if (places.some((place) => place.includes("..."))) return;
  if (operands.length > places.length)
    throw usageError(command, `"${operands[places.length]}" is one word too many`);
}

/** "-4" is an option where the command has one of that name, and a number anywhere else. */
function isShortOption(command: Command, word: string): boolean {
  if (!word.startsWith("-") || word === "-") return false;
  return !NEGATIVE_NUMBER.test(word) || findShort(command, word[1]) !== undefined;
}

/** Whether a word stands where a value is missing; a value that looks so is written `--name=-value`. */
function isOptionLike(word: string | undefined): boolean {
  return word?.startsWith("-") === true && word !== "-" && !NEGATIVE_NUMBER.test(word);
}

function findShort(command: Command, letter: string): CommandOption | undefined {
  return allOptions(command).find((option) => option.short === letter);
}

function unknownOption(command: Command, shown: string, name: string): LocalError {
  const names = allOptions(command).map((option) => option.name);
  const hint = name.length > 1 ? didYouMean(name, names).replaceAll('"', "").replace("mean ", "mean --") : "";
  return usageError(command, `there is no option ${shown}${hint}`);
}

function usageError(command: Command, problem: string): LocalError {
  const end = problem.endsWith("?") ? "" : `; "${command.name} --help" lists what there is`;
  return new LocalError("usage", `${command.name}: ${problem}${end}`);
}

const NEGATIVE_NUMBER = /^-\.?\d/;
