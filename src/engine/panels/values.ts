/** What comes from a console is checked before it is used: tables of questions and actions with their schemas. */

import * as v from "valibot";
import type { Host } from "../../host/host.ts";
import { LocalError, type Task } from "../../net/index.ts";

/** An action of a panel: the schema of its value, what it does, and what it answers where it would do nothing. */
export interface Action {
  run(host: Host, value: unknown): Task<unknown>;
  refusal(host: Host, value: unknown): unknown;
}

/** A question to a panel. */
export interface Question {
  answer(host: Host, value: unknown): unknown;
}

export function action<Schema extends v.GenericSchema>(
  schema: Schema,
  run: (host: Host, value: v.InferOutput<Schema>) => Task<unknown>,
  refusal: (host: Host, value: v.InferOutput<Schema>) => unknown = () => undefined,
): Action {
  return {
    run: (host, value) => run(host, checked(schema, value)),
    refusal: (host, value) => refusal(host, checked(schema, value)),
  };
}

/** An action that is done at once: what it throws is known before anything is recorded. */
export function deed<Schema extends v.GenericSchema>(
  schema: Schema,
  run: (host: Host, value: v.InferOutput<Schema>) => unknown,
  refusal?: (host: Host, value: v.InferOutput<Schema>) => unknown,
): Action {
  return action(schema, (host, value) => done(run(host, value) ?? {}), refusal);
}

function* done<T>(result: T): Task<T> {
  return result;
}

export function question<Schema extends v.GenericSchema>(
  schema: Schema,
  answer: (host: Host, value: v.InferOutput<Schema>) => unknown,
): Question {
  return { answer: (host, value) => answer(host, checked(schema, value)) };
}

/** The `act` of a panel with these actions. */
export function actions(table: Readonly<Record<string, Action>>) {
  return (host: Host, name: string, value: unknown): Task<unknown> => entry(table, name).run(host, value);
}

/** The `refusal` of a panel with these actions. */
export function refusals(table: Readonly<Record<string, Action>>) {
  return (host: Host, name: string, value: unknown): unknown => entry(table, name).refusal(host, value);
}

/** The `look` of a panel with these questions. */
export function questions(table: Readonly<Record<string, Question>>) {
  return (host: Host, name: string, value: unknown): unknown => entry(table, name).answer(host, value);
}

/** One line that a network file and the lines of a protocol can hold. */
export function printable() {
  return v.regex<string, string>(/^[^\p{Cc}\p{Cs}\ufffd]*$/u, "one line of printable characters");
}

function entry<T>(table: Readonly<Record<string, T>>, name: string): T {
  if (!Object.hasOwn(table, name)) throw new LocalError("unknown-action", `this panel knows no "${name}"`);
  return table[name];
}

function checked<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw new LocalError("bad-value", path === null ? issue.message : `${path}: ${issue.message}`);
}

export const nothing = v.strictObject({});
/** A name, an address, a line of a form. */
export const short = v.pipe(v.string(), v.maxLength(1_000), printable());
export const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
