/**
 * HTML of strangers made harmless: no script, no form of its own, nothing fetched from anywhere. It is shown in a
 * sandboxed frame with a Content-Security-Policy besides (html-frame.tsx): each of the two would be enough.
 */

import createPurifier from "dompurify";

export interface SafeHtml {
  readonly html: string;
  /** Remote pictures that were left out. */
  readonly blocked: number;
  /** Where its links lead to. */
  readonly links: readonly string[];
}

/** For a mail: pictures only from the mail itself, by their Content-ID; links are taken out and listed. */
export function safeMail(html: string, pictures: ReadonlyMap<string, string>): SafeHtml {
  const links = new Set<string>();
  let blocked = 0;
  const purifier = createPurifier(window);
  const local = (css: string): string => {
    const found = localCss(css);
    blocked += found.removed;
    return found.css;
  };
  purifier.addHook("uponSanitizeElement", (node) => {
    if (node.nodeName === "STYLE") node.textContent = local(node.textContent ?? "");
  });
  purifier.addHook("afterSanitizeAttributes", (node) => {
    const style = node.getAttribute("style");
    if (style !== null) node.setAttribute("style", local(style));
    blocked += dropFetched(node);
    if (node instanceof HTMLImageElement) {
      const source = node.getAttribute("src") ?? "";
      const picture = pictures.get(source.replace(/^cid:/i, ""));
      if (/^cid:/i.test(source) && picture !== undefined) node.setAttribute("src", picture);
      else if (!source.startsWith("data:image/")) {
        if (source !== "") blocked++;
        node.removeAttribute("src");
      }
    }
    const target = node.getAttribute("href");
    if (target !== null) {
      if (/^(https?|mailto):/i.test(target)) links.add(target);
      node.removeAttribute("href");
      node.setAttribute("title", target);
    }
  });
  const clean = purifier.sanitize(html, {
    USE_PROFILES: { html: true },
    WHOLE_DOCUMENT: true,
    ADD_TAGS: ["style"],
    FORBID_TAGS: ["form", "input", "button", "select", "textarea", "audio", "video", "dialog"],
    FORBID_ATTR: ["action", "formaction", "ping"],
  });
  return { html: clean, blocked, links: [...links].slice(0, LINKS_MAX) };
}

/** Takes away what an element would fetch, but for the `src` of a picture, which is the caller's; returns how much it was. */
export function dropFetched(node: Element): number {
  const names = node instanceof HTMLImageElement ? FETCHED : [...FETCHED, "src"];
  const found = names.filter((name) => node.hasAttribute(name));
  for (const name of found) node.removeAttribute(name);
  return found.length;
}

/** Style sheets may fetch things, too. What is written in a way that is not seen here, the frame's policy stops. */
export function localCss(css: string): { readonly css: string; readonly removed: number } {
  let removed = 0;
  const count = (): string => {
    removed++;
    return "none";
  };
  const local = css
    .replace(/@import\b[^;]*;?/gi, () => {
      removed++;
      return "";
    })
    // Its pictures may stand there as mere strings.
    .replace(/(?:-webkit-)?image-set\((?:[^()]|\([^()]*\))*\)/gi, count)
    .replace(/url\(\s*(?!["']?data:image\/)(?:"[^"]*"|'[^']*'|[^)]*)\s*\)/gi, count);
  return { css: local, removed };
}

/** For the editor of a letter: only what can be written there. */
export function safeFragment(html: string): string {
  return createPurifier(window).sanitize(html, {
    ALLOWED_TAGS: [
      ...["p", "br", "b", "strong", "i", "em", "u", "s", "code", "pre", "blockquote", "ul", "ol", "li"],
      ...["h1", "h2", "h3", "h4", "a", "hr", "div", "span"],
    ],
    ALLOWED_ATTR: ["href"],
  });
}

/** Attributes by which elements have something fetched. */
const FETCHED = ["srcset", "background", "poster"];
const LINKS_MAX = 50;
