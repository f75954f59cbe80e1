/**
 * What is published of the network file's form, made from its one source: the JSON schema for editors and the tables
 * of networks/README.md. Run as a program it writes both: `node src/topology/testing/publish.ts`; a test checks that
 * they are current.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { services } from "../../services/registry.ts";
import { networkSchema } from "../schema.ts";
import { referenceTables } from "./reference.ts";

export interface Published {
  readonly path: URL;
  readonly content: string;
}

export function published(): Published[] {
  const schema = networkSchema(services);
  const readme = new URL("../../../networks/README.md", import.meta.url);
  return [
    {
      path: new URL("../../../networks/network.schema.json", import.meta.url),
      content: `${JSON.stringify(schema, undefined, 2)}\n`,
    },
    { path: readme, content: replaceBetweenMarks(readFileSync(readme, "utf8"), referenceTables(schema)) },
  ];
}

function replaceBetweenMarks(text: string, tables: string): string {
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`networks/README.md has lost its marks ${BEGIN} and ${END}`);
  return `${before}${BEGIN}\n\n${tables}\n${END}${after}`;
}

const BEGIN = "<!-- tables: begin (made by src/topology/testing/publish.ts) -->";
const END = "<!-- tables: end -->";

if (import.meta.main) for (const { path, content } of published()) writeFileSync(path, content);
