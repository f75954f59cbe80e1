/**
 * ICMP and ICMPv6 of one host: answers echo requests, sends errors about packets that cannot go on, and tells the
 * transports of errors about their own (RFC 792, RFC 1122 section 3.2.2, RFC 1812 section 4.3, RFC 4443).
 */

import { checksum } from "../../bytes/index.ts";
import {
  emitIcmpHeader,
  ICMP_ECHO_REPLY,
  ICMP_ECHO_REQUEST,
  ICMP_HEADER_LENGTH,
  isIcmpError,
  writeIcmpChecksum,
} from "../wire/icmp.ts";
import {
  ICMPV6_ECHO_REPLY,
  ICMPV6_ECHO_REQUEST,
  icmpv6Checksum,
  isIcmpv6Error,
  NEIGHBOUR_ADVERTISEMENT,
  NEIGHBOUR_SOLICITATION,
  writeIcmpv6Checksum,
} from "../wire/icmpv6.ts";
import { FRAGMENT_OFFSET, readUint16 } from "../wire/ipv4.ts";
import {
  ICMP_ERRORS,
  ICMPV6_ERRORS,
  type IcmpErrorKind,
  readIcmpError,
  readIcmpv6Error,
} from "./icmp-errors.ts";
import { IcmpRate } from "./icmp-rate.ts";
import type { IpAddress } from "./ip-address.ts";
import type { IpPacket, Transport } from "./ip-packet.ts";
import { PingTable } from "./ping.ts";
import { isMulticast, isUnspecified } from "./resolve.ts";
import type { IpStack } from "./stack.ts";
import {
  HEADROOM,
  PROTOCOL_ICMP,
  PROTOCOL_ICMPV6,
  type TransportErrorReport,
  type TransportHeader,
} from "./transport.ts";

export class IcmpLayer implements Transport {
  readonly pings: PingTable;
  readonly #ip: IpStack;
  readonly #rate: IcmpRate;

  constructor(ip: IpStack) {
    this.#ip = ip;
    this.#rate = new IcmpRate(ip.schedule);
    this.pings = new PingTable(ip);
  }

  handlePacket(packet: IpPacket): void {
    const { bytes, start, end } = packet;
    if (end - start < ICMP_HEADER_LENGTH) {
      packet.drop("too short for ICMP");
      return;
    }
    const { source, destination } = packet;
    if ((packet.protocol === PROTOCOL_ICMPV6) !== (source.family === 6)) {
      packet.drop(`the ICMP of the other family over IPv${source.family}`);
      return;
    }
    if (source.family === 6) {
      const wrong =
        !packet.intact && icmpv6Checksum(bytes, start, end, source.bytes, destination.bytes) !== 0;
      if (wrong) {
        packet.drop("wrong ICMPv6 checksum");
        return;
      }
      this.#handleV6(packet);
    } else {
      if (!packet.intact && checksum(bytes, start, end) !== 0) {
        packet.drop("wrong ICMP checksum");
        return;
      }
      this.#handleV4(packet);
    }
  }

  /** Errors about echo requests reach `pings` with the name of their sender; see #tell. */
  handleError(): void {}

  /** Tells the source of `about` why its packet cannot go on, unless the standards forbid or the rate is used up. */
  sendError(kind: IcmpErrorKind, about: IpPacket, mtu = 0): void {
    if (!this.#mayReport(about) || !this.#rate.take()) return;
    const v6 = about.source.family === 6;
    const [type, code] = v6 ? ICMPV6_ERRORS[kind] : ICMP_ERRORS[kind];
    // RFC 4443 section 3.4: the pointer to the next header field. We send it only for the first header.
    const rest = kind === "packet-too-big" ? mtu : v6 && kind === "protocol-unreachable" ? NEXT_HEADER_AT : 0;
    const quote = about.bytes
      .subarray(about.headerStart, about.end)
      .subarray(0, v6 ? QUOTE_MAX_V6 : QUOTE_MAX);
    // RFC 1812 section 4.3.2.4: the address it was sent to, else that of the interface it goes out through.
    const isOurs = this.#ip.isLocal(about.destination);
    const source = isOurs ? about.destination : this.#ip.sourceFor(about.source);
    if (source === undefined) return;
    const reason = `a packet to ${about.destination.text} ends here`;
    this.#send(source, about.source, { type, code, rest }, quote, reason);
  }

  /** As soon as the caller has returned, tells the transport that sent `packet` that it could not be sent. */
  reportLater(
    kind: TransportErrorReport["kind"],
    packet: Uint8Array,
    sent: TransportHeader,
    mtu?: number,
  ): void {
    const { source, destination, protocol } = sent;
    const header = packet.slice(HEADROOM, HEADROOM + REPORTED_HEADER_MAX);
    this.#ip.schedule.after(0, () => {
      this.#tell({ kind, source, destination, header, mtu }, protocol, source);
    });
  }

  /** Tells the transport of this host that sent the packet. */
  reportPacket(kind: TransportErrorReport["kind"], packet: IpPacket): void {
    const { source, destination, bytes, start, end } = packet;
    const header = bytes.subarray(start, Math.min(end, start + REPORTED_HEADER_MAX));
    this.#tell({ kind, source, destination, header, mtu: undefined }, packet.protocol, source);
  }

  #handleV4(packet: IpPacket): void {
    const type = packet.bytes[packet.start];
    // RFC 1122 section 3.2.2.6: an echo request to a broadcast address may be ignored, and is: no amplifier here.
    if (type === ICMP_ECHO_REQUEST && !packet.isGroup) this.#answerEcho(packet, ICMP_ECHO_REPLY);
    else if (type === ICMP_ECHO_REPLY) this.pings.handleReply(packet);
    else this.#handleError(packet);
  }

  #handleV6(packet: IpPacket): void {
    const type = packet.bytes[packet.start];
    if (type === ICMPV6_ECHO_REQUEST) this.#answerEcho(packet, ICMPV6_ECHO_REPLY);
    else if (type === ICMPV6_ECHO_REPLY) this.pings.handleReply(packet);
    else if (type === NEIGHBOUR_SOLICITATION || type === NEIGHBOUR_ADVERTISEMENT) {
      this.#ip.neighbourDiscovery.handle(packet);
    } else if (isIcmpv6Error(type)) this.#handleError(packet);
  }

  /** RFC 792, RFC 4443 section 4.2: everything but the type comes back as it was. */
  #answerEcho(packet: IpPacket, type: number): void {
    const { bytes, start, end, destination } = packet;
    const source = isMulticast(destination) ? packet.interface.addressFor(packet.source) : destination;
    if (source === undefined) return;
    const rest = readUint16(bytes, start + 4) * 0x10000 + readUint16(bytes, start + 6);
    const body = bytes.subarray(start + ICMP_HEADER_LENGTH, end);
    this.#send(source, packet.source, { type, code: 0, rest }, body, undefined);
  }

  #handleError(packet: IpPacket): void {
    const v6 = packet.protocol === PROTOCOL_ICMPV6;
    const quoted = v6 ? readIcmpv6Error(packet) : readIcmpError(packet);
    if (quoted === undefined) return;
    const { bytes } = packet;
    const { kind, mtu } = quoted;
    const source = this.#ip.addresses.read(bytes, quoted.sourceAt, v6 ? 16 : 4);
    const destination = this.#ip.addresses.read(bytes, quoted.destinationAt, v6 ? 16 : 4);
    // What we did not send is forged or has gone astray.
    if (!this.#ip.isLocal(source)) return;
    if (mtu !== undefined) this.#ip.destination(destination).lowerPathMtu(mtu, this.#ip.schedule.nowNs);
    const header = bytes.subarray(quoted.transportStart, quoted.transportEnd);
    this.#tell({ kind, source, destination, header, mtu }, quoted.protocol, packet.source);
  }

  #tell(report: TransportErrorReport, protocol: number, reporter: IpAddress): void {
    if (protocol === PROTOCOL_ICMP || protocol === PROTOCOL_ICMPV6) this.pings.handleError(report, reporter);
    else this.#ip.transport(protocol)?.handleError(report);
  }

  /** RFC 1122 section 3.2.2, RFC 1812 section 4.3.2.7, RFC 4443 section 2.4 (e). */
  #mayReport(about: IpPacket): boolean {
    const { bytes, headerStart, source } = about;
    if (about.isGroup || isUnspecified(source) || isMulticast(source)) return false;
    const kind = this.#ip.destination(source).kind;
    if (kind !== "unicast" && kind !== "local") return false;
    const type = about.start < about.end ? bytes[about.start] : 0;
    if (about.protocol === PROTOCOL_ICMPV6) return !isIcmpv6Error(type);
    if (source.family === 4 && (readUint16(bytes, headerStart + 6) & FRAGMENT_OFFSET) !== 0) return false;
    return about.protocol !== PROTOCOL_ICMP || !isIcmpError(type);
  }

  #send(
    source: IpAddress,
    destination: IpAddress,
    message: { readonly type: number; readonly code: number; readonly rest: number },
    body: Uint8Array,
    reason: string | undefined,
  ): void {
    const packet = this.#ip.allocate(ICMP_HEADER_LENGTH + body.length);
    packet.set(body, HEADROOM + ICMP_HEADER_LENGTH);
    emitIcmpHeader(packet, HEADROOM, message);
    const v6 = destination.family === 6;
    if (v6) writeIcmpv6Checksum(packet, HEADROOM, packet.length, source.bytes, destination.bytes);
    else writeIcmpChecksum(packet, HEADROOM, packet.length);
    this.#ip.send(packet, { source, destination, protocol: v6 ? PROTOCOL_ICMPV6 : PROTOCOL_ICMP, reason });
  }
}

/** Where the next header field is in an IPv6 header. */
const NEXT_HEADER_AT = 6;
/** RFC 1812 section 4.3.2.3: as much as fits into 576 octets. */
const QUOTE_MAX = 576 - 20 - ICMP_HEADER_LENGTH;
/** RFC 4443 section 2.4 (c): as much as fits into the IPv6 minimum MTU. */
const QUOTE_MAX_V6 = 1280 - 40 - ICMP_HEADER_LENGTH;
/** The largest transport header there is: TCP with all options. */
const REPORTED_HEADER_MAX = 60;
