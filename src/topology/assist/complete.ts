/** Completion and help for who writes a network file, from its schema and from the names that it gives. */

import { services as allServices } from "../../services/registry.ts";
import { networkSchema } from "../schema.ts";
import type { Schema } from "../schema-check.ts";
import { namesAt } from "./names.ts";
import { type Place, placeAt } from "./place.ts";
import { describedAt, formsAt, resolve } from "./schema-walk.ts";

export interface Completion {
  /** What it replaces: columns of the line, from 0. */
  readonly from: number;
  readonly to: number;
  readonly options: readonly CompletionOption[];
}

export interface CompletionOption {
  readonly label: string;
  /** What it means, in a line or two. */
  readonly detail: string;
  /** What takes the place of [from, to). */
  readonly text: string;
}

/** What may stand at a place. Lines and columns from 0; the text need not be whole. */
export function completeNetworkFile(text: string, line: number, column: number): Completion {
  const place = placeAt(text, line, column);
  if (place === undefined) return { from: column, to: column, options: [] };
  const { from, to } = place;
  const keys = place.role === "key" ? keyOptions(place) : [];
  const options = keys.length > 0 ? keys : valueOptions(place);
  const unique = [...new Map(options.map((option) => [option.label, option])).values()];
  return { from, to, options: unique.slice(0, OPTIONS_MAX) };
}

/** What the key at a place means, or the key whose value it is; undefined when there is nothing to say. */
export function describeNetworkFile(text: string, line: number, column: number): string | undefined {
  const place = placeAt(text, line, column);
  if (place === undefined) return undefined;
  const word = text.split("\n")[line].slice(place.from, place.to);
  if (word === "") return undefined;
  const path = place.role === "key" ? [...place.path, word] : place.path;
  const data = place.role === "key" ? undefined : place.data;
  const known = describedAt(schema(), path, data ?? place.data);
  if (known === undefined) return undefined;
  const description = known.description ?? resolve(schema(), known).description;
  const kind = kindOf(known);
  const key = path.findLast((step) => typeof step === "string");
  const lines = [description ?? "", kind === "" ? "" : `Value: ${kind}`].filter((each) => each !== "");
  return lines.length === 0 ? undefined : `${key}: ${lines.join("\n")}`;
}

function keyOptions({ path, siblings, hasColon, data }: Place): CompletionOption[] {
  const present = new Set(siblings);
  return formsAt(schema(), path, data).flatMap(({ properties = {}, required = [] }) => {
    const keys = Object.entries(properties).filter(([key]) => !present.has(key));
    // What a form needs comes first.
    const inOrder = [...keys].sort(([a], [b]) => Number(required.includes(b)) - Number(required.includes(a)));
    return inOrder.map(([key, member]) => ({
      label: key,
      detail: member.description ?? resolve(schema(), member).description ?? kindOf(member),
      text: hasColon ? key : isBlock(member) ? `${key}:` : `${key}: `,
    }));
  });
}

function valueOptions({ path, prefix, data }: Place): CompletionOption[] {
  const names = namesAt(path, data).filter(({ label }) => label.startsWith(prefix));
  const found = names.map(({ label, detail }) => ({ label, detail, text: label.slice(prefix.length) }));
  if (prefix !== "") return found;
  const described = describedAt(schema(), path, data)?.description ?? "";
  const words = formsAt(schema(), path, data).flatMap((form) => constantsOf(form));
  return [...found, ...words.map((word) => ({ label: word, detail: described, text: word }))];
}

function constantsOf(form: Schema): string[] {
  if (form.const !== undefined) return [String(form.const)];
  if (form.enum !== undefined) return form.enum.map(String);
  return form.type === "boolean" ? ["true", "false"] : [];
}

/** What a person would call the values that are allowed. */
function kindOf(member: Schema): string {
  const form = resolve(schema(), member);
  const branches = form.type === undefined ? (form.oneOf ?? form.anyOf) : undefined;
  if (branches !== undefined)
    return [...new Set(branches.map(kindOf))].filter((kind) => kind !== "").join(", or ");
  const constants = constantsOf(form);
  if (constants.length > 0) return constants.join(", ");
  const said = form.patternErrorMessage ?? form.title;
  if (said !== undefined) return said;
  const type = typeof form.type === "string" ? form.type : form.type?.[0];
  const range =
    form.minimum !== undefined && form.maximum !== undefined && form.maximum <= 1e9
      ? `, ${form.minimum} to ${form.maximum}`
      : "";
  return (KINDS[type ?? ""] ?? "") + range;
}

/** Whether its value is usually written below it. */
function isBlock(member: Schema): boolean {
  const { type } = resolve(schema(), member);
  return type === "object" || (Array.isArray(type) && type.includes("object"));
}

function schema(): Schema {
  known ??= networkSchema(allServices);
  return known;
}

let known: Schema | undefined;
const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true, false",
  object: "a map",
  array: "a list",
};
/** More than a person scrolls through. */
const OPTIONS_MAX = 200;
