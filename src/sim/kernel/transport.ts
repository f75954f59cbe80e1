/**
 * Between IP and what stands on it (TCP, UDP, ICMP): the boundary that lets each be built and tested alone.
 */

import type { Random } from "../../net/index.ts";
import type { Schedule } from "../schedule.ts";
import type { AddressTable, IpAddress } from "./ip-address.ts";

/** What a transport may ask of its host's IP layer. */
export interface IpLayer {
  readonly schedule: Schedule;
  readonly random: Random;
  readonly addresses: AddressTable;

  /** The local address that packets to `remote` come from; undefined without a route or an address of its family. */
  sourceFor(remote: IpAddress): IpAddress | undefined;
  /** Whether `address` is one of this host's own. */
  isLocal(address: IpAddress): boolean;
  /** The largest IP packet, header included, for the path to `remote` as far as it is known (path MTU). */
  mtuTo(remote: IpAddress): number;
  /**
   * The remote has acknowledged something new, so the next hop towards it hears us: saves asking for its MAC address
   * again (RFC 4861 section 7.3.1). Stand-ins in tests need not have it.
   */
  confirm?(remote: IpAddress): void;
  /**
   * A buffer for one packet to `remote` whose transport header and data take `length` octets. They begin at
   * `HEADROOM`; before that there is room for the Ethernet and IP headers, which `send` fills in.
   */
  allocate(length: number): Uint8Array;
  /**
   * Sends a buffer from `allocate`, whose transport part is complete (checksum included). The buffer belongs to
   * the network afterwards. `reason` says why it is sent, for the capture: "fast retransmit: 3 duplicate ACKs".
   * Nothing that it leads to (a packet to this host itself, an error) reaches a transport before it has returned.
   */
  send(packet: Uint8Array, header: TransportHeader): void;
}

export interface TransportHeader {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly protocol: number;
  readonly reason: string | undefined;
  /** TTL (hop limit); absent: 64. */
  readonly ttl?: number;
  /** May routers fragment it (IPv4)? TCP says false: path MTU discovery, RFC 1191. Absent: true. */
  readonly mayFragment?: boolean;
}

/** A transport packet that has arrived; `bytes` must not be changed or kept beyond the call (copy the payload). */
export interface ReceivedPacket {
  readonly bytes: Uint8Array;
  /** Where the transport header begins. */
  readonly start: number;
  /** Where the transport's octets end. */
  readonly end: number;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly ttl: number;
  /** False when a link may have changed the bytes: then the checksum must be verified (else it may be). */
  readonly intact: boolean;
  /** The packet ends here, and the capture hears why. */
  drop(reason: string): void;
}

/** What an ICMP error tells a transport about a packet that it sent. */
export interface TransportErrorReport {
  readonly kind:
    | "port-unreachable"
    | "host-unreachable"
    | "network-unreachable"
    | "prohibited"
    | "packet-too-big"
    | "time-exceeded";
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** The first octets of the transport header that we sent (at least 8). */
  readonly header: Uint8Array;
  /** With packet-too-big: the MTU that fits. */
  readonly mtu: number | undefined;
}

/** Room in front of every transport header: Ethernet (14) and the larger IP header (IPv6: 40). */
export const HEADROOM = 54;

export const PROTOCOL_ICMP = 1;
export const PROTOCOL_TCP = 6;
export const PROTOCOL_UDP = 17;
export const PROTOCOL_ICMPV6 = 58;
