/** Cutting a packet into fragments: RFC 791 section 3.2 (hosts and routers), RFC 8200 section 4.5 (the source only). */

import { Frame } from "../link/frame.ts";
import { ETHERNET_HEADER_LENGTH } from "../wire/ethernet.ts";
import {
  DONT_FRAGMENT,
  FRAGMENT_OFFSET,
  ipv4HeaderLength,
  MORE_FRAGMENTS,
  readUint16,
  writeIpv4Checksum,
  writeUint16,
} from "../wire/ipv4.ts";
import { emitFragmentHeader, FRAGMENT, FRAGMENT_HEADER_LENGTH, IPV6_HEADER_LENGTH } from "../wire/ipv6.ts";

/** The frames that carry the packet in pieces of at most `mtu` octets, header included. A fragment can be cut again. */
export function fragmentIpv4(frame: Frame, mtu: number): Frame[] {
  const ip = frame.start + ETHERNET_HEADER_LENGTH;
  const { bytes } = frame;
  const headerLength = ipv4HeaderLength(bytes, ip);
  const end = ip + readUint16(bytes, ip + 2);
  const field = readUint16(bytes, ip + 6);
  // All fragments but the last carry a multiple of 8 octets.
  const most = (mtu - headerLength) & ~7;
  const pieces: Frame[] = [];
  for (let from = ip + headerLength; from < end; from += most) {
    const to = Math.min(from + most, end);
    const piece = new Uint8Array(ETHERNET_HEADER_LENGTH + headerLength + to - from);
    // Options are copied into every fragment: those that should not be (RFC 791 section 3.1) are not used here.
    piece.set(bytes.subarray(ip, ip + headerLength), ETHERNET_HEADER_LENGTH);
    piece.set(bytes.subarray(from, to), ETHERNET_HEADER_LENGTH + headerLength);
    const at = ETHERNET_HEADER_LENGTH;
    writeUint16(piece, at + 2, headerLength + to - from);
    const offset = (field & FRAGMENT_OFFSET) + (from - ip - headerLength) / 8;
    const more = to < end ? MORE_FRAGMENTS : field & MORE_FRAGMENTS;
    writeUint16(piece, at + 6, offset | more | (field & DONT_FRAGMENT));
    writeIpv4Checksum(piece, at);
    pieces.push(pieceOf(frame, piece));
  }
  return nameAll(pieces, frame.reason);
}

export function fragmentIpv6(frame: Frame, mtu: number, identification: number): Frame[] {
  const ip = frame.start + ETHERNET_HEADER_LENGTH;
  const { bytes } = frame;
  const payload = ip + IPV6_HEADER_LENGTH;
  const most = (mtu - IPV6_HEADER_LENGTH - FRAGMENT_HEADER_LENGTH) & ~7;
  const pieces: Frame[] = [];
  for (let from = payload; from < bytes.length; from += most) {
    const to = Math.min(from + most, bytes.length);
    const at = ETHERNET_HEADER_LENGTH;
    const piece = new Uint8Array(at + IPV6_HEADER_LENGTH + FRAGMENT_HEADER_LENGTH + to - from);
    piece.set(bytes.subarray(ip, payload), at);
    writeUint16(piece, at + 4, FRAGMENT_HEADER_LENGTH + to - from);
    piece[at + 6] = FRAGMENT;
    emitFragmentHeader(piece, at + IPV6_HEADER_LENGTH, {
      nextHeader: bytes[ip + 6],
      offset: from - payload,
      moreFragments: to < bytes.length,
      identification,
    });
    piece.set(bytes.subarray(from, to), at + IPV6_HEADER_LENGTH + FRAGMENT_HEADER_LENGTH);
    pieces.push(pieceOf(frame, piece));
  }
  return nameAll(pieces, frame.reason);
}

function pieceOf(whole: Frame, bytes: Uint8Array): Frame {
  const piece = new Frame(bytes, 0, whole.packetId, undefined);
  piece.intact = whole.intact;
  return piece;
}

function nameAll(pieces: Frame[], reason: string | undefined): Frame[] {
  pieces.forEach((piece, i) => {
    const name = `fragment ${i + 1} of ${pieces.length}`;
    piece.reason = reason === undefined ? name : `${reason}; ${name}`;
  });
  return pieces;
}
