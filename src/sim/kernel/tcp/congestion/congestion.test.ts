import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { TCP_DEFAULTS } from "../options.ts";
import { type CongestionControl, createCongestionControl } from "./index.ts";

const MSS = 1000;
const ROUND_TRIP_NS = 100e6;

function control(
  congestionControl: "cubic" | "newreno" | "none",
  initialWindowSegments = 10,
): CongestionControl {
  return createCongestionControl({ ...TCP_DEFAULTS, congestionControl, initialWindowSegments }, MSS);
}

/** Acknowledges whole windows, segment by segment, from `fromNs` until `untilNs`. */
function acknowledgeUntil(congestion: CongestionControl, fromNs: number, untilNs: number): void {
  for (let now = fromNs; now < untilNs; now += ROUND_TRIP_NS) {
    const segments = Math.floor(congestion.window / MSS);
    for (let i = 0; i < segments; i++)
      congestion.handleAck(MSS, now + (i * ROUND_TRIP_NS) / segments, ROUND_TRIP_NS);
  }
}

suite("congestion control", () => {
  test("the initial window is that of RFC 6928", () => {
    const window = (size: number): number => createCongestionControl(TCP_DEFAULTS, size).window;
    assert.deepEqual([536, 1460, 2000, 8960].map(window), [5360, 14_600, 14_600, 17_920]);
  });

  test("slow start doubles each round trip and ends at the threshold", () => {
    const congestion = control("newreno");
    acknowledgeUntil(congestion, 0, 2 * ROUND_TRIP_NS);
    assert.equal(congestion.window, 40 * MSS);
    congestion.handleTimeout(40 * MSS, false);
    assert.deepEqual([congestion.window, congestion.threshold], [MSS, 20 * MSS]);
    acknowledgeUntil(congestion, 0, 4 * ROUND_TRIP_NS);
    assert.equal(congestion.window, 16 * MSS);
    for (let i = 0; i < 4; i++) congestion.handleAck(MSS, 0, ROUND_TRIP_NS);
    assert.equal(congestion.window, 20 * MSS);
  });

  test("NewReno grows by one segment each round trip, however the ACKs are cut", () => {
    for (const octets of [MSS, 2 * MSS, MSS / 4]) {
      const congestion = control("newreno");
      congestion.handleLoss(40 * MSS);
      for (let left = 20 * MSS; left > 0; left -= octets) congestion.handleAck(octets, 0, ROUND_TRIP_NS);
      assert.ok(congestion.window > 20.9 * MSS && congestion.window <= 21 * MSS, `${congestion.window}`);
    }
  });

  test("CUBIC follows W (t) = 0.4 (t - K)^3 + W_max, with its plateau at K", () => {
    const congestion = control("cubic", 200);
    congestion.handleLoss(200 * MSS);
    assert.equal(congestion.window, 140 * MSS);
    // RFC 9438, equation 2.
    const plateauAfter = Math.cbrt((200 * 0.3) / 0.4);
    let now = 0;
    for (const seconds of [1, 2, 4, plateauAfter, 7, 8]) {
      const until = Math.round((seconds * 1e9) / ROUND_TRIP_NS) * ROUND_TRIP_NS;
      acknowledgeUntil(congestion, now, until);
      now = until;
      const expected = 0.4 * (until / 1e9 - plateauAfter) ** 3 + 200;
      const found = congestion.window / MSS;
      assert.ok(Math.abs(found - expected) < 0.02 * expected, `${found} after ${seconds} s, not ${expected}`);
    }
  });

  test("CUBIC is as fast as Reno where Reno is faster, and converges fast after a second loss", () => {
    const congestion = control("cubic", 10);
    congestion.handleLoss(10 * MSS);
    assert.equal(congestion.window, 7 * MSS);
    // Section 4.3: alpha = 0.529 segments each round trip until W_max, while the cubic has hardly moved.
    const shortNs = 1e6;
    for (let round = 0; round < 4; round++)
      for (let i = 0; i < Math.floor(congestion.window / MSS); i++)
        congestion.handleAck(MSS, round * shortNs, shortNs);
    assert.ok(congestion.window > 8.8 * MSS && congestion.window < 9.2 * MSS, `${congestion.window}`);
    const before = congestion.window / MSS;
    congestion.handleLoss(congestion.window);
    // Section 4.7: W_max is now 0.85 of where the loss was, below the first one.
    acknowledgeUntil(congestion, 0, 4 * ROUND_TRIP_NS);
    assert.ok(congestion.window / MSS < before);
  });

  test("none never changes", () => {
    const congestion = control("none", 4);
    congestion.handleLoss(4 * MSS);
    congestion.handleTimeout(4 * MSS, false);
    congestion.handleAck(MSS, 0, ROUND_TRIP_NS);
    congestion.handleIdle();
    assert.equal(congestion.window, 4 * MSS);
  });
});
