/**
 * Filter in, expression out. Binding, from loose to tight: or, xor, and, not, comparison. Words side by side mean "and"
 * where one of them is a text to look for. Every mistake is a FilterError with its place and what would be right.
 */

import {
  type Expression,
  type FieldOperand,
  FilterError,
  type Literal,
  type Operator,
  type Slice,
} from "./expression.ts";
import { fieldOf, hasFieldShape, isFieldLike, similarFields } from "./fields.ts";
import { type Token, tokensOf } from "./tokens.ts";

export interface ParsedFilter {
  /** Undefined for an empty filter, which every packet passes. */
  readonly expression: Expression | undefined;
  /** What a person may have meant otherwise: "smpt is looked for as text; is smtp meant?" */
  readonly hints: readonly string[];
}

/** Throws FilterError. */
export function parseFilter(filter: string): ParsedFilter {
  return new Parser(tokensOf(filter)).parse();
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #hints: string[] = [];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): ParsedFilter {
    if (this.#isAtEnd) return { expression: undefined, hints: [] };
    const expression = this.#or();
    if (!this.#isAtEnd) throw this.#unexpected('"and", "or" or the end');
    return { expression, hints: this.#hints };
  }

  get #next(): Token {
    return this.#tokens[this.#at];
  }

  get #isAtEnd(): boolean {
    return this.#next.kind === "end";
  }

  #or(): Expression {
    return this.#chain("or", () => this.#chain("xor", () => this.#and()));
  }

  #chain(kind: "or" | "xor", inner: () => Expression): Expression {
    let left = inner();
    while (this.#takes(kind)) left = { kind, left, right: inner() };
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    for (;;) {
      if (!this.#takes("and") && !this.#isTextBeside(left)) return left;
      left = { kind: "and", left, right: this.#not() };
    }
  }

  /** Whether the next word is one more condition although no "and" stands before it. */
  #isTextBeside(left: Expression): boolean {
    const { kind, text } = this.#next;
    if (kind === "quoted") return true;
    if (kind !== "word") return false;
    if (left.kind === "text") return true;
    // "tcp.port 25" lacks its operator.
    const isText = fieldOf(text) === undefined && !isFieldLike(text);
    return isText && !(left.kind === "exists" && /^\d/.test(text));
  }

  #not(): Expression {
    if (++this.#depth > DEPTH_MAX) throw this.#error("this is nested too deeply");
    try {
      if (this.#takes("not")) return { kind: "not", term: this.#not() };
      if (!this.#takes("(")) return this.#condition();
      const inside = this.#or();
      if (!this.#takes(")")) throw this.#unexpected('")"');
      return inside;
    } finally {
      this.#depth--;
    }
  }

  /** A comparison, a field that is there, or a text. */
  #condition(): Expression {
    const quantifier = this.#quantifier();
    const token = this.#next;
    if (token.kind === "quoted" && !this.#isComparison(1)) {
      this.#at++;
      return this.#text(token);
    }
    const operand = this.#operand();
    if (operand.kind === "literal") return this.#afterLiteral(operand, token);
    const operator = this.#operator();
    if (operator === undefined) {
      if (quantifier !== undefined) throw this.#unexpected(`a comparison behind "${quantifier}"`);
      if (operand.function !== undefined || (operand.slices.length > 0 && operand.mask === undefined))
        throw this.#unexpected('a comparison: "== 25"');
      return { kind: "exists", operand };
    }
    if (operator === "in") return { kind: "in", quantifier, left: operand, items: this.#set() };
    return { kind: "compare", quantifier, operator, left: operand, right: this.#value(operator, operand) };
  }

  /** A value on the left belongs to a field on the right; a word alone is a text. */
  #afterLiteral(literal: Literal, token: Token): Expression {
    const operator = this.#operator();
    if (operator === undefined) return this.#text(token);
    const mirrored = MIRRORED.get(operator);
    if (isFieldLike(literal.text) || mirrored === undefined) throw unknownField(literal);
    const right = this.#operand();
    if (right.kind === "literal") throw literal.isQuoted ? unknownField(right) : unknownField(literal);
    return { kind: "compare", quantifier: undefined, operator: mirrored, left: right, right: literal };
  }

  #text({ kind, text, start, end }: Token): Expression {
    if (kind === "word" && hasFieldShape(text)) throw unknownField({ text, start, end });
    if (kind === "word") {
      const [near] = similarFields(text, 1);
      if (near !== undefined) this.#hints.push(`"${text}" is looked for as text; is ${near} meant?`);
    }
    return { kind: "text", text };
  }

  #quantifier(): "any" | "all" | undefined {
    const { kind, text } = this.#next;
    const word = text.toLowerCase();
    if (kind !== "word" || (word !== "any" && word !== "all")) return undefined;
    const after = this.#tokens[this.#at + 1];
    if (after.kind !== "word" || fieldOf(after.text) === undefined) return undefined;
    this.#at++;
    return word;
  }

  #operand(): FieldOperand | Literal {
    const { kind, text, start, end } = this.#next;
    if (kind !== "word" && kind !== "quoted") throw this.#unexpected("a protocol, a field or a text");
    this.#at++;
    const isQuoted = kind === "quoted";
    const name = text.toLowerCase();
    if (!isQuoted && FUNCTIONS.has(name) && this.#next.text === "(" && this.#next.kind === "operator")
      return this.#call(name as FieldOperand["function"], start);
    const field = isQuoted ? undefined : fieldOf(text);
    if (field === undefined) return { kind: "literal", text, isQuoted, start, end };
    const slices = this.#takes("[") ? this.#slices() : [];
    return { kind: "field", field, function: undefined, slices, mask: this.#mask(), start, end };
  }

  #call(name: FieldOperand["function"], start: number): FieldOperand {
    this.#takes("(");
    const operand = this.#operand();
    if (operand.kind !== "field" || operand.function !== undefined)
      throw operand.kind === "field" ? this.#error(`${name}() takes a field`) : unknownField(operand);
    const { end } = this.#next;
    if (!this.#takes(")")) throw this.#unexpected('")"');
    return { ...operand, function: name, mask: operand.mask ?? this.#mask(), start, end };
  }

  #mask(): number | undefined {
    if (!this.#takes("&")) return undefined;
    const { text, kind } = this.#next;
    const value = Number(text);
    if (kind !== "word" || !Number.isSafeInteger(value) || value < 0)
      throw this.#unexpected('a number behind "&": "tcp.flags & 0x02"');
    this.#at++;
    return value;
  }

  #slices(): Slice[] {
    const slices: Slice[] = [];
    do {
      const { text } = this.#next;
      const slice = this.#next.kind === "word" ? sliceOf(text) : undefined;
      if (slice === undefined) throw this.#unexpected('a place: "[0]", "[0:4]", "[2-5]" or "[4:]"');
      slices.push(slice);
      this.#at++;
    } while (this.#takes(","));
    if (!this.#takes("]")) throw this.#unexpected('"]"');
    return slices;
  }

  #value(operator: Operator, left: FieldOperand): FieldOperand | Literal {
    const { kind } = this.#next;
    if (kind !== "word" && kind !== "quoted")
      throw this.#unexpected(`a value that ${left.field.key} is compared with`);
    const { text } = this.#next;
    if (operator === "contains" || operator === "matches") return this.#literal();
    const other = this.#operand();
    if (other.kind === "literal" || other.field.type !== "protocol") {
      if (other.kind === "literal" && !other.isQuoted && isFieldLike(text)) {
        // A host may well be called "ip.example": only what compares as a number must be one of our fields.
        if (left.field.type !== "text" && left.field.type !== "address") throw unknownField(other);
      }
      return other;
    }
    // "application == smtp": the name of a protocol is a word like others.
    return { kind: "literal", text, isQuoted: false, start: other.start, end: other.end };
  }

  #literal(): Literal {
    const { kind, text, start, end } = this.#next;
    if (kind !== "word" && kind !== "quoted") throw this.#unexpected("a value");
    this.#at++;
    return { kind: "literal", text, isQuoted: kind === "quoted", start, end };
  }

  #set(): Extract<Expression, { kind: "in" }>["items"] {
    if (!this.#takes("{")) throw this.#unexpected('a set: "in {25, 110, 8000..8080}"');
    const items: (Literal | { from: Literal; to: Literal })[] = [];
    while (!this.#takes("}")) {
      const from = this.#literal();
      items.push(this.#takes("..") ? { from, to: this.#literal() } : from);
      this.#takes(",");
      if (items.length > ITEMS_MAX) throw this.#error(`a set of more than ${ITEMS_MAX} values`);
    }
    if (items.length === 0) throw this.#error("the set is empty");
    return items;
  }

  #operator(): Operator | "in" | undefined {
    if (!this.#isComparison(0)) return undefined;
    const { text } = this.#next;
    this.#at++;
    return text as Operator | "in";
  }

  #isComparison(ahead: number): boolean {
    const token = this.#tokens[this.#at + ahead];
    return token?.kind === "operator" && COMPARISONS.has(token.text);
  }

  #takes(operator: string): boolean {
    const { kind, text } = this.#next;
    if (kind !== "operator" || text !== operator) return false;
    this.#at++;
    return true;
  }

  #unexpected(expected: string): FilterError {
    const { kind, text } = this.#next;
    return this.#error(`expected ${expected}, not ${kind === "end" ? "the end of the filter" : `"${text}"`}`);
  }

  #error(message: string): FilterError {
    return new FilterError(message, this.#next.start, this.#next.end);
  }
}

function unknownField({ text, start, end }: { text: string; start: number; end: number }): FilterError {
  const near = similarFields(text);
  const advice = near.length === 0 ? ADVICE : `is ${near.join(" or ")} meant?`;
  return new FilterError(`"${text}" is no field; ${advice}`, start, end);
}

function sliceOf(text: string): Slice | undefined {
  const match = /^(-?\d*)(?:([:-])(\d*))?$/.exec(text);
  if (match === null || text === "" || text === ":") return undefined;
  const [, first, sign, second] = match;
  const from = Number(first);
  if (sign === undefined) return { from, to: from === -1 ? undefined : from + 1 };
  // "[i:n]" are n octets from i on, "[i-j]" those from i to j.
  if (second === "") return sign === ":" ? { from, to: undefined } : undefined;
  const to = sign === ":" ? from + Number(second) : Number(second) + 1;
  return from < 0 && to >= 0 ? { from, to: undefined } : { from, to };
}

const ADVICE = 'a text stands in quotes, a host behind "host =="';
const FUNCTIONS = new Set(["len", "count", "lower", "upper"]);
const COMPARISONS = new Set(["==", "!=", "===", "!==", "<", "<=", ">", ">=", "contains", "matches", "in"]);
const MIRRORED = new Map<string, Operator>([
  ...(["==", "!=", "===", "!=="] as const).map((sign): [string, Operator] => [sign, sign]),
  ["<", ">"],
  [">", "<"],
  ["<=", ">="],
  [">=", "<="],
]);
/** Deeper than anything that a person writes; the stack is not without end. */
const DEPTH_MAX = 100;
const ITEMS_MAX = 1000;
