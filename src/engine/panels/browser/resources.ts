/** Which other URLs a page of HTML needs to be shown: its pictures and style sheets. Finds them; understands no more of HTML. */

import { LocalError } from "../../../net/index.ts";
import { type HttpUrl, resolveLocation } from "../../../protocols/http/index.ts";

/** Absolute, each once, in their order; what is no http URL is left out. */
export function resourcesOf(html: string, base: HttpUrl): string[] {
  const found = new Set<string>();
  for (const [, name, attributes] of html.slice(0, SCANNED_MAX).matchAll(TAGS)) {
    const isLink = name.toLowerCase() === "link";
    if (isLink && !/\bstylesheet\b/i.test(attributeOf(attributes, "rel") ?? "")) continue;
    const reference = attributeOf(attributes, isLink ? "href" : "src");
    const url = reference === undefined ? undefined : absolute(reference, base);
    if (url !== undefined) found.add(url);
    if (found.size >= RESOURCES_MAX) break;
  }
  return [...found];
}

export function urlText({ hostField, target }: HttpUrl): string {
  return `http://${hostField}${target}`;
}

function absolute(reference: string, base: HttpUrl): string | undefined {
  try {
    return urlText(resolveLocation(base, reference.replaceAll("&amp;", "&").trim()));
  } catch (error) {
    if (error instanceof LocalError) return undefined;
    throw error;
  }
}

function attributeOf(attributes: string, name: string): string | undefined {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, "i").exec(
    attributes,
  );
  return match?.[1] ?? match?.[2] ?? match?.[3];
}

/** Quoted values may hold ">"; bounded, so that what is never closed is not read again and again. */
const TAGS = /<(img|link)\b((?:"[^"]{0,2000}"|'[^']{0,2000}'|[^"'>]){0,2000})>/gi;
const SCANNED_MAX = 2 * 1024 * 1024;
/** A page of a lab has a handful. */
const RESOURCES_MAX = 50;
