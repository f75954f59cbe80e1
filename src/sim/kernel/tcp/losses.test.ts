/**
 * Losses of the segments 16, 16-17, 16-18, 16-19 of a transfer (Fall and Floyd, "Simulation-based comparisons of
 * Tahoe, Reno, and SACK TCP"), in the set-up that ns-3 tests them with: 8 Mbit/s and 0.1 ms, then 0.8 Mbit/s and
 * 100 ms, as one link here; segments of 1000 octets, every one acknowledged, no timestamps, an initial window of
 * one segment. All must be recovered without a timeout, each segment sent again once.
 */

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { TcpOptions } from "./options.ts";
import { LOST, PASS, Pipe } from "./testing/pipe.ts";
import { Reader, startWriter } from "./testing/transfer.ts";

const TOTAL = 200_000;
const SEGMENT = 1000;

interface Retransmission {
  readonly segment: number;
  readonly atMs: number;
  readonly reason: string;
}

function transferLosing(segments: readonly number[], options: Partial<TcpOptions>): Retransmission[] {
  const tcp = { maximumSegmentSize: SEGMENT, timestamps: false, delayedAckMs: 0, ...options };
  const pipe = new Pipe({ delayMs: 100.1, bandwidthBps: 800_000, client: tcp, server: tcp });
  const toLose = new Set(segments);
  const again: Retransmission[] = [];
  let initial = 0;
  let highest = 0;
  pipe.fault = ({ from, header, reason, atNs }) => {
    if (from !== pipe.client) return PASS;
    if ((header.flags & 2) !== 0) initial = header.sequence;
    if (header.dataLength === 0) return PASS;
    const segment = ((header.sequence - initial - 1) | 0) / SEGMENT + 1;
    if (segment <= highest) again.push({ segment, atMs: atNs / 1e6, reason: reason ?? "" });
    highest = Math.max(highest, segment);
    return toLose.delete(segment) ? LOST : PASS;
  };
  const { client, server } = pipe.establish();
  const reader = new Reader(server, 5000, () => server.close());
  startWriter(client, TOTAL, 1040, "shutdown");
  pipe.runUntilIdle();
  assert.equal(reader.received, TOTAL);
  assert.ok(reader.ended);
  assert.deepEqual([...toLose], [], "all that were to be lost were lost");
  return again;
}

const CASES = [[16], [16, 17], [16, 17, 18], [16, 17, 18, 19]];
/** From one retransmission to the next when each waits for the ACK of the one before: a round trip and a segment. */
const ROUND_TRIP_MS = 211;

suite("TCP recovers segments lost in a row, without a timeout", () => {
  for (const initialWindowSegments of [1, 10]) {
    for (const lost of CASES) {
      const name = `${lost.join(", ")}, initial window ${initialWindowSegments}`;

      test(`NewReno without SACK: ${name}`, () => {
        const options = {
          congestionControl: "newreno",
          selectiveAcknowledgment: false,
          initialWindowSegments,
        } as const;
        const again = transferLosing(lost, options);
        assert.deepEqual(
          again.map(({ segment }) => segment),
          lost,
        );
        assert.equal(again[0].reason, "fast retransmit: 3 duplicate ACKs");
        // RFC 6582: one hole for each round trip.
        for (let i = 1; i < again.length; i++) {
          assert.equal(again[i].reason, "retransmission: a partial ACK shows the next loss");
          const gap = again[i].atMs - again[i - 1].atMs;
          assert.ok(gap > ROUND_TRIP_MS - 11 && gap < ROUND_TRIP_MS * 1.6, `${gap} ms after the one before`);
        }
      });

      for (const congestionControl of ["newreno", "cubic"] as const) {
        test(`SACK with ${congestionControl}: ${name}`, () => {
          const again = transferLosing(lost, { congestionControl, initialWindowSegments });
          assert.deepEqual(
            again.map(({ segment }) => segment),
            lost,
          );
          for (const { reason } of again) assert.match(reason, /^fast retransmit|a hole in the SACK blocks$/);
          // RFC 6675: all of them within one round trip.
          assert.ok(again[again.length - 1].atMs - again[0].atMs < ROUND_TRIP_MS);
        });
      }
    }
  }
});
