/**
 * IPv6 neighbour discovery of one host: RFC 4861 section 7.2, address resolution and unreachability detection.
 * Duplicate address detection, router discovery and redirects are left out: addresses and routes are static.
 */

import { FormatError } from "../../bytes/index.ts";
import { NEIGHBOUR_ADVERTISEMENT, NEIGHBOUR_SOLICITATION, writeIcmpv6Checksum } from "../wire/icmpv6.ts";
import {
  emitNeighbour,
  NEIGHBOUR_HOP_LIMIT,
  type NeighbourMessage,
  parseNeighbour,
  solicitedNodeAddress,
} from "../wire/neighbour.ts";
import type { NetworkInterface } from "./interface.ts";
import type { IpAddress } from "./ip-address.ts";
import type { IpPacket } from "./ip-packet.ts";
import type { IpStack } from "./stack.ts";
import { HEADROOM, PROTOCOL_ICMPV6 } from "./transport.ts";

export class NeighbourDiscovery {
  readonly #ip: IpStack;

  constructor(ip: IpStack) {
    this.#ip = ip;
  }

  /** A solicitation or advertisement whose checksum is right. */
  handle(packet: IpPacket): void {
    let message: NeighbourMessage;
    try {
      message = parseNeighbour(packet.bytes, packet.start, packet.end);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      packet.drop(error.message);
      return;
    }
    // RFC 4861 sections 7.1.1 and 7.1.2: from this very link, or it is silently discarded.
    if (packet.ttl !== NEIGHBOUR_HOP_LIMIT) {
      packet.drop(`hop limit ${packet.ttl}, not ${NEIGHBOUR_HOP_LIMIT}`);
      return;
    }
    const target = this.#ip.addresses.read(message.target, 0, 16);
    if (message.type === NEIGHBOUR_SOLICITATION) this.#handleSolicitation(packet, message, target);
    else this.#handleAdvertisement(packet, message, target);
  }

  /** Asks for the MAC address of `address`: its solicited-node group, or the one who had it. */
  solicit(nic: NetworkInterface, address: IpAddress, mac: number | undefined): void {
    const source = nic.addressFor(address);
    if (source === undefined) return;
    const destination =
      mac === undefined ? this.#ip.addresses.read(solicitedNodeAddress(address.bytes), 0, 16) : address;
    const reason = mac === undefined ? `packets wait for ${address.text}` : `is ${address.text} still there?`;
    this.#send(nic, source, destination, mac, reason, {
      type: NEIGHBOUR_SOLICITATION,
      router: false,
      solicited: false,
      override: false,
      target: address.bytes,
      mac: nic.macAddress,
    });
  }

  /** RFC 4861 section 7.2.6: to all nodes, unasked, when an address has come to another place. */
  announce(nic: NetworkInterface, address: IpAddress): void {
    const everybody = this.#ip.addresses.of("ff02::1");
    this.#send(nic, address, everybody, undefined, `${address.text} is here now`, {
      type: NEIGHBOUR_ADVERTISEMENT,
      router: this.#ip.forwards,
      solicited: false,
      override: true,
      target: address.bytes,
      mac: nic.macAddress,
    });
  }

  /** RFC 4861 sections 7.2.3 and 7.2.4. */
  #handleSolicitation(packet: IpPacket, message: NeighbourMessage, target: IpAddress): void {
    const nic = packet.interface;
    if (!nic.owns(target)) return;
    const isProbe = packet.source === this.#ip.addresses.of("::");
    const { mac } = message;
    if (!isProbe && mac !== undefined) nic.neighbours?.get(packet.source).learn(mac, false);
    const destination = isProbe ? this.#ip.addresses.of("ff02::1") : packet.source;
    const knownMac = isProbe ? undefined : (mac ?? nic.neighbours?.find(packet.source)?.mac);
    this.#send(nic, target, destination, knownMac, `answer to ${packet.source.text}`, {
      type: NEIGHBOUR_ADVERTISEMENT,
      router: this.#ip.forwards,
      solicited: !isProbe,
      override: true,
      target: target.bytes,
      mac: nic.macAddress,
    });
  }

  /** RFC 4861 section 7.2.5. */
  #handleAdvertisement(packet: IpPacket, message: NeighbourMessage, target: IpAddress): void {
    const neighbour = packet.interface.neighbours?.find(target);
    if (neighbour === undefined) return;
    const mac = message.mac ?? neighbour.mac;
    if (mac === undefined) return;
    const differs = neighbour.mac !== undefined && neighbour.mac !== mac;
    // Without the override flag a different address is not believed; the known one is only put in doubt.
    if (differs && !message.override) {
      if (neighbour.state === "reachable") neighbour.state = "stale";
      return;
    }
    neighbour.learn(mac, message.solicited);
  }

  #send(
    nic: NetworkInterface,
    source: IpAddress,
    destination: IpAddress,
    mac: number | undefined,
    reason: string,
    message: NeighbourMessage,
  ): void {
    const body = emitNeighbour(message);
    const packet = this.#ip.allocate(body.length);
    packet.set(body, HEADROOM);
    writeIcmpv6Checksum(packet, HEADROOM, packet.length, source.bytes, destination.bytes);
    const header = { source, destination, protocol: PROTOCOL_ICMPV6, reason, ttl: NEIGHBOUR_HOP_LIMIT };
    this.#ip.sendOn(nic, packet, header, mac);
  }
}
