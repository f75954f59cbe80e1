/** A comparison with a value, answered from the columns: what is read, and how each number (or place) is tested. */

import type { PacketBlock } from "../block.ts";
import type { FieldOperand, Literal } from "./expression.ts";
import type { Facts } from "./facts.ts";
import { quickNumbers, quickPlaces } from "./quick.ts";
import { isInPrefix, macIn, numberTestOf, prefixIn, type Relation } from "./values.ts";

/** Reads numbers (or places of addresses) from the columns, and tests each. */
export interface QuickTest {
  readonly read: (block: PacketBlock, at: number, facts: Facts, out: number[]) => boolean;
  readonly test: (octets: Uint8Array, value: number) => boolean;
  readonly negate?: boolean;
}

export function quickTest(
  operand: FieldOperand,
  relation: Relation,
  literal: Literal,
): QuickTest | undefined {
  const { field } = operand;
  if (operand.function !== undefined || operand.slices.length > 0) return undefined;
  const read = quickNumbers(field.key);
  if (read !== undefined) {
    const test = numberTestOf(operand, relation, literal);
    return test && { read, test: (_octets, value) => test(value) };
  }
  const places = quickPlaces(field.key);
  if (places === undefined || relation !== "==" || operand.mask !== undefined) return undefined;
  const prefix = field.type === "mac" ? macPrefix(literal.text) : prefixIn(literal.text);
  if (prefix === undefined) return undefined;
  const length = field.key.startsWith("ipv6") ? 16 : field.type === "mac" ? 6 : 4;
  if (prefix.octets.length !== length) return { read: places, test: () => false };
  return { read: places, test: (octets, place) => isInPrefix(octets, place, prefix) };
}

export function quickMask({ field, mask, slices }: FieldOperand): QuickTest | undefined {
  if (slices.length > 0) return undefined;
  const read = quickNumbers(field.key);
  return read && { read, test: (_octets, value) => (value & (mask as number)) !== 0 };
}

function macPrefix(text: string): { octets: Uint8Array; bits: number } | undefined {
  const octets = macIn(text);
  return octets && { octets, bits: 48 };
}
