/** Where the content of a message ends: RFC 9112 section 6. The place where requests are smuggled, so it is strict. */

import { BadResponse, RequestRefused } from "./errors.ts";
import { type Field, fieldList, fieldValues, type Version } from "./wire.ts";

export type Framing =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "chunked" }
  /** Responses only: until the server closes the connection. */
  | { readonly kind: "until-end" };

/** RFC 9112 section 6.3 for a server. Throws RequestRefused. */
export function requestFraming(method: string, version: Version, fields: readonly Field[]): Framing {
  const codings = fieldList(fields, "Transfer-Encoding");
  const hasCodings = fieldValues(fields, "Transfer-Encoding").length > 0;
  const lengths = fieldValues(fields, "Content-Length");
  if (hasCodings) {
    // RFC 9112 section 6.1: both together are an attempt to smuggle; and HTTP/1.0 has no codings.
    if (lengths.length > 0)
      throw new RequestRefused(400, "Transfer-Encoding and Content-Length exclude each other");
    if (version.major === 1 && version.minor === 0)
      throw new RequestRefused(400, "HTTP/1.0 has no Transfer-Encoding");
    if (codings.at(-1) !== "chunked" || codings.indexOf("chunked") !== codings.length - 1)
      throw new RequestRefused(400, "the last Transfer-Encoding must be chunked, and no other");
    // RFC 9112 section 6.1: a coding that the server does not understand.
    if (codings.length > 1) throw new RequestRefused(501, "no Transfer-Encoding but chunked is known");
    return { kind: "chunked" };
  }
  if (lengths.length > 0) {
    const length = lengths.length === 1 ? parseLength(lengths[0]) : undefined;
    if (length === undefined) throw new RequestRefused(400, "Content-Length is not one number");
    return length === 0 ? { kind: "none" } : { kind: "length", length };
  }
  // RFC 9110 section 15.5.12: in HTTP/1.0 the end of the connection could be meant, which a request cannot have.
  if (version.minor === 0 && METHODS_WITH_CONTENT.includes(method))
    throw new RequestRefused(411, `${method} needs a Content-Length`);
  return { kind: "none" };
}

/** RFC 9112 section 6.3 for a client. Throws BadResponse. */
export function responseFraming(method: string, status: number, fields: readonly Field[]): Framing {
  if (method === "HEAD" || status < 200 || status === 204 || status === 304) return { kind: "none" };
  const codings = fieldList(fields, "Transfer-Encoding");
  const lengths = fieldValues(fields, "Content-Length");
  if (fieldValues(fields, "Transfer-Encoding").length > 0) {
    if (lengths.length > 0) throw new BadResponse("both Transfer-Encoding and Content-Length");
    if (codings.length !== 1 || codings[0] !== "chunked")
      throw new BadResponse(`Transfer-Encoding ${codings.join(", ")} was not asked for`);
    return { kind: "chunked" };
  }
  if (lengths.length === 0) return { kind: "until-end" };
  // RFC 9110 section 8.6: a number that is repeated may be taken for one.
  const members = new Set(lengths.flatMap((value) => value.split(",")).map((value) => value.trim()));
  const length = members.size === 1 ? parseLength([...members][0]) : undefined;
  if (length === undefined) throw new BadResponse(`Content-Length "${lengths.join(", ")}" is not one number`);
  return length === 0 ? { kind: "none" } : { kind: "length", length };
}

/** Digits only, and not more than can be counted exactly. */
function parseLength(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

const METHODS_WITH_CONTENT = ["POST", "PUT", "PATCH"];
