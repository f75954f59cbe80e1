/**
 * What the peer says it holds beyond its cumulative ACK (RFC 2018), and the functions of RFC 6675 section 4 that
 * draw conclusions from it. HighACK is `unacknowledged` here, HighData `highest`, HighRxt `retransmitted`.
 */

import type { TcpHeader } from "../../wire/tcp.ts";
import { SequenceRanges } from "./ranges.ts";
import { distance, earlier, isAfter, isBefore, later } from "./sequence.ts";

export class Scoreboard {
  readonly #sacked = new SequenceRanges();

  get isEmpty(): boolean {
    return this.#sacked.count === 0;
  }

  /** Update (): takes in the blocks of an ACK; true when one of them says something new. */
  update(header: TcpHeader, unacknowledged: number, highest: number): boolean {
    this.#sacked.removeBefore(unacknowledged);
    let news = false;
    for (let i = 0; i < header.sackCount; i++) {
      // A block below the cumulative ACK is a duplicate's (RFC 2883); one beyond what was sent is an error.
      const start = later(header.sackEdges[2 * i], unacknowledged);
      const end = header.sackEdges[2 * i + 1];
      if (!isBefore(start, end) || isAfter(end, highest) || this.#covers(start, end)) continue;
      if (this.#sacked.count >= RANGES_MAX) continue;
      this.#sacked.add(start, end);
      news = true;
    }
    return news;
  }

  clear(): void {
    this.#sacked.clear();
  }

  /** The first number from `sequence` on that is not SACKed. */
  firstUnsacked(sequence: number): number {
    const index = this.#sacked.indexOf(sequence);
    return index === -1 ? sequence : this.#sacked.end(index);
  }

  /** Where the next SACKed range after `sequence` begins, or `otherwise`. */
  nextSacked(sequence: number, otherwise: number): number {
    for (let i = 0; i < this.#sacked.count; i++) {
      if (isAfter(this.#sacked.start(i), sequence)) return this.#sacked.start(i);
    }
    return otherwise;
  }

  /** How many octets before `sequence` are SACKed. */
  octetsBefore(sequence: number): number {
    let octets = 0;
    for (let i = 0; i < this.#sacked.count && isBefore(this.#sacked.start(i), sequence); i++)
      octets += distance(this.#sacked.start(i), earlier(this.#sacked.end(i), sequence));
    return octets;
  }

  /** The end of the highest SACKed range, or `otherwise`. */
  highestSacked(otherwise: number): number {
    const { count } = this.#sacked;
    return count === 0 ? otherwise : this.#sacked.end(count - 1);
  }

  /**
   * IsLost (SeqNum) for all numbers at once: what is not SACKed before the result is lost. That is so when three
   * separate ranges, or more than two segments, above it are SACKed.
   */
  lostBefore(unacknowledged: number, maximumSegmentSize: number): number {
    let octets = 0;
    const { count } = this.#sacked;
    for (let i = count - 1; i >= 0; i--) {
      octets += distance(this.#sacked.start(i), this.#sacked.end(i));
      if (count - i >= DUPLICATE_THRESHOLD || octets > (DUPLICATE_THRESHOLD - 1) * maximumSegmentSize)
        return this.#sacked.start(i);
    }
    return unacknowledged;
  }

  /** SetPipe (): an estimate of the octets that are in the network now. */
  pipe(unacknowledged: number, highest: number, retransmitted: number, lostBefore: number): number {
    let octets = 0;
    let at = unacknowledged;
    for (let i = 0; i <= this.#sacked.count; i++) {
      const holeEnd = i < this.#sacked.count ? this.#sacked.start(i) : highest;
      // Sent once and not lost, as far as we know.
      octets += positive(distance(later(at, lostBefore), holeEnd));
      // Sent again.
      octets += positive(distance(at, earlier(holeEnd, retransmitted)));
      if (i < this.#sacked.count) at = this.#sacked.end(i);
    }
    return octets;
  }

  #covers(start: number, end: number): boolean {
    const index = this.#sacked.indexOf(start);
    return index !== -1 && !isAfter(end, this.#sacked.end(index));
  }
}

function positive(value: number): number {
  return value > 0 ? value : 0;
}

/** DupThresh of RFC 6675 section 2 and RFC 5681 section 3.2. */
export const DUPLICATE_THRESHOLD = 3;
/** More holes than any window of ours has segments; forged blocks must not grow the list without end. */
const RANGES_MAX = 1024;
