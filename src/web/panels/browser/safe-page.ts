/**
 * A page of a lab's server made harmless, with its pictures and style sheets put in. Its links and forms lead nowhere by
 * themselves: they carry their targets as data, and the browser's panel follows them through the lab.
 */

import createPurifier from "dompurify";
import type { PageView } from "../../../engine/panels/browser/view.ts";
import { textOf } from "../parts/octets.ts";
import { dropFetched, localCss } from "../parts/safe-html.ts";

export function safePage(page: PageView): string {
  const resources = new Map(page.resources.map((resource) => [resource.url, resource]));
  const styles = styleSheetsOf(page).map((url) => resources.get(url)?.content ?? "");
  const purifier = createPurifier(window);
  purifier.addHook("uponSanitizeElement", (node) => {
    if (node.nodeName === "STYLE") node.textContent = localCss(node.textContent ?? "").css;
  });
  purifier.addHook("afterSanitizeAttributes", (node) => {
    const style = node.getAttribute("style");
    if (style !== null) node.setAttribute("style", localCss(style).css);
    node.removeAttribute("target");
    takeLink(node, page.url);
    dropFetched(node);
    if (node instanceof HTMLImageElement) takePicture(node, page.url, resources);
    const { tagName } = node;
    if (tagName === "FORM") {
      const action = absolute(node.getAttribute("action") ?? "", page.url);
      node.removeAttribute("action");
      if (action !== undefined) node.setAttribute("data-action", action);
    }
    node.removeAttribute("formaction");
  });
  const clean = purifier.sanitize(page.text ?? "", {
    USE_PROFILES: { html: true },
    WHOLE_DOCUMENT: true,
    ADD_TAGS: ["style"],
    FORBID_TAGS: ["audio", "video"],
    FORBID_ATTR: ["ping"],
    // Names of fields such as "name" or "action" are what a form is made of; no script of ours looks them up there.
    SANITIZE_DOM: false,
  });
  const sheets = styles.map((css) => `<style>${localCss(textOf(css)).css.replace(/<\/style/gi, "")}</style>`);
  return `${sheets.join("")}${clean}`;
}

/** Where a reference leads to from a page; undefined for what is not http. */
export function absolute(reference: string, base: string): string | undefined {
  try {
    const url = new URL(reference, base);
    return url.protocol === "http:" ? url.href : undefined;
  } catch {
    return undefined;
  }
}

function takeLink(node: Element, base: string): void {
  const reference = node.getAttribute("href");
  if (reference === null) return;
  node.removeAttribute("href");
  if (reference.startsWith("#")) node.setAttribute("data-anchor", reference.slice(1));
  else {
    const url = absolute(reference, base);
    if (url === undefined) return;
    node.setAttribute("data-href", url);
  }
  // It is no link any more for the keyboard and for screen readers, unless we say so.
  node.setAttribute("role", "link");
  node.setAttribute("tabindex", "0");
}

function takePicture(
  image: HTMLImageElement,
  base: string,
  resources: ReadonlyMap<string, PageView["resources"][number]>,
): void {
  const source = image.getAttribute("src") ?? "";
  if (source.startsWith("data:image/")) return;
  const picture = resources.get(absolute(source, base) ?? "");
  if (picture?.type.startsWith("image/"))
    image.setAttribute("src", `data:${picture.type};base64,${picture.content}`);
  else image.removeAttribute("src");
}

function styleSheetsOf(page: PageView): string[] {
  const parsed = new DOMParser().parseFromString(page.text ?? "", "text/html");
  const links = [...parsed.querySelectorAll('link[rel~="stylesheet" i][href]')];
  return links.flatMap((link) => absolute(link.getAttribute("href") ?? "", page.url) ?? []);
}
