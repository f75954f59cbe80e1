/** One block of a pcapng file, read in its section's byte order and never past its end. */

import { FormatError } from "../../bytes/index.ts";
import { BYTE_ORDER_MAGIC, OPTION_END } from "./pcapng-format.ts";

export interface Option {
  readonly code: number;
  readonly value: Uint8Array;
}

export class BlockReader {
  readonly type: number;
  /** Of the whole block: the next one begins so many octets later. */
  readonly length: number;
  readonly #file: Uint8Array;
  readonly #view: DataView;
  readonly #littleEndian: boolean;
  #at: number;
  readonly #end: number;

  /** Reads the frame of the block at `start`; the body follows by `uint32`, `take` ... in order. */
  constructor(file: Uint8Array, start: number, littleEndian: boolean) {
    this.#file = file;
    this.#view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    this.#littleEndian = littleEndian;
    this.#at = start;
    this.#end = file.length;
    this.type = this.uint32("block type");
    this.length = this.uint32("block length");
    // Section 3.1: type, length, length again are the least; blocks are multiples of four octets.
    if (this.length < 12 || this.length % 4 !== 0 || this.length > file.length - start) {
      throw new FormatError("pcapng.block", start, `its length ${this.length} cannot be`);
    }
    this.#end = start + this.length - 4;
    if (this.#view.getUint32(this.#end, littleEndian) !== this.length) {
      throw new FormatError("pcapng.block", this.#end, "its two lengths differ");
    }
  }

  /** The byte order of the section whose header begins at `start`. */
  static isLittleEndian(file: Uint8Array, start: number): boolean {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    if (file.length - start < 12) throw new FormatError("pcapng", start, "the section header is cut off");
    if (view.getUint32(start + 8) === BYTE_ORDER_MAGIC) return false;
    if (view.getUint32(start + 8, true) === BYTE_ORDER_MAGIC) return true;
    throw new FormatError("pcapng", start + 8, "the section header has no byte-order magic");
  }

  uint16(field: string): number {
    return this.#view.getUint16(this.#advance(2, field), this.#littleEndian);
  }

  uint32(field: string): number {
    return this.#view.getUint32(this.#advance(4, field), this.#littleEndian);
  }

  /** A timestamp: the upper 32 bits come first in either byte order (section 4.3). */
  uint64(field: string): bigint {
    const upper = this.uint32(field);
    return (BigInt(upper) << 32n) | BigInt(this.uint32(field));
  }

  take(length: number, field: string): Uint8Array {
    const at = this.#advance(length, field);
    return this.#file.subarray(at, at + length);
  }

  /** A value and its padding to four octets. */
  takePadded(length: number, field: string): Uint8Array {
    const value = this.take(length, field);
    this.take(-length & 3, `${field} padding`);
    return value;
  }

  /** All options that are left (section 3.5); the list may end without an end-of-options. */
  options(): Option[] {
    const options: Option[] = [];
    while (this.#end - this.#at >= 4) {
      const code = this.uint16("option code");
      const length = this.uint16("option length");
      if (code === OPTION_END) break;
      options.push({ code, value: this.takePadded(length, "option") });
    }
    return options;
  }

  /** The number in an option's value. */
  uint32At(value: Uint8Array, field: string): number {
    if (value.length !== 4) throw this.error(field, `has ${value.length} octets instead of 4`);
    return new DataView(value.buffer, value.byteOffset, 4).getUint32(0, this.#littleEndian);
  }

  /** As `uint32At`: a 64-bit number in the section's byte order. */
  uint64At(value: Uint8Array, field: string): bigint {
    if (value.length !== 8) throw this.error(field, `has ${value.length} octets instead of 8`);
    return new DataView(value.buffer, value.byteOffset, 8).getBigUint64(0, this.#littleEndian);
  }

  /** As `uint32At`: a time, whose upper half comes first (section 4.6). */
  timestampAt(value: Uint8Array, field: string): bigint {
    return (
      (BigInt(this.uint32At(value.subarray(0, 4), field)) << 32n) |
      BigInt(this.uint32At(value.subarray(4), field))
    );
  }

  error(field: string, problem: string): FormatError {
    return new FormatError(`pcapng.${field}`, this.#at, problem);
  }

  #advance(length: number, field: string): number {
    const at = this.#at;
    if (length > this.#end - at)
      throw this.error(field, `needs ${length} octets, ${this.#end - at} are left`);
    this.#at = at + length;
    return at;
  }
}
