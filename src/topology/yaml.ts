/**
 * How the YAML library reads a text. The last one stays read: a file that is edited is read after each change, and
 * looked at before the next. Nobody changes a document: an edit makes another text.
 */

import { type Document, LineCounter, parseDocument } from "yaml";

export interface ReadYaml {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

export function readYaml(text: string): ReadYaml {
  if (last?.text === text) return last;
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    version: "1.2",
    schema: "core",
    // "silent" would also hide that there is a second document.
    logLevel: "error",
  });
  last = { text, document, lines };
  return last;
}

let last: (ReadYaml & { readonly text: string }) | undefined;
