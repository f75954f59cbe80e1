/**
 * How a value of a packet compares with what a filter says: the text of the filter is understood once, by the type of
 * the field, and becomes a function. Throws FilterError where the text makes no sense for the type.
 */

import { encodeUtf8 } from "../../../bytes/index.ts";
import type { Names } from "../../../dissect/index.ts";
import { parseAddress, toByteString } from "../../../net/index.ts";
import { type FieldOperand, FilterError, type Literal, type Operator } from "./expression.ts";
import type { FieldType } from "./fields.ts";
import { patternTest } from "./pattern.ts";

/** One value of a field in a packet. */
export interface Value {
  readonly text: string;
  /** What it means: "SYN, ACK". */
  readonly note: string | undefined;
  /** As it stands in the frame; undefined where it stands nowhere. */
  readonly octets: Uint8Array | undefined;
}

export type Test = (value: Value, names: Names) => boolean;

/** "!=" and its like are made of "==" by the caller. */
export type Relation = "==" | "<" | "<=" | ">" | ">=" | "contains" | "matches";

export function relationOf(operator: Operator): Relation {
  return operator === "!=" || operator === "===" || operator === "!==" ? "==" : operator;
}

/** What the values of an operand are, after its function, slices and mask. */
export function typeOf({ field, function: name, slices, mask }: FieldOperand): FieldType {
  if (name === "len" || name === "count") return "number";
  if (name === "lower" || name === "upper") return "text";
  if (slices.length > 0) return "octets";
  return mask === undefined ? field.type : "number";
}

export function testOf(operand: FieldOperand, relation: Relation, literal: Literal): Test {
  const type = typeOf(operand);
  if (type === "none") throw wrong(literal, `${operand.field.key} is there or not: it has no value`);
  if (relation === "matches") return matching(type, literal);
  const maker = MAKERS[type];
  return maker(relation, literal, operand);
}

/** A test for a value within bounds. */
export function rangeOf(operand: FieldOperand, from: Literal, to: Literal): Test {
  const [low, high] = [testOf(operand, ">=", from), testOf(operand, "<=", to)];
  return (value, names) => low(value, names) && high(value, names);
}

/** Whether two values of a packet stand in a relation: as numbers if both are. */
export function areRelated(a: Value, relation: Relation, b: Value): boolean {
  const [x, y] = [numberIn(a.text), numberIn(b.text)];
  if (relation === "contains") return a.text.includes(b.text);
  if (x !== undefined && y !== undefined) return holds(relation, x - y);
  return holds(relation, a.text < b.text ? -1 : a.text > b.text ? 1 : 0);
}

/** The number that a text of a filter or of a dissection is: decimal, hexadecimal, binary. */
function numberIn(text: string): number | undefined {
  return /^-?(\d+(\.\d+)?|0x[0-9a-f]+|0b[01]+)$/i.test(text) ? Number(text) : undefined;
}

/** An address and how many of its bits count; undefined when the text is none. */
export function prefixIn(text: string): { readonly octets: Uint8Array; readonly bits: number } | undefined {
  const [address, length, ...rest] = text.split("/");
  const octets = parseAddress(address);
  if (octets === undefined || rest.length > 0) return undefined;
  if (length === undefined) return { octets, bits: octets.length * 8 };
  const bits = /^\d+$/.test(length) ? Number(length) : Number.NaN;
  return bits <= octets.length * 8 ? { octets, bits } : undefined;
}

export function isInPrefix(
  octets: Uint8Array,
  at: number,
  prefix: { octets: Uint8Array; bits: number },
): boolean {
  const whole = prefix.bits >> 3;
  for (let i = 0; i < whole; i++) if (octets[at + i] !== prefix.octets[i]) return false;
  const rest = prefix.bits & 7;
  return rest === 0 || (octets[at + whole] ^ prefix.octets[whole]) >> (8 - rest) === 0;
}

export function macIn(text: string): Uint8Array | undefined {
  if (!/^[0-9a-f]{2}([:.-]?[0-9a-f]{2}){5}$/i.test(text)) return undefined;
  const digits = text.replace(/[:.-]/g, "");
  return Uint8Array.from({ length: 6 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

/** The octets that "contains" looks for in octets; undefined where it looks in a text. */
export function needleOf(operand: FieldOperand, literal: Literal): Uint8Array | undefined {
  const type = typeOf(operand);
  return type === "protocol" || type === "octets" ? octetsIn(literal) : undefined;
}

type Maker = (relation: Relation, literal: Literal, operand: FieldOperand) => Test;

const MAKERS: Readonly<Record<Exclude<FieldType, "none">, Maker>> = {
  number: compareNumber,
  time: compareNumber,
  boolean: compareBoolean,
  address: compareAddress,
  mac: compareMac,
  text: compareText,
  octets: compareOctets,
  protocol: compareOctets,
  any: compareAny,
};

/** The same for a number that was read without a dissection; undefined where only a dissection can tell. */
export function numberTestOf(
  operand: FieldOperand,
  relation: Relation,
  { text, isQuoted }: Literal,
): ((value: number) => boolean) | undefined {
  const type = typeOf(operand);
  const isBoolean = type === "boolean";
  const wanted = isBoolean
    ? BOOLEANS.get(text.toLowerCase())
    : type === "time"
      ? secondsIn(text)
      : numberIn(text);
  if (wanted === undefined || isQuoted || relation === "contains" || relation === "matches") return undefined;
  const { mask } = operand;
  if (mask !== undefined) return (value) => holds(relation, ((value & mask) >>> 0) - wanted);
  return (value) => holds(relation, value - wanted);
}

function compareNumber(relation: Relation, literal: Literal, operand: FieldOperand): Test {
  if (relation === "contains")
    throw wrong(literal, `${operand.field.key} is a number: "contains" is for texts`);
  const isTime = operand.field.type === "time";
  const wanted = isTime ? secondsIn(literal.text) : numberIn(literal.text);
  if (wanted !== undefined) return ({ text }) => holds(relation, Number(text) - wanted);
  if (relation !== "==" || !NAMED.test(operand.field.key))
    throw wrong(literal, `"${literal.text}" is no number, ${operand.field.key} is one`);
  // What a number means may be asked for, too: dns.qry.type == MX.
  const meaning = literal.text.toLowerCase();
  return ({ note }) => note?.toLowerCase() === meaning;
}

function secondsIn(text: string): number | undefined {
  const match = /^(-?\d+(?:\.\d+)?)(ns|us|ms|s)?$/.exec(text);
  return match === null ? undefined : Number(match[1]) / (UNITS.get(match[2] ?? "s") as number);
}

function compareBoolean(relation: Relation, literal: Literal, { field }: FieldOperand): Test {
  const wanted = BOOLEANS.get(literal.text.toLowerCase());
  if (wanted === undefined || relation === "contains")
    throw wrong(literal, `${field.key} is 1 or 0 (true or false), not "${literal.text}"`);
  return ({ text }) => holds(relation, (text === "0" ? 0 : 1) - wanted);
}

function compareAddress(relation: Relation, literal: Literal, { field }: FieldOperand): Test {
  const { text, isQuoted } = literal;
  const prefix = prefixIn(text);
  if (prefix !== undefined) {
    return (value) => {
      const octets = parseAddress(value.text);
      if (octets?.length !== prefix.octets.length) return false;
      if (relation === "==") return isInPrefix(octets, 0, prefix);
      return relation !== "contains" && holds(relation, order(octets, prefix.octets));
    };
  }
  if (relation === "contains") return (value, names) => hasText(value, names, text);
  // A host's name stands for its addresses.
  if (relation !== "==" || !(isQuoted || /^[\p{L}]/u.test(text)) || text.includes("/"))
    throw wrong(literal, `"${text}" is no address, ${field.key} is one`);
  return (value, names) => names.get(value.text) === text;
}

function hasText({ text }: Value, names: Names, wanted: string): boolean {
  return text.includes(wanted) || (names.get(text)?.includes(wanted) ?? false);
}

function compareMac(relation: Relation, literal: Literal, operand: FieldOperand): Test {
  const mac = macIn(literal.text);
  if (mac === undefined) {
    if (relation === "contains") return compareOctets(relation, literal, operand);
    throw wrong(
      literal,
      `"${literal.text}" is no MAC address ("02:00:00:00:00:01"), ${operand.field.key} is one`,
    );
  }
  return ({ octets }) => octets !== undefined && holds(relation, order(octets, mac));
}

function compareText(relation: Relation, { text }: Literal, _operand: FieldOperand): Test {
  if (relation === "contains") return (value) => value.text.includes(text);
  if (relation === "==") return (value) => value.text === text;
  return (value) => holds(relation, value.text < text ? -1 : value.text > text ? 1 : 0);
}

function compareOctets(relation: Relation, literal: Literal, { field }: FieldOperand): Test {
  const wanted = octetsIn(literal);
  if (wanted === undefined)
    throw wrong(literal, `${field.key} is octets: "${literal.text}" is neither quoted text nor like 0d:0a`);
  if (relation === "contains") return ({ octets }) => octets !== undefined && hasOctets(octets, wanted);
  return ({ octets }) => octets !== undefined && holds(relation, order(octets, wanted));
}

function compareAny(relation: Relation, literal: Literal, operand: FieldOperand): Test {
  const wanted = numberIn(literal.text);
  const asText = compareText(relation, literal, operand);
  if (wanted === undefined || relation === "contains") return asText;
  return (value, names) => {
    const number = numberIn(value.text);
    return number === undefined ? asText(value, names) : holds(relation, number - wanted);
  };
}

function matching(type: FieldType, literal: Literal): Test {
  if (type === "number" || type === "boolean" || type === "time")
    throw wrong(literal, '"matches" is for texts and octets, this is a number');
  // As in Wireshark, letters match in both cases unless the pattern says otherwise.
  const isExact = literal.text.startsWith("(?-i)");
  const pattern = literal.text.replace(/^\(\?-?i\)/, "");
  let fits: (text: string) => boolean;
  try {
    fits = patternTest(pattern, isExact ? "s" : "is");
  } catch (error) {
    throw wrong(literal, `this is no regular expression here: ${(error as Error).message}`);
  }
  if (type !== "octets" && type !== "protocol") return ({ text }) => fits(text);
  return ({ octets }) => octets !== undefined && fits(toByteString(octets));
}

function octetsIn({ text, isQuoted }: Literal): Uint8Array | undefined {
  if (isQuoted) {
    // What is written as \xff is meant as an octet, all else as UTF-8.
    const codes = Array.from(text, (character) => character.codePointAt(0) as number);
    const isBytes = codes.some((code) => code > 0x7f) && codes.every((code) => code <= 0xff);
    return isBytes ? Uint8Array.from(text, (character) => character.charCodeAt(0)) : encodeUtf8(text);
  }
  if (/^0x[0-9a-f]+$/i.test(text) || /^\d{1,3}$/.test(text)) {
    const number = Number(text);
    if (number <= 255) return Uint8Array.of(number);
  }
  const digits = text.replace(/^0x/i, "").split(/[:.-]/);
  if (!digits.every((part) => /^([0-9a-f]{2})+$/i.test(part)))
    return isWord(text) ? encodeUtf8(text) : undefined;
  const all = digits.join("");
  return Uint8Array.from({ length: all.length / 2 }, (_, i) =>
    Number.parseInt(all.slice(2 * i, 2 * i + 2), 16),
  );
}

function isWord(text: string): boolean {
  return /^[\p{L}]/u.test(text);
}

export function hasOctets(octets: Uint8Array, wanted: Uint8Array): boolean {
  if (wanted.length === 0) return true;
  for (let at = octets.indexOf(wanted[0]); at >= 0; at = octets.indexOf(wanted[0], at + 1)) {
    if (at + wanted.length > octets.length) return false;
    let i = 1;
    while (i < wanted.length && octets[at + i] === wanted[i]) i++;
    if (i === wanted.length) return true;
  }
  return false;
}

function order(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}

function holds(relation: Relation, difference: number): boolean {
  switch (relation) {
    case "==":
      return difference === 0;
    case "<":
      return difference < 0;
    case "<=":
      return difference <= 0;
    case ">":
      return difference > 0;
    case ">=":
      return difference >= 0;
    default:
      return false;
  }
}

function wrong({ start, end }: Literal, message: string): FilterError {
  return new FilterError(message, start, end);
}

/** Fields whose numbers have names. */
const NAMED = /\.(type|code|rcode|opcode|proto|nxt|class|p_type|option_kind|ecn)$/;
const BOOLEANS = new Map([
  ["1", 1],
  ["true", 1],
  ["yes", 1],
  ["0", 0],
  ["false", 0],
  ["no", 0],
]);
const UNITS = new Map([
  ["s", 1],
  ["ms", 1e3],
  ["us", 1e6],
  ["ns", 1e9],
]);
