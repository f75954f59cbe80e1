/** Random headers and segments for the property tests. */

import fc from "fast-check";
import { TcpHeader } from "../../../wire/tcp.ts";

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const uint16 = fc.integer({ min: 0, max: 0xffff });

/** Any header that can be emitted: its options fit into 40 octets. */
export const anyHeader: fc.Arbitrary<TcpHeader> = fc
  .record({
    sourcePort: uint16,
    destinationPort: uint16,
    sequence: int32,
    acknowledgment: int32,
    flags: fc.integer({ min: 0, max: 0xff }),
    window: uint16,
    urgentPointer: uint16,
    hasTimestamps: fc.boolean(),
    timestampValue: int32,
    timestampEcho: int32,
    opening: fc.option(
      fc.record({
        maximumSegmentSize: uint16,
        windowScale: fc.integer({ min: -1, max: 14 }),
        sackPermitted: fc.boolean(),
      }),
    ),
    sack: fc.array(int32, { maxLength: 4 }),
  })
  .map(({ opening, sack, hasTimestamps, timestampValue, timestampEcho, ...fields }) => {
    const header = Object.assign(new TcpHeader(), fields, opening ?? {}, { hasTimestamps });
    if (hasTimestamps) Object.assign(header, { timestampValue, timestampEcho });
    const blocks = opening === null ? sack.slice(0, hasTimestamps ? 3 : 4) : [];
    header.sackCount = blocks.length;
    blocks.forEach((edge, i) => {
      header.sackEdges[2 * i] = edge;
      header.sackEdges[2 * i + 1] = (edge + 1000) | 0;
    });
    return header;
  });
