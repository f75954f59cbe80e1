/**
 * YAML text as a tree in which every value knows its line and column. A safe subset of YAML 1.2: no tags, no merge
 * keys, aliases and nesting within bounds, one document. Nothing that is read here can throw or grow without limit.
 */

import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node } from "yaml";
import { messageOf } from "../net/index.ts";
import type { FileError } from "./network-file.ts";
import { readYaml } from "./yaml.ts";

/** A value of the file and where it stands (lines and columns from 1). */
export type SourceNode = { readonly line: number; readonly column: number } & (
  | { readonly kind: "scalar"; readonly value: string | number | boolean | null; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly SourceNode[] }
  | { readonly kind: "map"; readonly entries: readonly SourceEntry[] }
);

export interface SourceEntry {
  readonly key: string;
  readonly line: number;
  readonly column: number;
  readonly value: SourceNode;
}

export type Path = readonly (string | number)[];

/** The tree of `text`, or what is wrong with it as YAML. */
export function readSource(
  text: string,
  fileName: string,
): { root: SourceNode | undefined; errors: FileError[] } {
  if (text.length > FILE_LENGTH_MAX) {
    const message = `expected at most ${FILE_LENGTH_MAX} characters, found ${text.length}`;
    return { root: undefined, errors: [{ fileName, line: 1, column: 1, message }] };
  }
  if (NO_TEXT.test(text)) {
    const message = "expected a text in UTF-8, found other octets (a program, a picture?)";
    return { root: undefined, errors: [{ fileName, line: 1, column: 1, message }] };
  }
  if (nestsDeeply(text)) {
    const message = `nested deeper than ${BRACKETS_MAX} brackets`;
    return { root: undefined, errors: [{ fileName, line: 1, column: 1, message }] };
  }
  const reader = new SourceReader(text, fileName);
  try {
    return { root: reader.read(), errors: reader.errors };
  } catch (error) {
    // The YAML library recurses; so deep a nesting ends its stack.
    const message =
      error instanceof RangeError
        ? `nested deeper than ${DEPTH_MAX} levels`
        : `not YAML: ${messageOf(error)}`;
    return { root: undefined, errors: [{ fileName, line: 1, column: 1, message }] };
  }
}

/**
 * Whether brackets stay open beyond all reason. The YAML library takes time with the square of their depth, so this is
 * asked before it; brackets inside of strings count, too, which no file has so many of.
 */
function nestsDeeply(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BRACKET || code === BRACE) {
      if (++depth > BRACKETS_MAX) return true;
    } else if ((code === BRACKET + 2 || code === BRACE + 2) && depth > 0) depth--;
  }
  return false;
}

/** The node at `path`, or the deepest that exists on the way to it. */
export function nodeAt(root: SourceNode, path: Path): SourceNode {
  let node = root;
  for (const step of path) {
    const next = childOf(node, step);
    if (next === undefined) break;
    node = next;
  }
  return node;
}

/** The node at `path` if there is one. */
export function findNode(root: SourceNode, path: Path): SourceNode | undefined {
  let node: SourceNode | undefined = root;
  for (const step of path) node = node && childOf(node, step);
  return node;
}

function childOf(node: SourceNode, step: string | number): SourceNode | undefined {
  if (node.kind === "map") return node.entries.find((entry) => entry.key === step)?.value;
  return node.kind === "list" ? node.items[step as number] : undefined;
}

class SourceReader {
  readonly errors: FileError[] = [];
  readonly #fileName: string;
  readonly #text: string;
  #lines = new LineCounter();
  readonly #anchors = new Map<string, Node>();
  #nodes = 0;
  #tooDeep = false;

  constructor(text: string, fileName: string) {
    this.#text = text;
    this.#fileName = fileName;
  }

  read(): SourceNode | undefined {
    const { document, lines } = readYaml(this.#text);
    this.#lines = lines;
    // One slip can bring a hundred thousand errors after it, which quote all that follows.
    for (const problem of [...document.errors, ...document.warnings].slice(0, YAML_ERRORS_MAX)) {
      const hint = HINTS[problem.code] ?? "";
      this.#report(problem.pos[0], `not valid YAML: ${firstLine(problem.message)}${hint}`);
    }
    if (document.contents === null) {
      if (this.errors.length === 0) this.#report(0, "expected a network file, found nothing");
      return undefined;
    }
    return this.#convert(document.contents, 0);
  }

  #convert(node: unknown, depth: number, fallbackOffset = 0): SourceNode {
    const offset = offsetOf(node) ?? fallbackOffset;
    const position = this.#position(offset);
    const empty: SourceNode = { kind: "scalar", value: null, text: "", ...position };
    if (depth > DEPTH_MAX) {
      if (!this.#tooDeep) {
        // What the library said before is of its own stack, which so deep a nesting ends.
        this.errors.length = 0;
        this.#report(offset, `nested deeper than ${DEPTH_MAX} levels`);
      }
      this.#tooDeep = true;
      return empty;
    }
    if (++this.#nodes > NODES_MAX) {
      if (this.#nodes === NODES_MAX + 1)
        this.#report(offset, `more than ${NODES_MAX} values, aliases counted`);
      return empty;
    }
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target !== undefined) return this.#convert(target, depth + 1, offset);
      this.#report(offset, `the alias *${node.source} has no anchor before it`);
      return empty;
    }
    this.#remember(node);
    if (isMap(node)) {
      const entries = node.items.map((pair) => this.#entry(pair.key, pair.value, depth, offset));
      return { kind: "map", entries, ...position };
    }
    if (isSeq(node)) {
      return {
        kind: "list",
        items: node.items.map((item) => this.#convert(item, depth + 1, offset)),
        ...position,
      };
    }
    if (!isScalar(node)) return empty;
    return { kind: "scalar", value: plainValue(node.value), text: node.source ?? "", ...position };
  }

  #entry(key: unknown, value: unknown, depth: number, parentOffset: number): SourceEntry {
    const offset = offsetOf(key) ?? parentOffset;
    if (!isScalar(key)) this.#report(offset, "expected a plain word as the key");
    const name = isScalar(key) ? (key.source ?? String(key.value)) : "";
    this.#remember(key);
    return { key: name, ...this.#position(offset), value: this.#convert(value, depth + 1, offset) };
  }

  #remember(node: unknown): void {
    const anchored = node as Node & { anchor?: string };
    if (typeof anchored?.anchor === "string") this.#anchors.set(anchored.anchor, anchored);
  }

  #position(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  #report(offset: number, message: string): void {
    this.errors.push({ fileName: this.#fileName, ...this.#position(offset), message });
  }
}

function offsetOf(node: unknown): number | undefined {
  return (node as Node | null)?.range?.[0];
}

function plainValue(value: unknown): string | number | boolean | null {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

function firstLine(text: string): string {
  const end = text.indexOf("\n");
  const line = end === -1 ? text : text.slice(0, end);
  return line.length > MESSAGE_LENGTH_MAX ? `${line.slice(0, MESSAGE_LENGTH_MAX)}…` : line;
}

/** What is in no text: NUL, and what stands for octets that are not UTF-8. */
const NO_TEXT = /[\0\ufffd]/;

/** What people did who see these errors of the YAML library. */
const HINTS: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: ' (a text that contains ": " needs quotes)',
  TAG_RESOLVE_FAILED: ' (a text that begins with "!" needs quotes)',
};
/** A network of a thousand hosts takes some 400,000 characters. */
const FILE_LENGTH_MAX = 2_000_000;
/** As many as a person mends before trying again. */
const YAML_ERRORS_MAX = 20;
/** The library's messages quote the file; this is more than any says of its own. */
const MESSAGE_LENGTH_MAX = 160;
/** Our deepest value stands at level 8; services may nest further. */
const DEPTH_MAX = 40;
/** Values after aliases are followed: as many as the longest file could hold without any. */
const NODES_MAX = 200_000;
/** Open brackets and braces; those that strings leave open, as a text about smileys would, add up over a file. */
const BRACKETS_MAX = 1_000;
/** "[" and "{"; the closing ones are two further. */
const BRACKET = 0x5b;
const BRACE = 0x7b;
