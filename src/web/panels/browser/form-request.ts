/** What a form sends: as a query, or as content in one of its two encodings. */

import { base64OfBytes } from "../parts/octets.ts";
import { absolute } from "./safe-page.ts";

export type FormRequest =
  | { readonly method: "GET"; readonly url: string }
  | { readonly method: "POST"; readonly url: string; readonly type: string; readonly content: string };

export async function formRequest(
  form: HTMLFormElement,
  submitter: HTMLElement | null,
  pageUrl: string,
): Promise<FormRequest> {
  const url = absolute(form.getAttribute("data-action") ?? "", pageUrl) ?? pageUrl;
  const data = new FormData(form, submitter);
  const method = (
    submitter?.getAttribute("formmethod") ??
    form.getAttribute("method") ??
    "get"
  ).toLowerCase();
  if (method !== "post") {
    const target = new URL(url);
    target.search = queryOf(data).toString();
    return { method: "GET", url: target.href };
  }
  const isMultipart = form.getAttribute("enctype")?.toLowerCase() === "multipart/form-data";
  // The browser itself knows best how a form becomes octets.
  const encoded = new Response(isMultipart ? data : queryOf(data));
  const type = (encoded.headers.get("Content-Type") ?? "application/x-www-form-urlencoded").replace(
    /;\s*charset=.*$/i,
    "",
  );
  return { method: "POST", url, type, content: base64OfBytes(new Uint8Array(await encoded.arrayBuffer())) };
}

/** A file is sent by its name here, as browsers do. */
function queryOf(data: FormData): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of data) query.append(name, typeof value === "string" ? value : value.name);
  return query;
}
