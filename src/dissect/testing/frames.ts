/** Frames for tests, made by the emitters that the simulated hosts use. */

import { parseAddress } from "../../net/index.ts";
import type { CapturedPacket } from "../../sim/capture/index.ts";
import {
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  emitArp,
  emitEthernet,
  emitIcmpHeader,
  emitIpv4,
  emitIpv6,
  emitUdp,
  writeIcmpChecksum,
  writeIcmpv6Checksum,
} from "../../sim/wire/index.ts";
import {
  emitTcpHeader,
  TcpHeader,
  tcpHeaderLength,
  tcpPseudoSum,
  writeTcpChecksum,
} from "../../sim/wire/tcp.ts";

export const CLIENT = "10.1.0.25";
export const SERVER = "10.2.0.25";
export const CLIENT6 = "2001:db8:1::25";
export const SERVER6 = "2001:db8:2::25";
const CLIENT_MAC = 0x020000000001;
const SERVER_MAC = 0x020000000002;

export function octets(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function addressOctets(text: string): Uint8Array {
  const bytes = parseAddress(text);
  if (bytes === undefined) throw new TypeError(`"${text}" is no address`);
  return bytes;
}

/** An Ethernet frame around `payload`. */
function ethernetFrame(etherType: number, payload: Uint8Array, isFromClient = true): Uint8Array {
  const frame = new Uint8Array(14 + payload.length);
  const [source, destination] = isFromClient ? [CLIENT_MAC, SERVER_MAC] : [SERVER_MAC, CLIENT_MAC];
  emitEthernet(frame, 0, { destination, source, etherType });
  frame.set(payload, 14);
  return frame;
}

/** An IPv4 or IPv6 packet in a frame; `finish` completes the checksum of what it carries. */
export function ipFrame(
  source: string,
  destination: string,
  protocol: number,
  payload: Uint8Array,
  finish: (frame: Uint8Array, start: number, source: Uint8Array, destination: Uint8Array) => void = () => {},
): Uint8Array {
  const addresses = { source: addressOctets(source), destination: addressOctets(destination) };
  const isIpv4 = addresses.source.length === 4;
  const headerLength = isIpv4 ? 20 : 40;
  const packet = new Uint8Array(headerLength + payload.length);
  packet.set(payload, headerLength);
  if (isIpv4) {
    const header = { totalLength: packet.length, identification: 7, ttl: 64, protocol, dontFragment: true };
    emitIpv4(packet, 0, { ...header, ...addresses });
  } else {
    emitIpv6(packet, 0, { payloadLength: payload.length, nextHeader: protocol, hopLimit: 64, ...addresses });
  }
  finish(packet, headerLength, addresses.source, addresses.destination);
  const isFromClient = source === CLIENT || source === CLIENT6;
  return ethernetFrame(isIpv4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6, packet, isFromClient);
}

export function udpFrame(
  source: string,
  sourcePort: number,
  destination: string,
  destinationPort: number,
  data: Uint8Array,
): Uint8Array {
  const datagram = new Uint8Array(8 + data.length);
  datagram.set(data, 8);
  return ipFrame(source, destination, 17, datagram, (packet, start, from, to) =>
    emitUdp(packet, start, packet.length, { source: from, sourcePort, destination: to, destinationPort }),
  );
}

export function tcpFrame(
  source: string,
  destination: string,
  header: Partial<TcpHeader>,
  data: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const full = Object.assign(new TcpHeader(), header);
  const length = tcpHeaderLength(full);
  const segment = new Uint8Array(length + data.length);
  emitTcpHeader(full, segment, 0);
  segment.set(data, length);
  return ipFrame(source, destination, 6, segment, (packet, start, from, to) =>
    writeTcpChecksum(packet, start, packet.length, tcpPseudoSum(from, to)),
  );
}

export function icmpFrame(
  source: string,
  destination: string,
  header: { type: number; code: number; rest: number },
  body: Uint8Array,
): Uint8Array {
  const message = new Uint8Array(8 + body.length);
  emitIcmpHeader(message, 0, header);
  message.set(body, 8);
  const isIpv4 = !source.includes(":");
  return ipFrame(source, destination, isIpv4 ? 1 : 58, message, (packet, start, from, to) => {
    if (isIpv4) writeIcmpChecksum(packet, start, packet.length);
    else writeIcmpv6Checksum(packet, start, packet.length, from, to);
  });
}

export function arpFrame(operation: number): Uint8Array {
  const message = emitArp({
    operation,
    senderMac: CLIENT_MAC,
    senderAddress: addressOctets(CLIENT),
    targetMac: operation === 1 ? 0 : SERVER_MAC,
    targetAddress: addressOctets("10.1.0.1"),
  });
  return ethernetFrame(ETHERTYPE_ARP, message);
}

/** Frames as a capture has them, `stepNs` apart. */
export function captured(frames: readonly Uint8Array[], stepNs = 1_000_000): CapturedPacket[] {
  return frames.map((bytes, i) => ({
    ...{ number: i + 1, timeNs: i * stepNs, interfaceId: 0, kind: "origin", packetId: i },
    ...{ bytes, length: bytes.length, comment: undefined },
  }));
}
