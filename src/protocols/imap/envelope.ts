/** ENVELOPE and BODYSTRUCTURE: RFC 9051 section 7.5.2. Fields as they stand, for it is the client who decodes them. */

import { type Entity, type Field, fieldValue, rawParameters } from "../message/index.ts";
import { encodingOf } from "./section.ts";
import { emitNstring, emitString } from "./wire.ts";

export interface EnvelopeAddress {
  readonly name: string | undefined;
  /** The source route of old addresses. */
  readonly route: string | undefined;
  /** Undefined: the end of a group. */
  readonly mailbox: string | undefined;
  /** Undefined: a group begins, and `mailbox` is its name. */
  readonly host: string | undefined;
}

export function emitEnvelope(fields: readonly Field[]): string {
  const addresses = (name: string): EnvelopeAddress[] => addressesOf(allValues(fields, name));
  const from = addresses("From");
  // RFC 9051 section 7.5.2: where they are missing, or empty, the server puts From.
  const [sender, replyTo] = ["Sender", "Reply-To"]
    .map(addresses)
    .map((list) => (list.length === 0 ? from : list));
  const texts = (name: string): string => emitNstring(fieldValue(fields, name)?.slice(0, TEXT_MAX));
  const lists = [from, sender, replyTo, addresses("To"), addresses("Cc"), addresses("Bcc")].map(
    emitAddresses,
  );
  return `(${[texts("Date"), texts("Subject"), ...lists, texts("In-Reply-To"), texts("Message-ID")].join(" ")})`;
}

/** With `extended` BODYSTRUCTURE, else BODY. */
export function emitBodyStructure(entity: Entity, extended: boolean): string {
  const field = (name: string): string => emitNstring(fieldValue(entity.fields, name));
  const tail = [emitDisposition(entity), emitLanguage(entity), field("Content-Location")];
  if (entity.parts !== undefined) {
    const parts = entity.parts.map((part) => emitBodyStructure(part, extended)).join("");
    const more = extended ? ` ${[emitParameters(entity.parameters), ...tail].join(" ")}` : "";
    return `(${parts} ${emitString(entity.subtype)}${more})`;
  }
  const words = [
    emitString(entity.type),
    emitString(entity.subtype),
    emitParameters(withCharset(entity)),
    field("Content-ID"),
    field("Content-Description"),
    emitString(encodingOf(entity.fields)),
    String(entity.end - entity.bodyStart),
  ];
  if (entity.message !== undefined)
    words.push(emitEnvelope(entity.message.fields), emitBodyStructure(entity.message, extended));
  if (entity.message !== undefined || entity.type.toLowerCase() === "text") words.push(String(entity.lines));
  if (extended) words.push(field("Content-MD5"), ...tail);
  return `(${words.join(" ")})`;
}

/** The addresses of a field, with its groups. Never throws. */
export function addressesOf(value: string): EnvelopeAddress[] {
  const addresses: EnvelopeAddress[] = [];
  let isInGroup = false;
  for (const { text, end } of pieces(value.slice(0, TEXT_MAX))) {
    if (addresses.length >= ADDRESSES_MAX) break;
    if (end === ":") {
      isInGroup = true;
      addresses.push({ ...NOTHING, mailbox: unquoted(withoutComments(text).text) });
      continue;
    }
    const address = parseAddress(text);
    if (address !== undefined) addresses.push(address);
    if (end === ";" && isInGroup) {
      isInGroup = false;
      addresses.push(NOTHING);
    }
  }
  return addresses;
}

function emitAddresses(addresses: readonly EnvelopeAddress[]): string {
  if (addresses.length === 0) return "NIL";
  const each = addresses.map(
    ({ name, route, mailbox, host }) => `(${[name, route, mailbox, host].map(emitNstring).join(" ")})`,
  );
  return `(${each.join("")})`;
}

/** RFC 2045 section 5.2: text of which nothing is said is in ASCII, and clients need not know that by heart. */
function withCharset({ type, parameters }: Entity): Entity["parameters"] {
  const isSaid = parameters.some(([name]) => name.toLowerCase() === "charset");
  return type.toLowerCase() !== "text" || isSaid ? parameters : [...parameters, ["charset", "us-ascii"]];
}

function emitParameters(parameters: Entity["parameters"]): string {
  if (parameters.length === 0) return "NIL";
  return `(${parameters.flatMap(([name, value]) => [emitString(name), emitString(value)]).join(" ")})`;
}

/** RFC 2183. */
function emitDisposition({ fields }: Entity): string {
  const { value, parameters } = rawParameters(fieldValue(fields, "Content-Disposition") ?? "");
  return value === "" ? "NIL" : `(${emitString(value)} ${emitParameters(parameters)})`;
}

/** RFC 3282: one, or several. */
function emitLanguage({ fields }: Entity): string {
  const value = withoutComments(fieldValue(fields, "Content-Language") ?? "").text;
  const languages = value.split(",").map((language) => language.trim());
  const known = languages.filter((language) => language !== "").map(emitString);
  return known.length === 0 ? "NIL" : known.length === 1 ? known[0] : `(${known.join(" ")})`;
}

/** At commas, and at the marks of groups; not within quotes, comments, angle brackets or domain literals. */
function pieces(value: string): { text: string; end: string }[] {
  const found: { text: string; end: string }[] = [];
  let text = "";
  let [closing, depth] = ["", 0];
  for (let at = 0; at < value.length; at++) {
    const character = value[at];
    if (character === "\\" && (closing === '"' || depth > 0)) {
      text += value.slice(at, at + 2);
      at++;
      continue;
    }
    const isPlain = closing === "" && depth === 0;
    const isEnd =
      isPlain && (character === "," || character === ";" || (character === ":" && !text.includes("@")));
    if (isEnd) {
      found.push({ text, end: character });
      text = "";
      continue;
    }
    text += character;
    if (closing !== '"' && (character === "(" || (character === ")" && depth > 0)))
      depth += character === "(" ? 1 : -1;
    else if (depth > 0) continue;
    else if (character === closing) closing = "";
    else if (closing === "") closing = CLOSING[character] ?? "";
  }
  found.push({ text, end: "" });
  return found;
}

function parseAddress(piece: string): EnvelopeAddress | undefined {
  const { text, comment } = withoutComments(piece);
  const angle = /^(.*?)<(.*?)>?[^<>]*$/s.exec(text);
  const phrase = unquoted((angle?.[1] ?? "").trim());
  const inner = (angle?.[2] ?? text).trim();
  const routed = /^(@[^:]*):(.*)$/s.exec(inner);
  const address = (routed?.[2] ?? inner).trim();
  if (address === "" && phrase === "") return undefined;
  const at = address.lastIndexOf("@");
  const name = phrase !== "" ? phrase : comment === "" ? undefined : comment;
  const mailbox = unquoted(at === -1 ? address : address.slice(0, at));
  return { name, route: routed?.[1], mailbox, host: at === -1 ? "" : address.slice(at + 1).trim() };
}

/** RFC 5322 section 3.2.2; the last comment is the name in addresses of old. */
function withoutComments(piece: string): { text: string; comment: string } {
  let [text, comment, depth, isQuoted] = ["", "", 0, false];
  for (let at = 0; at < piece.length; at++) {
    const character = piece[at];
    if (character === "\\" && (isQuoted || depth > 0)) {
      if (depth > 0) comment += piece[++at] ?? "";
      else text += character + (piece[++at] ?? "");
    } else if (isQuoted || (depth === 0 && character !== "(")) {
      text += character;
      if (character === '"') isQuoted = !isQuoted;
    } else if (character === "(") {
      if (depth++ === 0) comment = "";
      else comment += character;
    } else if (character !== ")" || --depth > 0) comment += character;
  }
  return { text, comment: comment.trim() };
}

/** A phrase or local part without its quotes: RFC 9051 section 9, "addr-name" and "addr-mailbox". */
function unquoted(text: string): string {
  const pieces = text.trim().match(/"(?:[^"\\]|\\.)*"?|[^"]+/gs) ?? [];
  const plain = pieces.map((piece) =>
    piece.startsWith('"')
      ? piece.slice(1).replace(/"$/, "").replace(/\\(.)/gs, "$1")
      : piece.replace(/\s+/g, " "),
  );
  return plain.join("");
}

function allValues(fields: readonly Field[], name: string): string {
  const wanted = name.toLowerCase();
  return fields
    .filter((field) => field.name.toLowerCase() === wanted)
    .map(({ value }) => value)
    .join(", ");
}

const NOTHING: EnvelopeAddress = { name: undefined, route: undefined, mailbox: undefined, host: undefined };
const CLOSING: Record<string, string> = { '"': '"', "<": ">", "[": "]" };
/** A person writes to fewer; a mail to thousands is a list's. */
const ADDRESSES_MAX = 1000;
const TEXT_MAX = 64 * 1024;
