/** Wireshark's programs, which read our captures; and our own fields in the words in which tshark prints its. */

import { execFileSync } from "node:child_process";
import { dissect, type Field } from "../../src/dissect/index.ts";

/** The lines that tshark prints of a capture, without empty ones at the end. */
export function tshark(file: string, ...words: readonly string[]): string[] {
  const text = tsharkText(file, ...words).replace(/\n+$/, "");
  return text === "" ? [] : text.split("\n");
}

export function tsharkText(file: string, ...words: readonly string[]): string {
  return printedBy("tshark", ["-r", file, ...words]);
}

/** What capinfos says of a capture as a row of a table: the cells behind the name of the file. */
export function capinfos(file: string, ...words: readonly string[]): string[] {
  const [, row] = printedBy("capinfos", ["-TMQ", ...words, file])
    .trim()
    .split("\n");
  return row
    .split("\t")
    .slice(1)
    .map((cell) => cell.replaceAll('"', ""));
}

/** Has tshark check what it otherwise believes. */
export const CHECKS = ["ip", "tcp", "udp"].flatMap((protocol) => ["-o", `${protocol}.check_checksum:TRUE`]);

/** With CHECKS: lets through what is malformed, or has a wrong checksum. */
export const BAD = [
  "_ws.malformed",
  ...["ip", "tcp", "udp", "icmp", "icmpv6"].map((protocol) => `${protocol}.checksum.status == 0`),
].join(" || ");

/** Has tshark print these fields of every packet, all their values. */
export function fieldsOf(keys: readonly string[]): string[] {
  const form = ["-T", "fields", "-E", "occurrence=a", "-E", "aggregator=|"];
  return [...form, ...keys.flatMap((key) => ["-e", key])];
}

/** Our values of a frame, in its order, as tshark writes them. */
export function valuesByKey(
  frame: Uint8Array,
  context: Parameters<typeof dissect>[1],
): Map<string, string[]> {
  const values = new Map<string, string[]>();
  const visit = (fields: readonly Field[]): void => {
    for (const { key, value, children } of fields) {
      values.set(key, [...(values.get(key) ?? []), value]);
      visit(children ?? []);
    }
  };
  for (const layer of dissect(frame, context).layers) visit(layer.fields);
  return values;
}

function printedBy(program: string, words: readonly string[]): string {
  return execFileSync(program, words, {
    encoding: "utf8",
    // As root they warn on the standard error output.
    stdio: ["ignore", "pipe", "ignore"],
    timeout: ANSWER_MS,
    maxBuffer: OUTPUT_MAX,
  });
}

const ANSWER_MS = 60_000;
const OUTPUT_MAX = 64 * 1024 * 1024;
