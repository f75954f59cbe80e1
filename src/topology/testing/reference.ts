/** The reference of the network file as Markdown: a table for each map of the schema. */

import type { Schema } from "../schema-check.ts";

export function referenceTables(root: Schema): string {
  const sections: string[] = [section("The file", root, root)];
  for (const name of ["host", "mailAccount", "switch", "link", "forward", "forwardedPort"]) {
    const schema = root.$defs?.[name] ?? {};
    sections.push(section(TITLES[name] ?? name, schema, root));
  }
  const steps = root.$defs?.step?.oneOf ?? [];
  const stepKeys = Object.assign({}, ...steps.map((branch) => branch.properties));
  const kinds = steps.map((branch) => `${branch.title} (\`${branch.required?.join("`, `")}\`)`).join(", ");
  const description = `A step is one of: ${kinds}.`;
  sections.push(section("A step of the story", { description, properties: stepKeys }, root));
  for (const branch of root.$defs?.expectation?.oneOf ?? []) {
    sections.push(section(`An expectation: ${branch.title}`, branch, root));
  }
  for (const [name, schema] of Object.entries(root.$defs?.services?.properties ?? {})) {
    sections.push(section(`The service \`${name}\``, schema, root));
  }
  return sections.join("\n");
}

function section(title: string, schema: Schema, root: Schema): string {
  const description = schema.description === undefined ? "" : `${schema.description}\n\n`;
  const rows = Object.entries(schema.properties ?? {}).map(([key, member]) => {
    const needed = schema.required?.includes(key) ? " (needed)" : "";
    return `| \`${key}\`${needed} | ${kindOf(member, root)} | ${cell(describe(member, root))} |`;
  });
  return `### ${title}\n\n${description}| key | value | what it says |\n|---|---|---|\n${rows.join("\n")}\n`;
}

function kindOf(schema: Schema, root: Schema): string {
  const resolved = resolve(schema, root);
  const { type, patternErrorMessage, title, minimum, maximum } = resolved;
  const branches = resolved.oneOf;
  if (branches !== undefined && title === undefined)
    return branches.map((branch) => kindOf(branch, root)).join(", or ");
  if (resolved.const !== undefined) return `\`${JSON.stringify(resolved.const)}\``;
  if (resolved.enum !== undefined) return resolved.enum.map((value) => `\`${String(value)}\``).join(", ");
  const said = patternErrorMessage ?? title;
  if (said !== undefined) return cell(said);
  if (minimum !== undefined && maximum !== undefined && maximum <= 1e9)
    return `number, ${minimum} to ${maximum}`;
  const types = typeof type === "string" ? [type] : (type ?? []);
  const names = types.filter((each) => each !== "null").map((each) => NAMES[each] ?? each);
  const items = resolved.items === undefined ? "" : `, each ${kindOf(resolved.items, root)}`;
  return names.join(" or ") + items;
}

function describe(schema: Schema, root: Schema): string {
  const text = schema.description ?? resolve(schema, root).description ?? "";
  const fallback = resolve(schema, root).default;
  const said = text === "" || /[.:]$/.test(text) ? text : `${text}.`;
  return fallback === undefined ? said : `${said} Default: ${JSON.stringify(fallback)}.`.trimStart();
}

function resolve(schema: Schema, root: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  return resolve(root.$defs?.[schema.$ref.slice("#/$defs/".length)] ?? {}, root);
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

const TITLES: Readonly<Record<string, string>> = {
  host: "A host or router",
  mailAccount: "A mail account (`mailAccount`)",
  switch: "A switch",
  link: "A link",
  forward: "Ways in from this machine (`forward`)",
  forwardedPort: "A forwarded port",
};
const NAMES: Readonly<Record<string, string>> = {
  string: "text",
  integer: "whole number",
  number: "number",
  boolean: "true, false",
  object: "map",
  array: "list",
};
