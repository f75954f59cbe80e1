/** The values that an operand of a filter has in a packet: those of its field, cut, masked, counted as it says. */

import { computedOf } from "./computed.ts";
import type { FieldOperand, Slice } from "./expression.ts";
import type { Facts } from "./facts.ts";
import type { Value } from "./values.ts";

export function valuesOf(facts: Facts, operand: FieldOperand): Value[] {
  const { function: name, slices, mask } = operand;
  let values = plainValues(facts, operand);
  if (slices.length > 0) values = values.flatMap((value) => sliced(value, slices) ?? []);
  if (mask !== undefined) values = values.map((value) => masked(value, mask, slices.length > 0));
  if (name === "count") return values.length === 0 ? [] : [valued(String(values.length))];
  if (name === "len") return values.map((value) => valued(String(lengthOf(value, operand))));
  if (name === "lower") return values.map((value) => ({ ...value, text: value.text.toLowerCase() }));
  return name === "upper" ? values.map((value) => ({ ...value, text: value.text.toUpperCase() })) : values;
}

function plainValues(facts: Facts, { field }: FieldOperand): Value[] {
  if (field.key === "frame") return [{ ...valued(""), octets: facts.block.bytesOf(facts.at) }];
  const computed = computedOf(field.key);
  if (computed !== undefined) {
    const found = computed(facts);
    return typeof found === "boolean" ? [] : found.map((value) => valued(String(value)));
  }
  if (field.type === "protocol") return facts.layers(field.key);
  if (field.key === "tcp.payload" || field.key === "udp.payload") return facts.payload(field.key.slice(0, 3));
  return field.keys.flatMap((key) => facts.fields(key).map((each) => facts.valueOf(each)));
}

export function isThere(facts: Facts, operand: FieldOperand): boolean {
  const found = computedOf(operand.field.key)?.(facts);
  return typeof found === "boolean" ? found : valuesOf(facts, operand).length > 0;
}

function sliced(value: Value, slices: readonly Slice[]): Value | undefined {
  const { octets } = value;
  if (octets === undefined) return undefined;
  const parts = slices.map(({ from, to }) => {
    const start = from < 0 ? octets.length + from : from;
    const end = to === undefined ? octets.length : to < 0 ? octets.length + to : to;
    return start < 0 || end > octets.length || start >= end ? undefined : octets.subarray(start, end);
  });
  if (parts.some((part) => part === undefined)) return undefined;
  return { ...value, octets: Uint8Array.from(parts.flatMap((part) => Array.from(part as Uint8Array))) };
}

/** Characters of a text, octets of everything else. */
function lengthOf({ text, octets }: Value, { field, slices }: FieldOperand): number {
  const isText = octets === undefined || (field.type === "text" && slices.length === 0);
  return isText ? text.length : octets.length;
}

/** The bits of a number, or of octets as one. */
function masked({ text, octets }: Value, mask: number, isSliced: boolean): Value {
  const number = isSliced
    ? Array.from(octets ?? []).reduce((sum, octet) => sum * 256 + octet, 0)
    : Number(text);
  return valued(String((number & mask) >>> 0));
}

function valued(text: string): Value {
  return { text, note: undefined, octets: undefined };
}
