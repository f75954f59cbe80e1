/**
 * The kinds of fields that record data is made of. A field reads and writes its octets and its text, and a record
 * type is a list of fields (record-types.ts), so a new type needs no code of its own.
 */

import { decodeHex, encodeHex, FormatError, type Reader, Writer } from "../../../bytes/index.ts";
import { formatAddress, fromByteString, parseIpv4, parseIpv6, toByteString } from "../../../net/index.ts";
import type { Name } from "../name.ts";
import { type MessageWriter, readName } from "./names.ts";
import { mismatch, parseSeconds, type Words } from "./words.ts";

export interface Field<V> {
  /** Reads the value; what is left in `reader` is what is left of the record data. */
  read(reader: Reader, what: string): V;
  write(writer: MessageWriter, value: V): void;
  fromText(words: Words): V;
  toText(value: V): string;
}

/** A host or domain name that may be compressed: only the types of RFC 1035 (RFC 3597 section 4). */
export const name: Field<Name> = {
  read: readName,
  write: (writer, value) => writer.name(value),
  fromText: (words) => words.name("a domain name"),
  toText: (value) => value,
};

/** A name that is written in full; a compressed one is understood all the same (RFC 3597 section 4). */
export const plainName: Field<Name> = { ...name, write: (writer, value) => writer.name(value, false) };

export const uint8: Field<number> = {
  read: (reader, what) => reader.uint8(what),
  write: (writer, value) => writer.uint8(value),
  fromText: (words) => words.take("a number from 0 to 255", integer(0xff)),
  toText: String,
};

export const uint16: Field<number> = {
  read: (reader, what) => reader.uint16(what),
  write: (writer, value) => writer.uint16(value),
  fromText: (words) => words.take("a number from 0 to 65535", integer(0xffff)),
  toText: String,
};

export const uint32: Field<number> = {
  read: (reader, what) => reader.uint32(what),
  write: (writer, value) => writer.uint32(value),
  fromText: (words) => words.take("a number from 0 to 4294967295", integer(0xffffffff)),
  toText: String,
};

export const seconds: Field<number> = {
  ...uint32,
  fromText: (words) => words.take("a time in seconds (or like 1h30m)", parseSeconds),
};

export const ipv4: Field<string> = {
  read: (reader, what) => formatAddress(reader.take(4, what)),
  write: (writer, value) => writer.append(addressOctets(value, parseIpv4)),
  fromText: (words) => words.take("an IPv4 address", canonical(parseIpv4)),
  toText: (value) => value,
};

export const ipv6: Field<string> = {
  read: (reader, what) => formatAddress(reader.take(16, what)),
  write: (writer, value) => writer.append(addressOctets(value, parseIpv6)),
  fromText: (words) => words.take("an IPv6 address", canonical(parseIpv6)),
  toText: (value) => value,
};

/** RFC 1035 section 3.3: one length octet and up to 255 octets; here a byte string. */
export const characterString: Field<string> = {
  read: (reader, what) => toByteString(reader.take(reader.uint8(what), what)),
  write: (writer, value) => writer.uint8(value.length).append(fromByteString(value)),
  fromText(words) {
    const word = words.peek;
    const octets = words.octets("a string");
    if (word !== undefined && octets.length > 0xff) throw mismatch(word, "a string of at most 255 octets");
    return octets;
  },
  toText: quoted,
};

/** RFC 1035 section 3.3.14: one string or more, up to the end of the record. */
export const characterStrings: Field<readonly string[]> = {
  read(reader, what) {
    const strings = [characterString.read(reader, what)];
    while (reader.left > 0) strings.push(characterString.read(reader, what));
    return strings;
  },
  write(writer, value) {
    for (const string of value) characterString.write(writer, string);
  },
  fromText(words) {
    const strings = [characterString.fromText(words)];
    while (!words.isDone) strings.push(characterString.fromText(words));
    return strings;
  },
  toText: (value) => value.map(quoted).join(" "),
};

/** RFC 8659 section 4.1: letters and digits behind a length octet. */
export const tag: Field<string> = {
  read(reader, what) {
    const at = reader.offset;
    const text = characterString.read(reader, what);
    if (!TAG.test(text)) throw new FormatError(what, at, "a tag is one or more letters and digits");
    return text;
  },
  write: characterString.write,
  fromText: (words) => words.take("a tag (issue, issuewild, iodef)", (text) => text.match(TAG)?.[0]),
  toText: (value) => value,
};

/** All octets up to the end of the record, as one string in quotation marks. */
export const restAsString: Field<string> = {
  read: (reader) => toByteString(reader.rest()),
  write: (writer, value) => writer.append(fromByteString(value)),
  fromText: (words) => words.octets("a string"),
  toText: quoted,
};

/** Data of an unknown type: RFC 3597 section 5, `\# LENGTH HEXADECIMAL...`. */
export const unknownOctets: Field<Uint8Array> = {
  read: (reader) => reader.rest().slice(),
  write: (writer, value) => writer.append(value),
  fromText(words) {
    words.take("\\# LENGTH HEXADECIMAL, as for every type without a text form", (text) =>
      text.match(/^\\#$/),
    );
    const length = uint16.fromText(words);
    const octets = new Writer();
    while (octets.length < length) octets.append(words.take("hexadecimal digits", decodeHex));
    if (octets.length > length) throw words.mismatch(`${length} octets, not ${octets.length}`);
    return octets.finish();
  },
  toText: (value) => `\\# ${value.length}${value.length === 0 ? "" : ` ${encodeHex(value)}`}`,
};

/** One option of EDNS: RFC 6891 section 6.1.2. */
export interface EdnsOption {
  readonly code: number;
  readonly octets: Uint8Array;
}

export const ednsOptions: Field<readonly EdnsOption[]> = {
  read(reader, what) {
    const options: EdnsOption[] = [];
    while (reader.left > 0) {
      const code = reader.uint16(what);
      options.push({ code, octets: reader.take(reader.uint16(what), what).slice() });
    }
    return options;
  },
  write(writer, value) {
    for (const { code, octets } of value) writer.uint16(code).uint16(octets.length).append(octets);
  },
  // RFC 6891 section 6.1.1: OPT is no data and stands in no zone file.
  fromText(words) {
    throw words.mismatch("another type (OPT belongs to messages only)");
  },
  toText: (value) => value.map(({ code, octets }) => `${code}:${encodeHex(octets)}`).join(" "),
};

/** A byte string in quotation marks. */
export function quoted(octets: string): string {
  let text = "";
  for (const octet of octets) {
    if (octet === '"' || octet === "\\") text += `\\${octet}`;
    else if (octet >= " " && octet < "\x7f") text += octet;
    else text += `\\${String(octet.charCodeAt(0)).padStart(3, "0")}`;
  }
  return `"${text}"`;
}

function integer(max: number): (text: string) => number | undefined {
  return (text) => (/^\d{1,10}$/.test(text) && Number(text) <= max ? Number(text) : undefined);
}

function canonical(parse: (text: string) => Uint8Array | undefined): (text: string) => string | undefined {
  return (text) => {
    const bytes = parse(text);
    return bytes === undefined ? undefined : formatAddress(bytes);
  };
}

function addressOctets(text: string, parse: (text: string) => Uint8Array | undefined): Uint8Array {
  const bytes = parse(text);
  if (bytes === undefined) throw new TypeError(`"${text}" is not an address of this record's family`);
  return bytes;
}

const TAG = /^[A-Za-z0-9]+$/;
