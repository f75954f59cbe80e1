/**
 * An expression becomes two questions: a quick one that may not know, and a full one that dissects. Fields with several
 * values count as in Wireshark since version 4: "==" any is equal, "!=" none is; what is not there is never equal nor
 * unequal.
 */

import type { PacketBlock } from "../block.ts";
import { FATE_FIELDS, isOfColumns, textOf } from "./computed.ts";
import type { Expression, FieldOperand } from "./expression.ts";
import type { Facts } from "./facts.ts";
import { isThere, valuesOf } from "./operand.ts";
import { parseFilter } from "./parser.ts";
import { NO, type Quick, quickNumbers, quickPlaces, quickProtocol, type Tri, UNKNOWN, YES } from "./quick.ts";
import { type QuickTest, quickMask, quickTest } from "./quick-test.ts";
import {
  areRelated,
  hasOctets,
  needleOf,
  type Relation,
  rangeOf,
  relationOf,
  type Test,
  testOf,
  type Value,
} from "./values.ts";

export interface CompiledFilter {
  readonly text: string;
  readonly hints: readonly string[];
  /** Whether a packet may pass later although it did not, or the other way round: it may still be lost. */
  readonly usesFate: boolean;
  /** Whether every packet passes. */
  readonly isEmpty: boolean;
  /** Of an analysed packet. */
  matches(block: PacketBlock, at: number, facts: Facts): boolean;
  /** What a dissection says: the same, slowly. */
  dissected(block: PacketBlock, at: number, facts: Facts): boolean;
  /** Without a dissection, as far as that goes. */
  quick(block: PacketBlock, at: number, facts: Facts): Tri;
}

/** Throws FilterError. */
export function compileFilter(text: string): CompiledFilter {
  const { expression, hints } = parseFilter(text);
  const node = expression === undefined ? EVERY : compile(expression);
  return {
    text: text.trim(),
    hints,
    usesFate: expression !== undefined && usesFate(expression),
    isEmpty: expression === undefined,
    quick: node.quick,
    matches(block, at, facts) {
      const quick = node.quick(block, at, facts);
      if (quick !== UNKNOWN) return quick === YES;
      facts.moveTo(block, at);
      return node.full(facts);
    },
    dissected(block, at, facts) {
      facts.moveTo(block, at);
      return node.full(facts);
    },
  };
}

interface Node {
  readonly quick: Quick;
  readonly full: (facts: Facts) => boolean;
}

function compile(expression: Expression): Node {
  switch (expression.kind) {
    case "text":
      return textNode(expression.text);
    case "not":
      return notNode(compile(expression.term));
    case "exists":
      return existsNode(expression.operand);
    case "compare":
      return compareNode(expression);
    case "in":
      return inNode(expression);
    default:
      return bothNode(expression.kind, compile(expression.left), compile(expression.right));
  }
}

function textNode(text: string): Node {
  const wanted = text.toLowerCase();
  return { quick: () => UNKNOWN, full: (facts) => textOf(facts).toLowerCase().includes(wanted) };
}

function notNode(term: Node): Node {
  const quick: Quick = (block, at, facts) => {
    const answer = term.quick(block, at, facts);
    return answer === UNKNOWN ? UNKNOWN : answer === YES ? NO : YES;
  };
  return { quick, full: (facts) => !term.full(facts) };
}

function bothNode(kind: "and" | "or" | "xor", left: Node, right: Node): Node {
  if (kind === "xor") {
    return {
      quick(block, at, facts) {
        const [a, b] = [left.quick(block, at, facts), right.quick(block, at, facts)];
        return a === UNKNOWN || b === UNKNOWN ? UNKNOWN : a === b ? NO : YES;
      },
      full: (facts) => left.full(facts) !== right.full(facts),
    };
  }
  const decisive = kind === "and" ? NO : YES;
  const quick: Quick = (block, at, facts) => {
    const a = left.quick(block, at, facts);
    if (a === decisive) return a;
    const b = right.quick(block, at, facts);
    return b === decisive ? b : a === UNKNOWN ? UNKNOWN : b;
  };
  return kind === "and"
    ? { quick, full: (facts) => left.full(facts) && right.full(facts) }
    : { quick, full: (facts) => left.full(facts) || right.full(facts) };
}

function existsNode(operand: FieldOperand): Node {
  const { field, mask } = operand;
  if (mask !== undefined)
    return valuesNode(operand, (value) => value.text !== "0", "any", quickMask(operand));
  const full = (facts: Facts): boolean => isThere(facts, operand);
  if (field.type === "protocol") return { quick: quickProtocol(field.key), full };
  if (isOfColumns(field.key)) return columnNode(full);
  const numbers = quickNumbers(field.key) ?? quickPlaces(field.key);
  const gate = quickGate(field.protocol);
  const out: number[] = [];
  const quick: Quick = (block, at, facts) => {
    if (gate(block, at, facts) === NO) return NO;
    out.length = 0;
    if (numbers?.(block, at, facts, out) !== true) return UNKNOWN;
    return out.length > 0 ? YES : NO;
  };
  return { quick, full };
}

/** A question to the columns alone. */
function columnNode(full: (facts: Facts) => boolean): Node {
  const quick: Quick = (block, at, facts) => {
    facts.moveTo(block, at);
    return full(facts) ? YES : NO;
  };
  return { quick, full };
}

function compareNode(expression: Extract<Expression, { kind: "compare" }>): Node {
  const { left, right, operator } = expression;
  const relation = relationOf(operator);
  const mode = modeOf(operator, expression.quantifier);
  const isNegated = operator === "!=" || operator === "!==";
  if (right.kind === "field") return relatedNode(left, relation, right, mode, isNegated);
  const test = testOf(left, relation, right);
  const quick = quickTest(left, relation, right);
  const isQuantified = isNegated && expression.quantifier !== undefined;
  const negate = operator === "!==" || isQuantified;
  const node = valuesNode(
    left,
    negate ? (value, names) => !test(value, names) : test,
    mode,
    quick && { ...quick, negate },
  );
  const needle = relation === "contains" && mode === "any" && !negate ? needleOf(left, right) : undefined;
  return needle === undefined ? node : { ...node, quick: withoutNeedle(needle, node.quick) };
}

/** What is not in the frame is in no part of it. */
function withoutNeedle(needle: Uint8Array, quick: Quick): Quick {
  return (block, at, facts) => {
    const answer = quick(block, at, facts);
    return answer === UNKNOWN && !hasOctets(block.bytesOf(at), needle) ? NO : answer;
  };
}

function inNode({ left, items, quantifier }: Extract<Expression, { kind: "in" }>): Node {
  const tests = items.map((item) =>
    "from" in item ? rangeOf(left, item.from, item.to) : testOf(left, "==", item),
  );
  const quicks = items.map((item): QuickTest | undefined => {
    if (!("from" in item)) return quickTest(left, "==", item);
    const [low, high] = [quickTest(left, ">=", item.from), quickTest(left, "<=", item.to)];
    return (
      low && high && { ...low, test: (octets, value) => low.test(octets, value) && high.test(octets, value) }
    );
  });
  const known = quicks.filter((quick) => quick !== undefined);
  const quick =
    known.length === items.length
      ? {
          ...known[0],
          test: (octets: Uint8Array, value: number) => known.some((each) => each.test(octets, value)),
        }
      : undefined;
  const test: Test = (value, names) => tests.some((each) => each(value, names));
  return valuesNode(left, test, quantifier ?? "any", quick);
}

/** How many of the values must pass; "none" and "all" want at least one value. */
type Mode = "any" | "all" | "none";

function modeOf(operator: string, quantifier: "any" | "all" | undefined): Mode {
  if (quantifier !== undefined) return quantifier;
  if (operator === "!=") return "none";
  return operator === "===" ? "all" : "any";
}

function valuesNode(operand: FieldOperand, test: Test, mode: Mode, quick: QuickTest | undefined): Node {
  const full = (facts: Facts): boolean => {
    const values = valuesOf(facts, operand);
    if (values.length === 0) return false;
    const passes = (value: Value): boolean => test(value, facts.names);
    return mode === "all" ? values.every(passes) : values.some(passes) === (mode === "any");
  };
  if (isOfColumns(operand.field.key)) return columnNode(full);
  return { quick: quickValues(operand, mode, quick), full };
}

function quickValues(operand: FieldOperand, mode: Mode, quick: QuickTest | undefined): Quick {
  const gate = quickGate(operand.function === "count" ? undefined : operand.field.protocol);
  const out: number[] = [];
  return (block, at, facts) => {
    if (gate(block, at, facts) === NO) return NO;
    if (quick === undefined) return UNKNOWN;
    out.length = 0;
    if (!quick.read(block, at, facts, out)) return UNKNOWN;
    if (out.length === 0) return NO;
    const octets = block.octetsOf(at);
    const negate = quick.negate === true;
    for (const value of out) {
      const passes = quick.test(octets, value) !== negate;
      if (passes && mode !== "all") return mode === "any" ? YES : NO;
      if (!passes && mode === "all") return NO;
    }
    return mode === "any" ? NO : YES;
  };
}

function relatedNode(
  left: FieldOperand,
  relation: Relation,
  right: FieldOperand,
  mode: Mode,
  isNegated: boolean,
): Node {
  const gates = [quickGate(left.field.protocol), quickGate(right.field.protocol)];
  const negate = isNegated && mode !== "none";
  return {
    quick: (block, at, facts) => (gates.some((gate) => gate(block, at, facts) === NO) ? NO : UNKNOWN),
    full(facts) {
      const [ours, theirs] = [valuesOf(facts, left), valuesOf(facts, right)];
      const pairs = ours.flatMap((a) => theirs.map((b) => areRelated(a, relation, b) !== negate));
      if (pairs.length === 0) return false;
      return mode === "all" ? pairs.every(Boolean) : pairs.some(Boolean) === (mode === "any");
    },
  };
}

/** What must be there before the field can be. */
function quickGate(protocol: string | undefined): Quick {
  return protocol === undefined ? () => UNKNOWN : quickProtocol(protocol);
}

function usesFate(expression: Expression): boolean {
  switch (expression.kind) {
    case "text":
      return true;
    case "not":
      return usesFate(expression.term);
    case "exists":
      return FATE_FIELDS.has(expression.operand.field.key);
    case "compare":
    case "in": {
      const { left } = expression;
      const right =
        expression.kind === "compare" && expression.right.kind === "field" ? expression.right : left;
      return FATE_FIELDS.has(left.field.key) || FATE_FIELDS.has(right.field.key);
    }
    default:
      return usesFate(expression.left) || usesFate(expression.right);
  }
}

const EVERY: Node = { quick: () => YES, full: () => true };
