/** Resource records: octets (RFC 1035 section 4.1.3) and text (section 5.1). */

import { FormatError, Reader } from "../../../bytes/index.ts";
import type { Name } from "../name.ts";
import { type RecordClass, recordClasses } from "./codes.ts";
import { type MessageWriter, readName } from "./names.ts";
import { fieldsOf, type RecordData, type RecordType, recordTypeCodes } from "./record-types.ts";
import { mismatch, parseSeconds, type Words } from "./words.ts";

export interface ResourceRecord<T extends RecordType = RecordType> {
  /** The owner: what the record is about. */
  readonly name: Name;
  readonly class: RecordClass;
  readonly ttlSeconds: number;
  readonly data: RecordData<T>;
}

/** Whether `record` is of `type`: narrows its data. */
export function isType<T extends RecordType>(record: ResourceRecord, type: T): record is ResourceRecord<T> {
  return record.data.type === type;
}

/** Reads one record of a message; `what` begins the names of fields in errors: "dns.answer[0]". */
export function readRecord(reader: Reader, what: string): ResourceRecord {
  const name = readName(reader, `${what}.name`);
  const type = recordTypeCodes.name(reader.uint16(`${what}.type`));
  const recordClass = recordClasses.name(reader.uint16(`${what}.class`));
  const ttlSeconds = reader.uint32(`${what}.ttl`);
  const length = reader.uint16(`${what}.length`);
  const start = reader.offset;
  reader.take(length, `${what}.data`);
  const data = readData(new Reader(reader.bytes, start, start + length), type, what);
  return { name, class: recordClass, ttlSeconds, data };
}

export function writeRecord(writer: MessageWriter, record: ResourceRecord): void {
  writer
    .name(record.name)
    .uint16(recordTypeCodes.number(record.data.type))
    .uint16(recordClasses.number(record.class))
    .uint32(record.ttlSeconds)
    .uint16(0);
  const start = writer.length;
  const values = record.data as unknown as Readonly<Record<string, unknown>>;
  for (const [key, field] of Object.entries(fieldsOf(record.data.type))) field.write(writer, values[key]);
  writer.setUint16(start - 2, writer.length - start);
}

function readData(reader: Reader, type: RecordType, what: string): RecordData {
  const data: Record<string, unknown> = { type };
  for (const [key, field] of Object.entries(fieldsOf(type))) data[key] = field.read(reader, `${what}.${key}`);
  if (reader.left > 0) {
    throw new FormatError(`${what}.data`, reader.offset, `${reader.left} octets too many for ${type}`);
  }
  return data as unknown as RecordData;
}

/** The data in zone file form: "10 mail.hamburger.edu." */
export function formatData(data: RecordData): string {
  const values = data as unknown as Readonly<Record<string, unknown>>;
  return Object.entries(fieldsOf(data.type))
    .map(([key, field]) => field.toText(values[key]))
    .join(" ");
}

/** The record in zone file form: "hamburger.edu.\t3600\tIN\tMX\t10 mail.hamburger.edu." */
export function formatRecord(record: ResourceRecord): string {
  const { name, ttlSeconds, data } = record;
  return [name, ttlSeconds, record.class, data.type, formatData(data)].join("\t");
}

/** What a record's text leaves out. */
export interface RecordDefaults {
  readonly name: Name | undefined;
  readonly ttlSeconds: number | undefined;
}

/**
 * A record from its words: [OWNER] [TTL] [CLASS] TYPE DATA, TTL and class in either order. `hasOwner` is false for
 * a line of a file that begins with a space.
 */
export function parseRecord(words: Words, hasOwner: boolean, defaults: RecordDefaults): ResourceRecord {
  const first = words.peek;
  const name = hasOwner ? words.name("the owner's name") : defaults.name;
  let ttlSeconds = defaults.ttlSeconds;
  for (let word = words.peek; word !== undefined; word = words.peek) {
    const seconds = /^\d/.test(word.text) ? parseSeconds(word.text) : undefined;
    if (seconds === undefined && word.text.toUpperCase() !== "IN") break;
    if (seconds !== undefined) ttlSeconds = seconds;
    words.next("a type");
  }
  const type = words.take("a record type such as A, NS, MX", parseDataType);
  if (first !== undefined && name === undefined) throw mismatch(first, "an owner's name in the first record");
  if (first !== undefined && ttlSeconds === undefined) {
    throw mismatch(first, "a TTL: write $TTL above, or a number of seconds after the owner's name");
  }
  const data = parseData(words, type);
  words.expectEnd(type);
  return { name: name as Name, class: "IN", ttlSeconds: ttlSeconds as number, data };
}

/** RFC 6895 section 3.1: 0, OPT and 128 to 255 are questions and parts of messages, not data. */
function parseDataType(text: string): RecordType | undefined {
  const type = recordTypeCodes.parse(text);
  if (type === undefined) return undefined;
  const number = recordTypeCodes.number(type);
  return number === 0 || type === "OPT" || (number >= 128 && number <= 255) ? undefined : type;
}

/** The data of a record of `type`; any type may be written in the form of RFC 3597 section 5. */
function parseData(words: Words, type: RecordType): RecordData {
  const data: Record<string, unknown> = { type };
  const fields = words.peek?.text === "\\#" && !words.peek.isQuoted ? fieldsOf("TYPE0") : fieldsOf(type);
  const place = words.peek;
  for (const [key, field] of Object.entries(fields)) data[key] = field.fromText(words);
  if (fields === fieldsOf(type) || place === undefined) return data as unknown as RecordData;
  const octets = data.octets as Uint8Array;
  try {
    return readData(new Reader(octets), type, type);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw mismatch(place, `the octets of ${type} data`, error.message);
  }
}
