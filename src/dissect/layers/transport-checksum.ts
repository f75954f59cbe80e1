/** The checksum of TCP, UDP and ICMPv6 with its pseudo header: RFC 9293 section 3.1, RFC 8200 section 8.1. */

import { checksumAdd, checksumFinish } from "../../bytes/index.ts";
import type { Packet } from "../dissector.ts";
import { hexNumber } from "../show.ts";
import type { Walk } from "../walk.ts";

/** Checks the field that was walked last, whose message is [start, end) of the frame. */
export function checkTransport(
  walk: Walk,
  packet: Packet,
  protocol: number,
  start: number,
  end: number,
): void {
  if (packet.isQuoted || packet.network?.isWhole !== true) return;
  checkSum(walk, packet.pseudoHeaderSum + protocol + (end - start), start, end);
}

/** As `checkTransport`, for a message whose pseudo header, if any, sums up to `initial`. */
export function checkSum(walk: Walk, initial: number, start: number, end: number): void {
  const field = walk.last;
  // A checksum that is right sums up to zero together with everything else.
  if (checksumFinish(checksumAdd(initial, walk.frame, start, end)) === 0) {
    field.note = "correct";
    return;
  }
  const found = walk.peek(field.start, 2);
  const expected = checksumFinish(
    checksumAdd(initial, walk.frame, start, end) - weightOf(found, field.start - start),
  );
  field.problem = `bad checksum ${hexNumber(found, 4)}, should be ${hexNumber(expected, 4)}`;
}

/** What the field itself added to the sum: all checksum fields here stand at even offsets. */
function weightOf(found: number, offset: number): number {
  if (offset % 2 !== 0) throw new RangeError("a checksum stands at an even offset");
  return found;
}
