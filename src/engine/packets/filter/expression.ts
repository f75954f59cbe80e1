/** A filter as the parser understands it, and how it says that it does not. */

import { LocalError } from "../../../net/index.ts";
import type { FieldInfo } from "./fields.ts";

export type Expression =
  | { readonly kind: "or" | "and" | "xor"; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "not"; readonly term: Expression }
  /** The field is there; with a mask: one of these bits is set. */
  | { readonly kind: "exists"; readonly operand: FieldOperand }
  | {
      readonly kind: "compare";
      /** Undefined: as the operator has it. */
      readonly quantifier: "any" | "all" | undefined;
      readonly operator: Operator;
      readonly left: FieldOperand;
      readonly right: FieldOperand | Literal;
    }
  | {
      readonly kind: "in";
      readonly quantifier: "any" | "all" | undefined;
      readonly left: FieldOperand;
      readonly items: readonly (Literal | { readonly from: Literal; readonly to: Literal })[];
    }
  /** The row's text contains it. */
  | { readonly kind: "text"; readonly text: string };

/** As Wireshark from version 4 on: "==" any is equal, "!=" none is equal, "===" all are, "!==" any is not. */
export type Operator = "==" | "!=" | "===" | "!==" | "<" | "<=" | ">" | ">=" | "contains" | "matches";

export interface FieldOperand {
  readonly kind: "field";
  readonly field: FieldInfo;
  readonly function: "len" | "count" | "lower" | "upper" | undefined;
  readonly slices: readonly Slice[];
  /** "& 0x02" */
  readonly mask: number | undefined;
  readonly start: number;
  readonly end: number;
}

/** Octets [from, to); negative counts from the end; `to` undefined: to the end. */
export interface Slice {
  readonly from: number;
  readonly to: number | undefined;
}

export interface Literal {
  readonly kind: "literal";
  readonly text: string;
  readonly isQuoted: boolean;
  readonly start: number;
  readonly end: number;
}

/** What is wrong with a filter, and where: the characters [start, end). */
export class FilterError extends LocalError {
  readonly start: number;
  readonly end: number;

  constructor(message: string, start: number, end: number) {
    super("bad-filter", message);
    this.start = start;
    this.end = end;
  }
}
