/**
 * Going back in time: a world cannot run backwards, but from the same seed it runs the same way again. So the past is
 * a new world, built as the first one was and run as far.
 */

import type { World } from "./world.ts";

/** The world of `build` after `executed` of its events (`World.executed` of the first run). */
export function replayTo<W extends World>(build: () => W, executed: number): W {
  const world = build();
  while (world.executed < executed) {
    if (!world.step()) {
      throw new RangeError(
        `this world comes to rest after ${world.executed} events, before event ${executed}`,
      );
    }
  }
  return world;
}
