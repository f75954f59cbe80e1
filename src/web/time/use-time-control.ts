/** What can be done with time, for buttons and keys alike. */

import { useMemo } from "react";
import { useAct } from "../app/act.ts";
import { useSession } from "../engine/hooks.ts";
import { nextStop } from "./speed.ts";

export interface TimeControl {
  toggle(): void;
  stepEvent(): void;
  stepPacket(filter: string): void;
  faster(): void;
  slower(): void;
}

export function useTimeControl(): TimeControl {
  const { time } = useSession();
  const act = useAct();
  return useMemo(() => {
    const shift = (direction: 1 | -1): void => {
      const view = time.get();
      if (view !== undefined) act("time.speed", { speed: nextStop(view.speed, direction) });
    };
    return {
      toggle: () => {
        const view = time.get();
        if (view === undefined) return;
        const still = view.paused && view.travelling === undefined;
        act(still ? "time.play" : "time.pause", {});
      },
      stepEvent: () => act("time.step", { to: "event" }),
      stepPacket: (filter) => act("time.step", { to: { packet: filter } }),
      faster: () => shift(1),
      slower: () => shift(-1),
    };
  }, [act, time]);
}
