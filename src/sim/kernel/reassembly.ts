/**
 * Fragments become packets again: RFC 791 section 3.2, RFC 1122 section 3.3.2, RFC 8200 section 4.5. Bounded in time,
 * in octets, and in fragments; overlapping fragments are an attack and discard the whole packet (RFC 5722).
 */

import type { Schedule, ScheduledEvent } from "../schedule.ts";
import {
  FRAGMENT_OFFSET,
  IPV4_TOTAL_MAX,
  MORE_FRAGMENTS,
  readUint16,
  writeIpv4Checksum,
  writeUint16,
} from "../wire/ipv4.ts";
import { type FragmentHeader, IPV6_HEADER_LENGTH, IPV6_PAYLOAD_MAX } from "../wire/ipv6.ts";
import { IpPacket } from "./ip-packet.ts";

export class Reassembly {
  readonly #schedule: Schedule;
  readonly #onTimeout: (first: IpPacket) => void;
  readonly #partial = new Map<string, PartialPacket>();
  #bytes = 0;

  /** `onTimeout` hears of a packet whose first fragment came but whose rest did not. */
  constructor(schedule: Schedule, onTimeout: (first: IpPacket) => void) {
    this.#schedule = schedule;
    this.#onTimeout = onTimeout;
  }

  /** Returns the whole packet once its last fragment is there. */
  addIpv4(packet: IpPacket): IpPacket | undefined {
    const at = packet.headerStart;
    const field = readUint16(packet.bytes, at + 6);
    const id = readUint16(packet.bytes, at + 4);
    const more = (field & MORE_FRAGMENTS) !== 0;
    const whole = this.#add(
      packet,
      `${packet.protocol}/${id}`,
      (field & FRAGMENT_OFFSET) * 8,
      more,
      IPV4_TOTAL_MAX,
    );
    return whole === undefined ? undefined : joinIpv4(packet, whole);
  }

  /** As `addIpv4`; `packet.start` is behind the fragment header. */
  addIpv6(packet: IpPacket, fragment: FragmentHeader): IpPacket | undefined {
    const { offset, moreFragments, identification } = fragment;
    // RFC 6946: a packet that is all its fragments is whole by itself.
    if (offset === 0 && !moreFragments) return packet;
    const whole = this.#add(packet, `${identification}`, offset, moreFragments, IPV6_PAYLOAD_MAX);
    return whole === undefined ? undefined : joinIpv6(packet, whole);
  }

  close(): void {
    for (const partial of this.#partial.values()) this.#schedule.cancel(partial.timer);
    this.#partial.clear();
    this.#bytes = 0;
  }

  #add(packet: IpPacket, id: string, offset: number, more: boolean, lengthMax: number): Piece[] | undefined {
    const piece = { offset, end: offset + packet.end - packet.start, last: !more, packet };
    // RFC 8200 section 4.5; RFC 791 says the same by counting in units of 8.
    if (more && (packet.end - packet.start) % 8 !== 0) {
      packet.drop("a fragment before the last is not a multiple of 8 octets");
      return undefined;
    }
    if (piece.end > lengthMax || piece.end === offset) {
      packet.drop("a fragment outside of any packet");
      return undefined;
    }
    const key = `${packet.source.id} ${packet.destination.id} ${id}`;
    const partial = this.#partial.get(key) ?? this.#begin(key);
    const known = partial.pieces.find((other) => other.offset < piece.end && offset < other.end);
    if (known !== undefined) {
      // A duplicate of the very same fragment is the network's doing; anything else is not.
      if (known.offset === offset && known.end === piece.end) packet.drop("this fragment is here already");
      else this.#discard(key, partial, "fragments overlap");
      return undefined;
    }
    partial.pieces.push(piece);
    this.#bytes += piece.end - offset;
    const whole = wholeOf(partial.pieces);
    if (whole !== undefined) this.#remove(key, partial);
    else if (partial.pieces.length >= FRAGMENTS_MAX)
      this.#discard(key, partial, `over ${FRAGMENTS_MAX} fragments`);
    else this.#makeRoom();
    return whole;
  }

  #begin(key: string): PartialPacket {
    const timer = this.#schedule.after(REASSEMBLY_TIMEOUT_NS, () => {
      const first = partial.pieces.find((piece) => piece.offset === 0);
      this.#discard(key, partial, "the other fragments did not come in time");
      // RFC 792, RFC 8200 section 4.5: only when the first fragment is there.
      if (first !== undefined) this.#onTimeout(first.packet);
    });
    const partial: PartialPacket = { pieces: [], timer };
    this.#partial.set(key, partial);
    return partial;
  }

  #makeRoom(): void {
    for (const [key, oldest] of this.#partial) {
      if (this.#bytes <= REASSEMBLY_BYTES_MAX) return;
      this.#discard(key, oldest, "too many fragments wait for others");
    }
  }

  #discard(key: string, partial: PartialPacket, reason: string): void {
    this.#remove(key, partial);
    for (const piece of partial.pieces) piece.packet.drop(reason);
  }

  #remove(key: string, partial: PartialPacket): void {
    this.#schedule.cancel(partial.timer);
    this.#partial.delete(key);
    for (const piece of partial.pieces) this.#bytes -= piece.end - piece.offset;
  }
}

interface Piece {
  readonly offset: number;
  readonly end: number;
  readonly last: boolean;
  readonly packet: IpPacket;
}

interface PartialPacket {
  readonly pieces: Piece[];
  readonly timer: ScheduledEvent;
}

/** The pieces in order, when they make a whole. */
function wholeOf(pieces: readonly Piece[]): Piece[] | undefined {
  if (!pieces.some((piece) => piece.last)) return undefined;
  const ordered = [...pieces].sort((a, b) => a.offset - b.offset);
  let end = 0;
  for (const piece of ordered) {
    if (piece.offset !== end) return undefined;
    end = piece.end;
  }
  return ordered.at(-1)?.last === true ? ordered : undefined;
}

/** The header of the first fragment with the payloads of all. */
function joinIpv4(last: IpPacket, pieces: readonly Piece[]): IpPacket | undefined {
  const first = pieces[0].packet;
  const headerLength = first.start - first.headerStart;
  const bytes = join(first, headerLength, pieces);
  if (bytes.length > IPV4_TOTAL_MAX) {
    last.drop("the whole packet would be too long");
    return undefined;
  }
  writeUint16(bytes, 2, bytes.length);
  writeUint16(bytes, 6, 0);
  writeIpv4Checksum(bytes, 0);
  return wholePacket(last, first, bytes, headerLength, pieces);
}

/** RFC 8200 section 4.5: without the fragment header, and without what stood before it, which was for the way here. */
function joinIpv6(last: IpPacket, pieces: readonly Piece[]): IpPacket {
  const first = pieces[0].packet;
  const bytes = join(first, IPV6_HEADER_LENGTH, pieces);
  writeUint16(bytes, 4, bytes.length - IPV6_HEADER_LENGTH);
  bytes[6] = first.protocol;
  return wholePacket(last, first, bytes, IPV6_HEADER_LENGTH, pieces);
}

function join(first: IpPacket, headerLength: number, pieces: readonly Piece[]): Uint8Array {
  const bytes = new Uint8Array(headerLength + pieces[pieces.length - 1].end);
  bytes.set(first.bytes.subarray(first.headerStart, first.headerStart + headerLength));
  for (const { packet, offset } of pieces) {
    bytes.set(packet.bytes.subarray(packet.start, packet.end), headerLength + offset);
  }
  return bytes;
}

function wholePacket(
  last: IpPacket,
  first: IpPacket,
  bytes: Uint8Array,
  headerLength: number,
  pieces: readonly Piece[],
): IpPacket {
  const { source, destination, isGroup, protocol, ttl } = first;
  const intact = pieces.every((piece) => piece.packet.intact);
  return new IpPacket(
    last.frame,
    last.interface,
    { source, destination, isGroup },
    {
      bytes,
      headerStart: 0,
      start: headerLength,
      end: bytes.length,
      protocol,
      ttl,
      intact,
    },
  );
}

/** RFC 8200 section 4.5; RFC 1122 section 3.3.2 wants 60 to 120 s for IPv4. */
const REASSEMBLY_TIMEOUT_NS = 60e9;
/** As Linux keeps at most (ipfrag_high_thresh); beyond it the oldest goes. */
const REASSEMBLY_BYTES_MAX = 4 * 1024 * 1024;
/** The largest packet over the smallest IPv4 MTU has 1366. */
const FRAGMENTS_MAX = 1500;
