/** What follows the lab of the engine: another one takes its place when a network is opened or the past is visited. */

import type { Lab } from "../../topology/index.ts";

export interface LabFollower {
  /** The lab before is closed when this returns; the new one may have to be carried to its moment first. */
  handleLab(lab: Lab): void;
  /** The lab is where it should be, and may be entered from outside. */
  handleSettled?(): void;
}
