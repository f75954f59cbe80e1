/** The machine's time and timers, for `RealTimeDriver`. */

import type { MachineTimers } from "../sim/index.ts";

export const systemTimers: MachineTimers = {
  nowNs: () => Math.round(performance.now() * 1e6),
  callAfter(delayMs, callback) {
    if (delayMs === 0) {
      const handle = setImmediate(callback);
      return () => clearImmediate(handle);
    }
    const handle = setTimeout(callback, Math.ceil(delayMs));
    return () => clearTimeout(handle);
  },
};
