/** A message in one line, in Wireshark's manner. */

import { displayName, type Name } from "../name.ts";
import { name, plainName } from "./fields.ts";
import type { Message } from "./message.ts";
import type { ResourceRecord } from "./record.ts";
import { fieldsOf } from "./record-types.ts";

/** "Standard query response 0x1a2b MX hamburger.edu MX 10 mail.hamburger.edu" */
export function describeMessage(message: Message): string {
  const kind = OPCODE_WORDS[message.opcode] ?? message.opcode;
  const words = [
    message.isResponse ? `${kind} response` : kind,
    `0x${message.id.toString(16).padStart(4, "0")}`,
  ];
  if (message.responseCode !== "NOERROR")
    words.push(CODE_WORDS[message.responseCode] ?? message.responseCode);
  for (const question of message.questions) words.push(`${question.type} ${displayName(question.name)}`);
  const records = [...message.answers, ...message.authorities, ...message.additionals];
  words.push(...records.slice(0, RECORDS_MAX).map(describeRecord));
  if (records.length > RECORDS_MAX) words.push(`and ${records.length - RECORDS_MAX} more`);
  if (message.edns !== undefined) words.push("OPT");
  if (message.isTruncated) words.push("[truncated]");
  return words.join(" ");
}

/** "MX 10 mail.hamburger.edu": names without the last dot, of an SOA only the primary server. */
function describeRecord({ data }: ResourceRecord): string {
  if (data.type === "SOA") return `SOA ${displayName(data.primary)}`;
  if ("octets" in data) return data.type;
  const values = data as unknown as Readonly<Record<string, unknown>>;
  const words = Object.entries(fieldsOf(data.type)).map(([key, field]) =>
    field === name || field === plainName ? displayName(values[key] as Name) : field.toText(values[key]),
  );
  return [data.type, ...words].join(" ");
}

const OPCODE_WORDS: Readonly<Record<string, string>> = {
  QUERY: "Standard query",
  IQUERY: "Inverse query",
  STATUS: "Server status request",
  NOTIFY: "Zone change notification",
  UPDATE: "Dynamic update",
};

const CODE_WORDS: Readonly<Record<string, string>> = {
  FORMERR: "Format error",
  SERVFAIL: "Server failure",
  NXDOMAIN: "No such name",
  NOTIMP: "Not implemented",
  REFUSED: "Refused",
};

/** As many as a line can show. */
const RECORDS_MAX = 16;
