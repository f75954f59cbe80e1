/** Writes messages, cut at whole record sets where they do not fit: RFC 2181 section 9, RFC 9471. */

import { isWithin, nameKey } from "../name.ts";
import { recordClasses } from "./codes.ts";
import { headerFlags, type Message, optRecord } from "./message.ts";
import { MessageWriter } from "./names.ts";
import { type ResourceRecord, writeRecord } from "./record.ts";
import { recordTypeCodes } from "./record-types.ts";

/** The octets of `message`, at most `lengthMax`: what does not fit is left out, and TC says when it matters. */
export function emitMessage(message: Message, lengthMax = MESSAGE_MAX): Uint8Array {
  const opt = emitOpt(message);
  const writer = new MessageWriter(512);
  writer.uint16(message.id).uint16(headerFlags(message));
  writer.uint16(message.questions.length).uint16(0).uint16(0).uint16(0);
  for (const question of message.questions) {
    writer.name(question.name).uint16(recordTypeCodes.number(question.type));
    writer.uint16(recordClasses.number(question.class));
  }
  const sections = [message.answers, message.authorities, message.additionals];
  const counts = [0, 0, 0];
  let end = writer.length;
  fill: for (const [i, section] of sections.entries()) {
    for (const set of recordSets(section)) {
      for (const record of set) writeRecord(writer, record);
      if (writer.length + opt.length > lengthMax) {
        if (isRequired(message, i, set)) writer.setUint16(2, headerFlags({ ...message, isTruncated: true }));
        break fill;
      }
      counts[i] += set.length;
      end = writer.length;
    }
  }
  if (opt.length > 0) counts[2]++;
  for (const [i, count] of counts.entries()) writer.setUint16(ANSWER_COUNT + 2 * i, count);
  const bytes = new Uint8Array(end + opt.length);
  bytes.set(writer.finish().subarray(0, end));
  bytes.set(opt, end);
  return bytes;
}

function emitOpt(message: Message): Uint8Array {
  const writer = new MessageWriter(16);
  if (message.edns !== undefined) writeRecord(writer, optRecord(message.edns, message.responseCode));
  return writer.finish();
}

/**
 * RFC 2181 section 9: TC is set when something required is missing, not for the additional section. RFC 9471
 * section 3.1: in a referral the glue below the delegated zone is required.
 */
function isRequired(message: Message, section: number, set: readonly ResourceRecord[]): boolean {
  if (section < 2) return true;
  const isReferral = message.answers.length === 0 && !message.isAuthoritative;
  const isGlue = ({ name, data }: ResourceRecord): boolean =>
    data.type === "NS" && isWithin(set[0].name, name);
  return isReferral && message.authorities.some(isGlue);
}

/** Neighbours of one name and type. */
function* recordSets(records: readonly ResourceRecord[]): Generator<ResourceRecord[]> {
  let set: ResourceRecord[] = [];
  for (const record of records) {
    const first = set[0];
    if (
      first !== undefined &&
      (first.data.type !== record.data.type || nameKey(first.name) !== nameKey(record.name))
    ) {
      yield set;
      set = [];
    }
    set.push(record);
  }
  if (set.length > 0) yield set;
}

/** RFC 1035 section 4.2.2: the length before a message over TCP has 16 bits. */
export const MESSAGE_MAX = 65535;
/** Where the count of answers stands in the header; those of the other two sections follow. */
const ANSWER_COUNT = 6;
