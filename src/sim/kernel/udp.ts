/** UDP of one host: RFC 768, RFC 1122 section 4.1, RFC 8200 section 8.1. Finds the socket that a datagram is for. */

import { type AddressFamily, type Endpoint, NetworkError } from "../../net/index.ts";
import { transportChecksum } from "../wire/ipv4.ts";
import { checkUdp, emitUdp, parseUdp, UDP_HEADER_LENGTH } from "../wire/udp.ts";
import type { NetworkInterface } from "./interface.ts";
import type { IpAddress } from "./ip-address.ts";
import type { IpPacket, Transport } from "./ip-packet.ts";
import type { IpStack } from "./stack.ts";
import { HEADROOM, PROTOCOL_UDP, type TransportErrorReport } from "./transport.ts";
import { UdpSocket } from "./udp-socket.ts";

/** Where a socket is bound. */
export interface UdpBinding {
  /** Whether the port was chosen for it: a client's socket, which wants to hear that nobody listens. */
  readonly isEphemeral: boolean;
  /** Undefined: every address, or every one of `family`. */
  readonly local: IpAddress | undefined;
  /** Undefined: both. */
  readonly family: AddressFamily | undefined;
  readonly port: number;
  /** The only one it talks to. */
  readonly peer?: { readonly address: IpAddress; readonly port: number };
  /** The only interface it sends and hears by. */
  readonly interface?: NetworkInterface;
}

export class UdpLayer implements Transport {
  readonly #ip: IpStack;
  readonly #byPort = new Map<number, UdpSocket[]>();

  constructor(ip: IpStack) {
    this.#ip = ip;
  }

  /** Throws NetworkError: address-in-use, address-not-available. `port` 0 takes a free one. */
  bind(
    local: IpAddress | undefined,
    family: AddressFamily | undefined,
    port: number,
    peer?: UdpBinding["peer"],
    nic?: NetworkInterface,
  ): UdpSocket {
    if (local !== undefined && !this.#ip.isLocal(local)) {
      throw new NetworkError("address-not-available", `${local.text} is not an address of this host`);
    }
    const isEphemeral = port === 0;
    const binding = {
      isEphemeral,
      local,
      family: local?.family ?? family,
      port: isEphemeral ? this.#freePort() : port,
      ...(peer === undefined ? {} : { peer }),
      ...(nic === undefined ? {} : { interface: nic }),
    };
    const sharing = this.#byPort.get(binding.port) ?? [];
    if (sharing.some((other) => overlap(other.binding, binding))) {
      throw new NetworkError("address-in-use", `UDP port ${port} is in use by another socket`);
    }
    const socket = new UdpSocket(this, binding);
    this.#byPort.set(binding.port, [...sharing, socket]);
    return socket;
  }

  /** All sockets, for the console. */
  sockets(): UdpSocket[] {
    return [...this.#byPort.values()].flat();
  }

  handlePacket(packet: IpPacket): void {
    const { bytes, start, end, source, destination } = packet;
    const wrong = checkUdp(bytes, start, end);
    if (wrong !== undefined) {
      packet.drop(wrong.message);
      return;
    }
    const datagram = parseUdp(bytes, start, end);
    if (!packet.intact && !checksumIsRight(packet, datagram.checksum, start + datagram.length)) {
      packet.drop("wrong UDP checksum");
      return;
    }
    const socket = this.#find(
      destination,
      datagram.destinationPort,
      source,
      datagram.sourcePort,
      packet.interface,
    );
    if (socket === undefined) {
      // What goes to everybody is meant for who wants it: that the others do not is no loss.
      if (packet.isGroup) return;
      packet.drop(`nobody listens on UDP port ${datagram.destinationPort}`);
      this.#ip.icmp.sendError("port-unreachable", packet);
      return;
    }
    const payload = bytes.slice(datagram.payloadStart, datagram.payloadEnd);
    const full = socket.handleDatagram(payload, { address: source.text, port: datagram.sourcePort });
    if (full) packet.drop("the socket's queue is full");
  }

  /**
   * RFC 1122 section 4.1.3.3: ICMP errors are passed to the application: to clients, that is. A server that answered
   * somebody who has gone meanwhile is not told, as on other systems it is not: it serves all the others.
   */
  handleError(report: TransportErrorReport): void {
    const { header, source, destination, kind } = report;
    if (header.length < UDP_HEADER_LENGTH || kind !== "port-unreachable") return;
    const localPort = (header[0] << 8) | header[1];
    const remotePort = (header[2] << 8) | header[3];
    const socket = this.#find(source, localPort, destination, remotePort);
    if (socket?.binding.isEphemeral || socket?.binding.peer !== undefined)
      socket.handleRefused(destination.text, remotePort);
  }

  /**
   * RFC 2131 section 4.1: whether somebody waits at an interface without an address for a datagram that comes to its hardware
   * address all the same, as the answer of a server that gives it one.
   */
  isAwaited(packet: IpPacket): boolean {
    const { bytes, start, end } = packet;
    if (packet.protocol !== PROTOCOL_UDP || checkUdp(bytes, start, end) !== undefined) return false;
    const sharing = this.#byPort.get(parseUdp(bytes, start, end).destinationPort) ?? [];
    return sharing.some((socket) => socket.binding.interface === packet.interface);
  }

  // ---- For UdpSocket.

  remove(socket: UdpSocket): void {
    const { port } = socket.binding;
    const left = (this.#byPort.get(port) ?? []).filter((other) => other !== socket);
    if (left.length === 0) this.#byPort.delete(port);
    else this.#byPort.set(port, left);
  }

  /** Sends one datagram, to a group on every link that leads to it. What cannot be sent is lost. */
  send(binding: UdpBinding, payload: Uint8Array, remote: string, remotePort: number): void {
    const destination = this.#ip.addresses.of(remote);
    const to = this.#ip.destination(destination);
    const own = binding.interface;
    const isGroup = to.kind === "broadcast" || to.kind === "multicast";
    if (!isGroup) {
      const source = binding.local ?? own?.addressFor(destination) ?? to.source;
      if (source === undefined) return;
      const packet = this.#packet(source, binding.port, destination, remotePort, payload);
      this.#ip.send(packet, { source, destination, protocol: PROTOCOL_UDP, reason: undefined });
      return;
    }
    const links = to.interface === undefined ? this.#ip.interfaces : [to.interface];
    for (const nic of links) {
      if (nic.isLoopback || nic.outgoing === undefined || (own !== undefined && nic !== own)) continue;
      if (binding.local !== undefined && !nic.owns(binding.local)) continue;
      // RFC 1122 section 3.2.1.3 (a): who has no address yet sends from 0.0.0.0, as DHCP needs it.
      const source = binding.local ?? nic.addressFor(destination) ?? this.#unspecified(destination.family);
      const packet = this.#packet(source, binding.port, destination, remotePort, payload);
      this.#ip.sendOn(nic, packet, { source, destination, protocol: PROTOCOL_UDP, reason: undefined });
    }
  }

  /** Sends one datagram to a neighbour by its hardware address, without asking who has the IP address. */
  sendOnLink(binding: UdpBinding, payload: Uint8Array, remote: Endpoint, mac: number): void {
    const nic = binding.interface;
    if (nic?.outgoing === undefined) return;
    const destination = this.#ip.addresses.of(remote.address);
    const source = binding.local ?? nic.addressFor(destination) ?? this.#unspecified(destination.family);
    const packet = this.#packet(source, binding.port, destination, remote.port, payload);
    const header = { source, destination, protocol: PROTOCOL_UDP, reason: undefined };
    this.#ip.sendOn(nic, packet, header, mac);
  }

  /** How many datagrams the first link on the way takes now. */
  room(octets: number, remote: string): number {
    const nic = this.#ip.destination(this.#ip.addresses.of(remote)).interface;
    return nic?.outgoing?.room(octets + HEADROOM + UDP_HEADER_LENGTH) ?? Number.POSITIVE_INFINITY;
  }

  // ---- Helpers.

  #packet(
    source: IpAddress,
    sourcePort: number,
    destination: IpAddress,
    destinationPort: number,
    payload: Uint8Array,
  ): Uint8Array {
    const packet = this.#ip.allocate(UDP_HEADER_LENGTH + payload.length);
    packet.set(payload, HEADROOM + UDP_HEADER_LENGTH);
    const addresses = { source: source.bytes, destination: destination.bytes };
    emitUdp(packet, HEADROOM, packet.length, { ...addresses, sourcePort, destinationPort });
    return packet;
  }

  /** The socket bound to that very address, else one bound to all of them. */
  #find(
    local: IpAddress,
    port: number,
    remote: IpAddress,
    remotePort: number,
    from?: NetworkInterface,
  ): UdpSocket | undefined {
    const sharing = this.#byPort.get(port);
    if (sharing === undefined) return undefined;
    const isFor = ({ binding: { peer, interface: own } }: UdpSocket): boolean =>
      (own === undefined || from === undefined || own === from) &&
      (peer === undefined || (peer.address === remote && peer.port === remotePort));
    const exact = sharing.find((socket) => socket.binding.local === local);
    if (exact !== undefined) return isFor(exact) ? exact : undefined;
    return sharing.find((socket) => {
      const { binding } = socket;
      const takesFamily = (binding.family ?? local.family) === local.family;
      return binding.local === undefined && takesFamily && isFor(socket);
    });
  }

  #unspecified(family: AddressFamily): IpAddress {
    return this.#ip.addresses.of(family === 4 ? "0.0.0.0" : "::");
  }

  /** RFC 6056 section 3.3.1: a random port, then the following ones until one is free. */
  #freePort(): number {
    const first = this.#ip.random.below(EPHEMERAL_PORTS);
    for (let i = 0; i < EPHEMERAL_PORTS; i++) {
      const port = EPHEMERAL_FIRST + ((first + i) % EPHEMERAL_PORTS);
      if (!this.#byPort.has(port)) return port;
    }
    throw new NetworkError("address-in-use", "every port that could be given is in use");
  }
}

/** RFC 768: over IPv4 zero means that the sender made none; RFC 8200 section 8.1: over IPv6 it must make one. */
function checksumIsRight(packet: IpPacket, checksum: number, end: number): boolean {
  const { bytes, start, source, destination } = packet;
  if (checksum === 0) return source.family === 4;
  return transportChecksum(bytes, start, end, source.bytes, destination.bytes, PROTOCOL_UDP) === 0;
}

function overlap(a: UdpBinding, b: UdpBinding): boolean {
  if (a.interface !== undefined && b.interface !== undefined && a.interface !== b.interface) return false;
  if (a.local !== undefined && b.local !== undefined) return a.local === b.local;
  return a.family === undefined || b.family === undefined || a.family === b.family;
}

/** RFC 6056 section 3.2 asks for a range as large as possible; the same as TCP's here. */
const EPHEMERAL_FIRST = 32_768;
const EPHEMERAL_PORTS = 65_536 - EPHEMERAL_FIRST;
