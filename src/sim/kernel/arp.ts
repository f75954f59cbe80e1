/** ARP of one host: RFC 826, with the neighbour cache's time-outs (RFC 1122 section 2.3.2). */

import { FormatError } from "../../bytes/index.ts";
import { Frame } from "../link/frame.ts";
import { ARP_LENGTH, ARP_REPLY, ARP_REQUEST, type ArpMessage, emitArp, parseArp } from "../wire/arp.ts";
import { ETHERNET_HEADER_LENGTH, ETHERTYPE_ARP, isGroupMac, MAC_BROADCAST } from "../wire/ethernet.ts";
import type { NetworkInterface } from "./interface.ts";
import type { IpAddress } from "./ip-address.ts";
import type { KernelWorld } from "./kernel-world.ts";

interface Watch {
  readonly nic: NetworkInterface;
  readonly address: IpAddress;
  readonly onUse: () => void;
}

export class Arp {
  readonly #world: KernelWorld;
  /** Who wants to know whether somebody else has an address, while it is being probed. */
  readonly #watches = new Set<Watch>();

  constructor(world: KernelWorld) {
    this.#world = world;
  }

  handle(frame: Frame, from: NetworkInterface): void {
    let message: ArpMessage;
    try {
      message = parseArp(frame.bytes, frame.start + ETHERNET_HEADER_LENGTH);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      from.drop(frame, error.message);
      return;
    }
    const sender = this.#world.addresses.read(message.senderAddress, 0, 4);
    const target = this.#world.addresses.read(message.targetAddress, 0, 4);
    const forUs = from.owns(target);
    if (frame.intact) this.#tellWatches(from, message.senderMac, sender, target);
    // A frame with damage would poison the cache; nobody else's address is ours.
    if (!frame.intact || isGroupMac(message.senderMac) || from.owns(sender)) return;
    // RFC 826 "packet reception": an entry that exists is brought up to date; a new one is made when we are asked.
    const known = from.neighbours?.find(sender);
    const isProbe = sender.text === "0.0.0.0";
    const neighbour = known ?? (forUs && !isProbe ? from.neighbours?.get(sender) : undefined);
    neighbour?.learn(message.senderMac, forUs && message.operation === ARP_REPLY);
    if (message.operation !== ARP_REQUEST || !forUs) return;
    this.#send(from, message.senderMac, `answer to ${sender.text}`, {
      operation: ARP_REPLY,
      senderMac: from.macAddress,
      senderAddress: target.bytes,
      targetMac: message.senderMac,
      targetAddress: sender.bytes,
    });
  }

  /** Asks for the MAC address of `address`, everybody or the one who had it. */
  solicit(nic: NetworkInterface, address: IpAddress, mac: number | undefined): void {
    const source = nic.addressFor(address);
    if (source === undefined) return;
    const reason = mac === undefined ? `packets wait for ${address.text}` : `is ${address.text} still there?`;
    this.#send(nic, mac ?? MAC_BROADCAST, reason, {
      operation: ARP_REQUEST,
      senderMac: nic.macAddress,
      senderAddress: source.bytes,
      targetMac: 0,
      targetAddress: address.bytes,
    });
  }

  /**
   * RFC 5227 section 2.1.1: asks the link for an address that is not ours yet, without putting it into any cache. `onUse` is
   * called when somebody has it, or wants it, too; returns how to stop listening.
   */
  watch(nic: NetworkInterface, address: IpAddress, onUse: () => void): () => void {
    const watch = { nic, address, onUse };
    this.#watches.add(watch);
    return () => this.#watches.delete(watch);
  }

  probe(nic: NetworkInterface, address: IpAddress): void {
    this.#send(nic, MAC_BROADCAST, `does anybody have ${address.text}?`, {
      operation: ARP_REQUEST,
      senderMac: nic.macAddress,
      senderAddress: new Uint8Array(4),
      targetMac: 0,
      targetAddress: address.bytes,
    });
  }

  /** RFC 5227 section 2.3: the announcement, so that nobody goes on with the MAC address of who had it before. */
  announce(nic: NetworkInterface, address: IpAddress): void {
    this.#send(nic, MAC_BROADCAST, `${address.text} is here now`, {
      operation: ARP_REQUEST,
      senderMac: nic.macAddress,
      senderAddress: address.bytes,
      targetMac: 0,
      targetAddress: address.bytes,
    });
  }

  #tellWatches(nic: NetworkInterface, senderMac: number, sender: IpAddress, target: IpAddress): void {
    if (senderMac === nic.macAddress) return;
    for (const watch of this.#watches) {
      const wantsItToo = sender.text === "0.0.0.0" && target === watch.address;
      if (watch.nic === nic && (sender === watch.address || wantsItToo)) watch.onUse();
    }
  }

  #send(nic: NetworkInterface, destination: number, reason: string, message: ArpMessage): void {
    const bytes = new Uint8Array(ETHERNET_HEADER_LENGTH + ARP_LENGTH);
    bytes.set(emitArp(message), ETHERNET_HEADER_LENGTH);
    const frame = new Frame(bytes, 0, this.#world.nextPacketId(), reason);
    nic.transmit(frame, nic.headerTo(destination, ETHERTYPE_ARP), "origin");
  }
}
