/** Asks again now and then while time goes on: what is looked at may still be growing. */

import { useEffect, useRef } from "react";
import { useSelectedTime } from "../engine/hooks.ts";

export function useEvery(again: () => void, everyMs = 2_000): void {
  const latest = useRef(again);
  latest.current = again;
  const paused = useSelectedTime((time) => time?.paused ?? true);
  useEffect(() => {
    // Once more after the stop: the last answer may be older.
    latest.current();
    if (paused) return;
    const timer = setInterval(() => latest.current(), everyMs);
    return () => clearInterval(timer);
  }, [paused, everyMs]);
}
