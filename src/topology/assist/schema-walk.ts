/** What the schema says of a place in a file: the forms that a value there may have, in the light of what stands there. */

import type { Schema } from "../schema-check.ts";
import type { Path } from "../source.ts";

/** The forms of the value at `path`, references followed and alternatives spread out; none when nothing may be there. */
export function formsAt(root: Schema, path: Path, data: unknown): Schema[] {
  let forms = spread(root, root, data);
  let value = data;
  for (const step of path) {
    value =
      typeof value === "object" && value !== null
        ? (value as Record<string | number, unknown>)[step]
        : undefined;
    forms = forms.flatMap((form) => memberOf(form, step)).flatMap((form) => spread(root, form, value));
  }
  return forms;
}

/** A schema as it stands under its key, with its own description, before references are followed. */
export function describedAt(root: Schema, path: Path, data: unknown): Schema | undefined {
  const key = path.at(-1);
  if (key === undefined) return root;
  const members = formsAt(root, path.slice(0, -1), data).flatMap((form) => memberOf(form, key));
  return members.find(({ description }) => description !== undefined) ?? members[0];
}

export function resolve(root: Schema, schema: Schema): Schema {
  const name = schema.$ref?.slice("#/$defs/".length);
  return name === undefined ? schema : resolve(root, root.$defs?.[name] ?? {});
}

function memberOf(form: Schema, step: string | number): Schema[] {
  if (typeof step === "number") return form.items === undefined ? [] : [form.items];
  const own = Object.hasOwn(form.properties ?? {}, step) ? form.properties?.[step] : undefined;
  if (own !== undefined) return [own];
  return typeof form.additionalProperties === "object" ? [form.additionalProperties] : [];
}

/** The alternatives of a schema; of several maps those that fit the keys that are there, if any do. */
function spread(root: Schema, schema: Schema, value: unknown): Schema[] {
  const resolved = resolve(root, schema);
  const branches = resolved.oneOf ?? resolved.anyOf;
  // Branches beside a type of the schema's own only say more about it.
  if (branches === undefined || resolved.type !== undefined) return [resolved];
  const all = branches.flatMap((branch) => spread(root, branch, value));
  const keys = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  const score = ({ properties = {}, required = [] }: Schema): number =>
    keys.filter((key) => required.includes(key)).length * 100 +
    keys.filter((key) => Object.hasOwn(properties, key)).length;
  const best = Math.max(0, ...all.map(score));
  return best === 0 ? all : all.filter((form) => score(form) === best);
}
