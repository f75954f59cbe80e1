/** Where a link stands in a file (in the cables of a switch, or in the list of links), and how its qualities change. */

import type { LinkDirection, LinkQuality, LinkSpec, NetworkFile } from "../network-file.ts";
import type { Path } from "../source.ts";
import { renderQuality } from "./render.ts";
import type { YamlText } from "./yaml-text.ts";

/** The path of the item that makes a link. */
export function linkPath(text: YamlText, file: NetworkFile, name: string): Path {
  for (const { name: node } of file.switches) {
    const connects = (text.get(["switches", node, "connects"]) ?? []) as readonly string[];
    const at = connects.findIndex((end) => `${node}--${end.split(":")[0]}` === name);
    if (at !== -1) return ["switches", node, "connects", at];
  }
  const links = (text.get(["links"]) ?? []) as readonly { name?: string; between: readonly string[] }[];
  const at = links.findIndex(
    (link) => (link.name ?? link.between.map((end) => end.split(":")[0]).join("--")) === name,
  );
  if (at === -1) throw new Error(`the link ${name} does not stand in the file`);
  return ["links", at];
}

export function changeLinkText(
  text: YamlText,
  file: NetworkFile,
  link: LinkSpec,
  direction: LinkDirection,
  quality: LinkQuality,
): void {
  const path = standAlone(text, file, link);
  const values = Object.entries(renderQuality(quality));
  for (const [key, value] of values) {
    if (direction !== "both") {
      text.set([...path, direction, key], value);
      continue;
    }
    text.set([...path, key], value);
    for (const side of ["forth", "back"]) {
      const at = [...path, side];
      if (!text.has([...at, key])) continue;
      text.delete([...at, key]);
      if (Object.keys(text.get(at) as object).length === 0) text.delete(at);
    }
  }
}

/** Takes a link out of the cables of its switch, which are all alike, and gives it an entry of its own. */
function standAlone(text: YamlText, file: NetworkFile, { name }: LinkSpec): Path {
  const path = linkPath(text, file, name);
  if (path[0] === "links") return path;
  const end = text.get(path) as string;
  const [, node] = path as readonly string[];
  const {
    connects: _,
    description: __,
    at: ___,
    ...quality
  } = text.get(["switches", node]) as Record<string, unknown>;
  text.delete(path);
  addLink(text, { between: [node, end], ...quality });
  return linkPath(text, file, name);
}

export function addLink(text: YamlText, link: Readonly<Record<string, unknown>>): void {
  text.append(["links"], link, { blockLevels: 1, after: ["hosts", "routers", "switches"] });
}
