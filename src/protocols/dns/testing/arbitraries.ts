/** Random names, records and messages for property tests. */

import fc from "fast-check";
import { formatAddress } from "../../../net/index.ts";
import { labelText, type Name } from "../name.ts";
import { emptyMessage, type Message, type Question } from "../wire/message.ts";
import type { ResourceRecord } from "../wire/record.ts";
import { type RecordData, recordTypes } from "../wire/record-types.ts";

/** Objects as the parser makes them: with the usual prototype. */
function recordOf<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>;
}

const byteString = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.uint8Array({ minLength, maxLength }).map((octets) => String.fromCharCode(...octets));

/** Few different labels, so that names share endings and get compressed. */
const label = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("a", "mail", "MAIL", "edu", "hamburger", "*") },
  { weight: 1, arbitrary: byteString(1, 20).map(labelText) },
);

export const name: fc.Arbitrary<Name> = fc
  .array(label, { maxLength: 6 })
  .map((labels) => (labels.length === 0 ? "." : `${labels.join(".")}.`));

const uint = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });
const uint32 = uint(0xffffffff);

/** One arbitrary for each field of each type; a type that is missing here fails the test of the table. */
const dataOfType: { [T in keyof typeof recordTypes]: fc.Arbitrary<Omit<RecordData<T>, "type">> } = {
  A: recordOf({ address: fc.uint8Array({ minLength: 4, maxLength: 4 }).map(formatAddress) }),
  NS: recordOf({ host: name }),
  CNAME: recordOf({ canonicalName: name }),
  SOA: recordOf({
    primary: name,
    mailbox: name,
    serial: uint32,
    refreshSeconds: uint32,
    retrySeconds: uint32,
    expireSeconds: uint32,
    negativeSeconds: uint32,
  }),
  PTR: recordOf({ host: name }),
  HINFO: recordOf({ cpu: byteString(0, 255), operatingSystem: byteString(0, 30) }),
  MX: recordOf({ preference: uint(0xffff), exchange: name }),
  TXT: recordOf({ strings: fc.array(byteString(0, 255), { minLength: 1, maxLength: 3 }) }),
  AAAA: recordOf({ address: fc.uint8Array({ minLength: 16, maxLength: 16 }).map(formatAddress) }),
  SRV: recordOf({ priority: uint(0xffff), weight: uint(0xffff), port: uint(0xffff), target: name }),
  OPT: recordOf({ options: fc.constant([]) }),
  CAA: recordOf({ flags: uint(255), tag: fc.constantFrom("issue", "iodef"), value: byteString(0, 60) }),
};

const storableTypes = Object.keys(recordTypes).filter(
  (type) => type !== "OPT",
) as (keyof typeof recordTypes)[];

export const data: fc.Arbitrary<RecordData> = fc.oneof(
  ...storableTypes.map((type) =>
    (dataOfType[type] as fc.Arbitrary<object>).map((fields) => ({ type, ...fields }) as RecordData),
  ),
  fc.uint8Array({ maxLength: 40 }).map((octets): RecordData => ({ type: "TYPE65280", octets })),
);

export const record: fc.Arbitrary<ResourceRecord> = recordOf({
  name,
  class: fc.constant("IN" as const),
  ttlSeconds: uint32,
  data,
});

export const question: fc.Arbitrary<Question> = recordOf({
  name,
  type: fc.constantFrom("A", "MX", "ANY", "TYPE65280", "AXFR"),
  class: fc.constantFrom("IN", "CH", "ANY"),
});

const flag = fc.boolean();

export const message: fc.Arbitrary<Message> = recordOf({
  id: uint(0xffff),
  isResponse: flag,
  opcode: fc.constantFrom("QUERY", "NOTIFY", "OPCODE9"),
  isAuthoritative: flag,
  isTruncated: flag,
  recursionDesired: flag,
  recursionAvailable: flag,
  authenticData: flag,
  checkingDisabled: flag,
  responseCode: fc.constantFrom("NOERROR", "NXDOMAIN", "RCODE14"),
  questions: fc.array(question, { maxLength: 2 }),
  answers: fc.array(record, { maxLength: 5 }),
  authorities: fc.array(record, { maxLength: 3 }),
  additionals: fc.array(record, { maxLength: 3 }),
  edns: fc.option(
    recordOf({
      udpPayloadMax: uint(0xffff),
      version: uint(255),
      dnssecOk: flag,
      options: fc.array(recordOf({ code: uint(0xffff), octets: fc.uint8Array({ maxLength: 20 }) }), {
        maxLength: 2,
      }),
    }),
    { nil: undefined },
  ),
});

/** A query as a client sends it. */
export const query: fc.Arbitrary<Message> = message.map((each) => ({
  ...emptyMessage,
  id: each.id,
  recursionDesired: each.recursionDesired,
  questions: each.questions,
  edns: each.edns,
}));
