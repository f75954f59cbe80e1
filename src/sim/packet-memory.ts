/**
 * Memory for packets: views of large pieces, which cost a tenth of an allocation each. A piece is never used twice,
 * so its octets begin as zeros and a packet may be kept for ever; a kept packet keeps its whole piece.
 */

export class PacketMemory {
  #piece = new ArrayBuffer(0);
  #used = 0;

  /** `length` zero octets. */
  allocate(length: number): Uint8Array {
    if (length > LARGE_MIN) return new Uint8Array(length);
    let at = this.#used;
    if (at + length > this.#piece.byteLength) {
      this.#piece = new ArrayBuffer(PIECE_LENGTH);
      at = 0;
    }
    this.#used = at + length;
    return new Uint8Array(this.#piece, at, length);
  }
}

/** Some forty full frames. */
const PIECE_LENGTH = 64 * 1024;
/** What would waste much of a piece gets memory of its own. */
const LARGE_MIN = 4 * 1024;
