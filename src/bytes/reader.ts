/** Reads big-endian fields from octets, never past their end. */

import { FormatError } from "./errors.ts";

export class Reader {
  readonly bytes: Uint8Array;
  readonly end: number;
  #at: number;

  /** Reads [start, end) of `bytes`; offsets in errors and in `offset` count from the start of `bytes`. */
  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    if (start < 0 || start > end || end > bytes.length)
      throw new RangeError(`[${start}, ${end}) of ${bytes.length} octets`);
    this.bytes = bytes;
    this.end = end;
    this.#at = start;
  }

  /** Where the next field begins. */
  get offset(): number {
    return this.#at;
  }

  /** How many octets are left. */
  get left(): number {
    return this.end - this.#at;
  }

  uint8(field: string): number {
    const at = this.#advance(1, field);
    return this.bytes[at];
  }

  uint16(field: string): number {
    const at = this.#advance(2, field);
    return (this.bytes[at] << 8) | this.bytes[at + 1];
  }

  uint32(field: string): number {
    const at = this.#advance(4, field);
    const b = this.bytes;
    return ((b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3]) >>> 0;
  }

  /** A view of the next `length` octets (not a copy). */
  take(length: number, field: string): Uint8Array {
    const at = this.#advance(length, field);
    return this.bytes.subarray(at, at + length);
  }

  /** A view of everything that is left. */
  rest(): Uint8Array {
    return this.take(this.left, "rest");
  }

  #advance(length: number, field: string): number {
    const at = this.#at;
    // A length that was computed from fields of the wire may be negative: that is the peer's mistake, too.
    if (!(length >= 0 && length <= this.end - at)) {
      throw new FormatError(field, at, `needs ${length} octets, ${this.end - at} are left`);
    }
    this.#at = at + length;
    return at;
  }
}
