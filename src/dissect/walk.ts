/**
 * Walks over the octets of one layer, front to back, and notes a field for each step. A step past the layer's
 * end throws FormatError, which the caller turns into "malformed"; what was noted before stays.
 */

import { FormatError } from "../bytes/index.ts";
import { formatAddress } from "../net/index.ts";
import type { Field, Layer } from "./dissection.ts";
import { type BitField, formatNumber, hexOf, type Show } from "./show.ts";

export class Walk {
  readonly frame: Uint8Array;
  /** The end of what this layer may look at. */
  readonly end: number;
  readonly #standard: string;
  readonly #layer: Layer;
  #fields: Field[];
  #at: number;

  constructor(
    frame: Uint8Array,
    start: number,
    end: number,
    protocol: string,
    title: string,
    standard: string,
  ) {
    this.frame = frame;
    this.end = end;
    this.#standard = standard;
    this.#at = start;
    this.#fields = [];
    this.#layer = { protocol, title, start, end: start, reference: standard, fields: this.#fields };
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.end - this.#at;
  }

  get start(): number {
    return this.#layer.start;
  }

  set title(title: string) {
    this.#layer.title = title;
  }

  /** The field noted last, to add a note or a problem. */
  get last(): Field {
    return this.#fields[this.#fields.length - 1];
  }

  uint8(key: string, name: string, section: string, show?: Show): number {
    return this.#number(1, key, name, section, show);
  }

  uint16(key: string, name: string, section: string, show?: Show): number {
    return this.#number(2, key, name, section, show);
  }

  uint32(key: string, name: string, section: string, show?: Show): number {
    return this.#number(4, key, name, section, show);
  }

  /** Splits 1, 2 or 4 octets into parts, the most significant first; returns their values. */
  bits(octets: 1 | 2 | 4, section: string, parts: readonly BitField[]): number[] {
    const start = this.#advance(octets, parts[0][0]);
    const whole = this.peek(start, octets);
    let from = 0;
    return parts.map(([key, name, count, show]) => {
      const value = Math.floor(whole / 2 ** (octets * 8 - from - count)) % 2 ** count;
      const bits = { start: from, end: from + count };
      from += count;
      this.#note(key, name, start, section, formatNumber(value, Math.ceil(count / 8) * 2, show), bits);
      const note = show?.note?.(value);
      if (note !== undefined) this.last.note = note;
      return value;
    });
  }

  /** An IPv4 or IPv6 address. */
  address(length: 4 | 16, key: string, name: string, section: string): string {
    const start = this.#advance(length, key);
    const text = formatAddress(this.frame.subarray(start, start + length));
    this.#note(key, name, start, section, text);
    return text;
  }

  mac(key: string, name: string, section: string): string {
    const start = this.#advance(6, key);
    const text = hexOf(this.frame.subarray(start, start + 6), ":");
    this.#note(key, name, start, section, text);
    return text;
  }

  /** Octets without a meaning of their own, shown as hexadecimal digits (the first of many). */
  octets(length: number, key: string, name: string, section: string): Uint8Array {
    const start = this.#advance(length, key);
    const bytes = this.frame.subarray(start, start + length);
    const shown = hexOf(bytes.subarray(0, SHOWN_OCTETS_MAX), "");
    this.#note(key, name, start, section, length > SHOWN_OCTETS_MAX ? `${shown}… (${length} octets)` : shown);
    return bytes;
  }

  /** Octets with a meaning that the caller knows. */
  value(length: number, key: string, name: string, section: string, value: string, note?: string): void {
    const start = this.#advance(length, key);
    this.#note(key, name, start, section, value);
    if (note !== undefined) this.last.note = note;
  }

  /** A field whose parts are noted by `inside`, which returns its value. */
  group(key: string, name: string, section: string, inside: () => string): void {
    const outer = this.#fields;
    const field = this.#note(key, name, this.#at, section, "");
    this.#fields = field.children = [];
    try {
      field.value = inside();
    } finally {
      this.#fields = outer;
      field.end = this.#at;
    }
  }

  /** Notes fields made elsewhere that take all that is left: the layers of a quoted packet. */
  adopt(fields: readonly Field[]): void {
    this.#fields.push(...fields);
    this.#at = this.end;
  }

  /** Something is wrong with the field noted last. */
  problem(text: string): void {
    this.last.problem = text;
  }

  /** The unsigned number at `at`, which need not be the next field. */
  peek(at: number, octets: number): number {
    if (at + octets > this.end) throw this.error(`needs ${octets} octets, ${this.end - at} are left`, at);
    let value = 0;
    for (let i = 0; i < octets; i++) value = value * 256 + this.frame[at + i];
    return value;
  }

  error(problem: string, offset = this.#at): FormatError {
    return new FormatError(this.#layer.protocol, offset, problem);
  }

  /** The layer as far as it was walked. */
  finish(): Layer {
    this.#layer.end = this.#at;
    return this.#layer;
  }

  /** The rest of the layer is not understood: one field takes it all. A quoted packet may end anywhere. */
  giveUp(error: FormatError, isQuoted: boolean): void {
    this.#fields = this.#layer.fields;
    const start = this.#at;
    this.#at = this.end;
    const rest = hexOf(this.frame.subarray(start, Math.min(this.end, start + SHOWN_OCTETS_MAX)), "");
    if (isQuoted) {
      this.#note("_ws.cut", "Cut off by the quotation", start, "", rest);
      return;
    }
    this.#note("_ws.malformed", "malformed", start, "", rest);
    this.problem(error.message);
    this.#layer.malformed = { offset: error.offset, problem: error.message };
  }

  #number(octets: number, key: string, name: string, section: string, show: Show | undefined): number {
    const start = this.#advance(octets, key);
    const value = this.peek(start, octets);
    const field = this.#note(key, name, start, section, formatNumber(value, octets * 2, show));
    const note = show?.note?.(value);
    if (note !== undefined) field.note = note;
    return value;
  }

  #note(
    key: string,
    name: string,
    start: number,
    section: string,
    value: string,
    bits?: { start: number; end: number },
  ): Field {
    const reference =
      section.startsWith("RFC") || section === "" ? section : `${this.#standard} section ${section}`;
    const end = this.#at;
    // Written out, because this is where dissecting takes its time.
    if (bits !== undefined) this.#fields.push({ key, name, value, start, end, reference, bits });
    else if (reference !== "") this.#fields.push({ key, name, value, start, end, reference });
    else this.#fields.push({ key, name, value, start, end });
    return this.last;
  }

  #advance(length: number, key: string): number {
    const start = this.#at;
    if (length > this.end - start) {
      throw new FormatError(key, start, `needs ${length} octets, ${this.end - start} are left`);
    }
    this.#at = start + length;
    return start;
  }
}

/** A line of the field tree; the octets themselves stand beside it. */
const SHOWN_OCTETS_MAX = 32;
