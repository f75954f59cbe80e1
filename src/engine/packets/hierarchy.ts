/** How often each protocol stands on which. Finding out for a million packets takes slices; counting is at once. */

import type { HierarchyView } from "../protocol/packets.ts";
import { pathOf } from "./paths.ts";
import type { IsOver, Job, PacketStore } from "./store.ts";

/** Counts when every packet that is there now is known; `answer` comes from `store.analyzeSome` (empty when
 * the store is closed before). */
export function hierarchyLater(store: PacketStore, answer: (hierarchy: HierarchyView[]) => void): void {
  store.addJob(new PathJob(store, (isWhole) => answer(isWhole ? hierarchyOf(store) : [])));
}

/** The packets whose protocols are known, the others being found out now. */
export function hierarchyOf(store: PacketStore): HierarchyView[] {
  const counts = new Map<number, { packets: number; octets: number }>();
  for (const block of store.recorder.blocks) {
    const end = Math.min(block.length, store.analyzedTo - block.firstNumber + 1);
    for (let at = 0; at < end; at++) {
      const { id } = pathOf(store, block, at);
      const count = counts.get(id);
      if (count === undefined) counts.set(id, { packets: 1, octets: block.lengthOf(at) });
      else {
        count.packets++;
        count.octets += block.lengthOf(at);
      }
    }
  }
  return treeOf(store, counts);
}

type Mutable = { protocol: string; packets: number; octets: number; children: Mutable[] };

function treeOf(
  store: PacketStore,
  counts: ReadonlyMap<number, { packets: number; octets: number }>,
): Mutable[] {
  const roots: Mutable[] = [];
  for (const [id, { packets, octets }] of counts) {
    let children = roots;
    for (const protocol of (store.paths.at(id) ?? "").split(":")) {
      let node = children.find((each) => each.protocol === protocol);
      if (node === undefined) children.push((node = { protocol, packets: 0, octets: 0, children: [] }));
      node.packets += packets;
      node.octets += octets;
      children = node.children;
    }
  }
  return roots;
}

class PathJob implements Job {
  readonly #store: PacketStore;
  readonly #done: (isWhole: boolean) => void;
  readonly #end: number;
  #number: number;

  constructor(store: PacketStore, done: (isWhole: boolean) => void) {
    this.#store = store;
    this.#done = done;
    this.#number = store.firstNumber;
    this.#end = store.lastNumber;
  }

  giveUp(): void {
    this.#done(false);
  }

  advance(isOver: IsOver): boolean {
    const store = this.#store;
    const end = Math.min(this.#end, store.analyzedTo);
    this.#number = Math.max(this.#number, store.firstNumber);
    for (let effort = 0; this.#number <= end; this.#number++) {
      const block = store.recorder.blockOf(this.#number);
      if (block === undefined) continue;
      effort += pathOf(store, block, this.#number - block.firstNumber).isQuick ? 1 : EFFORT_OF_DISSECTION;
      if (effort < EFFORT_AT_ONCE) continue;
      effort = 0;
      if (isOver()) break;
    }
    if (this.#number <= this.#end) return false;
    this.#done(true);
    return true;
  }
}

/** As in view.ts. */
const EFFORT_AT_ONCE = 2048;
const EFFORT_OF_DISSECTION = 256;
