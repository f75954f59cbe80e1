/**
 * DHCP options (RFC 2132): which there are, and how the value of each is read and written. One table, so that the
 * parser, the emitter, the dissector and the documents agree. Where options stand in a message: wire.ts.
 */

import { decodeUtf8Lossy, encodeUtf8, FormatError, Reader, Writer } from "../../bytes/index.ts";
import { formatAddress, parseAddress } from "../../net/index.ts";

/** The options that we understand; what a message does not carry is undefined. */
export interface DhcpOptions {
  readonly subnetMask?: string;
  readonly routers?: readonly string[];
  readonly nameServers?: readonly string[];
  readonly hostName?: string;
  readonly domainName?: string;
  readonly broadcastAddress?: string;
  readonly requestedAddress?: string;
  /** Seconds; LEASE_INFINITE means for ever. So the renewal and rebinding times. */
  readonly leaseTime?: number;
  readonly messageType?: number;
  readonly serverIdentifier?: string;
  readonly parameterRequestList?: readonly number[];
  /** Why: in NAK and DECLINE, for a person. */
  readonly message?: string;
  readonly maximumMessageSize?: number;
  readonly renewalTime?: number;
  readonly rebindingTime?: number;
  readonly vendorClassIdentifier?: string;
  readonly clientIdentifier?: Uint8Array;
  readonly relayAgentInformation?: Uint8Array;
  readonly classlessRoutes?: readonly ClasslessRoute[];
}

/** RFC 3442. */
export interface ClasslessRoute {
  /** "10.2.0.0/16" */
  readonly destination: string;
  /** "0.0.0.0": on the link itself. */
  readonly router: string;
}

export type OptionName = keyof DhcpOptions;

/** How one option is written. */
export interface OptionFormat {
  readonly code: number;
  readonly name: OptionName;
  /** "Subnet Mask" */
  readonly title: string;
  /** Where it is defined: "RFC 2132 section 3.3". */
  readonly reference: string;
  readonly kind: OptionKind;
}

export type OptionKind =
  | "address"
  | "addresses"
  | "seconds"
  | "uint16"
  | "message-type"
  | "codes"
  | "text"
  | "octets"
  | "routes";

export function optionByCode(code: number): OptionFormat | undefined {
  return byCode.get(code);
}

/** Every option that we know, in the order in which they are written into a message. */
export function knownOptions(): readonly OptionFormat[] {
  return formats;
}

/** The value of an option. Throws FormatError when its length cannot be right. */
export function readOption({ kind, title }: OptionFormat, bytes: Uint8Array): DhcpOptions[OptionName] {
  const reader = new Reader(bytes);
  const exactly = (length: number): void => requireLength(title, bytes.length === length, length, bytes);
  switch (kind) {
    case "address":
      exactly(4);
      return formatAddress(bytes);
    case "addresses":
      requireLength(title, bytes.length > 0 && bytes.length % 4 === 0, "4, 8, 12 ...", bytes);
      return Array.from({ length: bytes.length / 4 }, () => formatAddress(reader.take(4, title)));
    case "seconds":
      exactly(4);
      return reader.uint32(title);
    case "uint16":
      exactly(2);
      return reader.uint16(title);
    case "message-type":
      exactly(1);
      return reader.uint8(title);
    case "codes":
      requireLength(title, bytes.length > 0, "at least 1", bytes);
      return [...bytes];
    case "text":
      requireLength(title, bytes.length > 0, "at least 1", bytes);
      return readText(bytes);
    case "octets":
      requireLength(title, bytes.length > 0, "at least 1", bytes);
      return bytes.slice();
    case "routes":
      return readRoutes(reader, title);
  }
}

/** The octets of an option's value. */
export function writeOption({ kind }: OptionFormat, value: unknown): Uint8Array {
  switch (kind) {
    case "address":
      return addressBytes(value as string);
    case "addresses":
      return concatenated((value as readonly string[]).map(addressBytes));
    case "seconds":
      return new Writer(4).uint32(value as number).finish();
    case "uint16":
      return new Writer(2).uint16(value as number).finish();
    case "message-type":
      return Uint8Array.of(value as number);
    case "codes":
      return Uint8Array.from(value as readonly number[]);
    case "text":
      return encodeUtf8(value as string);
    case "octets":
      return value as Uint8Array;
    case "routes":
      return concatenated((value as readonly ClasslessRoute[]).map(routeBytes));
  }
}

/** An IPv4 address as its four octets. */
export function addressBytes(text: string): Uint8Array {
  const bytes = parseAddress(text);
  if (bytes?.length !== 4) throw new TypeError(`"${text}" is not an IPv4 address`);
  return bytes;
}

function readText(bytes: Uint8Array): string {
  let end = bytes.length;
  // RFC 2132 section 2: trailing nulls SHOULD be deleted by the one who receives them.
  while (end > 0 && bytes[end - 1] === 0) end--;
  // What cannot be printed must not get into a log or a terminal.
  return decodeUtf8Lossy(bytes.subarray(0, end)).replace(/[\p{Cc}\p{Cs}]/gu, "\ufffd");
}

/** RFC 3442: the width of a destination, its significant octets, the router. */
function readRoutes(reader: Reader, title: string): ClasslessRoute[] {
  const routes: ClasslessRoute[] = [];
  while (reader.left > 0) {
    const width = reader.uint8(title);
    if (width > 32) throw new FormatError(title, reader.offset - 1, `the width of a route is ${width}`);
    const destination = new Uint8Array(4);
    destination.set(reader.take(Math.ceil(width / 8), title));
    routes.push({
      destination: `${formatAddress(destination)}/${width}`,
      router: formatAddress(reader.take(4, title)),
    });
  }
  return routes;
}

function routeBytes({ destination, router }: ClasslessRoute): Uint8Array {
  const [address, width] = destination.split("/");
  const significant = addressBytes(address).subarray(0, Math.ceil(Number(width) / 8));
  return concatenated([Uint8Array.of(Number(width)), significant, addressBytes(router)]);
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const writer = new Writer();
  for (const part of parts) writer.append(part);
  return writer.finish();
}

function requireLength(title: string, isRight: boolean, expected: string | number, bytes: Uint8Array): void {
  if (!isRight) throw new FormatError(title, 0, `has ${bytes.length} octets, expected ${expected}`);
}

/** RFC 2131 section 3.3: this lease time means for ever. */
export const LEASE_INFINITE = 0xffff_ffff;

const PAD = 0;
const OVERLOAD = 52;
const END = 255;
/** RFC 2132: what is part of the form of a message, not of its contents. */
export const optionCodes = { PAD, OVERLOAD, END } as const;

/** What matters most comes first: should a message be too small for all of them, the last ones are left out. */
const formats: readonly OptionFormat[] = [
  { code: 53, name: "messageType", title: "Message Type", reference: "9.6", kind: "message-type" },
  { code: 54, name: "serverIdentifier", title: "Server Identifier", reference: "9.7", kind: "address" },
  { code: 61, name: "clientIdentifier", title: "Client Identifier", reference: "9.14", kind: "octets" },
  { code: 50, name: "requestedAddress", title: "Requested IP Address", reference: "9.1", kind: "address" },
  { code: 51, name: "leaseTime", title: "IP Address Lease Time", reference: "9.2", kind: "seconds" },
  { code: 58, name: "renewalTime", title: "Renewal (T1) Time", reference: "9.11", kind: "seconds" },
  { code: 59, name: "rebindingTime", title: "Rebinding (T2) Time", reference: "9.12", kind: "seconds" },
  // RFC 2132 section 3.3: the mask MUST come before the routers.
  { code: 1, name: "subnetMask", title: "Subnet Mask", reference: "3.3", kind: "address" },
  { code: 3, name: "routers", title: "Router", reference: "3.5", kind: "addresses" },
  { code: 6, name: "nameServers", title: "Domain Name Server", reference: "3.8", kind: "addresses" },
  { code: 15, name: "domainName", title: "Domain Name", reference: "3.17", kind: "text" },
  { code: 12, name: "hostName", title: "Host Name", reference: "3.14", kind: "text" },
  { code: 28, name: "broadcastAddress", title: "Broadcast Address", reference: "5.3", kind: "address" },
  {
    code: 121,
    name: "classlessRoutes",
    title: "Classless Static Route",
    reference: "RFC 3442",
    kind: "routes",
  },
  { code: 57, name: "maximumMessageSize", title: "Maximum Message Size", reference: "9.10", kind: "uint16" },
  {
    code: 60,
    name: "vendorClassIdentifier",
    title: "Vendor Class Identifier",
    reference: "9.13",
    kind: "text",
  },
  {
    code: 55,
    name: "parameterRequestList",
    title: "Parameter Request List",
    reference: "9.8",
    kind: "codes",
  },
  { code: 56, name: "message", title: "Message", reference: "9.9", kind: "text" },
  // RFC 3046 section 2.1: it is the last option of a message.
  {
    code: 82,
    name: "relayAgentInformation",
    title: "Relay Agent Information",
    reference: "RFC 3046",
    kind: "octets",
  },
];

const byCode = new Map(formats.map((format) => [format.code, format]));
