/**
 * A YAML text that is changed where it must be, and nowhere else: comments, order and the hand of its author stay.
 * The library says where each node stands; a change is a splice of the text there. Paths go through maps by key and
 * through lists by index; an alias on the way is written out before something in it is changed, and an anchor that
 * would be lost moves to its first alias.
 */

import { type Document, isAlias, isCollection, isMap, isScalar, isSeq, type Node, visit } from "yaml";
import type { Path } from "../source.ts";
import { readYaml } from "../yaml.ts";
import { changeParts, isSame } from "./merge.ts";
import { flowRemoval, linesRemoval } from "./removal.ts";
import { renderBlock, renderFlow, renderKey } from "./render.ts";
import { type Span, type Splice, spliced } from "./splice.ts";

/** How many levels of a new value are written line by line; what is deeper stands in braces and brackets. */
export interface Style {
  readonly blockLevels?: number;
}

export class YamlText {
  #text: string;
  #parsed: Document.Parsed | undefined;
  /** Where several changes are made at once: what is not done yet. */
  #together: Splice[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }

  /** The value at `path` as plain data, aliases followed; undefined when there is none. */
  get(path: Path): unknown {
    const node = this.#find(path);
    return node === undefined ? undefined : node.toJS(this.#document);
  }

  has(path: Path): boolean {
    return this.#find(path) !== undefined;
  }

  /** The text of the value at `path`, if it stands on its own in one line. */
  source(path: Path): string | undefined {
    const node = this.#find(path);
    if (node === undefined || this.#isShared(node)) return undefined;
    const source = this.#text.slice(rangeOf(node)[0], this.#end(node));
    return source.includes("\n") || source.startsWith("|") || source.startsWith(">") ? undefined : source;
  }

  /**
   * Gives `path` a value, of which only what differs is changed; maps on the way are made. `after` names keys behind
   * which a new one belongs.
   */
  set(path: Path, value: unknown, style: Style & { readonly after?: readonly string[] } = {}): void {
    const old = this.get(path);
    if (old !== undefined && isSame(old, value)) return;
    if (this.#together === undefined && changeParts(this, path, old, value)) return;
    const parent = this.#open(path.slice(0, -1));
    const key = path.at(-1) as string | number;
    if (parent === undefined || !isCollection(parent)) {
      this.set(path.slice(0, -1), { [key]: value }, { ...style, blockLevels: (style.blockLevels ?? 0) + 1 });
      return;
    }
    if (isSeq(parent)) {
      this.#replace(parent.items[key as number] as Node, renderFlow(value));
      return;
    }
    const pair = pairOf(parent, key);
    if (parent.items.length === 0 && path.length === 2) {
      // A section that was empty is written as sections are.
      this.set([path[0]], { [key]: value }, { blockLevels: (style.blockLevels ?? 0) + 1 });
    } else if (pair === undefined) this.#addPair(parent, String(key), value, style);
    else this.#setValue(pair, value, parent.flow === true ? {} : style);
  }

  /** Replaces the scalars below `path` for which `change` gives another text. Aliases are not followed. */
  replaceScalars(path: Path, change: (value: unknown) => string | undefined): void {
    const node = this.#find(path, false);
    if (node === undefined || isAlias(node)) return;
    const scalars: { node: Node; text: string }[] = [];
    const look = (at: Node): void => {
      if (isScalar(at)) {
        const text = change(at.value);
        if (text !== undefined) scalars.push({ node: at, text });
      } else if (isSeq(at)) for (const item of at.items) look(item as Node);
    };
    look(node);
    for (const each of scalars.reverse()) this.#replace(each.node, each.text);
  }

  /** Adds an item to the list at `path`, which is made when it is not there. */
  append(path: Path, value: unknown, style: Style & { readonly after?: readonly string[] } = {}): void {
    const list = this.#open(path);
    if (!isSeq(list) || list.items.length === 0) {
      this.set(path, [value], style);
      return;
    }
    this.#insert(list, list.items.length, value);
  }

  /** Adds an item to the list at `path`, before the one that has this index now. */
  insert(path: Path, index: number, value: unknown): void {
    const list = this.#open(path);
    if (isSeq(list)) this.#insert(list, index, value);
  }

  /**
   * Takes away the key or item at `path`; a list or map that is empty then stays, unless it is a section of the file.
   * `forAll`: also from where the list or map is meant by an alias.
   */
  delete(path: Path, forAll = false): void {
    const parent = this.#open(path.slice(0, -1), forAll);
    const key = path.at(-1) as string | number;
    if (parent === undefined || !isCollection(parent)) return;
    const at = isMap(parent)
      ? parent.items.findIndex((pair) => keyText(pair.key) === String(key))
      : Number(key);
    if (at < 0 || at >= parent.items.length) return;
    if (this.#rescueAnchors(path)) {
      this.delete(path, forAll);
      return;
    }
    if (parent.items.length === 1 && path.length > 1) {
      if (path.length === 2 && path[0] !== "hosts") this.delete(path.slice(0, -1));
      else this.set(path.slice(0, -1), isMap(parent) ? {} : []);
      return;
    }
    const spans = parent.items.map((item): Span => {
      if (isMap(parent)) return this.#spanOf(item as Pair);
      return { start: this.#start(item as Node), end: this.#end(item as Node) };
    });
    const isFirstKey = isMap(parent) && at === 0;
    const splices =
      parent.flow === true
        ? flowRemoval(this.#text, spans, at)
        : linesRemoval(this.#text, spans, at, isFirstKey);
    for (const { start, end } of splices) this.#splice(start, end, "");
  }

  /**
   * Changes of places that have nothing to do with each other, no two in one map or list: all of them by one reading of
   * the text, however many they are.
   */
  apart(changes: readonly (() => void)[]): void {
    const root = this.#document.contents as Node | null;
    const together: Splice[] = [];
    // An alias on the way is written out first, and the text read again.
    if (root !== null && !this.#isShared(root)) {
      this.#together = together;
      try {
        for (const change of changes) change();
      } finally {
        this.#together = undefined;
      }
    } else for (const change of changes) change();
    if (together.length > 0) this.#splice(0, this.#text.length, spliced(this.#text, together));
  }

  // ---- Nodes.

  get #document(): Document.Parsed {
    this.#parsed ??= readYaml(this.#text).document;
    return this.#parsed;
  }

  #find(path: Path, followLast = true): Node | undefined {
    let node: Node | null | undefined = this.#document.contents as Node | null;
    for (const [i, step] of path.entries()) {
      if (isMap(node)) node = pairOf(node, step)?.value;
      else node = isSeq(node) ? (node.items[Number(step)] as Node | undefined) : undefined;
      if (isAlias(node) && (followLast || i < path.length - 1)) node = node.resolve(this.#document);
    }
    return node ?? undefined;
  }

  /**
   * The node at `path`, for changing what is in it: no part of the way is an alias any more, and none is meant elsewhere
   * unless the change is for all who mean it.
   */
  #open(path: Path, forAll = false): Node | undefined {
    for (let length = 1; length <= path.length; length++) {
      const way = path.slice(0, length);
      const node = this.#find(way, false);
      if (node === undefined) return undefined;
      if (isAlias(node)) this.#replace(node, renderFlow(node.toJS(this.#document)));
      else if (!forAll && this.#rescueAnchors(way, new Set([node]))) this.#dropAnchor(way);
    }
    return this.#find(path);
  }

  /** Its first alias has it now. */
  #dropAnchor(path: Path): void {
    const node = this.#find(path, false) as (Node & { anchor?: string }) | undefined;
    if (node?.anchor === undefined) return;
    const start = this.#start(node);
    // With the space before it.
    this.#splice(start - 1, start + 1 + node.anchor.length, "");
  }

  /** Whether its text means something that stands elsewhere, or is meant elsewhere. */
  #isShared(node: Node): boolean {
    let shared = false;
    visit(node, {
      Node: (_, each) => {
        if (isAlias(each) || each.anchor !== undefined) shared = true;
      },
    });
    return shared;
  }

  /**
   * Gives an anchor at `path`, or of some nodes there, to its first alias outside of them. Returns whether the text has
   * changed.
   */
  #rescueAnchors(path: Path, nodes?: ReadonlySet<Node>): boolean {
    const node = this.#find(path, false);
    if (node === undefined) return false;
    const inside = new Set(nodes);
    if (nodes === undefined) visit(node, { Node: (_, each) => void inside.add(each) });
    let orphan: { alias: Node; anchor: string; value: unknown } | undefined;
    visit(this.#document, {
      Alias: (_, alias) => {
        const target = inside.has(alias) ? undefined : alias.resolve(this.#document);
        if (target === undefined || !inside.has(target)) return undefined;
        orphan = { alias, anchor: alias.source, value: target.toJS(this.#document) };
        return visit.BREAK;
      },
    });
    if (orphan === undefined) return false;
    this.#replace(orphan.alias, `&${orphan.anchor} ${renderFlow(orphan.value)}`);
    return true;
  }

  // ---- Where things stand.

  /** Where a node's own text ends, without comments behind it. */
  #end(node: Node): number {
    if (isCollection(node) && node.flow !== true && node.items.length > 0) {
      const last = node.items.at(-1) as Node;
      return isMap(node) ? this.#spanOf(last as unknown as Pair).end : this.#end(last);
    }
    const end = rangeOf(node)[1];
    return this.#text[end - 1] === "\n" ? end - 1 : end;
  }

  /** Where it begins, with its anchor. */
  #start(node: Node): number {
    const [start] = rangeOf(node);
    const { anchor } = node as { anchor?: string };
    return anchor === undefined ? start : this.#text.lastIndexOf(`&${anchor}`, start);
  }

  #spanOf(pair: Pair): Span {
    const colon = this.#colon(pair);
    const end = pair.value === null ? rangeOf(pair.key)[1] : Math.max(colon, this.#end(pair.value));
    return { start: this.#start(pair.key), end };
  }

  /** Behind the colon of a pair. */
  #colon(pair: Pair): number {
    return this.#text.indexOf(":", rangeOf(pair.key)[1]) + 1;
  }

  #lineStart(at: number): number {
    return this.#text.lastIndexOf("\n", at - 1) + 1;
  }

  /** Before the line break, or the end of the text. */
  #lineEnd(at: number): number {
    const end = this.#text.indexOf("\n", at);
    return end === -1 ? this.#text.length : end;
  }

  #column(at: number): number {
    return at - this.#lineStart(at);
  }

  // ---- Changing the text.

  #splice(start: number, end: number, replacement: string): void {
    if (this.#together !== undefined) {
      this.#together.push({ start, end, replacement });
      return;
    }
    this.#text = this.#text.slice(0, start) + replacement + this.#text.slice(end);
    this.#parsed = undefined;
  }

  #replace(node: Node, text: string): void {
    this.#splice(this.#start(node), this.#end(node), text);
  }

  #setValue(pair: Pair, value: unknown, style: Style): void {
    const path = this.#pathOf(pair);
    if (path !== undefined && this.#rescueAnchors(path)) {
      this.set(path, value, style);
      return;
    }
    const colon = this.#colon(pair);
    const { end } = this.#spanOf(pair);
    const start = pair.value === null ? end : Math.max(colon, rangeOf(pair.value)[0]);
    // A comment behind the colon stays in its line.
    const [comment = ""] = /[ \t]+#.*/.exec(this.#text.slice(colon, start)) ?? [];
    const { blockLevels = 0 } = style;
    const text =
      blockLevels > 0
        ? renderBlock(value, this.#column(this.#start(pair.key)), blockLevels)
        : ` ${renderFlow(value)}`.trimEnd();
    this.#splice(colon, end, blockLevels > 0 ? comment + text : text + comment);
  }

  /** The path of a pair of this document, where it has an anchor in it. */
  #pathOf(pair: Pair): Path | undefined {
    if (pair.value === null || isAlias(pair.value) || !this.#isShared(pair.value)) return undefined;
    let found: Path | undefined;
    visit(this.#document, {
      Pair: (_, each, ancestors) => {
        if (each !== (pair as unknown)) return undefined;
        const steps: (string | number)[] = [];
        for (const [i, ancestor] of ancestors.entries()) {
          const child = ancestors[i + 1] ?? each;
          if (isSeq(ancestor)) steps.push(ancestor.items.indexOf(child));
          else if ("key" in ancestor) steps.push(keyText(ancestor.key));
        }
        found = [...steps, keyText(pair.key)];
        return visit.BREAK;
      },
    });
    return found;
  }

  #addPair(
    parent: MapNode,
    key: string,
    value: unknown,
    style: Style & { readonly after?: readonly string[] },
  ): void {
    if (parent.flow === true) {
      const text = `${renderKey(key)}: ${renderFlow(value)}`.trimEnd();
      if (parent.items.length === 0) this.#replace(parent, `{ ${text} }`);
      else {
        const at = this.#spanOf(parent.items.at(-1) as Pair).end;
        this.#splice(at, at, `, ${text}`);
      }
      return;
    }
    const indent = this.#column(this.#start((parent.items[0] as Pair).key));
    const before = style.after?.map((name) => pairOf(parent, name)).findLast((pair) => pair !== undefined);
    const at = this.#lineEnd(this.#spanOf(before ?? (parent.items.at(-1) as Pair)).end);
    // Sections of the file stand apart.
    const gap = indent === 0 && style.after !== undefined ? "\n" : "";
    const text = `${renderKey(key)}:${renderBlock(value, indent, style.blockLevels ?? 0)}`;
    this.#splice(at, at, `\n${gap}${" ".repeat(indent)}${text}`);
  }

  #insert(list: SeqNode, index: number, value: unknown): void {
    const text = renderFlow(value);
    const [before, first] = [list.items[index - 1] as Node | undefined, list.items[0] as Node];
    if (list.flow === true) {
      const at = before === undefined ? this.#start(first) : this.#end(before);
      this.#splice(at, at, before === undefined ? `${text}, ` : `, ${text}`);
      return;
    }
    const item = `${" ".repeat(this.#column(rangeOf(list)[0]))}- ${text}`;
    const at = before === undefined ? this.#lineStart(this.#start(first)) : this.#lineEnd(this.#end(before));
    this.#splice(at, at, before === undefined ? `${item}\n` : `\n${item}`);
  }
}

/** What a parsed map holds. */
interface Pair {
  readonly key: Node;
  readonly value: Node | null;
}

type SeqNode = Node & { readonly items: readonly unknown[]; readonly flow?: boolean };
type MapNode = Node & { readonly items: readonly unknown[]; readonly flow?: boolean };

function pairOf(map: MapNode, key: string | number): Pair | undefined {
  return (map.items as readonly Pair[]).find((pair) => keyText(pair.key) === String(key));
}

function keyText(key: unknown): string {
  return isScalar(key) ? (key.source ?? String(key.value)) : "";
}

function rangeOf(node: Node): readonly [number, number] {
  if (node.range === undefined || node.range === null) throw new Error("a node without a place in the text");
  return [node.range[0], node.range[1]];
}
