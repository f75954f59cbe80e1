/** Waits for a packet that a filter lets through, for stepping through time. */

import { compileFilter, Facts } from "./filter/index.ts";
import type { PacketStore } from "./store.ts";

/** Asked after each step of the world: whether such a packet has left since the first call. Throws FilterError. */
export function nextPacketOf(store: PacketStore, text: string): () => boolean {
  const filter = compileFilter(text);
  const facts = new Facts(store);
  let seen = store.lastNumber;
  return () => {
    if (store.lastNumber === seen) return false;
    store.analyzeSome(() => false);
    facts.names = store.names();
    while (seen < store.lastNumber) {
      const block = store.recorder.blockOf(++seen);
      if (block !== undefined && filter.matches(block, seen - block.firstNumber, facts)) return true;
    }
    return false;
  };
}
