/** A packet that has arrived for this host, on its way to the transport (`ReceivedPacket` says what that may do). */

import type { Frame } from "../link/frame.ts";
import type { NetworkInterface } from "./interface.ts";
import type { IpAddress } from "./ip-address.ts";
import type { ReceivedPacket, TransportErrorReport } from "./transport.ts";

export class IpPacket implements ReceivedPacket {
  readonly bytes: Uint8Array;
  /** Where the IP header begins. */
  readonly headerStart: number;
  readonly start: number;
  readonly end: number;
  readonly protocol: number;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly ttl: number;
  readonly intact: boolean;
  readonly interface: NetworkInterface;
  /** The frame that brought it: for a reassembled packet the last one. */
  readonly frame: Frame;
  /** Whether it was sent to more than one host, by its IP or by its MAC address. */
  readonly isGroup: boolean;

  constructor(
    frame: Frame,
    from: NetworkInterface,
    addresses: { readonly source: IpAddress; readonly destination: IpAddress; readonly isGroup: boolean },
    place: PacketPlace,
  ) {
    this.frame = frame;
    this.interface = from;
    this.source = addresses.source;
    this.destination = addresses.destination;
    this.isGroup = addresses.isGroup || (frame.bytes[frame.start] & 1) === 1;
    this.bytes = place.bytes;
    this.headerStart = place.headerStart;
    this.start = place.start;
    this.end = place.end;
    this.protocol = place.protocol;
    this.ttl = place.ttl;
    this.intact = place.intact;
  }

  /** The packet ends here, and the capture hears why. */
  drop(reason: string): void {
    this.interface.drop(this.frame, reason);
  }
}

/** Where the parts of a packet are. */
export interface PacketPlace {
  readonly bytes: Uint8Array;
  readonly headerStart: number;
  readonly start: number;
  readonly end: number;
  readonly protocol: number;
  readonly ttl: number;
  readonly intact: boolean;
}

/** What stands on IP. */
export interface Transport {
  handlePacket(packet: IpPacket): void;
  /** Whether it wants a packet that is addressed to nobody here, at an interface that has no address yet. */
  isAwaited?(packet: IpPacket): boolean;
  handleError(report: TransportErrorReport): void;
}
