/** The networks and lessons that come with Hamlet, as text: from the disk, or built into the page. */

import { parse } from "yaml";
import { LocalError } from "../net/index.ts";
import type { ShippedView } from "./protocol/index.ts";

/** By name without its ending: "town". */
export interface Shipped {
  readonly networks: ReadonlyMap<string, string>;
  readonly lessons: ReadonlyMap<string, string>;
}

/** What is opened: a network file and what it is called. */
export interface Source {
  readonly fileName: string;
  readonly text: string;
  /** The content of the machine's own file that it is based on (file-keeper.ts). */
  readonly basis?: string | undefined;
}

/** Throws LocalError "no-network". */
export function shippedSource({ networks }: Shipped, id: string): Source {
  const text = networks.get(id);
  if (text !== undefined) return { fileName: `${id}.yaml`, text };
  throw new LocalError(
    "no-network",
    `there is no network "${id}"; there is ${[...networks.keys()].join(", ")}`,
  );
}

export function shippedViews({ networks }: Shipped): ShippedView[] {
  return [...networks].map(([id, text]) => {
    const { name, description } = parse(text) as { name?: string; description?: string };
    return { id, title: name ?? id, summary: description?.trim() ?? "" };
  });
}
