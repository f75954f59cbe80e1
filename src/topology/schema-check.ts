/**
 * Checks a source tree against a JSON schema (draft 2020-12, the keywords below) and says for each mistake where it
 * stands, what was expected and what was found. Our own instead of a compiler of schemas: it knows lines, and it
 * makes no code, which a browser with a strict policy would refuse. A test holds it against ajv.
 *
 * The value it returns holds what was right: a wrong member is left out of it (a wrong item is undefined), and all
 * that surrounds the mistake is in `damaged`, so that the checks of meaning can go on without repeating it.
 */

import { didYouMean } from "../host/suggest.ts";
import type { SourceNode } from "./source.ts";

export interface Problem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface SchemaResult {
  /** Plain data without what was wrong; undefined when the whole was. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Nodes in which something was wrong. */
  readonly damaged: ReadonlySet<SourceNode>;
}

/** The keywords that we understand; a test holds the whole schema to them. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly minProperties?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly pattern?: string;
  /** What to say when `pattern` does not fit (VS Code knows this keyword, too). */
  readonly patternErrorMessage?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly $schema?: string;
  readonly $id?: string;
}

export function checkSchema(root: SourceNode, schema: Schema): SchemaResult {
  const check = new SchemaCheck(schema);
  const value = check.visit(root, schema);
  return { value: value === WRONG ? undefined : value, problems: check.problems, damaged: check.damaged };
}

/** A found value in words: `the text "abc"`, `the number 3`, `a list`. */
export function describeNode(node: SourceNode): string {
  if (node.kind !== "scalar") return node.kind === "list" ? "a list" : "a map";
  if (node.value === null) return "nothing";
  if (typeof node.value === "string") return `"${shorten(node.value)}"`;
  return `the ${typeof node.value === "number" ? "number" : "word"} ${shorten(node.text)}`;
}

const WRONG = Symbol("wrong");

class SchemaCheck {
  readonly #root: Schema;
  problems: Problem[] = [];
  damaged = new Set<SourceNode>();

  constructor(root: Schema) {
    this.#root = root;
  }

  /** The value of `node`, or WRONG after at least one problem was reported. */
  visit(node: SourceNode, schema: Schema): unknown {
    const before = this.problems.length;
    const value = this.#value(node, schema);
    if (this.problems.length > before) this.damaged.add(node);
    return value;
  }

  #value(node: SourceNode, schema: Schema): unknown {
    const branches = schema.oneOf ?? schema.anyOf;
    if (schema.$ref !== undefined) return this.visit(node, this.#resolve(schema.$ref));
    if (branches === undefined) return this.#single(node, schema);
    const chosen = this.#choose(node, branches, schema.oneOf !== undefined);
    // Branches beside a type of the schema's own only say more about it.
    return schema.type === undefined ? chosen : this.#single(node, schema);
  }

  /** What `schema` says itself, without its branches. */
  #single(node: SourceNode, schema: Schema): unknown {
    if (!typesOf(schema).some((type) => hasType(node, type))) {
      return this.#fail(node, `expected ${describeSchema(this.#root, schema)}, found ${describeNode(node)}`);
    }
    const constants = schema.const === undefined ? schema.enum : [schema.const];
    if (constants !== undefined && !(node.kind === "scalar" && constants.includes(node.value))) {
      const isText = node.kind === "scalar" && typeof node.value === "string";
      const hint = isText ? didYouMean(node.value, constants.map(String)) : "";
      return this.#fail(
        node,
        `expected ${describeSchema(this.#root, schema)}, found ${describeNode(node)}${hint}`,
      );
    }
    if (node.kind === "map") return this.#map(node, schema);
    if (node.kind === "list") return this.#list(node, schema);
    return this.#scalar(node, schema);
  }

  #map(node: SourceNode & { kind: "map" }, schema: Schema): unknown {
    const found = new Map<string, unknown>();
    for (const entry of node.entries) {
      const member = Object.hasOwn(schema.properties ?? {}, entry.key)
        ? schema.properties?.[entry.key]
        : undefined;
      if (member === undefined && !this.#mayHave(entry, schema)) continue;
      const rule = member ?? schema.additionalProperties ?? true;
      const value = typeof rule === "boolean" ? plain(entry.value) : this.visit(entry.value, rule);
      if (value !== WRONG) found.set(entry.key, value);
    }
    for (const key of schema.required ?? []) {
      if (node.entries.some((entry) => entry.key === key)) continue;
      const member = schema.properties?.[key];
      const what = member === undefined ? "" : `: ${describeSchema(this.#root, member)}`;
      this.#fail(node, `the key "${key}" is missing${what}`);
    }
    if (node.entries.length < (schema.minProperties ?? 0)) {
      this.#fail(node, `expected at least ${schema.minProperties} entries, found ${node.entries.length}`);
    }
    return Object.fromEntries(found);
  }

  /** Whether a key that `properties` does not name is allowed. */
  #mayHave(entry: { key: string; line: number; column: number }, schema: Schema): boolean {
    if (schema.additionalProperties === false) {
      const known = Object.keys(schema.properties ?? {});
      const hint = didYouMean(entry.key, known) || `; there is: ${known.join(", ") || "none"}`;
      this.#fail(entry, `unknown key "${shorten(entry.key)}"${hint}`);
      return false;
    }
    const names = schema.propertyNames;
    if (names === undefined) return true;
    const key: SourceNode = {
      kind: "scalar",
      value: entry.key,
      text: entry.key,
      line: entry.line,
      column: entry.column,
    };
    return this.visit(key, names) !== WRONG;
  }

  #list(node: SourceNode & { kind: "list" }, schema: Schema): unknown {
    const count = node.items.length;
    const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, items } = schema;
    if (count < minItems) this.#fail(node, `expected at least ${minItems} items, found ${count}`);
    if (count > maxItems) this.#fail(node, `expected at most ${maxItems} items, found ${count}`);
    const values = node.items.map((item) => (items === undefined ? plain(item) : this.visit(item, items)));
    if (schema.uniqueItems === true) {
      const seen = new Set<string>();
      for (const [i, item] of node.items.entries()) {
        const text = JSON.stringify(sorted(plain(item)));
        if (seen.has(text)) this.#fail(node.items[i], `${describeNode(item)} stands twice in the list`);
        seen.add(text);
      }
    }
    return values.map((value) => (value === WRONG ? undefined : value));
  }

  #scalar(node: SourceNode & { kind: "scalar" }, schema: Schema): unknown {
    const { value } = node;
    const expected = (): string =>
      `expected ${describeSchema(this.#root, schema)}, found ${describeNode(node)}`;
    if (typeof value === "string") {
      const length = [...value].length;
      if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(value))
        return this.#fail(node, expected());
      if (length < (schema.minLength ?? 0)) return this.#fail(node, expected());
      if (length > (schema.maxLength ?? length)) {
        return this.#fail(node, `expected at most ${schema.maxLength} characters, found ${length}`);
      }
    }
    if (typeof value === "number") {
      const { minimum = value, maximum = value, exclusiveMinimum = Number.NEGATIVE_INFINITY } = schema;
      if (value < minimum || value > maximum || value <= exclusiveMinimum)
        return this.#fail(node, expected());
    }
    return value;
  }

  /** Tries every branch; when none fits, the mistakes of the one that was most likely meant are reported. */
  #choose(node: SourceNode, branches: readonly Schema[], exactlyOne: boolean): unknown {
    const tries = branches.map((branch) => {
      const check = new SchemaCheck(this.#root);
      return { branch, check, value: check.visit(node, branch) };
    });
    const fitting = tries.filter((attempt) => attempt.check.problems.length === 0);
    if (fitting.length === 1 || (fitting.length > 1 && !exactlyOne)) return fitting[0].value;
    if (fitting.length > 1)
      return this.#fail(node, `fits ${fitting.length} of the allowed forms, expected only one`);
    const scored = tries.map((attempt) => ({ ...attempt, score: this.#likeness(node, attempt.branch) }));
    const best = Math.max(...scored.map((attempt) => attempt.score));
    const meant = scored.filter((attempt) => attempt.score === best);
    if (best === 0 || meant.length > 1) {
      const forms = branches.map((branch) => describeForm(this.#root, branch)).join(", or ");
      return this.#fail(node, `expected ${forms}; found ${describeFound(node)}`);
    }
    this.problems.push(...meant[0].check.problems);
    for (const damaged of meant[0].check.damaged) this.damaged.add(damaged);
    return meant[0].value;
  }

  /** How much `node` looks like `schema`: 0 is not at all. */
  #likeness(node: SourceNode, schema: Schema): number {
    if (schema.$ref !== undefined) return this.#likeness(node, this.#resolve(schema.$ref));
    const inner = schema.oneOf ?? schema.anyOf;
    if (inner !== undefined) return Math.max(...inner.map((branch) => this.#likeness(node, branch)));
    if (!typesOf(schema).some((type) => hasType(node, type))) return 0;
    if (node.kind !== "map" || schema.required === undefined) return 1;
    return schema.required.filter((key) => node.entries.some((entry) => entry.key === key)).length;
  }

  #resolve(reference: string): Schema {
    const name = reference.startsWith("#/$defs/") ? reference.slice("#/$defs/".length) : "";
    const schema = this.#root.$defs?.[name];
    if (schema === undefined) throw new Error(`the schema refers to ${reference}, which it does not have`);
    return schema;
  }

  #fail(at: { line: number; column: number }, message: string): typeof WRONG {
    this.problems.push({ line: at.line, column: at.column, message });
    return WRONG;
  }
}

/** What a schema asks for, in words. */
function describeSchema(root: Schema, schema: Schema): string {
  if (schema.$ref !== undefined)
    return describeSchema(root, root.$defs?.[schema.$ref.slice("#/$defs/".length)] ?? {});
  if (schema.title !== undefined) return schema.title;
  if (schema.patternErrorMessage !== undefined) return schema.patternErrorMessage;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  const branches = schema.type === undefined ? (schema.oneOf ?? schema.anyOf) : undefined;
  if (branches !== undefined) return branches.map((branch) => describeSchema(root, branch)).join(", or ");
  if (schema.type === undefined && schema.required !== undefined) {
    return `the key ${schema.required.map((key) => `"${key}"`).join(" and ")}`;
  }
  const { minimum, maximum, exclusiveMinimum, pattern, minLength = 0 } = schema;
  const range =
    minimum !== undefined && maximum !== undefined
      ? ` from ${minimum} to ${maximum}`
      : minimum !== undefined
        ? ` of at least ${minimum}`
        : maximum !== undefined
          ? ` of at most ${maximum}`
          : "";
  const above = exclusiveMinimum === undefined ? "" : ` above ${exclusiveMinimum}`;
  const text =
    pattern !== undefined ? ` that matches ${pattern}` : minLength > 1 ? ` of ${minLength} characters` : "";
  return typesOf(schema)
    .map((type) => (TYPE_NAMES[type] ?? type) + (type === "string" ? text : above + range))
    .join(" or ");
}

/** As `describeSchema`, with the keys by which a form is known. */
function describeForm(root: Schema, schema: Schema): string {
  const required = (schema.type === undefined ? undefined : schema.required) ?? [];
  return describeSchema(root, schema) + (required.length === 0 ? "" : ` (${required.join(", ")})`);
}

function describeFound(node: SourceNode): string {
  if (node.kind !== "map" || node.entries.length === 0) return describeNode(node);
  return `a map with ${node.entries.map((entry) => `"${shorten(entry.key)}"`).join(", ")}`;
}

function typesOf(schema: Schema): readonly string[] {
  if (schema.type === undefined) return ALL_TYPES;
  return typeof schema.type === "string" ? [schema.type] : schema.type;
}

function hasType(node: SourceNode, type: string): boolean {
  if (node.kind !== "scalar") return type === (node.kind === "map" ? "object" : "array");
  if (type === "integer") return Number.isInteger(node.value);
  if (type === "number") return Number.isFinite(node.value);
  // Not `typeof null`, which is "object".
  return type === "null" ? node.value === null : node.value !== null && typeof node.value === type;
}

/** The plain data of a tree. */
function plain(node: SourceNode): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(plain);
  return Object.fromEntries(node.entries.map((entry) => [entry.key, plain(entry.value)]));
}

/** The same data with the keys of maps in order, so that equal data have equal text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, sorted(member)] as const)
      .sort(),
  );
}

function shorten(text: string): string {
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}…`;
}

const ALL_TYPES = ["object", "array", "string", "number", "boolean", "null"];
const TYPE_NAMES: Readonly<Record<string, string>> = {
  object: "a map",
  array: "a list",
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  null: "nothing",
};
/** Characters of a found value that an error shows: enough to recognise it. */
const SHOWN_MAX = 60;
