/** The engine of `hamlet up`: on the machine's time, with what the command line says, and hosts that log to the terminal. */

import { Engine } from "../../engine/engine.ts";
import type { WayInView } from "../../engine/protocol/index.ts";
import { systemTimers } from "../../os/index.ts";
import { labLog } from "../log.ts";
import { type LoadedNetwork, readShipped } from "../network-source.ts";
import type { Terminal } from "../terminal.ts";
import type { LabFollower } from "./follower.ts";
import { DiskFile } from "./own-file.ts";

export interface EngineSettings {
  readonly network: LoadedNetwork;
  readonly seed: number | undefined;
  /** 0: nothing happens before somebody plays it. */
  readonly speed: number;
  readonly verbose: boolean;
}

export interface EngineSurroundings {
  readonly terminal: Terminal;
  /** May become more later. */
  readonly followers: readonly LabFollower[];
  readonly story: boolean;
  waysIn(): readonly WayInView[];
}

/** Time stands still until `engine.time.play`, so that nothing is missed while ports are opened. */
export function startEngine(settings: EngineSettings, surroundings: EngineSurroundings): Engine {
  const { network, seed, speed, verbose } = settings;
  const { terminal, followers, story, waysIn } = surroundings;
  let engine: Engine | undefined;
  const nowNs = (): number => engine?.lab.world.nowNs ?? 0;
  // What happens again on the way to a moment was printed when it happened first.
  const isNews = (): boolean => engine === undefined || nowNs() >= engine.timeView().horizonNs;
  engine = new Engine({
    ...{ machine: systemTimers, place: "server", shipped: readShipped(), source: network },
    ...(network.ownPath === undefined ? {} : { ownFile: new DiskFile(network.fileName, network.ownPath) }),
    ...(seed === undefined ? {} : { seed }),
    ...(speed === 0 ? {} : { speed }),
    ...{ playing: false, story, waysIn },
    parts: { log: (hostName) => labLog(terminal, verbose, hostName, nowNs, isNews) },
    onLab: (lab) => {
      for (const follower of followers) follower.handleLab(lab);
    },
    onSettled: () => {
      for (const follower of followers) follower.handleSettled?.();
    },
  });
  return engine;
}
