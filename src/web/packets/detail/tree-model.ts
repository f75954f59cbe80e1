/** The tree of a packet's fields as a list of lines: which are open, which holds an octet, how a bit field looks. */

import type { Field, Layer } from "../../../engine/protocol/index.ts";

export interface TreeLine {
  /** "1/3/0": layer, field, part. The same for the same place of every packet. */
  readonly id: string;
  /** Under which it stays open from packet to packet: "tcp", "tcp.flags". */
  readonly key: string;
  readonly depth: number;
  readonly kind: "layer" | "field";
  readonly name: string;
  readonly value: string;
  readonly note: string | undefined;
  /** "0100 .... " */
  readonly bits: string | undefined;
  readonly reference: string | undefined;
  readonly problem: string | undefined;
  /** The octets [start, end). */
  readonly start: number;
  readonly end: number;
  readonly open: boolean;
  readonly hasChildren: boolean;
  readonly parent: string | undefined;
  readonly field: Field | undefined;
}

/** The lines that are to be seen, from top to bottom. `open` holds keys. */
export function treeLines(
  layers: readonly Layer[],
  bytes: Uint8Array,
  open: ReadonlySet<string>,
): TreeLine[] {
  const lines: TreeLine[] = [];
  layers.forEach((layer, at) => {
    const line = layerLine(layer, at, open);
    lines.push(line);
    if (line.open) addFields(lines, layer.fields, line, bytes, open);
  });
  return lines;
}

/** The ids and keys on the way to the smallest field that holds an octet, the layer first. */
export function pathToOctet(
  layers: readonly Layer[],
  octet: number,
): { readonly id: string; readonly keys: string[] } | undefined {
  const holds = ({ start, end }: { start: number; end: number }): boolean => start <= octet && octet < end;
  // A layer that was put together of several packets may claim octets of others: the last that holds it is the one.
  const layerAt = layers.findLastIndex((layer) => holds(layer) || layer.fields.some(holds));
  if (layerAt === -1) return undefined;
  let id = String(layerAt);
  let fields: readonly Field[] = layers[layerAt].fields;
  const keys = [layers[layerAt].protocol];
  for (;;) {
    const at = fields.findIndex((field) => holds(field));
    if (at === -1) return { id, keys };
    id += `/${at}`;
    const { key, children } = fields[at];
    if (children === undefined || children.length === 0) return { id, keys };
    keys.push(key);
    fields = children;
  }
}

/** The layer or field of a line given by its id, open or not. */
export function partAt(layers: readonly Layer[], id: string): Layer | Field | undefined {
  const [layerAt, ...path] = id.split("/").map(Number);
  let found: Layer | Field | undefined = layers[layerAt];
  for (const at of path) {
    const inside: readonly Field[] | undefined =
      found === undefined ? undefined : "fields" in found ? found.fields : found.children;
    found = inside?.[at];
  }
  return found;
}

/** What a line is about, open or not: "tcp", "tcp.flags". The same place may be about something else in another packet. */
export function keyOf(layers: readonly Layer[], id: string): string | undefined {
  const found = partAt(layers, id);
  return found === undefined ? undefined : "key" in found ? found.key : found.protocol;
}

/** The bits of a field among those beside it: "..01 0..." */
export function bitPattern(bytes: Uint8Array, { start, end, bits }: Field): string | undefined {
  if (bits === undefined || end > bytes.length) return undefined;
  let text = "";
  for (let bit = 0; bit < (end - start) * 8; bit++) {
    const isOne = (bytes[start + (bit >> 3)] >> (7 - (bit & 7))) & 1;
    if (bit > 0 && bit % 4 === 0) text += " ";
    text += bit >= bits.start && bit < bits.end ? String(isOne) : "·";
  }
  return text;
}

function layerLine(layer: Layer, at: number, open: ReadonlySet<string>): TreeLine {
  const { malformed } = layer;
  return {
    ...{ id: String(at), key: layer.protocol, depth: 0, kind: "layer", name: layer.title, value: "" },
    ...{ note: undefined, bits: undefined, reference: layer.reference, start: layer.start, end: layer.end },
    problem: malformed === undefined ? undefined : `octet ${malformed.offset}: ${malformed.problem}`,
    open: open.has(layer.protocol) && layer.fields.length > 0,
    hasChildren: layer.fields.length > 0,
    parent: undefined,
    field: undefined,
  };
}

function addFields(
  lines: TreeLine[],
  fields: readonly Field[],
  parent: TreeLine,
  bytes: Uint8Array,
  open: ReadonlySet<string>,
): void {
  fields.forEach((field, at) => {
    const hasChildren = field.children !== undefined && field.children.length > 0;
    const line: TreeLine = {
      ...{ id: `${parent.id}/${at}`, key: field.key, depth: parent.depth + 1, kind: "field" },
      ...{ name: field.name, value: field.value, note: field.note, bits: bitPattern(bytes, field) },
      ...{ reference: field.reference, problem: field.problem, start: field.start, end: field.end },
      ...{ open: hasChildren && open.has(field.key), hasChildren, parent: parent.id, field },
    };
    lines.push(line);
    if (line.open) addFields(lines, field.children as Field[], line, bytes, open);
  });
}
