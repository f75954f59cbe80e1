/** Waiting for the next packet that a filter lets through: for steps in time. */

import { compileFilter, Facts } from "./filter/index.ts";
import type { PacketStore } from "./store.ts";

/** Tells whether such a packet was recorded since; ask it as often as you like. Throws FilterError. */
export function nextPacketOf(store: PacketStore, filter: string): () => boolean {
  const compiled = compileFilter(filter);
  const facts = new Facts(store);
  let seen = store.lastNumber;
  let isFound = false;
  return () => {
    while (!isFound && seen < store.lastNumber) {
      const number = Math.max(seen + 1, store.firstNumber);
      store.analyzeUpTo(number);
      facts.names = store.names();
      const block = store.recorder.blockOf(number);
      if (block !== undefined) isFound = compiled.matches(block, number - block.firstNumber, facts);
      seen = number;
    }
    return isFound;
  };
}
