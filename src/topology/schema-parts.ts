/** The pieces of which the schema of the network file is made. */

import type { Schema } from "./schema-check.ts";

export function map(description: string, properties: Record<string, Schema>): Schema {
  const schema: Schema = { type: "object", properties, additionalProperties: false };
  return description === "" ? schema : { description, ...schema };
}

export function named(description: string, member: Schema, name = "name"): Schema {
  return { type: "object", description, propertyNames: ref(name), additionalProperties: member };
}

/** "web:" with nothing after it means: as it comes. */
export function orNothing(schema: Schema): Schema {
  return schema.type === "object" ? { ...schema, type: ["object", "null"] } : { ...schema };
}

export function ref(name: string): Schema {
  return { $ref: `#/$defs/${name}` };
}

export function text(description: string): Schema {
  return { type: "string", description };
}

export function whole(minimum: number, maximum: number, description: string): Schema {
  return { type: "integer", minimum, maximum, description };
}

export function pattern(description: string): Schema {
  const schema: Schema = {
    type: "string",
    minLength: 1,
    title: "a part of the text, or a /regular expression/",
  };
  return description === "" ? schema : { description, ...schema };
}
