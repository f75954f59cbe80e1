/** What FETCH brings of a message: RFC 3501 section 7.4.2. Read first: `FetchedMessage`, `BodyPart`. */

import { octetsOf, textOf, type Value, type ValueReader } from "./response-values.ts";

export interface FetchedMessage {
  /** Its sequence number at that moment. */
  readonly number: number;
  readonly uid?: number;
  /** "\Seen", as the server writes them. */
  readonly flags?: readonly string[];
  /** RFC822.SIZE */
  readonly octets?: number;
  /** "17-Jul-1996 02:44:25 -0700" */
  readonly internalDate?: string;
  readonly envelope?: Envelope;
  readonly structure?: BodyPart;
  /** What was asked for with BODY[...], by what stood in the brackets: "", "HEADER", "1.2"; undefined: there is no such part. */
  readonly sections: ReadonlyMap<string, Uint8Array | undefined>;
}

/** Fields of the header as they stand there, encoded words and all (byte strings); undefined: the message has none. */
export interface Envelope {
  readonly date: string | undefined;
  readonly subject: string | undefined;
  readonly from: readonly EnvelopeAddress[];
  readonly sender: readonly EnvelopeAddress[];
  readonly replyTo: readonly EnvelopeAddress[];
  readonly to: readonly EnvelopeAddress[];
  readonly cc: readonly EnvelopeAddress[];
  readonly bcc: readonly EnvelopeAddress[];
  readonly inReplyTo: string | undefined;
  readonly messageId: string | undefined;
}

export interface EnvelopeAddress {
  readonly name: string | undefined;
  /** "bob" of bob@hamburger.edu; without a host it begins or ends a group. */
  readonly mailbox: string | undefined;
  readonly host: string | undefined;
}

export interface BodyPart {
  /** What FETCH calls it: "1.2"; "" is a message that is a multipart. */
  readonly section: string;
  /** "text/plain", small letters. */
  readonly type: string;
  /** By name in small letters, as they stand: charset, name. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Content-ID, with its angle brackets. */
  readonly id: string | undefined;
  readonly description: string | undefined;
  /** "base64", small letters. */
  readonly encoding: string;
  /** Encoded as it is; 0 for a multipart. */
  readonly octets: number;
  readonly disposition:
    | { readonly value: string; readonly parameters: ReadonlyMap<string, string> }
    | undefined;
  /** Of a multipart its parts, of a message/rfc822 the body of that message. */
  readonly parts: readonly BodyPart[];
}

export function parseFetch(reader: ValueReader, number: number): FetchedMessage {
  const message: { -readonly [Key in keyof FetchedMessage]: FetchedMessage[Key] } = {
    number,
    sections: new Map(),
  };
  const sections = new Map<string, Uint8Array | undefined>();
  message.sections = sections;
  reader.expect("(", "fetch");
  while (!reader.take(")")) {
    if (reader.take(" ")) continue;
    const item = reader.name("fetch.item");
    if (reader.take("[")) {
      const section = reader.until("]", "fetch.section").toUpperCase();
      // RFC 3501 section 7.4.2: a part of it begins at this octet.
      if (reader.take("<")) reader.until(">", "fetch.origin");
      reader.expect(" ", "fetch");
      sections.set(section, octetsOf(reader.value("fetch.section")));
      continue;
    }
    reader.expect(" ", "fetch");
    if (item === "UID") message.uid = reader.number("fetch.uid");
    else if (item === "RFC822.SIZE") message.octets = reader.number("fetch.size");
    else if (item === "FLAGS")
      message.flags = reader.list("fetch.flags").flatMap((flag) => textOf(flag) ?? []);
    else if (item === "INTERNALDATE") message.internalDate = reader.text("fetch.date") ?? "";
    else if (item === "ENVELOPE") message.envelope = envelopeOf(reader.list("fetch.envelope"));
    else if (item === "BODYSTRUCTURE" || item === "BODY")
      message.structure = innerBody(reader.list("fetch.structure"), "");
    else reader.value("fetch.value");
  }
  return message;
}

/** Whatever is missing or no string is left out: servers make envelopes of all sorts of mail. */
function envelopeOf(values: readonly Value[]): Envelope {
  const text = (at: number): string | undefined => textOf(values[at]);
  const addresses = (at: number): EnvelopeAddress[] => listOf(values[at]).map(addressOf);
  return {
    date: text(0),
    subject: text(1),
    from: addresses(2),
    sender: addresses(3),
    replyTo: addresses(4),
    to: addresses(5),
    cc: addresses(6),
    bcc: addresses(7),
    inReplyTo: text(8),
    messageId: text(9),
  };
}

/** RFC 3501 section 7.4.2: name, source route, mailbox, host. */
function addressOf(value: Value): EnvelopeAddress {
  const [name, , mailbox, host] = listOf(value);
  return { name: textOf(name), mailbox: textOf(mailbox), host: textOf(host) };
}

/** RFC 3501 section 6.4.5: what is no multipart has the one part 1. */
function innerBody(values: readonly Value[], section: string): BodyPart {
  return bodyOf(values, isMultipart(values) ? section : within(section, 1));
}

function bodyOf(values: readonly Value[], section: string): BodyPart {
  return isMultipart(values) ? multipartOf(values, section) : singleOf(values, section);
}

function multipartOf(values: readonly Value[], section: string): BodyPart {
  const end = values.findIndex((value) => !Array.isArray(value));
  const bodies = values.slice(0, end === -1 ? values.length : end);
  const [subtype, parameters, disposition] = values.slice(bodies.length);
  return {
    section,
    type: `multipart/${small(subtype, "mixed")}`,
    parameters: parametersOf(parameters),
    id: undefined,
    description: undefined,
    encoding: "7bit",
    octets: 0,
    disposition: dispositionOf(disposition),
    parts: bodies.map((body, i) => bodyOf(listOf(body), within(section, i + 1))),
  };
}

function singleOf(values: readonly Value[], section: string): BodyPart {
  const [main, subtype, parameters, id, description, encoding, octets] = values;
  const type = `${small(main, "text")}/${small(subtype, "plain")}`;
  const isMessage = (type === "message/rfc822" || type === "message/global") && Array.isArray(values[8]);
  // Behind the basic fields: lines of a text; envelope, body and lines of a message; then MD5 and the disposition.
  const extension = isMessage ? 10 : type.startsWith("text/") ? 8 : 7;
  return {
    section,
    type,
    parameters: parametersOf(parameters),
    id: textOf(id),
    description: textOf(description),
    encoding: small(encoding, "7bit"),
    octets: Number(/^\d{1,15}$/.exec(textOf(octets) ?? "")?.[0] ?? 0),
    disposition: dispositionOf(values[extension + 1]),
    parts: isMessage ? [innerBody(listOf(values[8]), section)] : [],
  };
}

function dispositionOf(value: Value | undefined): BodyPart["disposition"] {
  const [name, parameters] = listOf(value);
  const text = textOf(name);
  return text === undefined ? undefined : { value: text.toLowerCase(), parameters: parametersOf(parameters) };
}

function parametersOf(value: Value | undefined): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  const values = listOf(value);
  for (let i = 0; i + 1 < values.length; i += 2) {
    const name = small(values[i], "");
    if (!parameters.has(name)) parameters.set(name, textOf(values[i + 1]) ?? "");
  }
  return parameters;
}

function isMultipart(values: readonly Value[]): boolean {
  return Array.isArray(values[0]);
}

function within(section: string, number: number): string {
  return section === "" ? `${number}` : `${section}.${number}`;
}

function small(value: Value | undefined, fallback: string): string {
  return (textOf(value) ?? fallback).toLowerCase();
}

function listOf(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? value : [];
}
