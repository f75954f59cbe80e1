/**
 * The parts of a message: RFC 2045 and 2046. Finds where each part's header and body stand, decodes nothing. It
 * never throws: what is no MIME is one part of text, a multipart that is broken has the parts that can be seen.
 */

import { fromByteString } from "../../net/index.ts";
import { delimiterKind } from "./entity.ts";
import { type ParameterizedValue, parseParameters } from "./parameters.ts";
import { type Field, fieldValue, parseMessage } from "./wire.ts";

export interface Part {
  readonly fields: readonly Field[];
  /** "text/plain", small letters; with its parameters. */
  readonly contentType: ParameterizedValue;
  /** "base64", small letters; "7bit" when nothing is said. */
  readonly transferEncoding: string;
  readonly disposition: ParameterizedValue | undefined;
  /** Where the body stands in the message, in octets, still encoded. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
  /** Those of a multipart, in order. */
  readonly parts: readonly Part[];
}

/** The message itself is the outermost part. */
export function parseStructure(content: Uint8Array): Part {
  return parsePart(content, 0, content.length, {
    type: "text/plain",
    depth: 0,
    budget: { parts: PARTS_MAX },
  });
}

interface Surroundings {
  /** What a part is that does not say it. */
  readonly type: string;
  readonly depth: number;
  /** What is left for the whole message: a bomb of parts costs no more. */
  readonly budget: { parts: number };
}

function parsePart(content: Uint8Array, start: number, end: number, around: Surroundings): Part {
  const { fields, bodyAt } = parseMessage(content.subarray(start, end));
  const bodyStart = start + bodyAt;
  const contentType = contentTypeOf(fields, around.type);
  const boundary = contentType.parameters.get("boundary") ?? "";
  const isMultipart =
    contentType.value.startsWith("multipart/") && boundary !== "" && around.depth < DEPTH_MAX;
  const disposition = fieldValue(fields, "Content-Disposition");
  return {
    fields,
    contentType,
    transferEncoding: parseParameters(fieldValue(fields, "Content-Transfer-Encoding") ?? "7bit").value,
    disposition: disposition === undefined ? undefined : parseParameters(disposition),
    bodyStart,
    bodyEnd: end,
    parts: isMultipart
      ? parseMultipart(content, bodyStart, end, boundary, {
          // RFC 2046 section 5.1.5.
          type: contentType.value === "multipart/digest" ? "message/rfc822" : "text/plain",
          depth: around.depth + 1,
          budget: around.budget,
        })
      : [],
  };
}

/** RFC 2046 section 5.1.1: what stands before the first delimiter and after the last is for nobody. */
function parseMultipart(
  content: Uint8Array,
  start: number,
  end: number,
  boundary: string,
  around: Surroundings,
): Part[] {
  const parts: Part[] = [];
  const delimiter = fromByteString(`--${boundary.replace(/[\u0100-\uffff]/g, "?").trimEnd()}`);
  let partStart: number | undefined;
  const finishPart = (partEnd: number): void => {
    if (partStart === undefined || around.budget.parts <= 0) return;
    around.budget.parts--;
    parts.push(parsePart(content, partStart, Math.max(partStart, partEnd), around));
  };
  for (let at = start; at < end; ) {
    const found = content.indexOf(LF, at);
    const next = found === -1 || found >= end ? end : found + 1;
    const kind = delimiterKind(content, at, next, delimiter);
    if (kind !== undefined) {
      finishPart(endBefore(content, at));
      partStart = kind === "close" ? undefined : next;
      if (kind === "close") return parts;
    }
    at = next;
  }
  // The end is missing: the last part goes on to where its multipart ends.
  finishPart(end);
  return parts;
}

/** The line end before a delimiter belongs to it, not to the part. */
function endBefore(content: Uint8Array, at: number): number {
  if (at < 1 || content[at - 1] !== LF) return at;
  return at >= 2 && content[at - 2] === CR ? at - 2 : at - 1;
}

/** RFC 2045 section 5.2: text in ASCII is what is meant where nothing, or nothing readable, is said. */
function contentTypeOf(fields: readonly Field[], fallback: string): ParameterizedValue {
  const value = fieldValue(fields, "Content-Type");
  const parsed = value === undefined ? undefined : parseParameters(value);
  if (parsed !== undefined && /^[^/]+\/[^/]+$/.test(parsed.value)) return parsed;
  return { value: fallback, parameters: parsed?.parameters ?? new Map() };
}

const [CR, LF] = [13, 10];
/** Forwarded as attachments again and again, real mail has five. */
const DEPTH_MAX = 20;
/** Parts of one message in all. */
const PARTS_MAX = 1000;
