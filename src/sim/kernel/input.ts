/**
 * What happens to an IP packet that has arrived: checked, then delivered to a transport of this host, or forwarded,
 * or dropped with a reason (RFC 1122 section 3.2.1, RFC 1812 section 5.2, RFC 8200 section 3).
 */

import { FormatError } from "../../bytes/index.ts";
import type { Frame } from "../link/frame.ts";
import { ETHERNET_HEADER_LENGTH } from "../wire/ethernet.ts";
import {
  checkIpv4,
  FRAGMENT_OFFSET,
  ipv4ChecksumIsRight,
  ipv4HeaderLength,
  MORE_FRAGMENTS,
  readUint16,
} from "../wire/ipv4.ts";
import {
  checkIpv6,
  DESTINATION_OPTIONS,
  FRAGMENT,
  type FragmentHeader,
  HOP_BY_HOP,
  IPV6_HEADER_LENGTH,
  ROUTING,
  walkExtensions,
} from "../wire/ipv6.ts";
import { solicitedNodeAddress } from "../wire/neighbour.ts";
import { forward } from "./forwarding.ts";
import type { NetworkInterface } from "./interface.ts";
import type { IpAddress } from "./ip-address.ts";
import { IpPacket } from "./ip-packet.ts";
import { Reassembly } from "./reassembly.ts";
import { isMulticast } from "./resolve.ts";
import type { IpStack } from "./stack.ts";

export class IpInput {
  readonly #ip: IpStack;
  readonly #reassembly: Reassembly;

  constructor(ip: IpStack) {
    this.#ip = ip;
    this.#reassembly = new Reassembly(ip.schedule, (first) =>
      ip.icmp.sendError("reassembly-time-exceeded", first),
    );
  }

  handleIpv4(frame: Frame, from: NetworkInterface): void {
    const { bytes } = frame;
    const at = frame.start + ETHERNET_HEADER_LENGTH;
    const wrong = checkIpv4(bytes, at, bytes.length);
    if (wrong !== undefined) {
      from.drop(frame, wrong.message);
      return;
    }
    // RFC 1122 section 3.2.1.2: a host must verify the checksum. What no link has changed need not be doubted.
    if (!frame.intact && !ipv4ChecksumIsRight(bytes, at)) {
      from.drop(frame, "wrong IPv4 header checksum");
      return;
    }
    const source = this.#ip.addresses.read(bytes, at + 12, 4);
    const destination = this.#ip.addresses.read(bytes, at + 16, 4);
    const { kind } = this.#ip.destination(destination);
    const isGroup = kind === "broadcast" || kind === "multicast";
    const packet = new IpPacket(frame, from, { source, destination, isGroup }, ipv4Place(frame, at));
    if (kind === "multicast") return;
    if (kind !== "local" && kind !== "broadcast") {
      if (isForNewcomer(packet) && this.#ip.transport(packet.protocol)?.isAwaited?.(packet))
        this.#deliver(packet);
      else forward(this.#ip, packet);
      return;
    }
    const isFragment = (readUint16(bytes, at + 6) & (FRAGMENT_OFFSET | MORE_FRAGMENTS)) !== 0;
    const whole = isFragment ? this.#reassembly.addIpv4(packet) : packet;
    if (whole !== undefined) this.#deliver(whole);
  }

  handleIpv6(frame: Frame, from: NetworkInterface): void {
    const { bytes } = frame;
    const at = frame.start + ETHERNET_HEADER_LENGTH;
    const wrong = checkIpv6(bytes, at, bytes.length);
    if (wrong !== undefined) {
      from.drop(frame, wrong.message);
      return;
    }
    const source = this.#ip.addresses.read(bytes, at + 8, 16);
    const destination = this.#ip.addresses.read(bytes, at + 24, 16);
    // RFC 4291 section 2.7: a multicast address is never a source.
    if (isMulticast(source)) {
      from.drop(frame, "the source is a multicast address");
      return;
    }
    const isGroup = isMulticast(destination);
    const addresses = { source, destination, isGroup };
    const place = ipv6Place(frame, at);
    if (isGroup && !this.#isMember(destination, from)) return;
    if (!isGroup && this.#ip.destination(destination).kind !== "local") {
      forward(this.#ip, new IpPacket(frame, from, addresses, place));
      return;
    }
    if (!isExtension(place.protocol)) {
      this.#deliver(new IpPacket(frame, from, addresses, place));
      return;
    }
    let upper: { protocol: number; start: number; fragment: FragmentHeader | undefined };
    try {
      upper = walkExtensions(bytes, at, place.end);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      from.drop(frame, error.message);
      return;
    }
    const { protocol, start, fragment } = upper;
    const packet = new IpPacket(frame, from, addresses, { ...place, protocol, start });
    const whole = fragment === undefined ? packet : this.#reassembly.addIpv6(packet, fragment);
    if (whole !== undefined) this.#deliver(whole);
  }

  /** No neighbour took `frame`, which is ours or was to be forwarded: its source must hear of it. */
  reportUnreachable(nic: NetworkInterface, frame: Frame): void {
    const { bytes } = frame;
    const at = frame.start + ETHERNET_HEADER_LENGTH;
    const length = bytes[at] >> 4 === 4 ? 4 : 16;
    const source = this.#ip.addresses.read(bytes, at + (length === 4 ? 12 : 8), length);
    const destination = this.#ip.addresses.read(bytes, at + (length === 4 ? 16 : 24), length);
    const place = length === 4 ? ipv4Place(frame, at) : ipv6Place(frame, at);
    const packet = new IpPacket(frame, nic, { source, destination, isGroup: false }, place);
    if (this.#ip.isLocal(source)) this.#ip.icmp.reportPacket("host-unreachable", packet);
    else this.#ip.icmp.sendError("host-unreachable", packet);
  }

  close(): void {
    this.#reassembly.close();
  }

  #deliver(packet: IpPacket): void {
    const transport = this.#ip.transport(packet.protocol);
    if (transport !== undefined) {
      transport.handlePacket(packet);
      return;
    }
    packet.drop(`protocol ${packet.protocol} is not spoken here`);
    this.#ip.icmp.sendError("protocol-unreachable", packet);
  }

  /** RFC 4291 section 2.8: the groups that every node and every router belongs to. */
  #isMember(group: IpAddress, from: NetworkInterface): boolean {
    if (ALL_NODES.includes(group.text)) return true;
    if (this.#ip.forwards && ALL_ROUTERS.includes(group.text)) return true;
    return from.assigned.some(({ address }) => {
      return (
        address.family === 6 &&
        solicitedNodeAddress(address.bytes).every((octet, i) => octet === group.bytes[i])
      );
    });
  }
}

/** A unicast to the hardware address of an interface that has no IPv4 address yet. */
function isForNewcomer({ isGroup, interface: nic }: IpPacket): boolean {
  return !isGroup && nic.assigned.every(({ address }) => address.family !== 4);
}

function ipv4Place(frame: Frame, at: number) {
  const { bytes } = frame;
  return {
    bytes,
    headerStart: at,
    start: at + ipv4HeaderLength(bytes, at),
    end: at + readUint16(bytes, at + 2),
    protocol: bytes[at + 9],
    ttl: bytes[at + 8],
    intact: frame.intact,
  };
}

/** Extension headers are not stepped over yet. */
function ipv6Place(frame: Frame, at: number) {
  const { bytes } = frame;
  return {
    bytes,
    headerStart: at,
    start: at + IPV6_HEADER_LENGTH,
    end: at + IPV6_HEADER_LENGTH + readUint16(bytes, at + 4),
    protocol: bytes[at + 6],
    ttl: bytes[at + 7],
    intact: frame.intact,
  };
}

function isExtension(protocol: number): boolean {
  return (
    protocol === FRAGMENT ||
    protocol === HOP_BY_HOP ||
    protocol === ROUTING ||
    protocol === DESTINATION_OPTIONS
  );
}

const ALL_NODES = ["ff02::1", "ff01::1"];
const ALL_ROUTERS = ["ff02::2", "ff01::2"];
