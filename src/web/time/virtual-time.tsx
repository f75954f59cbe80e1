/** The virtual time now, drawn at each frame without React. */

import { useRef } from "react";
import { useFrame } from "../app/use-frame.ts";
import { useSelectedTime, useSession } from "../engine/hooks.ts";
import { formatTime } from "./format.ts";
import classes from "./time-bar.module.css";

export function VirtualTime() {
  const { clock } = useSession();
  const text = useRef<HTMLSpanElement>(null);
  const running = useSelectedTime((time) => time?.paused === false || time?.travelling !== undefined);
  const still = useSelectedTime((time) => (running ? undefined : time?.nowNs));
  useFrame((wallMs) => {
    if (text.current !== null) text.current.textContent = formatTime(clock.nowNs(wallMs));
  }, running);
  return (
    <span ref={text} className={classes.now} role="timer" aria-label="Virtual time" aria-live="off">
      {formatTime(still ?? clock.nowNs(performance.now()))}
    </span>
  );
}
