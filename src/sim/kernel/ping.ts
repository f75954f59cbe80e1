/** Echo requests that wait for their answer: RFC 792 and RFC 4443 section 4, the client's side. */

import { emitIcmpHeader, ICMP_ECHO_REQUEST, ICMP_HEADER_LENGTH, writeIcmpChecksum } from "../wire/icmp.ts";
import { ICMPV6_ECHO_REQUEST, writeIcmpv6Checksum } from "../wire/icmpv6.ts";
import { readUint16 } from "../wire/ipv4.ts";
import type { IpAddress } from "./ip-address.ts";
import type { IpPacket } from "./ip-packet.ts";
import type { IpStack } from "./stack.ts";
import { HEADROOM, PROTOCOL_ICMP, PROTOCOL_ICMPV6, type TransportErrorReport } from "./transport.ts";

/** What came back for an echo request. */
export interface PingAnswer {
  readonly from: IpAddress;
  readonly kind: "reply" | "time-exceeded" | "unreachable";
  readonly ttl: number;
}

export interface EchoRequest {
  readonly sequence: number;
  readonly payload: Uint8Array;
  readonly ttl?: number;
}

export class PingTable {
  readonly #ip: IpStack;
  /** By the identifier of the request: each request has its own. */
  readonly #waiting = new Map<number, (answer: PingAnswer) => void>();
  #nextIdentifier: number;

  constructor(ip: IpStack) {
    this.#ip = ip;
    this.#nextIdentifier = ip.random.below(0x10000);
  }

  /** Sends a request from `source`; returns how to stop waiting for its answer. */
  send(
    source: IpAddress,
    remote: IpAddress,
    request: EchoRequest,
    onAnswer: (answer: PingAnswer) => void,
  ): () => void {
    const identifier = this.#freeIdentifier();
    this.#waiting.set(identifier, onAnswer);
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
    return () => this.#waiting.delete(identifier);
  }

  handleReply(packet: IpPacket): void {
    const identifier = readUint16(packet.bytes, packet.start + 4);
    if (this.#waiting.has(identifier)) this.#ip.confirm(packet.source);
    this.#answer(identifier, { from: packet.source, kind: "reply", ttl: packet.ttl });
  }

  /** `reporter` says that a request of ours did not arrive. */
  handleError(report: TransportErrorReport, reporter: IpAddress): void {
    // A request that was too big for the path is lost, as any other loss; the next one is cut to fit.
    if (report.kind === "packet-too-big") return;
    const kind = report.kind === "time-exceeded" ? "time-exceeded" : "unreachable";
    this.#answer(readUint16(report.header, 4), { from: reporter, kind, ttl: 0 });
  }

  #answer(identifier: number, answer: PingAnswer): void {
    const onAnswer = this.#waiting.get(identifier);
    this.#waiting.delete(identifier);
    onAnswer?.(answer);
  }

  #freeIdentifier(): number {
    while (this.#waiting.has(this.#nextIdentifier))
      this.#nextIdentifier = (this.#nextIdentifier + 1) & 0xffff;
    const identifier = this.#nextIdentifier;
    this.#nextIdentifier = (identifier + 1) & 0xffff;
    return identifier;
  }
}
