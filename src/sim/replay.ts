/**
 * Going back in time: a world cannot run backwards, but from the same seed it runs the same way again. So the past is
 * a new world, built as the first one was and run as far. `src/topology/replay.ts` does it for a whole network file.
 */

import type { World } from "./world.ts";

/** The world of `build` after `executed` of its events (`World.executed` of the first run). */
export function replayTo<W extends World>(build: () => W, executed: number): W {
  const world = build();
  stepTo(world, executed);
  return world;
}

/** Runs a world on until `executed` of its events have run. Throws RangeError when there are not so many. */
export function stepTo(world: World, executed: number): void {
  if (world.executed > executed) {
    throw new RangeError(`this world is past event ${executed}: it has run ${world.executed} events`);
  }
  while (world.executed < executed) {
    if (!world.step()) {
      throw new RangeError(
        `this world comes to rest after ${world.executed} events, before event ${executed}`,
      );
    }
  }
}
