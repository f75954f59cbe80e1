/** THREAD: messages that belong together, by their subjects or by what they refer to (RFC 5256 section 3). */

import type { Task } from "../../net/index.ts";
import { type Field, fieldValue } from "../message/index.ts";
import type { Numbered, SelectedFolder } from "./selected.ts";
import { baseSubject, sentAtMs } from "./sort.ts";

/** What THREAD knows of a message. */
interface Threaded {
  /** Its number, or UID, for the answer. */
  readonly number: number;
  readonly sentAtMs: number;
  readonly subject: string;
  readonly isReply: boolean;
  readonly messageId: string | undefined;
  readonly references: readonly string[];
}

/** A place in the tree; without a message where one is only referred to. */
interface Node {
  message: Threaded | undefined;
  parent: Node | undefined;
  /** In order; one may leave at no cost. */
  children: Set<Node>;
}

export const THREAD_ALGORITHMS = ["ORDEREDSUBJECT", "REFERENCES"];

/** `(1)(2 3 (4)(5))` */
export function* threads(
  selected: SelectedFolder,
  found: readonly Numbered[],
  algorithm: string,
  byUid: boolean,
): Task<string> {
  const messages: Threaded[] = [];
  for (const { number, message } of found) {
    const letter = yield* selected.letter(message);
    if (letter === undefined) continue;
    const { text, isReply } = baseSubject(letter.fields);
    messages.push({
      number: byUid ? message.uid : number,
      sentAtMs: sentAtMs(letter.fields, message.arrivedAtMs),
      subject: text,
      isReply,
      messageId: idsOf(letter.fields, "Message-ID")[0],
      references: referencesOf(letter.fields),
    });
  }
  const roots = algorithm === "REFERENCES" ? byReferences(messages) : bySubject(messages);
  return roots.map(emitThread).join("");
}

/** RFC 5256 section 3, ORDEREDSUBJECT: the first of a subject, the others below it. */
function bySubject(messages: readonly Threaded[]): Node[] {
  const threads = new Map<string, Node>();
  for (const message of [...messages].sort(byDate)) {
    const node = makeNode(message);
    const root = threads.get(message.subject);
    if (root === undefined) threads.set(message.subject, node);
    else adopt(root, node);
  }
  return [...threads.values()];
}

function byReferences(messages: readonly Threaded[]): Node[] {
  const nodes = linked(messages);
  // Step 2 and 3: whoever has no parent; places without a message go where they are of no use.
  for (const node of [...nodes].reverse()) prune(node);
  const roots = nodes.filter(
    (node) => node.parent === undefined && (node.message !== undefined || node.children.size > 0),
  );
  sortByDate(nodes);
  const grouped = groupBySubject([...roots].sort(byDateOfNode));
  sortByDate([...nodes, ...grouped]);
  return grouped.sort(byDateOfNode);
}

/** Step 1: each message below the last that it refers to, and those below one another. */
function linked(messages: readonly Threaded[]): Node[] {
  const byId = new Map<string, Node>();
  const nodes: Node[] = [];
  const nodeOf = (id: string): Node => {
    let node = byId.get(id);
    if (node === undefined) {
      node = makeNode(undefined);
      byId.set(id, node);
      nodes.push(node);
    }
    return node;
  };
  for (const message of messages) {
    let node = message.messageId === undefined ? undefined : nodeOf(message.messageId);
    // Two messages of one Message-ID: the second is another message all the same.
    if (node === undefined || node.message !== undefined) {
      node = makeNode(undefined);
      nodes.push(node);
    }
    node.message = message;
    let above: Node | undefined;
    for (const id of message.references) {
      const next = nodeOf(id);
      if (above !== undefined && next.parent === undefined && !isAbove(next, above)) adopt(above, next);
      above = next;
    }
    leave(node);
    if (above !== undefined && above !== node && !isAbove(node, above)) adopt(above, node);
  }
  return nodes;
}

/** Step 3: a place without a message gives its children to its parent; at the top only an only child. */
function prune(node: Node): void {
  if (node.message !== undefined) return;
  const { parent } = node;
  if (parent === undefined && node.children.size > 1) return;
  const children = [...node.children];
  leave(node);
  for (const child of children) {
    leave(child);
    if (parent !== undefined) adopt(parent, child);
  }
}

/** Step 5: threads of one subject become one. */
function groupBySubject(roots: readonly Node[]): Node[] {
  const bySubject = new Map<string, Node>();
  for (const root of roots) {
    const { subject, isReply } = messageOf(root);
    const known = bySubject.get(subject);
    if (subject === "") continue;
    const isBetter =
      known === undefined ||
      (root.message === undefined && known.message !== undefined) ||
      (messageOf(known).isReply && !isReply);
    if (isBetter) bySubject.set(subject, root);
  }
  const grouped = new Set<Node>(roots);
  for (const root of roots) {
    const { subject, isReply } = messageOf(root);
    const first = bySubject.get(subject);
    if (first === undefined || first === root) continue;
    grouped.delete(root);
    if (first.message === undefined && root.message === undefined) {
      for (const child of [...root.children]) {
        leave(child);
        adopt(first, child);
      }
    } else if (first.message === undefined || (isReply && !messageOf(first).isReply)) adopt(first, root);
    else {
      const both = makeNode(undefined);
      adopt(both, first);
      adopt(both, root);
      grouped.delete(first);
      grouped.add(both);
      bySubject.set(subject, both);
    }
  }
  return [...grouped];
}

/** Without recursion: a thread may be as long as a folder. */
function emitThread(root: Node): string {
  let out = "";
  const stack: (Node | string)[] = [")", root, "("];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (typeof next === "string") {
      out += next;
      continue;
    }
    const { message, children } = next;
    if (message !== undefined) out += message.number;
    if (children.size === 0) continue;
    const [only] = children;
    if (message !== undefined) out += " ";
    if (children.size === 1) stack.push(only);
    else for (const child of [...children].reverse()) stack.push(")", child, "(");
  }
  return out;
}

function sortByDate(nodes: readonly Node[]): void {
  for (const node of nodes) node.children = new Set([...node.children].sort(byDateOfNode));
}

function byDate(a: Threaded, b: Threaded): number {
  return a.sentAtMs - b.sentAtMs || a.number - b.number;
}

function byDateOfNode(a: Node, b: Node): number {
  return byDate(messageOf(a), messageOf(b));
}

/** Its message, or that of its first child. */
function messageOf(node: Node): Threaded {
  let place = node;
  while (place.message === undefined) [place] = place.children;
  return place.message;
}

function makeNode(message: Threaded | undefined): Node {
  return { message, parent: undefined, children: new Set() };
}

function adopt(parent: Node, child: Node): void {
  child.parent = parent;
  parent.children.add(child);
}

function leave(node: Node): void {
  node.parent?.children.delete(node);
  node.parent = undefined;
}

/** Whether `node` is `of`, or above it: then it cannot go below. A line that is too long is cut there. */
function isAbove(node: Node, of: Node): boolean {
  let place: Node | undefined = of;
  for (let levels = 0; place !== undefined; levels++) {
    if (place === node || levels > DEPTH_MAX) return true;
    place = place.parent;
  }
  return false;
}

/** RFC 5256 section 3: References, else the first of In-Reply-To. */
function referencesOf(fields: readonly Field[]): string[] {
  const references = idsOf(fields, "References");
  return references.length > 0 ? references : idsOf(fields, "In-Reply-To").slice(0, 1);
}

function idsOf(fields: readonly Field[], name: string): string[] {
  const ids = fieldValue(fields, name)?.match(/<[^<>]+@[^<>]+>/g) ?? [];
  return ids.slice(-REFERENCES_MAX);
}

/** People lose the thread long before. */
const DEPTH_MAX = 1000;
const REFERENCES_MAX = 100;
