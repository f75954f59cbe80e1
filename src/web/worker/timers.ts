/** A worker's time and timers, for the driver of the world. */

import type { MachineTimers } from "../../sim/index.ts";

/** Of one channel: a timer of 0 ms would wait for 4 ms after a few turns, a message does not. */
export function workerTimers(): MachineTimers {
  const waiting = new Map<number, () => void>();
  const { port1, port2 } = new MessageChannel();
  let last = 0;
  port1.onmessage = ({ data }: MessageEvent<number>) => {
    const callback = waiting.get(data);
    waiting.delete(data);
    callback?.();
  };
  return {
    nowNs: () => Math.round(performance.now() * 1e6),
    callAfter(delayMs, callback) {
      if (delayMs > 0) {
        const timer = setTimeout(callback, Math.ceil(delayMs));
        return () => clearTimeout(timer);
      }
      const id = ++last;
      waiting.set(id, callback);
      port2.postMessage(id);
      return () => waiting.delete(id);
    },
  };
}
