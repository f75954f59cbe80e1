/**
 * Segments that came before their turn, and the SACK blocks that report them (RFC 2018 section 4).
 * Bounded by the receive window in octets and by PIECES_MAX in number.
 */

import type { TcpHeader } from "../../wire/tcp.ts";
import { SequenceRanges } from "./ranges.ts";
import { distance, earlier, isAfter, isBefore, later } from "./sequence.ts";

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

export class Assembler {
  /** Disjoint and ascending. */
  readonly #pieces: Piece[] = [];
  readonly #ranges = new SequenceRanges();
  /** A number in each of the ranges that changed last, the latest first. */
  readonly #recent: number[] = [];

  get isEmpty(): boolean {
    return this.#pieces.length === 0;
  }

  /** Keeps what is new of the octets [start, end) of `bytes`, the first of which has number `sequence`. */
  insert(sequence: number, bytes: Uint8Array, start: number, end: number): void {
    const pieces = this.#pieces;
    const endSequence = (sequence + end - start) | 0;
    let index = pieces.length;
    while (index > 0 && isAfter(pieces[index - 1].end, sequence)) index--;
    let at = sequence;
    while (isBefore(at, endSequence)) {
      const next = index < pieces.length ? pieces[index] : undefined;
      if (next !== undefined && !isAfter(next.start, at)) {
        at = later(at, next.end);
        index++;
        continue;
      }
      if (pieces.length >= PIECES_MAX) break;
      const until = next === undefined ? endSequence : earlier(endSequence, next.start);
      const from = start + distance(sequence, at);
      pieces.splice(index, 0, {
        start: at,
        end: until,
        bytes: bytes.slice(from, from + distance(at, until)),
      });
      this.#ranges.add(at, until);
      at = until;
      index++;
    }
    this.#noteRecent(sequence);
  }

  /** The octets that continue the stream at `sequence`, when they are there; then ask again behind them. */
  take(sequence: number): Uint8Array | undefined {
    const pieces = this.#pieces;
    while (pieces.length > 0 && !isAfter(pieces[0].start, sequence)) {
      const { start, end, bytes } = pieces.shift() as Piece;
      this.#ranges.removeBefore(end);
      if (isAfter(end, sequence))
        return start === sequence ? bytes : bytes.subarray(distance(start, sequence));
    }
    return undefined;
  }

  /** RFC 2018 section 4: the block that the last segment belongs to comes first, then those reported before. */
  fillSackBlocks(header: TcpHeader, max: number): void {
    let count = 0;
    for (const sequence of this.#recent) {
      const index = this.#ranges.indexOf(sequence);
      if (index === -1 || count === max) continue;
      header.sackEdges[2 * count] = this.#ranges.start(index);
      header.sackEdges[2 * count + 1] = this.#ranges.end(index);
      count++;
    }
    header.sackCount = count;
  }

  #noteRecent(sequence: number): void {
    const index = this.#ranges.indexOf(sequence);
    if (index === -1) return;
    const recent = this.#recent;
    for (let i = recent.length - 1; i >= 0; i--) {
      const other = this.#ranges.indexOf(recent[i]);
      if (other === index || other === -1) recent.splice(i, 1);
    }
    recent.unshift(sequence);
    if (recent.length > RECENT_MAX) recent.pop();
  }
}

/** A full window of 256 KiB, every other segment of 500 octets; beyond it a segment is dropped and comes again. */
const PIECES_MAX = 512;
/** As many as the option holds. */
const RECENT_MAX = 4;
