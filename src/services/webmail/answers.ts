/** What the site answers: pages, downloads, and the fields that keep browsers from being tricked. */

import { decodeUtf8Lossy, encodeUtf8 } from "../../bytes/index.ts";
import { type Field, type HttpResponse, percentEncode, textResponse } from "../../protocols/http/index.ts";
import type { ReadAttachment } from "../../protocols/message/index.ts";
import type { Html } from "./html.ts";
import { problemPage } from "./pages.ts";
import { STYLE } from "./style.ts";

export function page(content: Html, status = 200): HttpResponse {
  return {
    status,
    fields: [{ name: "Content-Type", value: "text/html; charset=utf-8" }, ...SAFETY],
    content: encodeUtf8(content.text),
  };
}

export function forbidden(): HttpResponse {
  return page(problemPage("Not from here", "This form is too old, or does not come from this site."), 403);
}

export function styleSheet(): HttpResponse {
  return {
    status: 200,
    fields: [
      { name: "Content-Type", value: "text/css; charset=utf-8" },
      { name: "Cache-Control", value: "max-age=3600" },
      { name: "X-Content-Type-Options", value: "nosniff" },
    ],
    content: encodeUtf8(STYLE),
  };
}

export function source({ content }: { readonly content: Uint8Array }): HttpResponse {
  return textResponse(200, decodeUtf8Lossy(content), SAFETY);
}

/** RFC 6266: never shown in the page, whatever it says it is. */
export function download({ name, type, bytes }: ReadAttachment): HttpResponse {
  const ascii = name.replace(/[^A-Za-z0-9 ._-]/g, "_");
  const disposition = `attachment; filename="${ascii}"; filename*=UTF-8''${percentEncode(name)}`;
  return {
    status: 200,
    fields: [
      { name: "Content-Type", value: HARMLESS_TYPES.includes(type) ? type : "application/octet-stream" },
      { name: "Content-Disposition", value: disposition },
      ...SAFETY,
    ],
    content: bytes,
  };
}

/** No script, nothing from elsewhere, no frame around it, nothing kept in caches. */
const SAFETY: readonly Field[] = [
  {
    name: "Content-Security-Policy",
    value:
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  },
  { name: "X-Content-Type-Options", value: "nosniff" },
  { name: "X-Frame-Options", value: "DENY" },
  { name: "Referrer-Policy", value: "same-origin" },
  { name: "Cross-Origin-Resource-Policy", value: "same-origin" },
  { name: "Cache-Control", value: "no-store" },
];
/** What no browser would run even if it looked. */
const HARMLESS_TYPES = [
  "application/pdf",
  "application/zip",
  "image/gif",
  "image/jpeg",
  "image/png",
  "image/webp",
];
