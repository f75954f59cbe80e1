/** The Address Resolution Protocol for IPv4 over Ethernet: RFC 826. Read first: `ArpMessage`. */

import { FormatError, Reader, Writer } from "../../bytes/index.ts";
import { formatAddress } from "../../net/index.ts";
import { ETHERTYPE_IPV4, formatMac, readMac, writeMac } from "./ethernet.ts";

export interface ArpMessage {
  /** ARP_REQUEST or ARP_REPLY. */
  readonly operation: number;
  readonly senderMac: number;
  /** 4 octets, as is `targetAddress`. */
  readonly senderAddress: Uint8Array;
  /** 0 in a request. */
  readonly targetMac: number;
  readonly targetAddress: Uint8Array;
}

/** Parses [start, end); octets behind the message are padding of the frame. */
export function parseArp(bytes: Uint8Array, start = 0, end = bytes.length): ArpMessage {
  const reader = new Reader(bytes, start, end);
  expect(reader, reader.uint16("arp.hardwareType"), HARDWARE_ETHERNET, "arp.hardwareType", 2);
  expect(reader, reader.uint16("arp.protocolType"), ETHERTYPE_IPV4, "arp.protocolType", 2);
  expect(reader, reader.uint8("arp.hardwareLength"), 6, "arp.hardwareLength", 1);
  expect(reader, reader.uint8("arp.protocolLength"), 4, "arp.protocolLength", 1);
  return {
    operation: reader.uint16("arp.operation"),
    senderMac: readMac(reader.take(6, "arp.senderMac"), 0),
    senderAddress: reader.take(4, "arp.senderAddress"),
    targetMac: readMac(reader.take(6, "arp.targetMac"), 0),
    targetAddress: reader.take(4, "arp.targetAddress"),
  };
}

export function emitArp(message: ArpMessage): Uint8Array {
  const writer = new Writer(ARP_LENGTH)
    .uint16(HARDWARE_ETHERNET)
    .uint16(ETHERTYPE_IPV4)
    .uint8(6)
    .uint8(4)
    .uint16(message.operation);
  const mac = new Uint8Array(6);
  writeMac(mac, 0, message.senderMac);
  writer.append(mac).append(message.senderAddress);
  writeMac(mac, 0, message.targetMac);
  return writer.append(mac).append(message.targetAddress).finish();
}

export function describeArp(message: ArpMessage): string {
  const sender = formatAddress(message.senderAddress);
  const target = formatAddress(message.targetAddress);
  if (message.operation === ARP_REQUEST) {
    return sender === target ? `ARP announcement of ${sender}` : `Who has ${target}? Tell ${sender}`;
  }
  if (message.operation === ARP_REPLY) return `${sender} is at ${formatMac(message.senderMac)}`;
  return `ARP operation ${message.operation} from ${sender}`;
}

function expect(reader: Reader, found: number, expected: number, field: string, length: number): void {
  if (found !== expected) {
    throw new FormatError(field, reader.offset - length, `is ${found}, IPv4 over Ethernet has ${expected}`);
  }
}

export const ARP_REQUEST = 1;
export const ARP_REPLY = 2;
export const ARP_LENGTH = 28;
const HARDWARE_ETHERNET = 1;
