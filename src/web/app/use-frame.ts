/** Calls back at each frame that the browser draws, while `active`; for what moves without React. */

import { useEffect, useRef } from "react";

export function useFrame(draw: (wallMs: number) => void, active: boolean): void {
  const latest = useRef(draw);
  latest.current = draw;
  useEffect(() => {
    if (!active) return;
    let frame = requestAnimationFrame(function next(wallMs) {
      latest.current(wallMs);
      frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  }, [active]);
}
