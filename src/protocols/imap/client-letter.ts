/**
 * Reading a message piece by piece: what its structure says can be shown, and what is a file that may stay on the server.
 * The same rules as those for a message that is there as a whole (protocols/message/read.ts).
 */

import { attachmentName, decodeText, decodeTransfer, parseParameters } from "../message/index.ts";
import type { BodyPart } from "./response-fetch.ts";

export interface LetterParts {
  readonly text: readonly BodyPart[];
  readonly html: readonly BodyPart[];
  readonly files: readonly FilePart[];
}

export interface FilePart {
  readonly part: BodyPart;
  /** What it may be called on a disk; never empty. */
  readonly name: string;
  /** What it will have when it is decoded; about, for base64. */
  readonly octets: number;
  /** Without angle brackets: what `cid:` in HTML refers to. */
  readonly contentId: string | undefined;
}

export function letterParts(structure: BodyPart): LetterParts {
  const found = { text: [] as BodyPart[], html: [] as BodyPart[], files: [] as FilePart[] };
  collect(structure, found);
  return found;
}

/** The text of a part, its lines ended by LF. */
export function partText(part: BodyPart, octets: Uint8Array): string {
  const charset = part.parameters.get("charset") ?? "us-ascii";
  return decodeText(decodeTransfer(octets, part.encoding), charset).replace(/\r\n/g, "\n");
}

/** The octets of a part as its sender had them. */
export function partContent(part: BodyPart, octets: Uint8Array): Uint8Array {
  return decodeTransfer(octets, part.encoding);
}

/** The part of that name: "1.2". */
export function partAt(structure: BodyPart, section: string): BodyPart | undefined {
  if (structure.section === section) return structure;
  for (const part of structure.parts) {
    const found = partAt(part, section);
    if (found !== undefined) return found;
  }
  return undefined;
}

function collect(
  part: BodyPart,
  found: { readonly text: BodyPart[]; readonly html: BodyPart[]; readonly files: FilePart[] },
): void {
  if (part.type.startsWith("multipart/")) {
    for (const inner of part.parts) collect(inner, found);
    return;
  }
  const name = parameter("filename", part.disposition?.parameters) ?? parameter("name", part.parameters);
  const isShown = part.disposition?.value !== "attachment" && name === undefined;
  if (isShown && part.type === "text/plain") found.text.push(part);
  else if (isShown && part.type === "text/html") found.html.push(part);
  else {
    found.files.push({
      part,
      name: attachmentName(name, part.type, found.files.length + 1),
      octets: decodedLength(part),
      contentId: part.id?.replace(/^\s*<|>\s*$/g, ""),
    });
  }
}

/** A name in any script: servers pass on what the sender wrote, RFC 2231 and all. */
function parameter(name: string, parameters: ReadonlyMap<string, string> = new Map()): string | undefined {
  const written = [...parameters]
    .filter(([key]) => key === name || key.startsWith(`${name}*`))
    .map(([key, value]) => `; ${key}="${value.replace(/["\\]/g, "\\$&")}"`);
  return parseParameters(`x${written.join("")}`).parameters.get(name);
}

/** RFC 2045 section 6.8: 57 octets are a line of 76 characters and its end. */
function decodedLength({ encoding, octets }: BodyPart): number {
  return encoding === "base64" ? Math.ceil((octets * 57) / 78) : octets;
}
