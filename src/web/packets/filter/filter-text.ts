/** Display filters that come from a click: what a field or a cell says, as words of the filter language. */

import type { Field, PacketRowView } from "../../../engine/protocol/index.ts";

/** How what was clicked becomes the filter. */
export type Combine = "apply" | "not" | "and" | "or" | "and-not";

export const COMBINES: readonly { readonly combine: Combine; readonly label: string }[] = [
  { combine: "apply", label: "Only these" },
  { combine: "not", label: "All but these" },
  { combine: "and", label: "…and these" },
  { combine: "and-not", label: "…and not these" },
  { combine: "or", label: "…or these" },
];

export type CellColumn = "number" | "time" | "source" | "destination" | "protocol" | "length" | "info";

/** `now` and `clause` together; either may be several conditions. */
export function combineFilters(now: string, clause: string, combine: Combine): string {
  const wanted = combine === "not" || combine === "and-not" ? `!${grouped(clause, NEGATED)}` : clause;
  const isFirst = now.trim() === "" || combine === "apply" || combine === "not";
  if (isFirst) return wanted;
  const word = combine === "or" ? "or" : "and";
  const loose = combine === "or" ? NONE : LOOSER;
  return `${grouped(now.trim(), loose)} ${word} ${grouped(wanted, loose)}`;
}

/** What a field of the detail says. Octets and groups say only that they are there. */
export function fieldFilter(field: Field): string {
  if (field.value === "" || field.value.includes("…") || field.value.length > VALUE_MAX) return field.key;
  return `${field.key} == ${quoted(field.value)}`;
}

/** Undefined where a cell says nothing that can be asked for. */
export function cellFilter(row: PacketRowView, column: CellColumn): string | undefined {
  switch (column) {
    case "number":
      return `frame.number == ${row.number}`;
    case "time":
      return `frame.time_virtual >= ${row.timeNs / 1e9}`;
    case "source":
      return addressFilter(row.source, "src");
    case "destination":
      return addressFilter(row.destination, "dst");
    case "protocol":
      return `protocol == ${quoted(row.protocol)}`;
    case "length":
      return `frame.len == ${row.length}`;
    case "info":
      return row.info === "" ? undefined : `info == ${quoted(row.info)}`;
  }
}

/** Of a column of addresses: an IP or MAC address, or the name of a host. */
function addressFilter(text: string, side: "src" | "dst"): string | undefined {
  if (text === "") return undefined;
  if (text === "Broadcast") return `eth.${side} == ff:ff:ff:ff:ff:ff`;
  if (/^\d+(\.\d+){3}$/.test(text)) return `ip.${side} == ${text}`;
  if (/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text)) return `eth.${side} == ${text}`;
  if (/^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text)) return `ipv6.${side} == ${text}`;
  return `host.${side} == ${quoted(text)}`;
}

/** As it stands where the language takes it for one word, otherwise in quotes. */
export function quoted(text: string): string {
  if (PLAIN_WORD.test(text) && !OPERATORS.has(text.toLowerCase())) return text;
  const escaped = text.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
  return `"${escaped.replaceAll("\t", "\\t")}"`;
}

/** In parentheses where another word beside it would tear it apart. */
function grouped(filter: string, torn: RegExp): string {
  return torn.test(unquoted(filter)) && !isOneGroup(filter) ? `(${filter})` : filter;
}

function isOneGroup(filter: string): boolean {
  const text = unquoted(filter);
  if (!text.startsWith("(")) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "(") depth++;
    if (text[at] === ")" && --depth === 0) return at === text.length - 1;
  }
  return false;
}

/** With what is quoted blotted out, so that words in it do not count; of the same length. */
function unquoted(filter: string): string {
  return filter.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, (text) => "_".repeat(text.length));
}

/** Two dots are a range. Letters of every script are words, as in the engine's language. */
const PLAIN_WORD = /^(?:[\p{L}\p{N}_:/@%+*#$-]|\.(?!\.))+$/u;
const OPERATORS = new Set(
  (
    "and or xor not contains matches in eq ne gt lt ge le any all bitand bitwise_and " +
    "any_eq all_ne all_eq any_ne"
  ).split(" "),
);
/** What binds more loosely than "and". */
const LOOSER = /\b(or|xor)\b|\|\||\^\^/i;
/** What "not" would not reach. */
const NEGATED = /\s/;
const NONE = /$^/;
/** A longer value is a text to read, not one to look for. */
const VALUE_MAX = 200;
