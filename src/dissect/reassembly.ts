/**
 * Puts the data of one direction of a TCP connection in order, from segments that may be repeated, reordered
 * or missing. Where octets overlap, the first that were seen count. Holes that are never filled become gaps.
 */

/** A piece of the stream in its place. */
export interface StreamChunk<M> {
  /** Its first octet's place in the stream. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** Octets that are missing in front of it: the capture does not have them. */
  readonly gap: number;
  /** What came with the segment. */
  readonly mark: M;
}

interface Piece<M> {
  offset: number;
  bytes: Uint8Array;
  mark: M;
}

export class StreamAssembler<M> {
  /** The sequence number of the octet at offset 0; undefined until the first segment. */
  #origin: number | undefined;
  #next = 0;
  /** Out of order, by offset, without overlap. */
  #waiting: Piece<M>[] = [];
  #waitingOctets = 0;
  readonly #octetsMax: number;

  constructor(octetsMax = WAITING_OCTETS_MAX) {
    this.#octetsMax = octetsMax;
  }

  /** The place behind the last octet that is in order. */
  get length(): number {
    return this.#next;
  }

  /**
   * Data begin at `sequence`: one behind the SYN's. Without a call the first segment's data are the
   * beginning.
   */
  begin(sequence: number): void {
    this.#origin ??= sequence >>> 0;
  }

  /** Takes a segment's data; returns what has come into order. */
  add(sequence: number, bytes: Uint8Array, mark: M): StreamChunk<M>[] {
    if (bytes.length === 0) return [];
    this.#origin ??= sequence >>> 0;
    // RFC 9293 section 3.4: numbers wrap, so the place is found by the distance from what is expected.
    const distance = (sequence - ((this.#origin + this.#next) % 2 ** 32)) | 0;
    this.#insert({ offset: this.#next + distance, bytes, mark });
    const chunks = this.#takeReady();
    while (this.#waitingOctets > this.#octetsMax || this.#waiting.length > PIECES_MAX)
      chunks.push(...this.#skip());
    return chunks;
  }

  /** The capture has ended: what is left, with its gaps. */
  finish(): StreamChunk<M>[] {
    const chunks: StreamChunk<M>[] = [];
    while (this.#waiting.length > 0) chunks.push(...this.#skip());
    return chunks;
  }

  /** Keeps those parts of the piece that are not known yet. */
  #insert(piece: Piece<M>): void {
    let { offset, bytes } = piece;
    if (offset < this.#next) {
      bytes = bytes.subarray(this.#next - offset);
      offset = this.#next;
    }
    let at = this.#waiting.findIndex((known) => known.offset + known.bytes.length > offset);
    if (at < 0) at = this.#waiting.length;
    while (bytes.length > 0) {
      const known = this.#waiting[at];
      const free =
        known === undefined ? bytes.length : Math.max(0, Math.min(bytes.length, known.offset - offset));
      if (free > 0) {
        this.#waiting.splice(at++, 0, { offset, bytes: bytes.subarray(0, free), mark: piece.mark });
        this.#waitingOctets += free;
      }
      if (known === undefined) return;
      const skipped = known.offset + known.bytes.length - offset;
      bytes = bytes.subarray(Math.min(bytes.length, skipped));
      offset += skipped;
      at++;
    }
  }

  #takeReady(gap = 0): StreamChunk<M>[] {
    const chunks: StreamChunk<M>[] = [];
    let taken = 0;
    for (const piece of this.#waiting) {
      if (piece.offset !== this.#next) break;
      chunks.push({ ...piece, gap: taken === 0 ? gap : 0 });
      this.#next += piece.bytes.length;
      this.#waitingOctets -= piece.bytes.length;
      taken++;
    }
    this.#waiting.splice(0, taken);
    return chunks;
  }

  /** Gives up the hole in front of the first piece. */
  #skip(): StreamChunk<M>[] {
    const gap = this.#waiting[0].offset - this.#next;
    this.#next = this.#waiting[0].offset;
    return this.#takeReady(gap);
  }
}

/** More than a window of TCP as our hosts offer it. */
const WAITING_OCTETS_MAX = 4 * 1024 * 1024;
const PIECES_MAX = 4096;
