/**
 * The IP layer of one host: what its transports send goes out here, what arrives is handed to `IpInput`.
 * Read first: `send`, then `input.ts`, then `forwarding.ts`. A stack lives from power-on to power-off.
 */

import type { Random } from "../../net/index.ts";
import { Frame } from "../link/frame.ts";
import type { Schedule } from "../schedule.ts";
import {
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  MAC_BROADCAST,
  multicastMac,
} from "../wire/ethernet.ts";
import { emitIpv4, IPV4_HEADER_LENGTH } from "../wire/ipv4.ts";
import { emitIpv6, IPV6_HEADER_LENGTH } from "../wire/ipv6.ts";
import { Arp } from "./arp.ts";
import { type Destination, DestinationCache } from "./destination.ts";
import { fragmentIpv4, fragmentIpv6 } from "./fragmentation.ts";
import { IcmpLayer } from "./icmp.ts";
import { IpInput } from "./input.ts";
import type { FrameHandler, NetworkInterface } from "./interface.ts";
import type { AddressTable, IpAddress } from "./ip-address.ts";
import type { Transport } from "./ip-packet.ts";
import type { KernelWorld } from "./kernel-world.ts";
import { NeighbourDiscovery } from "./neighbour-discovery.ts";
import { NeighbourCache, type NeighbourProtocol } from "./neighbours.ts";
import { OwnAddresses, resolveDestination } from "./resolve.ts";
import type { RouteTable } from "./routes.ts";
import { HEADROOM, type IpLayer, PROTOCOL_ICMP, PROTOCOL_ICMPV6, type TransportHeader } from "./transport.ts";

/** What a host is, whether it is on or off. */
export interface HostConfiguration {
  /** The loopback interface first. */
  readonly interfaces: readonly NetworkInterface[];
  readonly routes: RouteTable;
  /** Whether it is a router. */
  readonly forwards: boolean;
  readonly random: Random;
}

export class IpStack implements IpLayer, FrameHandler, NeighbourProtocol {
  readonly world: KernelWorld;
  readonly schedule: Schedule;
  readonly random: Random;
  readonly addresses: AddressTable;
  readonly forwards: boolean;
  readonly icmp: IcmpLayer;
  readonly arp: Arp;
  readonly neighbourDiscovery: NeighbourDiscovery;
  readonly #host: HostConfiguration;
  readonly #input: IpInput;
  readonly #destinations: DestinationCache;
  #own: OwnAddresses | undefined;
  readonly #transports = new Map<number, Transport>();
  /** RFC 6864 section 4: only packets that may be fragmented need one; it is counted. */
  #identification: number;
  #off = false;

  constructor(world: KernelWorld, host: HostConfiguration) {
    this.world = world;
    this.schedule = world.schedule;
    this.addresses = world.addresses;
    this.random = host.random;
    this.forwards = host.forwards;
    this.#host = host;
    this.#identification = host.random.uint32();
    this.#destinations = new DestinationCache((address) => {
      this.#own ??= new OwnAddresses(host.interfaces);
      return resolveDestination(host, this.#own, address);
    });
    this.icmp = new IcmpLayer(this);
    this.arp = new Arp(world);
    this.neighbourDiscovery = new NeighbourDiscovery(this);
    this.#input = new IpInput(this);
    this.register(PROTOCOL_ICMP, this.icmp);
    this.register(PROTOCOL_ICMPV6, this.icmp);
    for (const nic of host.interfaces) this.attach(nic);
  }

  get interfaces(): readonly NetworkInterface[] {
    return this.#host.interfaces;
  }

  // ---- Commands of the host.

  /** Who handles packets of `protocol`. */
  register(protocol: number, transport: Transport): void {
    this.#transports.set(protocol, transport);
  }

  transport(protocol: number): Transport | undefined {
    return this.#transports.get(protocol);
  }

  attach(nic: NetworkInterface): void {
    nic.handler = this;
    if (!nic.isLoopback) nic.neighbours = new NeighbourCache(nic, this.schedule, this);
  }

  /** Addresses or routes have changed. */
  forgetDestinations(): void {
    this.#own = undefined;
    this.#destinations.clear();
  }

  /** The host loses its power: nothing is sent and nothing heard any more. */
  powerOff(): void {
    this.#off = true;
    this.#input.close();
    for (const nic of this.interfaces) {
      nic.handler = undefined;
      nic.neighbours?.close();
      nic.neighbours = undefined;
    }
  }

  // ---- IpLayer: what transports use.

  sourceFor(remote: IpAddress): IpAddress | undefined {
    return this.destination(remote).source;
  }

  isLocal(address: IpAddress): boolean {
    return this.destination(address).kind === "local";
  }

  mtuTo(remote: IpAddress): number {
    return this.destination(remote).mtu(this.schedule.nowNs);
  }

  confirm(remote: IpAddress): void {
    const { neighbour } = this.destination(remote);
    if (neighbour?.live) neighbour.confirm();
  }

  allocate(length: number): Uint8Array {
    return this.world.allocate(HEADROOM + length);
  }

  send(packet: Uint8Array, header: TransportHeader): void {
    if (this.#off) return;
    const to = this.destination(header.destination);
    const nic = to.interface;
    if (nic === undefined) {
      this.icmp.reportLater("network-unreachable", packet, header);
      return;
    }
    const frame = this.#frameOf(packet, header);
    if (packet.length - frame.start - ETHERNET > to.mtu(this.schedule.nowNs))
      this.#sendInPieces(frame, to, header);
    else this.output(frame, to, nic, "origin");
  }

  // ---- For the other parts of the kernel.

  destination(address: IpAddress): Destination {
    return this.#destinations.get(address);
  }

  /** Sends on one link, whatever the routes say: to a group, or to a neighbour with a known MAC address. */
  sendOn(nic: NetworkInterface, packet: Uint8Array, header: TransportHeader, mac?: number): void {
    if (this.#off) return;
    const frame = this.#frameOf(packet, header);
    const { destination } = header;
    const etherType = destination.family === 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6;
    const groupMac = destination.family === 4 ? MAC_BROADCAST : multicastMac(destination.bytes);
    if (mac === undefined && destination.family === 6 && destination.bytes[0] !== 0xff) {
      nic.neighbours?.get(destination).send(frame, "origin");
    } else nic.transmit(frame, nic.headerTo(mac ?? groupMac, etherType), "origin");
  }

  /** Puts a packet that fits on its way to the next hop. */
  output(frame: Frame, to: Destination, nic: NetworkInterface, kind: "origin" | "forward"): void {
    if (to.kind === "unicast") {
      let neighbour = to.neighbour;
      if (neighbour === undefined || !neighbour.live) {
        neighbour = nic.neighbours?.get(to.nextHop);
        to.neighbour = neighbour;
      }
      neighbour?.send(frame, kind);
    } else if (to.kind === "local") nic.transmit(frame, LOOPBACK_HEADERS[to.address.family], kind);
    else {
      const mac = to.address.family === 4 ? MAC_BROADCAST : multicastMac(to.address.bytes);
      nic.transmit(frame, nic.headerTo(mac, to.address.family === 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6), kind);
    }
  }

  handleFrame(frame: Frame, from: NetworkInterface): void {
    const { bytes, start } = frame;
    const etherType = (bytes[start + 12] << 8) | bytes[start + 13];
    if (etherType === ETHERTYPE_IPV4) this.#input.handleIpv4(frame, from);
    else if (etherType === ETHERTYPE_IPV6) this.#input.handleIpv6(frame, from);
    else if (etherType === ETHERTYPE_ARP) this.arp.handle(frame, from);
    else from.drop(frame, `EtherType 0x${etherType.toString(16)} is not understood`);
  }

  solicit(nic: NetworkInterface, address: IpAddress, mac: number | undefined): void {
    if (address.family === 4) this.arp.solicit(nic, address, mac);
    else this.neighbourDiscovery.solicit(nic, address, mac);
  }

  /** Tells the link who has `address` now. */
  announce(nic: NetworkInterface, address: IpAddress): void {
    if (address.family === 4) this.arp.announce(nic, address);
    else this.neighbourDiscovery.announce(nic, address);
  }

  undeliverable(nic: NetworkInterface, frame: Frame): void {
    this.#input.reportUnreachable(nic, frame);
  }

  nextIdentification(): number {
    this.#identification = (this.#identification + 1) >>> 0;
    return this.#identification;
  }

  // ---- Helpers.

  /** Writes the IP header in front of the transport's octets. */
  #frameOf(packet: Uint8Array, header: TransportHeader): Frame {
    const { source, destination, protocol, ttl = TTL_DEFAULT } = header;
    const length = packet.length - HEADROOM;
    let at: number;
    if (destination.family === 4) {
      at = HEADROOM - IPV4_HEADER_LENGTH;
      const dontFragment = header.mayFragment === false;
      emitIpv4(packet, at, {
        totalLength: IPV4_HEADER_LENGTH + length,
        // RFC 6864 section 4.1: the identification of an atomic packet means nothing.
        identification: dontFragment ? 0 : this.nextIdentification() & 0xffff,
        dontFragment,
        ttl,
        protocol,
        source: source.bytes,
        destination: destination.bytes,
      });
    } else {
      at = HEADROOM - IPV6_HEADER_LENGTH;
      emitIpv6(packet, at, {
        payloadLength: length,
        nextHeader: protocol,
        hopLimit: ttl,
        source: source.bytes,
        destination: destination.bytes,
      });
    }
    return new Frame(packet, at - ETHERNET, this.world.nextPacketId(), header.reason);
  }

  #sendInPieces(frame: Frame, to: Destination, header: TransportHeader): void {
    const mtu = to.mtu(this.schedule.nowNs);
    const nic = to.interface as NetworkInterface;
    if (header.mayFragment === false) {
      const etherType = to.address.family === 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6;
      nic.dropUnsent(
        frame,
        etherType,
        `larger than the path MTU of ${mtu} octets, and must not be fragmented`,
      );
      this.icmp.reportLater("packet-too-big", frame.bytes, header, mtu);
      return;
    }
    const pieces =
      to.address.family === 4
        ? fragmentIpv4(frame, mtu)
        : fragmentIpv6(frame, mtu, this.nextIdentification());
    for (const piece of pieces) this.output(piece, to, nic, "origin");
  }
}

const ETHERNET = 14;
/** RFC 1700, "IP time to live parameter": the recommended default. */
const TTL_DEFAULT = 64;
const LOOPBACK_HEADERS = {
  4: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ETHERTYPE_IPV4 >> 8, ETHERTYPE_IPV4 & 0xff),
  6: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ETHERTYPE_IPV6 >> 8, ETHERTYPE_IPV6 & 0xff),
};
