/**
 * The transport packet in a frame, read quickly and without fields: what conversations and streams are made
 * of.
 */

import { FormatError } from "../bytes/index.ts";
import { type Endpoint, formatAddress } from "../net/index.ts";
import {
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  parseEthernet,
  parseIpv4Packet,
  parseIpv6Packet,
  parseUdp,
} from "../sim/wire/index.ts";
import { parseTcpHeader, type TcpHeader } from "../sim/wire/tcp.ts";

export interface Flow {
  readonly protocol: "tcp" | "udp";
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly payload: Uint8Array;
  /** With TCP. */
  readonly tcp: TcpHeader | undefined;
}

/**
 * Undefined when the frame carries no whole TCP or UDP header: other protocols, fragments, what is malformed.
 */
export function flowOf(frame: Uint8Array): Flow | undefined {
  try {
    const packet = networkPacketOf(frame);
    if (packet?.protocol === PROTOCOL_TCP) return tcpFlow(frame, packet);
    return packet?.protocol === PROTOCOL_UDP ? udpFlow(frame, packet) : undefined;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

interface NetworkPacket {
  readonly protocol: number;
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly payloadStart: number;
  readonly payloadEnd: number;
}

function networkPacketOf(frame: Uint8Array): NetworkPacket | undefined {
  const { etherType, payloadStart } = parseEthernet(frame);
  if (etherType === ETHERTYPE_IPV4) {
    const packet = parseIpv4Packet(frame, payloadStart);
    return packet.moreFragments || packet.fragmentOffset > 0 ? undefined : packet;
  }
  if (etherType !== ETHERTYPE_IPV6) return undefined;
  const packet = parseIpv6Packet(frame, payloadStart);
  const { fragment } = packet;
  return fragment !== undefined && (fragment.moreFragments || fragment.offset > 0) ? undefined : packet;
}

function tcpFlow(frame: Uint8Array, packet: NetworkPacket): Flow {
  const tcp = parseTcpHeader(frame, packet.payloadStart, packet.payloadEnd);
  return {
    protocol: "tcp",
    source: { address: formatAddress(packet.source), port: tcp.sourcePort },
    destination: { address: formatAddress(packet.destination), port: tcp.destinationPort },
    payload: frame.subarray(tcp.dataStart, tcp.dataEnd),
    tcp,
  };
}

function udpFlow(frame: Uint8Array, packet: NetworkPacket): Flow {
  const datagram = parseUdp(frame, packet.payloadStart, packet.payloadEnd);
  return {
    protocol: "udp",
    source: { address: formatAddress(packet.source), port: datagram.sourcePort },
    destination: { address: formatAddress(packet.destination), port: datagram.destinationPort },
    payload: frame.subarray(datagram.payloadStart, datagram.payloadEnd),
    tcp: undefined,
  };
}

const PROTOCOL_TCP = 6;
const PROTOCOL_UDP = 17;
