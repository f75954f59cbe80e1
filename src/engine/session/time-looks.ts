/** Steering time, and opening networks: not changes of the lab, so nothing of it is recorded. */

import { LocalError } from "../../net/index.ts";
import { nextPacketOf } from "../packets/next-packet.ts";
import type { Parameters, Results } from "../protocol/index.ts";
import { type Target, upTo, upToPacket, upToSteps } from "../time/time-control.ts";
import type { Look } from "./looks.ts";
import type { Session } from "./session.ts";

export const timeLookers = {
  "time.play": ({ engine }: Session): Look<"time.play"> => {
    engine.time.play();
    return { result: engine.timeView() };
  },
  "time.pause": ({ engine }: Session): Look<"time.pause"> => {
    engine.time.pause();
    return { result: engine.timeView() };
  },
  "time.speed": ({ engine }: Session, { speed }: Parameters<"time.speed">): Look<"time.speed"> => {
    engine.time.speed = speed ?? Number.POSITIVE_INFINITY;
    return { result: engine.timeView() };
  },
  "time.step": ({ engine }: Session, { to }: Parameters<"time.step">): Look<"time.step"> => {
    if (to === "event") {
      if (!engine.time.step())
        throw new LocalError("quiet", "nothing is going to happen: the network is at rest");
      return { result: engine.timeView() };
    }
    const target = nextPacketOf(engine.run.packets, to.packet);
    const limitNs = engine.run.world.nowNs + STEP_LIMIT_NS;
    const bounded: Target = {
      isReached: (run) => target() || (run.world.nextAtNs ?? limitNs) > limitNs,
    };
    return travel<"time.step">(engine, bounded, false);
  },
  "time.goTo": ({ engine }: Session, { to }: Parameters<"time.goTo">): Look<"time.goTo"> => {
    const { world, packets } = engine.run;
    if ("timeNs" in to) return travel<"time.goTo">(engine, upTo(to.timeNs), to.timeNs < world.nowNs);
    if ("steps" in to) return travel<"time.goTo">(engine, upToSteps(to.steps), to.steps < world.steps);
    const isPast = to.packet <= packets.lastNumber;
    if (!isPast) throw new LocalError("no-packet", `there is no packet ${to.packet} yet`);
    return travel<"time.goTo">(engine, upToPacket(to.packet), true);
  },
  "time.restart": (
    { engine }: Session,
    { seed, story }: Parameters<"time.restart">,
  ): Look<"time.restart"> => {
    engine.restart(seed, story);
    return { result: engine.timeView() };
  },
  "time.inputs": ({ engine }: Session): Look<"time.inputs"> => ({ result: engine.run.inputViews() }),
} as const;

function travel<Name extends "time.step" | "time.goTo">(
  engine: Session["engine"],
  target: Target,
  isPast: boolean,
): Look<Name> {
  return {
    later: (answer) => engine.goTo(target, isPast, () => answer(engine.timeView() as Results[Name])),
  };
}

/** A day of virtual time: what does not come by then is not waited for. */
const STEP_LIMIT_NS = 86_400e9;
