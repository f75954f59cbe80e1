/**
 * A DHCP message: RFC 2131 section 2, with the options of RFC 2132 behind it. `parseMessage`, `emitMessage` and
 * `describeMessage`; what each option holds stands in options.ts, how they share the room in option-fields.ts.
 */

import { FormatError, Reader, Writer } from "../../bytes/index.ts";
import { formatAddress } from "../../net/index.ts";
import { collectOptions, type OptionParts, placeOptions } from "./option-fields.ts";
import {
  addressBytes,
  type DhcpOptions,
  knownOptions,
  type OptionName,
  optionByCode,
  optionCodes,
  readOption,
  writeOption,
} from "./options.ts";

export interface DhcpMessage {
  /** From a client, or from a server (op). */
  readonly operation: "request" | "reply";
  /** 1: Ethernet (htype). */
  readonly hardwareType: number;
  /** Relays that it has come through. */
  readonly hops: number;
  /** Chosen by the client, so that it knows the answer (xid). */
  readonly transactionId: number;
  /** Since the client began. */
  readonly seconds: number;
  /** The client cannot take unicasts yet. */
  readonly broadcast: boolean;
  /** The client's address, if it has one that it can be reached at (ciaddr). */
  readonly clientAddress: string;
  /** What the client gets (yiaddr). */
  readonly yourAddress: string;
  /** Of the server that the client boots from next (siaddr). */
  readonly nextServerAddress: string;
  /** Of the relay agent on the client's network (giaddr). */
  readonly relayAddress: string;
  /** At most 16 octets (chaddr, hlen). */
  readonly hardwareAddress: Uint8Array;
  readonly serverName: string;
  readonly bootFile: string;
  readonly options: DhcpOptions;
}

/** RFC 2132 section 9.6. */
export const messageTypes = {
  discover: 1,
  offer: 2,
  request: 3,
  decline: 4,
  ack: 5,
  nak: 6,
  release: 7,
  inform: 8,
} as const;

export const SERVER_PORT = 67;
export const CLIENT_PORT = 68;
export const HARDWARE_ETHERNET = 1;
export const UNSPECIFIED = "0.0.0.0";
export const BROADCAST = "255.255.255.255";

/** Throws FormatError for what is no DHCP message. */
export function parseMessage(bytes: Uint8Array): DhcpMessage {
  const reader = new Reader(bytes);
  const operation = OPERATIONS[reader.uint8("op")];
  if (operation === undefined) throw new FormatError("op", 0, "is neither 1 (request) nor 2 (reply)");
  const hardwareType = reader.uint8("htype");
  const hardwareLength = reader.uint8("hlen");
  if (hardwareLength > HARDWARE_ADDRESS_MAX)
    throw new FormatError("hlen", 2, `is ${hardwareLength}, at most ${HARDWARE_ADDRESS_MAX} fit`);
  const hops = reader.uint8("hops");
  const transactionId = reader.uint32("xid");
  const seconds = reader.uint16("secs");
  const flags = reader.uint16("flags");
  const address = (field: string): string => formatAddress(reader.take(4, field));
  const addresses = {
    clientAddress: address("ciaddr"),
    yourAddress: address("yiaddr"),
    nextServerAddress: address("siaddr"),
    relayAddress: address("giaddr"),
  };
  const hardwareAddress = reader.take(HARDWARE_ADDRESS_MAX, "chaddr").slice(0, hardwareLength);
  const serverName = reader.take(SERVER_NAME_LENGTH, "sname");
  const bootFile = reader.take(BOOT_FILE_LENGTH, "file");
  if (reader.uint32("magic cookie") !== MAGIC_COOKIE)
    throw new FormatError("magic cookie", COOKIE_AT, "is not 99.130.83.99: a BOOTP message without options");
  const { options, overload } = collectOptions(reader.rest(), bootFile, serverName);
  return {
    operation,
    hardwareType,
    hops,
    transactionId,
    seconds,
    broadcast: (flags & BROADCAST_FLAG) !== 0,
    ...addresses,
    hardwareAddress,
    serverName: overload.serverName ? "" : fixedText(serverName),
    bootFile: overload.bootFile ? "" : fixedText(bootFile),
    options: readOptions(options),
  };
}

/**
 * The octets of a message. `maximumMessageSize` is what the receiver takes (option 57), IP and UDP headers included; what
 * does not fit is left out, the least important options first.
 */
export function emitMessage(message: DhcpMessage, maximumMessageSize = MESSAGE_SIZE_MIN): Uint8Array {
  const { hardwareAddress } = message;
  if (hardwareAddress.length > HARDWARE_ADDRESS_MAX)
    throw new RangeError(`${hardwareAddress.length} octets of hardware address do not fit`);
  const fields = placeOptions(writeOptions(message.options), {
    // RFC 2131 section 2: a client must be ready for an IP datagram of 576 octets.
    room: Math.max(maximumMessageSize, MESSAGE_SIZE_MIN) - HEADERS - OPTIONS_AT,
    bootFile: message.bootFile === "" ? BOOT_FILE_LENGTH : 0,
    serverName: message.serverName === "" ? SERVER_NAME_LENGTH : 0,
  });
  const writer = new Writer(MESSAGE_SIZE_MIN)
    .uint8(message.operation === "request" ? 1 : 2)
    .uint8(message.hardwareType)
    .uint8(hardwareAddress.length)
    .uint8(message.hops)
    .uint32(message.transactionId)
    .uint16(message.seconds)
    .uint16(message.broadcast ? BROADCAST_FLAG : 0)
    .append(addressBytes(message.clientAddress))
    .append(addressBytes(message.yourAddress))
    .append(addressBytes(message.nextServerAddress))
    .append(addressBytes(message.relayAddress))
    .append(padded(hardwareAddress, HARDWARE_ADDRESS_MAX))
    .append(fields.serverName ?? textField(message.serverName, SERVER_NAME_LENGTH))
    .append(fields.bootFile ?? textField(message.bootFile, BOOT_FILE_LENGTH))
    .uint32(MAGIC_COOKIE)
    .append(fields.options);
  const bytes = writer.finish();
  // RFC 951 section 3 has 64 octets of vendor area, and some relays still drop what is shorter.
  return bytes.length < BOOTP_LENGTH_MIN ? padded(bytes, BOOTP_LENGTH_MIN) : bytes;
}

/** "DHCP Discover - Transaction ID 0x3d1d": what Wireshark says of it. */
export function describeMessage(message: DhcpMessage): string {
  const type = message.options.messageType;
  const id = `Transaction ID 0x${message.transactionId.toString(16)}`;
  if (type === undefined) return `BOOTP ${message.operation === "request" ? "Request" : "Reply"} - ${id}`;
  return `DHCP ${messageTypeTitle(type) ?? `type ${type}`} - ${id}`;
}

/** "Discover", "ACK" */
export function messageTypeTitle(type: number): string | undefined {
  return TITLES[type];
}

/** "02:00:00:00:00:05" */
export function formatHardwareAddress(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, "0")).join(":");
}

/** The octets of "02:00:00:00:00:05" (or with dashes); undefined when it is not that. */
export function parseHardwareAddress(text: string): Uint8Array | undefined {
  const isAddress = /^[0-9a-f]{1,2}([:-][0-9a-f]{1,2}){5}$/i.test(text);
  return isAddress ? Uint8Array.from(text.split(/[:-]/), (octet) => Number.parseInt(octet, 16)) : undefined;
}

function readOptions(parts: OptionParts): DhcpOptions {
  const options: Partial<Record<OptionName, unknown>> = {};
  for (const [code, bytes] of parts) {
    const format = optionByCode(code);
    if (format !== undefined) options[format.name] = readOption(format, bytes);
  }
  return options as DhcpOptions;
}

function writeOptions(options: DhcpOptions): OptionParts {
  const parts = new Map<number, Uint8Array>();
  for (const format of knownOptions()) {
    const value = options[format.name];
    if (value !== undefined) parts.set(format.code, writeOption(format, value));
  }
  return parts;
}

/** The text in a field of fixed length: up to its first zero. */
function fixedText(field: Uint8Array): string {
  const end = field.indexOf(optionCodes.PAD);
  const text = end === -1 ? field : field.subarray(0, end);
  return String.fromCharCode(...text).replace(/[^\x20-\x7e]/g, "?");
}

function textField(text: string, length: number): Uint8Array {
  const octets = Uint8Array.from(text, (character) => character.charCodeAt(0));
  if (octets.length >= length) throw new RangeError(`"${text}" does not fit into ${length} octets`);
  return padded(octets, length);
}

function padded(bytes: Uint8Array, length: number): Uint8Array {
  const field = new Uint8Array(length);
  field.set(bytes);
  return field;
}

const OPERATIONS: Readonly<Record<number, DhcpMessage["operation"]>> = { 1: "request", 2: "reply" };
const TITLES: Readonly<Record<number, string>> = {
  1: "Discover",
  2: "Offer",
  3: "Request",
  4: "Decline",
  5: "ACK",
  6: "NAK",
  7: "Release",
  8: "Inform",
};
const HARDWARE_ADDRESS_MAX = 16;
const SERVER_NAME_LENGTH = 64;
const BOOT_FILE_LENGTH = 128;
const BROADCAST_FLAG = 0x8000;
const COOKIE_AT = 236;
const OPTIONS_AT = COOKIE_AT + 4;
/** RFC 2131 section 3: 99, 130, 83, 99. */
const MAGIC_COOKIE = 0x6382_5363;
const BOOTP_LENGTH_MIN = 300;
/** RFC 2132 section 9.10. */
const MESSAGE_SIZE_MIN = 576;
/** Of IP and UDP. */
const HEADERS = 28;
