/**
 * The record types: a number and the fields of the data. To add a type, add its line; the types of TypeScript,
 * the octets, the zone file form and the dissection follow from it.
 */

import { codeTable } from "./codes.ts";
import {
  characterString,
  characterStrings,
  ednsOptions,
  type Field,
  ipv4,
  ipv6,
  name,
  plainName,
  restAsString,
  seconds,
  tag,
  uint8,
  uint16,
  uint32,
  unknownOctets,
} from "./fields.ts";

export const recordTypes = {
  /** RFC 1035 sections 3.3 and 3.4. */
  A: recordType(1, { address: ipv4 }),
  NS: recordType(2, { host: name }),
  CNAME: recordType(5, { canonicalName: name }),
  SOA: recordType(6, {
    primary: name,
    mailbox: name,
    serial: uint32,
    refreshSeconds: seconds,
    retrySeconds: seconds,
    expireSeconds: seconds,
    /** RFC 2308 section 4: how long an answer "there is none" may be kept. */
    negativeSeconds: seconds,
  }),
  PTR: recordType(12, { host: name }),
  HINFO: recordType(13, { cpu: characterString, operatingSystem: characterString }),
  MX: recordType(15, { preference: uint16, exchange: name }),
  TXT: recordType(16, { strings: characterStrings }),
  /** RFC 3596 section 2.1. */
  AAAA: recordType(28, { address: ipv6 }),
  /** RFC 2782. */
  SRV: recordType(33, { priority: uint16, weight: uint16, port: uint16, target: plainName }),
  /** RFC 6891 section 6.1: not data but part of the message's header. */
  OPT: recordType(41, { options: ednsOptions }),
  /** RFC 8659 section 4.1. */
  CAA: recordType(257, { flags: uint8, tag, value: restAsString }),
};

export type KnownType = keyof typeof recordTypes;
/** A type without fields here: its data stays octets (RFC 3597). */
export type UnknownType = keyof typeof NAMED_ONLY | `TYPE${number}`;
export type RecordType = KnownType | UnknownType;

/** The data of a record of type `T`: `RecordData<"MX">` is `{ type: "MX", preference, exchange }`. */
export type RecordData<T extends RecordType = RecordType> = T extends KnownType
  ? { readonly type: T } & FieldValues<(typeof recordTypes)[T]["fields"]>
  : { readonly type: T; readonly octets: Uint8Array };

/** What the code that handles every type sees of the table. */
export interface RecordTypeInfo {
  readonly number: number;
  readonly fields: Readonly<Record<string, Field<unknown>>>;
}

/** The fields of any type, in their order on the wire. */
export function fieldsOf(type: RecordType): Readonly<Record<string, Field<unknown>>> {
  const info = (recordTypes as Readonly<Record<string, RecordTypeInfo>>)[type];
  return info?.fields ?? UNKNOWN_FIELDS;
}

type FieldValues<F> = { readonly [K in keyof F]: F[K] extends Field<infer V> ? V : never };

function recordType<F extends Readonly<Record<string, unknown>>>(
  number: number,
  fields: F,
): { readonly number: number; readonly fields: F } {
  return { number, fields };
}

const UNKNOWN_FIELDS = { octets: unknownOctets } as Readonly<Record<string, Field<unknown>>>;

/** Types that we know by name only: asked for, passed on, and shown in the form of RFC 3597. */
const NAMED_ONLY = {
  DNAME: 39,
  DS: 43,
  SSHFP: 44,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  CDS: 59,
  CDNSKEY: 60,
  SVCB: 64,
  HTTPS: 65,
  TKEY: 249,
  TSIG: 250,
  IXFR: 251,
  AXFR: 252,
  MAILB: 253,
  MAILA: 254,
  ANY: 255,
} as const;

export const recordTypeCodes = codeTable<RecordType>(
  {
    ...Object.fromEntries(Object.entries(recordTypes).map(([type, info]) => [type, info.number])),
    ...NAMED_ONLY,
  },
  "TYPE",
);
