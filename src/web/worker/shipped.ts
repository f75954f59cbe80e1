/** The networks and lessons that come with Hamlet, built into the worker. */

import type { Shipped } from "../../engine/engine.ts";

export const shipped: Shipped = {
  networks: byName(
    import.meta.glob<string>("../../../networks/*.yaml", { query: "?raw", import: "default", eager: true }),
  ),
  lessons: byName(
    import.meta.glob<string>("../../../networks/lessons/*.md", {
      query: "?raw",
      import: "default",
      eager: true,
    }),
  ),
};

/** ".../networks/town.yaml" is "town". */
function byName(files: Record<string, string>): Map<string, string> {
  return new Map(
    Object.entries(files).map(([path, text]) => [path.replace(/^.*\//, "").replace(/\.\w+$/, ""), text]),
  );
}
