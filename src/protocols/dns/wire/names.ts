/**
 * Names in messages: RFC 1035 section 4.1.4. Reading follows compression pointers only backwards, so it always
 * ends; writing points to earlier occurrences of the same spelling, so the case of every name survives.
 */

import { FormatError, Reader, Writer } from "../../../bytes/index.ts";
import { fromByteString, toByteString } from "../../../net/index.ts";
import { LABEL_MAX, labelOctets, labelsOf, labelText, NAME_MAX, type Name, ROOT } from "../name.ts";

/** Reads a name; `reader.bytes` must begin with the message, because pointers count from there. */
export function readName(reader: Reader, field: string): Name {
  const labels: string[] = [];
  let length = 1;
  let pointers = 0;
  let source = reader;
  /** Where the run of labels began that is being read. */
  let runStart = reader.offset;
  for (;;) {
    const at = source.offset;
    const first = source.uint8(field);
    if (first === 0) break;
    if ((first & POINTER) === POINTER) {
      const target = ((first & ~POINTER) << 8) | source.uint8(field);
      // RFC 1035 section 4.1.4: a pointer leads to a prior occurrence, which rules out every loop.
      if (target >= runStart) throw new FormatError(field, at, `the pointer to ${target} does not lead back`);
      if (++pointers > POINTERS_MAX) throw new FormatError(field, at, "too many compression pointers");
      source = new Reader(reader.bytes, target);
      runStart = target;
      continue;
    }
    // RFC 6891 section 5: the label types 01 and 10 are not in use.
    if (first > LABEL_MAX) throw new FormatError(field, at, `unknown label type 0x${first.toString(16)}`);
    length += 1 + first;
    if (length > NAME_MAX) throw new FormatError(field, at, `the name is longer than ${NAME_MAX} octets`);
    labels.push(labelText(toByteString(source.take(first, field))));
  }
  return labels.length === 0 ? ROOT : `${labels.join(".")}.`;
}

/** A Writer that remembers where names stand. */
export class MessageWriter extends Writer {
  readonly #places = new Map<string, number>();

  /** Writes a name, pointing to what stands already; `compress` false writes it in full (RFC 3597 section 4). */
  name(name: Name, compress = true): this {
    const labels = labelsOf(name);
    for (let i = 0; i < labels.length; i++) {
      const suffix = labels.slice(i).join(".");
      const place = this.#places.get(suffix);
      if (compress && place !== undefined) return this.uint16((POINTER << 8) | place);
      if (place === undefined && this.length <= POINTER_TARGET_MAX) this.#places.set(suffix, this.length);
      const octets = fromByteString(labelOctets(labels[i]));
      this.uint8(octets.length).append(octets);
    }
    return this.uint8(0);
  }
}

/** The two high bits of a length octet that make it a pointer. */
const POINTER = 0xc0;
/** A pointer has 14 bits. */
const POINTER_TARGET_MAX = 0x3fff;
/** A name has at most 127 labels, and no sender needs two pointers for one label. */
const POINTERS_MAX = 127;
