/** Finding packets of a conversation by its column: a million take a millisecond or two. */

import { LocalError } from "../../net/index.ts";
import type { KnownConversation, PacketStore } from "./store.ts";

/** Throws LocalError "no-conversation". */
export function conversationOf(store: PacketStore, id: number): KnownConversation {
  const known = store.conversation(id);
  if (known !== undefined) return known;
  throw new LocalError("no-conversation", `there is no conversation ${id}, or it is forgotten`);
}

/** The numbers of its packets, oldest first. */
export function* numbersOf(store: PacketStore, id: number, from = 1): Generator<number, void, undefined> {
  const known = store.conversation(id);
  const first = Math.max(from, known?.firstNumber ?? 1);
  const last = known?.lastNumber ?? store.lastNumber;
  for (const { firstNumber, length, conversations } of store.recorder.blocks) {
    if (firstNumber + length <= first) continue;
    if (firstNumber > last) return;
    const end = Math.min(length, last - firstNumber + 1);
    for (let at = Math.max(0, first - firstNumber); at < end; at++) {
      if (conversations[at] === id) yield firstNumber + at;
    }
  }
}

/** The packet of the conversation before `number`. */
export function previousOf(store: PacketStore, id: number, number: number): number | undefined {
  const { blocks } = store.recorder;
  const first = store.conversation(id)?.firstNumber ?? 1;
  for (let i = blocks.length - 1; i >= 0; i--) {
    const { firstNumber, length, conversations } = blocks[i];
    if (firstNumber >= number) continue;
    if (firstNumber + length <= first) return undefined;
    for (let at = Math.min(length, number - firstNumber) - 1; at >= 0; at--)
      if (conversations[at] === id) return firstNumber + at;
  }
  return undefined;
}

export function nextOf(store: PacketStore, id: number, number: number): number | undefined {
  for (const found of numbersOf(store, id, number + 1)) return found;
  return undefined;
}
