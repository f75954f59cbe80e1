/** A network interface of a host: its MAC address, its IP addresses, its link. It takes what is addressed to it. */

import type { FrameEvent } from "../capture/tap.ts";
import type { Frame } from "../link/frame.ts";
import type { LinkEnd, Outgoing } from "../link/link.ts";
import type { Taps } from "../link/taps.ts";
import { ETHERNET_HEADER_LENGTH, formatMac, writeMac } from "../wire/ethernet.ts";
import type { IpAddress } from "./ip-address.ts";
import type { NeighbourCache } from "./neighbours.ts";
import { matchesPrefix } from "./prefix.ts";

/** An address with the prefix of its network. */
export interface AssignedAddress {
  readonly address: IpAddress;
  readonly prefixLength: number;
  /** That of its network (RFC 919); none in IPv6 and in networks of two. */
  readonly broadcast: IpAddress | undefined;
}

/** What an interface hands its frames to: the running kernel of its host. */
export interface FrameHandler {
  handleFrame(frame: Frame, from: NetworkInterface): void;
}

export class NetworkInterface implements LinkEnd {
  readonly id: number;
  readonly hostName: string;
  readonly name: string;
  readonly macAddress: number;
  /** The largest IP packet that leaves here whole; may be changed while it runs. */
  mtu: number;
  readonly assigned: AssignedAddress[] = [];
  readonly isLoopback: boolean;
  outgoing: Outgoing | undefined;
  /** The running kernel, undefined while the host is off. */
  handler: FrameHandler | undefined;
  /** Set by the kernel with `handler`; the loopback interface has none. */
  neighbours: NeighbourCache | undefined;
  readonly #taps: Taps;
  readonly #macBytes = new Uint8Array(6);

  constructor(taps: Taps, id: number, hostName: string, options: InterfaceIdentity) {
    this.#taps = taps;
    this.id = id;
    this.hostName = hostName;
    this.name = options.name;
    this.macAddress = options.macAddress;
    this.mtu = options.mtu;
    this.isLoopback = options.isLoopback;
    writeMac(this.#macBytes, 0, options.macAddress);
  }

  get mac(): string {
    return formatMac(this.macAddress);
  }

  get addresses(): readonly string[] {
    return this.assigned.map((entry) => entry.address.text);
  }

  /** Its address in the network of `remote`, else its first one of that family. */
  addressFor(remote: IpAddress): IpAddress | undefined {
    const sameFamily = this.assigned.filter((entry) => entry.address.family === remote.family);
    const onLink = sameFamily.find((entry) => matchesPrefix(remote, entry.address.bytes, entry.prefixLength));
    return (onLink ?? sameFamily[0])?.address;
  }

  owns(address: IpAddress): boolean {
    return this.assigned.some((entry) => entry.address === address);
  }

  /** Sends a frame that nobody else holds, with these 14 octets as its header. */
  transmit(frame: Frame, header: Uint8Array, kind: FrameEvent["kind"]): void {
    writeHeader(frame, header);
    this.#taps.tell(kind, this.id, frame, frame.reason);
    frame.reason = undefined;
    if (this.outgoing === undefined) this.drop(frame, "no link is plugged in");
    else this.outgoing.send(frame);
  }

  receive(frame: Frame): void {
    if (this.handler === undefined) {
      this.drop(frame, "the host is off");
      return;
    }
    // What a switch floods to others passes us by, as a network card filters it.
    if (frame.length < ETHERNET_HEADER_LENGTH || !this.#isAddressed(frame)) return;
    this.#taps.tell("receive", this.id, frame);
    this.handler.handleFrame(frame, this);
  }

  /** It is taken out of its host: nothing reaches it any more, and it has no address. */
  detach(): void {
    this.handler = undefined;
    this.neighbours?.close();
    this.neighbours = undefined;
    this.assigned.length = 0;
  }

  /** A frame that never left ends here; it has no Ethernet header yet, and gets one to nobody. */
  dropUnsent(frame: Frame, etherType: number, reason: string): void {
    writeHeader(frame, this.headerTo(0, etherType));
    this.drop(frame, reason);
  }

  /** A frame ends here. */
  drop(frame: Frame, reason: string): void {
    this.#taps.tell("drop", this.id, frame, reason);
  }

  /** The header of frames to `destination`. */
  headerTo(destination: number, etherType: number): Uint8Array {
    const header = new Uint8Array(ETHERNET_HEADER_LENGTH);
    writeMac(header, 0, destination);
    header.set(this.#macBytes, 6);
    header[12] = etherType >> 8;
    header[13] = etherType;
    return header;
  }

  #isAddressed(frame: Frame): boolean {
    const { bytes, start } = frame;
    if ((bytes[start] & 1) === 1) return true;
    const mac = this.#macBytes;
    for (let i = 5; i >= 0; i--) if (bytes[start + i] !== mac[i]) return false;
    return true;
  }
}

function writeHeader(frame: Frame, header: Uint8Array): void {
  const { bytes, start } = frame;
  for (let i = 0; i < ETHERNET_HEADER_LENGTH; i++) bytes[start + i] = header[i];
}

export interface InterfaceIdentity {
  readonly name: string;
  readonly macAddress: number;
  readonly mtu: number;
  readonly isLoopback: boolean;
}

/** RFC 894, RFC 2464: the payload of an Ethernet frame. */
export const ETHERNET_MTU = 1500;
