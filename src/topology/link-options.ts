/** What a network file says of a link, as the simulator takes it. */

import type { LinkOptions } from "../sim/index.ts";
import type { LinkQuality } from "./network-file.ts";

/** The mean length of a burst and the share of lost packets as the two-sided coin that the link throws. */
export function linkOptions({ burstPackets, loss = 0, ...others }: LinkQuality): LinkOptions {
  if (burstPackets === undefined || loss === 0 || loss === 1) return { ...others, loss };
  const leave = 1 / burstPackets;
  return { ...others, loss: 0, lossBurst: { enter: Math.min(1, (loss * leave) / (1 - loss)), leave } };
}

/** A new quality of a link: as above, but what is not named stays, and independent losses end bursts. */
export function changedOptions(quality: LinkQuality): LinkOptions {
  if (quality.loss === undefined) {
    const { burstPackets: _, ...others } = quality;
    return others;
  }
  return { lossBurst: NO_BURSTS, ...linkOptions(quality) };
}

/** Ends bursts of losses. */
export const NO_BURSTS = { enter: 0, leave: 1 };
