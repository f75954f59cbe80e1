/** A diagram of the engine made safe for the page, in the page's colours, its arrows clickable. */

import DOMPurify from "dompurify";

export interface Drawing {
  readonly node: Node;
  readonly width: number;
  readonly height: number;
}

export function drawingOf(svg: string, scheme: "light" | "dark"): Drawing {
  // The file follows the reader's screen; here it follows the page, which may differ from the screen.
  const coloured = svg.replaceAll("(prefers-color-scheme:dark)", scheme === "dark" ? "all" : "not all");
  const fragment = DOMPurify.sanitize(coloured, {
    USE_PROFILES: { svg: true },
    RETURN_DOM_FRAGMENT: true,
    FORBID_TAGS: ["image", "a", "foreignObject"],
  });
  const root = fragment.querySelector("svg");
  const width = Number(root?.getAttribute("width")) || FALLBACK_PX;
  const height = Number(root?.getAttribute("height")) || FALLBACK_PX;
  root?.setAttribute("width", "100%");
  root?.setAttribute("height", "100%");
  for (const arrow of fragment.querySelectorAll<SVGGElement>("g")) {
    if (numberOf(arrow) !== undefined) arrow.style.cursor = "pointer";
  }
  return { node: fragment, width, height };
}

/** The number of the packet whose arrow was clicked: its title begins with "No. 12". */
export function packetOfArrow(path: readonly EventTarget[]): number | undefined {
  for (const element of path) {
    const number = element instanceof SVGGElement ? numberOf(element) : undefined;
    if (number !== undefined) return number;
  }
  return undefined;
}

function numberOf(arrow: SVGGElement): number | undefined {
  const title = arrow.querySelector(":scope > title")?.textContent ?? "";
  const number = /^No\. (\d+)\b/.exec(title)?.[1];
  return number === undefined ? undefined : Number(number);
}

const FALLBACK_PX = 800;
