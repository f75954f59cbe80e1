/**
 * Where in a network file a cursor stands. A text that is being written is seldom whole, so a mark is put where the
 * cursor is, and the YAML library, which goes on after mistakes, says where in the tree the mark has come to lie.
 */

import { isMap, isPair, isScalar, isSeq, parseDocument, visit } from "yaml";
import type { Path } from "../source.ts";

export interface Place {
  /** "key": a key of the map at `path` is being written; "value": the value at `path`. */
  readonly role: "key" | "value";
  readonly path: Path;
  /** Columns of the line, from 0: the word at the cursor. */
  readonly from: number;
  readonly to: number;
  /** What stands before the word in the same value: "r1:" of "r1:wan". */
  readonly prefix: string;
  /** Keys that the map has besides. */
  readonly siblings: readonly string[];
  /** A key that is there already, with its colon. */
  readonly hasColon: boolean;
  /** The file as far as it can be read. */
  readonly data: unknown;
}

/** Lines and columns from 0. Undefined where nothing can be said: in a comment, in a text that is too broken. */
export function placeAt(text: string, line: number, column: number): Place | undefined {
  const lines = text.split("\n");
  const content = lines[line]?.replace(/\r$/, "");
  if (content === undefined || column > content.length || text.length > TEXT_LENGTH_MAX) return undefined;
  const from = column - (/[\w.-]*$/.exec(content.slice(0, column))?.[0].length ?? 0);
  const to = column + (/^[\w.-]*/.exec(content.slice(column))?.[0].length ?? 0);
  const [before, after] = [content.slice(0, from), content.slice(to)];
  if (/(^|\s)#/.test(before)) return undefined;
  const hasColon = /^["']?\s*:(\s|$)/.test(after);
  // Alone in its line it is a key that has no colon yet, or an item of a list.
  const isAlone = /^\s*(- +)*$/.test(before) && after.trim() === "";
  for (const ending of isAlone ? [":", ""] : [""]) {
    lines[line] = `${before}${MARK}${ending}${after}`;
    const found = findMark(lines.join("\n"));
    if (found !== undefined) return { ...found, from, to, hasColon };
  }
  return undefined;
}

type Found = Pick<Place, "role" | "path" | "prefix" | "siblings" | "data">;

function findMark(text: string): Found | undefined {
  let found: Found | undefined;
  try {
    const document = parseDocument(text, {
      prettyErrors: false,
      version: "1.2",
      schema: "core",
      logLevel: "silent",
    });
    const data: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
    visit(document, {
      Scalar: (role, node, ancestors) => {
        const value = String(node.source ?? node.value);
        const at = value.indexOf(MARK);
        if (at === -1) return undefined;
        const isKey = role === "key";
        const path = pathOf(isKey ? ancestors.slice(0, -1) : ancestors, isKey ? ancestors.at(-1) : node);
        const map = ancestors.findLast((each) => isMap(each));
        const keys = isMap(map) ? map.items.map(({ key }) => (isScalar(key) ? String(key.value) : "")) : [];
        const siblings = isKey ? keys.filter((key) => !key.includes(MARK)) : [];
        found = { role: isKey ? "key" : "value", path, prefix: value.slice(0, at), siblings, data };
        return visit.BREAK;
      },
    });
  } catch {
    // Aliases that lead nowhere, nesting without end: nothing can be said of it.
    return undefined;
  }
  return found;
}

/** The keys and indices that lead to `node`. */
function pathOf(ancestors: readonly unknown[], node: unknown): Path {
  const path: (string | number)[] = [];
  for (const [i, ancestor] of ancestors.entries()) {
    const child = ancestors[i + 1] ?? node;
    if (isSeq(ancestor)) path.push(ancestor.items.indexOf(child));
    else if (isPair(ancestor) && child === ancestor.value)
      path.push(String(isScalar(ancestor.key) ? ancestor.key.value : ""));
  }
  return path;
}

/** In no file, and a word in every place. */
const MARK = "QyHereq";
/** As the reader of files has it. */
const TEXT_LENGTH_MAX = 2_000_000;
const ALIASES_MAX = 1_000;
