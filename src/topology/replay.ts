/**
 * Going back in time with a whole lab: nothing runs backwards, so the past is a second lab, built from the same file
 * and seed and run exactly so far. From there it can be stepped, looked at, changed and run on: "what if this link
 * had been cut". What must stay true: run on unchanged it gives the same packets, octet for octet, as the first one.
 */

import { type BuildOptions, buildNetwork } from "./build.ts";
import type { Lab, Moment, StartOptions } from "./lab.ts";
import type { NetworkFile } from "./network-file.ts";

/** As the first lab was built (its seed above all) and started; taps and stores of its own, or absent. */
export interface ReplayOptions extends BuildOptions, StartOptions {}

/**
 * A new lab at `moment`. Throws RangeError when the network comes to rest before that event.
 *
 * What came from outside is not in the file and does not come again: forwarded clients of `hamlet up`, commands typed
 * at a console, changes by hand. Stores must be new ones (absent: in memory); what a first run left on a disk would
 * be there already.
 */
export function replayLab(file: NetworkFile, options: ReplayOptions, moment: Moment): Lab {
  const lab = buildNetwork(file, options);
  lab.start(options);
  lab.runTo(moment);
  return lab;
}
