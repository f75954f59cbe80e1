/**
 * The packets that a filter lets through, as a list that follows the store: looked at in slices, oldest first. Index 0
 * is the oldest that is still held. A packet that is lost after it was looked at is looked at again.
 */

import type { PacketRowView, PacketViewState } from "../protocol/packets.ts";
import { type PacketBlock, RowFlag } from "./block.ts";
import { type CompiledFilter, compileFilter, Facts } from "./filter/index.ts";
import { UNKNOWN } from "./filter/quick.ts";
import { NumberList } from "./number-list.ts";
import { rowOf } from "./row.ts";
import type { IsOver, PacketStore } from "./store.ts";

/** Hears of each packet that comes into a view or leaves it because its fate changed: for counting. */
export interface ViewListener {
  changed(block: PacketBlock, at: number, by: 1 | -1): void;
}

export class PacketView {
  readonly id: number;
  readonly filter: CompiledFilter;
  readonly #listener: ViewListener | undefined;
  /** Whether every packet is in it and nobody wants to hear of each: then nothing needs to be looked at. */
  readonly #isPlain: boolean;
  readonly #store: PacketStore;
  readonly #facts: Facts;
  readonly #matched = new NumberList();
  /** The newest number that was looked at. */
  #scannedTo = 0;
  #changesSeen: number;

  /** Throws FilterError. */
  constructor(store: PacketStore, filter: string, id = 0, listener?: ViewListener) {
    this.id = id;
    this.filter = compileFilter(filter);
    this.#listener = listener;
    this.#isPlain = this.filter.isEmpty && listener === undefined;
    this.#store = store;
    this.#facts = new Facts(store);
    this.#changesSeen = this.#changeCount;
  }

  get length(): number {
    this.#forget();
    if (!this.#isPlain) return this.#matched.length;
    return Math.max(0, this.#scannedTo - this.#store.firstNumber + 1);
  }

  get state(): PacketViewState {
    const { length: total, firstNumber, forgottenCount: forgotten } = this.#store;
    const scanned = Math.max(0, this.#scannedTo - firstNumber + 1);
    return {
      ...{ view: this.id, filter: this.filter.text, matched: this.length, total, scanned, forgotten },
      startUnixMs: this.#store.startUnixMs,
    };
  }

  /** Looks at what the store has analysed since, until `isOver`; true when nothing is left. */
  advance(isOver: IsOver): boolean {
    const store = this.#store;
    if (this.#isPlain) {
      this.#scannedTo = store.analyzedTo;
      return true;
    }
    this.#facts.names = store.names();
    this.#forget();
    if (!this.#lookAgain(isOver)) return false;
    let effort = 0;
    while (this.#scannedTo < store.analyzedTo) {
      const number = Math.max(this.#scannedTo + 1, store.firstNumber);
      effort += this.#look(number);
      this.#scannedTo = number;
      if (effort < EFFORT_AT_ONCE) continue;
      if (isOver()) return this.#scannedTo >= store.analyzedTo;
      effort = 0;
    }
    return true;
  }

  numberAt(index: number): number | undefined {
    if (!this.#isPlain) return this.#matched.at(index);
    return index >= 0 && index < this.length ? this.#store.firstNumber + index : undefined;
  }

  /** The index of a packet, or of the next one that is in the view; the length when there is none. */
  find(number: number): number {
    this.#forget();
    if (!this.#isPlain) return this.#matched.indexFrom(number);
    return Math.min(this.length, Math.max(0, number - this.#store.firstNumber));
  }

  /** At most ROWS_MAX rows from this index on. */
  rows(from: number, count: number): PacketRowView[] {
    this.#forget();
    const names = this.#store.names();
    const rows: PacketRowView[] = [];
    const end = Math.min(this.length, from + Math.min(count, ROWS_MAX));
    for (let index = Math.max(0, from); index < end; index++) {
      const number = this.numberAt(index) as number;
      const block = this.#store.recorder.blockOf(number);
      if (block !== undefined) rows.push(rowOf(this.#store, block, number - block.firstNumber, names));
    }
    return rows;
  }

  get #changeCount(): number {
    const { changes, changesForgotten } = this.#store.recorder;
    return changesForgotten + changes.length;
  }

  #forget(): void {
    if (!this.#isPlain) this.#matched.forgetBelow(this.#store.firstNumber);
  }

  /** Returns how much work it was. */
  #look(number: number): number {
    const block = this.#store.recorder.blockOf(number);
    if (block === undefined) return 1;
    const at = number - block.firstNumber;
    const isQuick = this.filter.quick(block, at, this.#facts) !== UNKNOWN;
    if (this.filter.matches(block, at, this.#facts)) {
      this.#matched.append(number);
      this.#listener?.changed(block, at, 1);
    }
    return isQuick ? 1 : EFFORT_OF_DISSECTION;
  }

  /** Packets whose fate changed after they were looked at; false when time was over before all were. */
  #lookAgain(isOver: IsOver): boolean {
    const { recorder, firstNumber } = this.#store;
    if (!this.filter.usesFate) this.#changesSeen = this.#changeCount;
    if (this.#changesSeen < recorder.changesForgotten) {
      // Too many to know each: those in between are all judged again, which costs less than it sounds.
      for (let number = firstNumber; number <= this.#scannedTo; number++) {
        const block = recorder.blockOf(number) as PacketBlock;
        if ((block.flags[number - block.firstNumber] & RowFlag.lost) === 0) continue;
        this.#judge(block, number - block.firstNumber);
      }
      this.#changesSeen = this.#changeCount;
    }
    while (this.#changesSeen < this.#changeCount) {
      const number = recorder.changes[this.#changesSeen++ - recorder.changesForgotten];
      if (number < firstNumber || number > this.#scannedTo) continue;
      const block = recorder.blockOf(number);
      if (block === undefined) continue;
      this.#judge(block, number - block.firstNumber);
      if (this.#changesSeen % CHANGES_AT_ONCE === 0 && isOver()) return false;
    }
    return true;
  }

  /** A packet that was looked at before. */
  #judge(block: PacketBlock, at: number): void {
    const number = block.firstNumber + at;
    const matches = this.filter.matches(block, at, this.#facts);
    if (matches === this.#matched.has(number)) return;
    if (matches) this.#matched.insert(number);
    else this.#matched.remove(number);
    this.#listener?.changed(block, at, matches ? 1 : -1);
  }
}

/** Some 200 microseconds between two looks at the clock. */
const EFFORT_AT_ONCE = 2048;
const EFFORT_OF_DISSECTION = 256;
const CHANGES_AT_ONCE = 8;
/** More than any screen shows. */
const ROWS_MAX = 1000;
