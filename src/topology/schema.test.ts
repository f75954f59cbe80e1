import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { services } from "../services/registry.ts";
import { networkSchema } from "./schema.ts";
import { checkSchema, type Schema } from "./schema-check.ts";
import { readSource } from "./source.ts";
import { published } from "./testing/publish.ts";

const schema = networkSchema(services);

test("the published schema and reference are current", () => {
  for (const { path, content } of published()) {
    const advice = `${path.pathname} is out of date: run "node src/topology/testing/publish.ts"`;
    assert.ok(readFileSync(path, "utf8") === content, advice);
  }
});

test("the schema says nothing that our checker does not understand", () => {
  const visit = (part: unknown, isMapOfSchemas: boolean): void => {
    for (const [key, value] of Object.entries(part as object)) {
      if (!isMapOfSchemas && !isSchemaMap(key) && !isData(key))
        assert.ok(KEYWORDS.has(key), `keyword "${key}"`);
      if (isData(key) && !isMapOfSchemas) continue;
      if (typeof value === "object" && value !== null) {
        visit(value, Array.isArray(value) || (isSchemaMap(key) && !isMapOfSchemas));
      }
    }
  };
  visit(schema, false);
});

test("the services of the registry are in the schema, with definitions of their own", () => {
  const text = JSON.stringify(schema);
  for (const name of services.keys()) assert.ok(schema.$defs?.services?.properties?.[name], name);
  for (const [, reference] of text.matchAll(/"\$ref":"#\/\$defs\/([^"]*)"/g)) {
    assert.ok(schema.$defs?.[reference], reference);
  }
});

test("our checker and ajv agree on what is right", () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const validate = ajv.compile(schema);
  const files = ["town", "ketchup", "mail-lab"].map((name) => readFileSync(`networks/${name}.yaml`, "utf8"));
  const documents = files.map((text) => plainOf(readSource(text, "x").root));
  for (const document of documents) assert.ok(validate(document), JSON.stringify(validate.errors));
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      1,
      -1,
      1.5,
      80,
      70_000,
      "",
      "x",
      "10 ms",
      "1 %",
      "a@b",
      "10.0.0.1/24",
    ),
    fc.string({ maxLength: 8 }),
    fc.constantFrom<unknown>([], {}, ["x"], ["x", "x"], { x: 1 }, { name: "x" }, [[]]),
  );
  const key = fc.constantFrom(
    "name",
    "at",
    "on",
    "run",
    "cut",
    "delay",
    "count",
    "dns",
    "zones",
    "x",
    "__proto__",
  );
  const change = fc.record({
    at: fc.nat(),
    kind: fc.constantFrom("set", "delete", "add", "copy"),
    leaf,
    key,
  });
  let wrongCount = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...documents),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      (original, changes) => {
        const document = structuredClone(original);
        for (const each of changes) applyChange(document, each);
        const { root, errors } = readSource(JSON.stringify(document), "x");
        assert.ok(root !== undefined && errors.length === 0);
        const { problems } = checkSchema(root, schema);
        const isRight = validate(document);
        if (!isRight) wrongCount++;
        assert.equal(
          problems.length === 0,
          isRight,
          JSON.stringify({ problems, ajv: validate.errors?.slice(0, 5) }),
        );
      },
    ),
    { numRuns: 250 },
  );
  assert.ok(wrongCount > 60, `only ${wrongCount} of the documents were wrong`);
});

/** Changes one of the places of a document, the `at`th in order. */
function applyChange(
  document: unknown,
  change: { at: number; kind: string; leaf: unknown; key: string },
): void {
  const places: { holder: Record<string, unknown>; key: string }[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      places.push({ holder: value as Record<string, unknown>, key });
      visit(member);
    }
  };
  visit(document);
  if (places.length === 0) return;
  const { holder, key } = places[change.at % places.length];
  if (change.kind === "set") holder[key] = change.leaf;
  else if (change.kind === "delete")
    Array.isArray(holder) ? holder.splice(Number(key), 1) : delete holder[key];
  else if (Array.isArray(holder))
    holder.push(change.kind === "copy" ? structuredClone(holder[0]) : change.leaf);
  else if (change.key !== "__proto__")
    holder[change.key] = change.kind === "copy" ? structuredClone(holder[key]) : change.leaf;
}

function plainOf(node: ReturnType<typeof readSource>["root"]): Record<string, unknown> {
  assert.ok(node !== undefined);
  const any: Schema = {};
  return checkSchema(node, any).value as Record<string, unknown>;
}

function isSchemaMap(key: string): boolean {
  return key === "properties" || key === "$defs";
}

/** Keywords whose value is plain data. */
function isData(key: string): boolean {
  return ["enum", "const", "default", "examples", "required"].includes(key);
}

const KEYWORDS = new Set([
  ...[
    "$schema",
    "$id",
    "$ref",
    "title",
    "description",
    "type",
    "additionalProperties",
    "propertyNames",
    "minProperties",
  ],
  ...[
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "pattern",
    "patternErrorMessage",
    "minLength",
    "maxLength",
  ],
  ...["minimum", "maximum", "exclusiveMinimum", "oneOf", "anyOf"],
]);
