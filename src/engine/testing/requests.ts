/**
 * Requests as a console might send them, made from the schemas of the contract, so that a new method is tried without a
 * word here: mostly such as make sense in a lab, some that do not. For tests that want to break the engine.
 */

import fc from "fast-check";
import { changes, type MethodName, methods } from "../protocol/index.ts";
import { odd, panelActions, panelQuestions, words } from "./request-words.ts";

export interface AnyRequest {
  readonly method: string;
  readonly params: unknown;
}

/** What a schema lets through, and now and then what it does not. */
export function requestOf(method: MethodName): fc.Arbitrary<AnyRequest> {
  if (method === "hello")
    return fc.record({ method: fc.constant(method), params: fc.constant({ version: 1 }) });
  const params = anyOf(methods[method] as unknown as Schema, "params");
  return fc.record({ method: fc.constant(method), params });
}

/** Any method; what a panel does, and what is typed, more often than the rest. */
export const anyRequest: fc.Arbitrary<AnyRequest> = fc.oneof(
  { weight: 12, arbitrary: fc.oneof(...(Object.keys(methods) as MethodName[]).map(requestOf)) },
  {
    weight: 4,
    arbitrary: fc.oneof(...changing("panel.act", "shell.start", "service.switch").map(requestOf)),
  },
  { weight: 1, arbitrary: fc.record({ method: fc.string(), params: fc.jsonValue() }) },
  {
    weight: 1,
    arbitrary: fc.record({ method: fc.constantFrom(...Object.keys(methods)), params: fc.jsonValue() }),
  },
);

/** Only what changes the lab. */
export const anyChange: fc.Arbitrary<AnyRequest> = fc.oneof(
  fc.oneof(...changing(...(Object.keys(changes) as (keyof typeof changes)[])).map(requestOf)),
  fc.oneof(...changing("panel.act", "topology.connect", "service.switch", "shell.start").map(requestOf)),
);

function changing(...names: readonly (keyof typeof changes)[]): readonly MethodName[] {
  return names;
}

/** What the walk over valibot's schemas needs to know of them. */
interface Schema {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
  readonly wrapped?: Schema;
  readonly item?: Schema;
  readonly pipe?: readonly { readonly type: string; readonly requirement?: unknown }[];
}

function anyOf(schema: Schema, key: string): fc.Arbitrary<unknown> {
  const usual = usualOf(schema, key);
  return fc.oneof({ weight: 60, arbitrary: usual }, { weight: 1, arbitrary: odd });
}

function usualOf(schema: Schema, key: string): fc.Arbitrary<unknown> {
  if (key === "params" && schema.entries?.panel !== undefined && schema.entries.value !== undefined)
    return panelParams(schema.entries.action === undefined ? "question" : "action");
  switch (schema.type) {
    case "strict_object":
    case "object":
      return recordOf(schema.entries ?? {});
    case "string":
      return key in words ? fc.constantFrom(...words[key]) : fc.string();
    case "number":
      return numberOf(schema);
    case "boolean":
      return fc.boolean();
    case "picklist":
      return fc.constantFrom(...(schema.options as readonly unknown[]));
    case "literal":
      return fc.constant(schema.literal);
    case "union":
      return fc.oneof(...(schema.options as readonly Schema[]).map((each) => anyOf(each, key)));
    case "nullable":
      return fc.oneof(fc.constant(null), usualOf(schema.wrapped as Schema, key));
    case "array":
      return fc.array(anyOf(schema.item as Schema, key), { maxLength: 3 });
    case "optional":
      return fc.oneof(fc.constant(undefined), usualOf(schema.wrapped as Schema, key));
    default:
      return fc.jsonValue();
  }
}

function recordOf(entries: Readonly<Record<string, Schema>>): fc.Arbitrary<unknown> {
  return fc.record(Object.fromEntries(Object.entries(entries).map(([key, each]) => [key, anyOf(each, key)])));
}

function numberOf({ pipe = [] }: Schema): fc.Arbitrary<number> {
  const bound = (type: string): number | undefined =>
    pipe.find((each) => each.type === type)?.requirement as number | undefined;
  const min = bound("min_value") ?? 0;
  const max = bound("max_value") ?? Number.MAX_SAFE_INTEGER;
  const near = fc.integer({ min: Math.ceil(min), max: Math.min(max, Math.ceil(min) + 30) });
  if (pipe.some((each) => each.type === "safe_integer")) return fc.oneof(near, near, fc.constant(max));
  return fc.oneof(near, fc.double({ min, max: Math.min(max, 5e9), noNaN: true }), fc.constantFrom(min, max));
}

/** Values for a panel: its actions are not in the contract. */
function panelParams(verb: "action" | "question"): fc.Arbitrary<unknown> {
  const calls = verb === "action" ? panelActions : panelQuestions;
  return fc
    .tuple(fc.constantFrom(...words.host), fc.constantFrom(...calls), fc.nat(20))
    .chain(([host, [panel, name, fields], chance]) => {
      const entries = Object.entries(fields).map(([key, arbitrary]) => {
        return [key, chance === 0 ? fc.oneof(arbitrary, odd) : arbitrary] as const;
      });
      const value = fc.record(Object.fromEntries(entries));
      return value.map((given) => ({ host, panel, [verb]: name, value: given }));
    });
}
