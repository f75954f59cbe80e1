/**
 * Echo requests and what comes back for them: RFC 792 and RFC 4443 section 4, the client's side. A client takes an
 * identifier and hears every answer to it until it gives it back: also the second to a request, and those that come late.
 */

import { type EchoRequest, NetworkError } from "../../net/index.ts";
import { emitIcmpHeader, ICMP_ECHO_REQUEST, ICMP_HEADER_LENGTH, writeIcmpChecksum } from "../wire/icmp.ts";
import { ICMPV6_ECHO_REQUEST, writeIcmpv6Checksum } from "../wire/icmpv6.ts";
import { readUint16 } from "../wire/ipv4.ts";
import type { IpAddress } from "./ip-address.ts";
import type { IpPacket } from "./ip-packet.ts";
import type { IpStack } from "./stack.ts";
import { HEADROOM, PROTOCOL_ICMP, PROTOCOL_ICMPV6, type TransportErrorReport } from "./transport.ts";

/** What came back for an echo request. */
export interface PingAnswer {
  /** Of the request, as the packet has it: 16 bits. */
  readonly sequence: number;
  readonly from: IpAddress;
  readonly kind: "reply" | "time-exceeded" | "unreachable";
  readonly ttl: number;
}

export class PingTable {
  readonly #ip: IpStack;
  /** Who hears of the answers, by identifier. */
  readonly #listeners = new Map<number, (answer: PingAnswer) => void>();
  #nextIdentifier: number;

  constructor(ip: IpStack) {
    this.#ip = ip;
    this.#nextIdentifier = ip.random.below(IDENTIFIERS);
  }

  /** Takes an identifier; `onAnswer` hears of everything that comes for it. Throws NetworkError: too-many. */
  open(onAnswer: (answer: PingAnswer) => void): number {
    if (this.#listeners.size === IDENTIFIERS)
      throw new NetworkError("too-many", `there are ${IDENTIFIERS} pings at once already`);
    while (this.#listeners.has(this.#nextIdentifier)) this.#advance();
    const identifier = this.#nextIdentifier;
    this.#advance();
    this.#listeners.set(identifier, onAnswer);
    return identifier;
  }

  close(identifier: number): void {
    this.#listeners.delete(identifier);
  }

  send(identifier: number, source: IpAddress, remote: IpAddress, request: EchoRequest): void {
    const v6 = remote.family === 6;
    const packet = this.#ip.allocate(ICMP_HEADER_LENGTH + request.payload.length);
    packet.set(request.payload, HEADROOM + ICMP_HEADER_LENGTH);
    const type = v6 ? ICMPV6_ECHO_REQUEST : ICMP_ECHO_REQUEST;
    const rest = identifier * 0x10000 + (request.sequence & 0xffff);
    emitIcmpHeader(packet, HEADROOM, { type, code: 0, rest });
    if (v6) writeIcmpv6Checksum(packet, HEADROOM, packet.length, source.bytes, remote.bytes);
    else writeIcmpChecksum(packet, HEADROOM, packet.length);
    const protocol = v6 ? PROTOCOL_ICMPV6 : PROTOCOL_ICMP;
    const header = { source, destination: remote, protocol, reason: undefined };
    this.#ip.send(packet, request.ttl === undefined ? header : { ...header, ttl: request.ttl });
  }

  handleReply(packet: IpPacket): void {
    const { bytes, start, source, ttl } = packet;
    const onAnswer = this.#listeners.get(readUint16(bytes, start + IDENTIFIER_AT));
    if (onAnswer === undefined) return;
    this.#ip.confirm(source);
    onAnswer({ sequence: readUint16(bytes, start + SEQUENCE_AT), from: source, kind: "reply", ttl });
  }

  /** `reporter` says that a request of ours did not arrive. */
  handleError({ kind, header }: TransportErrorReport, reporter: IpAddress): void {
    // A request that was too big for the path is lost, as any other loss; the next one is cut to fit.
    if (kind === "packet-too-big") return;
    this.#listeners.get(readUint16(header, IDENTIFIER_AT))?.({
      sequence: readUint16(header, SEQUENCE_AT),
      from: reporter,
      kind: kind === "time-exceeded" ? "time-exceeded" : "unreachable",
      ttl: 0,
    });
  }

  #advance(): void {
    this.#nextIdentifier = (this.#nextIdentifier + 1) % IDENTIFIERS;
  }
}

/** As many as 16 bits name. */
const IDENTIFIERS = 0x10000;
const IDENTIFIER_AT = 4;
const SEQUENCE_AT = 6;
