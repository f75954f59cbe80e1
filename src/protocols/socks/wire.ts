/**
 * SOCKS Protocol Version 5 (RFC 1928): parse, emit and describe of its four messages. Each `parse` takes exactly
 * one message; `*Length` tells from the first octets how many it has, so a reader never asks for too much.
 */

import { FormatError, Reader, Writer } from "../../bytes/index.ts";
import {
  formatAddress,
  formatEndpoint,
  fromByteString,
  parseAddress,
  toByteString,
} from "../../net/index.ts";

/** What the client says first: the ways to authenticate that it knows (section 3). */
export interface Greeting {
  readonly methods: readonly number[];
}

/** The way that the server chose (section 3). */
export interface MethodSelection {
  readonly method: number;
}

/** Section 4. */
export interface Request {
  readonly command: number;
  readonly destination: Destination;
}

/** Section 6. */
export interface Reply {
  readonly reply: number;
  readonly bound: Destination;
}

/** A canonical address or a host name, and a port. */
export interface Destination {
  readonly host: string;
  readonly port: number;
}

/** Octets of a greeting that begins with `first` (at least 2). */
export function greetingLength(first: Uint8Array): number {
  return 2 + first[1];
}

export function parseGreeting(bytes: Uint8Array): Greeting {
  const reader = new Reader(bytes);
  readVersion(reader, "socks.greeting.version");
  const count = reader.uint8("socks.greeting.nmethods");
  const methods = [...reader.take(count, "socks.greeting.methods")];
  requireEnd(reader, "socks.greeting");
  return { methods };
}

export function emitGreeting(greeting: Greeting): Uint8Array {
  const { methods } = greeting;
  if (methods.length > 255) throw new RangeError(`${methods.length} methods, at most 255 fit`);
  return new Writer().uint8(VERSION).uint8(methods.length).append(Uint8Array.from(methods)).finish();
}

export function describeGreeting(greeting: Greeting): string {
  return `greeting: methods ${greeting.methods.map(methodName).join(", ") || "none"}`;
}

export function parseMethodSelection(bytes: Uint8Array): MethodSelection {
  const reader = new Reader(bytes);
  readVersion(reader, "socks.selection.version");
  const method = reader.uint8("socks.selection.method");
  requireEnd(reader, "socks.selection");
  return { method };
}

export function emitMethodSelection(selection: MethodSelection): Uint8Array {
  return Uint8Array.of(VERSION, selection.method);
}

export function describeMethodSelection(selection: MethodSelection): string {
  return `method: ${methodName(selection.method)}`;
}

/** Octets of a request or reply that begins with `first` (at least 5); throws FormatError for an unknown address type. */
export function messageLength(first: Uint8Array): number {
  // Section 5: version, command or reply, reserved, address type; the address; two octets of port.
  switch (first[3]) {
    case ADDRESS_IPV4:
      return 4 + 4 + 2;
    case ADDRESS_DOMAIN_NAME:
      return 4 + 1 + first[4] + 2;
    case ADDRESS_IPV6:
      return 4 + 16 + 2;
    default:
      throw new FormatError("socks.address.type", 3, `${first[3]} is none of 1 (IPv4), 3 (name), 4 (IPv6)`);
  }
}

export function parseRequest(bytes: Uint8Array): Request {
  const { code, address } = parseMessage(bytes, "socks.request");
  return { command: code, destination: address };
}

/** Where a client wants to, from the first octets that it has sent; undefined while, or because, it has not said. */
export function findDestination(octets: Uint8Array): Destination | undefined {
  if (octets.length < 2 || octets[0] !== VERSION) return undefined;
  const rest = octets.subarray(greetingLength(octets));
  if (rest.length < 5) return undefined;
  try {
    const length = messageLength(rest);
    return rest.length < length ? undefined : parseRequest(rest.subarray(0, length)).destination;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}

/** Octets in which `findDestination` finds it, if it is there: the longest greeting and the longest request. */
export const DESTINATION_WITHIN = 2 + 255 + 4 + 256 + 2;

export function emitRequest(request: Request): Uint8Array {
  return emitMessage(request.command, request.destination);
}

export function describeRequest(request: Request): string {
  const name = commandNames.get(request.command) ?? `command ${request.command}`;
  return `${name} ${describeDestination(request.destination)}`;
}

export function parseReply(bytes: Uint8Array): Reply {
  const { code, address } = parseMessage(bytes, "socks.reply");
  return { reply: code, bound: address };
}

export function emitReply(reply: Reply): Uint8Array {
  return emitMessage(reply.reply, reply.bound);
}

export function describeReply(reply: Reply): string {
  const name = replyNames.get(reply.reply) ?? `reply ${reply.reply}`;
  return reply.reply === REPLY_SUCCEEDED ? `${name}, bound ${describeDestination(reply.bound)}` : name;
}

/** Requests and replies differ only in the meaning of their second octet. */
function parseMessage(bytes: Uint8Array, field: string): { code: number; address: Destination } {
  const reader = new Reader(bytes);
  readVersion(reader, `${field}.version`);
  const code = reader.uint8(`${field}.code`);
  // Section 4: the reserved octet is X'00'; what others put there is nobody's loss, so it is not checked.
  reader.uint8(`${field}.reserved`);
  const host = readHost(reader, `${field}.address`);
  const port = reader.uint16(`${field}.port`);
  requireEnd(reader, field);
  return { code, address: { host, port } };
}

function emitMessage(code: number, { host, port }: Destination): Uint8Array {
  const writer = new Writer().uint8(VERSION).uint8(code).uint8(0);
  const address = parseAddress(host);
  if (address !== undefined) {
    writer.uint8(address.length === 4 ? ADDRESS_IPV4 : ADDRESS_IPV6).append(address);
  } else {
    if (!isName(host)) throw new RangeError(`"${host}" is no host name of 1 to 255 octets`);
    writer.uint8(ADDRESS_DOMAIN_NAME).uint8(host.length).append(fromByteString(host));
  }
  return writer.uint16(port).finish();
}

/** Section 5. */
function readHost(reader: Reader, field: string): string {
  const at = reader.offset;
  const type = reader.uint8(`${field}.type`);
  if (type === ADDRESS_IPV4) return formatAddress(reader.take(4, field));
  if (type === ADDRESS_IPV6) return formatAddress(reader.take(16, field));
  if (type !== ADDRESS_DOMAIN_NAME) {
    throw new FormatError(`${field}.type`, at, `${type} is none of 1 (IPv4), 3 (name), 4 (IPv6)`);
  }
  const length = reader.uint8(`${field}.length`);
  const name = toByteString(reader.take(length, field));
  if (!isName(name))
    throw new FormatError(field, at + 2, "is no host name: printable ASCII without spaces is");
  return name;
}

/** What may be looked up and may stand in a log: visible ASCII, at least one octet. */
function isName(text: string): boolean {
  return /^[\x21-\x7e]{1,255}$/.test(text);
}

function readVersion(reader: Reader, field: string): void {
  const at = reader.offset;
  const version = reader.uint8(field);
  if (version !== VERSION) throw new FormatError(field, at, `${version}, not 5`);
}

function requireEnd(reader: Reader, field: string): void {
  if (reader.left > 0) throw new FormatError(field, reader.offset, `${reader.left} octets too many`);
}

function describeDestination({ host, port }: Destination): string {
  return formatEndpoint({ address: host, port });
}

function methodName(method: number): string {
  return methodNames.get(method) ?? `0x${method.toString(16).padStart(2, "0")}`;
}

export const VERSION = 5;

export const METHOD_NONE_REQUIRED = 0x00;
export const METHOD_NO_ACCEPTABLE = 0xff;
const methodNames = new Map([
  [METHOD_NONE_REQUIRED, "no authentication required"],
  [0x01, "GSSAPI"],
  [0x02, "user name and password"],
  [METHOD_NO_ACCEPTABLE, "no acceptable methods"],
]);

export const COMMAND_CONNECT = 0x01;
const commandNames = new Map([
  [COMMAND_CONNECT, "CONNECT"],
  [0x02, "BIND"],
  [0x03, "UDP ASSOCIATE"],
]);

const ADDRESS_IPV4 = 0x01;
const ADDRESS_DOMAIN_NAME = 0x03;
const ADDRESS_IPV6 = 0x04;

export const REPLY_SUCCEEDED = 0x00;
export const REPLY_GENERAL_FAILURE = 0x01;
export const REPLY_NOT_ALLOWED = 0x02;
export const REPLY_NETWORK_UNREACHABLE = 0x03;
export const REPLY_HOST_UNREACHABLE = 0x04;
export const REPLY_CONNECTION_REFUSED = 0x05;
export const REPLY_TTL_EXPIRED = 0x06;
export const REPLY_COMMAND_NOT_SUPPORTED = 0x07;
export const REPLY_ADDRESS_TYPE_NOT_SUPPORTED = 0x08;
/** Section 6. */
const replyNames = new Map([
  [REPLY_SUCCEEDED, "succeeded"],
  [REPLY_GENERAL_FAILURE, "general SOCKS server failure"],
  [REPLY_NOT_ALLOWED, "connection not allowed by ruleset"],
  [REPLY_NETWORK_UNREACHABLE, "network unreachable"],
  [REPLY_HOST_UNREACHABLE, "host unreachable"],
  [REPLY_CONNECTION_REFUSED, "connection refused"],
  [REPLY_TTL_EXPIRED, "TTL expired"],
  [REPLY_COMMAND_NOT_SUPPORTED, "command not supported"],
  [REPLY_ADDRESS_TYPE_NOT_SUPPORTED, "address type not supported"],
]);
