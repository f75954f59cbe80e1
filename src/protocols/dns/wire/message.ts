/**
 * Messages: RFC 1035 section 4.1, with EDNS (RFC 6891) as a part of the message instead of a record.
 * Read first: `Message`, `parseMessage`, `emitMessage`.
 */

import { FormatError, Reader } from "../../../bytes/index.ts";
import type { Name } from "../name.ts";
import {
  type Opcode,
  opcodes,
  type RecordClass,
  type ResponseCode,
  recordClasses,
  responseCodes,
} from "./codes.ts";
import type { EdnsOption } from "./fields.ts";
import { readName } from "./names.ts";
import { type ResourceRecord, readRecord } from "./record.ts";
import { type RecordType, recordTypeCodes } from "./record-types.ts";

export interface Question {
  readonly name: Name;
  readonly type: RecordType;
  readonly class: RecordClass;
}

/** What the OPT record says: RFC 6891 section 6.1.3. */
export interface Edns {
  /** The largest UDP message that the sender can take. */
  readonly udpPayloadMax: number;
  readonly version: number;
  readonly dnssecOk: boolean;
  readonly options: readonly EdnsOption[];
}

/** The first four octets: identifier and flags. */
export interface Header {
  readonly id: number;
  readonly isResponse: boolean;
  readonly opcode: Opcode;
  readonly isAuthoritative: boolean;
  readonly isTruncated: boolean;
  readonly recursionDesired: boolean;
  readonly recursionAvailable: boolean;
  /** RFC 4035 sections 3.2.2 and 3.2.3. */
  readonly authenticData: boolean;
  readonly checkingDisabled: boolean;
  /** Twelve bits with EDNS, four without. */
  readonly responseCode: ResponseCode;
}

export interface Message extends Header {
  readonly questions: readonly Question[];
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
  /** Without the OPT record, which is `edns`. */
  readonly additionals: readonly ResourceRecord[];
  readonly edns: Edns | undefined;
}

/** A message of defaults: a standard query without a question. */
export const emptyMessage: Message = {
  id: 0,
  isResponse: false,
  opcode: "QUERY",
  isAuthoritative: false,
  isTruncated: false,
  recursionDesired: false,
  recursionAvailable: false,
  authenticData: false,
  checkingDisabled: false,
  responseCode: "NOERROR",
  questions: [],
  answers: [],
  authorities: [],
  additionals: [],
  edns: undefined,
};

/** The four counts of the header, in its order. */
export interface SectionCounts {
  readonly questions: number;
  readonly answers: number;
  readonly authorities: number;
  readonly additionals: number;
}

/** Throws FormatError. Octets behind the last record are ignored, as other servers do. */
export function parseMessage(bytes: Uint8Array): Message {
  const reader = new Reader(bytes);
  const header = readHeader(reader);
  const counts = readCounts(reader);
  const questions = times(counts.questions, (i) => readQuestion(reader, `dns.question[${i}]`));
  const answers = times(counts.answers, (i) => readRecord(reader, `dns.answer[${i}]`));
  const authorities = times(counts.authorities, (i) => readRecord(reader, `dns.authority[${i}]`));
  const all = times(counts.additionals, (i) => readRecord(reader, `dns.additional[${i}]`));
  const additionals = all.filter((record) => record.data.type !== "OPT");
  const edns = findEdns(all, [...answers, ...authorities]);
  // RFC 6891 section 6.1.3: the OPT record holds the upper eight bits.
  const responseCode =
    edns === undefined
      ? header.responseCode
      : responseCodes.name((edns.extendedCode << 4) | responseCodes.number(header.responseCode));
  return { ...header, responseCode, questions, answers, authorities, additionals, edns: edns?.edns };
}

export function readHeader(reader: Reader): Header {
  const id = reader.uint16("dns.id");
  const flags = reader.uint16("dns.flags");
  return {
    id,
    isResponse: (flags & FLAG.QR) !== 0,
    opcode: opcodes.name((flags >> OPCODE_SHIFT) & 15),
    isAuthoritative: (flags & FLAG.AA) !== 0,
    isTruncated: (flags & FLAG.TC) !== 0,
    recursionDesired: (flags & FLAG.RD) !== 0,
    recursionAvailable: (flags & FLAG.RA) !== 0,
    authenticData: (flags & FLAG.AD) !== 0,
    checkingDisabled: (flags & FLAG.CD) !== 0,
    responseCode: responseCodes.name(flags & 15),
  };
}

/** The flags of a header as on the wire, response code included (its lower four bits). */
export function headerFlags(header: Header): number {
  return (
    (header.isResponse ? FLAG.QR : 0) |
    (opcodes.number(header.opcode) << OPCODE_SHIFT) |
    (header.isAuthoritative ? FLAG.AA : 0) |
    (header.isTruncated ? FLAG.TC : 0) |
    (header.recursionDesired ? FLAG.RD : 0) |
    (header.recursionAvailable ? FLAG.RA : 0) |
    (header.authenticData ? FLAG.AD : 0) |
    (header.checkingDisabled ? FLAG.CD : 0) |
    (responseCodes.number(header.responseCode) & 15)
  );
}

function readCounts(reader: Reader): SectionCounts {
  return {
    questions: reader.uint16("dns.count.questions"),
    answers: reader.uint16("dns.count.answers"),
    authorities: reader.uint16("dns.count.authorities"),
    additionals: reader.uint16("dns.count.additionals"),
  };
}

export function readQuestion(reader: Reader, what: string): Question {
  const name = readName(reader, `${what}.name`);
  const type = recordTypeCodes.name(reader.uint16(`${what}.type`));
  return { name, type, class: recordClasses.name(reader.uint16(`${what}.class`)) };
}

/** What an OPT record means; undefined for any other record. */
function ednsOf(record: ResourceRecord): { edns: Edns; extendedCode: number } | undefined {
  if (record.data.type !== "OPT") return undefined;
  const ttl = record.ttlSeconds;
  const edns: Edns = {
    udpPayloadMax: recordClasses.number(record.class),
    version: (ttl >>> 16) & 0xff,
    dnssecOk: (ttl & DNSSEC_OK) !== 0,
    options: record.data.options,
  };
  return { edns, extendedCode: ttl >>> 24 };
}

/** The OPT record that says `message.edns`. */
export function optRecord(edns: Edns, responseCode: ResponseCode): ResourceRecord<"OPT"> {
  const extended = responseCodes.number(responseCode) >> 4;
  return {
    name: ".",
    class: recordClasses.name(edns.udpPayloadMax),
    ttlSeconds: ((extended << 24) | (edns.version << 16) | (edns.dnssecOk ? DNSSEC_OK : 0)) >>> 0,
    data: { type: "OPT", options: edns.options },
  };
}

function findEdns(
  additionals: readonly ResourceRecord[],
  others: readonly ResourceRecord[],
): { edns: Edns; extendedCode: number } | undefined {
  const found = additionals.filter((record) => record.data.type === "OPT");
  // RFC 6891 section 6.1.1: one OPT record, owned by the root, in the additional section.
  if (found.length > 1) throw new FormatError("dns.additional", 0, "more than one OPT record");
  if (found.length === 1 && found[0].name !== ".") {
    throw new FormatError("dns.additional", 0, "an OPT record whose owner is not the root");
  }
  if (others.some((record) => record.data.type === "OPT")) {
    throw new FormatError("dns.answer", 0, "an OPT record outside the additional section");
  }
  return found.length === 0 ? undefined : ednsOf(found[0]);
}

/** Not allocated by the count: a short message ends the reading at once. */
function times<T>(count: number, read: (index: number) => T): T[] {
  const values: T[] = [];
  for (let i = 0; i < count; i++) values.push(read(i));
  return values;
}

/** RFC 1035 section 4.1.1; AD and CD from RFC 4035. The bit 0x0040 (Z) is sent as zero and ignored. */
const FLAG = { QR: 0x8000, AA: 0x0400, TC: 0x0200, RD: 0x0100, RA: 0x0080, AD: 0x0020, CD: 0x0010 };
const OPCODE_SHIFT = 11;
/** RFC 3225: the DO bit. */
const DNSSEC_OK = 0x8000;
