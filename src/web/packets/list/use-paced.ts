/** Calls at once, but no more often than every so many milliseconds; of those that come too early the last is made up for. */

import { useEffect, useMemo } from "react";

export function usePaced<Args extends unknown[]>(
  call: (...args: Args) => void,
  everyMs: number,
): (...args: Args) => void {
  const paced = useMemo(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let next = 0;
    const later = (...args: Args): void => {
      clearTimeout(timer);
      const waitMs = next - performance.now();
      if (waitMs > 0) {
        timer = setTimeout(later, waitMs, ...args);
        return;
      }
      next = performance.now() + everyMs;
      call(...args);
    };
    return { later, stop: () => clearTimeout(timer) };
  }, [call, everyMs]);
  useEffect(() => paced.stop, [paced]);
  return paced.later;
}
