/** What a dissector is: the shape of each file in layers/ and applications/. */

import type { PacketContext } from "./dissection.ts";
import type { Walk } from "./walk.ts";

/** How one protocol is dissected. */
export interface Dissector {
  /** Wireshark's name of the protocol in filters: "tcp". */
  readonly key: string;
  /** "Transmission Control Protocol" */
  readonly title: string;
  /** "RFC 9293" */
  readonly standard: string;
  /**
   * Walks its part, says what it learned in `packet`; what it leaves over belongs to the next, or is data.
   */
  dissect(walk: Walk, packet: Packet): Next | undefined;
}

/** Who goes on at the place where the walk ended: the number is looked up in the registry. */
export interface Next {
  /** Absent: nobody, what is left is data. With "port", the numbers are those in `packet.transport`. */
  readonly by?: "ethertype" | "ip.protocol" | "port";
  readonly number?: number;
  /** Where its octets end, when that is before the end of this layer's: the rest is padding. */
  readonly end?: number;
}

/** What the layers of one packet tell each other; the last one that speaks fills the columns. */
export interface Packet {
  readonly context: PacketContext;
  /**
   * True for the part of a packet that an ICMP error quotes: it is cut, its checksums were those of another
   * hop.
   */
  readonly isQuoted: boolean;
  protocol: string;
  source: string;
  destination: string;
  info: string;
  network: NetworkFacts | undefined;
  transport: TransportFacts | undefined;
  /** The sum of the pseudo header's addresses (RFC 9293 section 3.1, RFC 8200 section 8.1). */
  pseudoHeaderSum: number;
  /** Walks a quoted packet to the end of `walk`, its layers becoming fields. */
  quote(walk: Walk, etherType: number): void;
}

/** What the network layer says. */
export interface NetworkFacts {
  readonly family: 4 | 6;
  /** TTL. */
  readonly hopLimit: number;
  /** False for all fragments but whole packets: their transport header is not looked at. */
  readonly isWhole: boolean;
}

/** What the transport layer says. */
export interface TransportFacts {
  readonly protocol: "tcp" | "udp";
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Where the data stand in the frame. */
  readonly payloadStart: number;
  readonly payloadEnd: number;
  readonly tcp: TcpFacts | undefined;
}

export interface TcpFacts {
  readonly sequence: number;
  readonly acknowledgment: number;
  readonly flags: number;
  /** As the header has it, not scaled. */
  readonly window: number;
  /** The shift that a SYN's window scale option announces. */
  readonly windowScale: number | undefined;
}
