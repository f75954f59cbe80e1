/**
 * The table of goodput over window, round-trip time and loss: compared with `testing/goodput.snapshot.txt`, so that
 * any change shows as a diff (UPDATE_SNAPSHOT=1 writes it anew), and with the closed forms that theory has for it.
 *
 * The set-up: segments of 1024 octets where the window limits and of 1460 where loss does; no timestamps; no other
 * limit of bandwidth; where loss limits, each segment is acknowledged (no delayed ACKs), buffers of 1 MiB, SACK as
 * usual, and each data segment is lost with the same probability, independently.
 */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { suite, test } from "node:test";
import type { CongestionControlName, TcpOptions } from "./options.ts";
import { type Goodput, measureGoodput } from "./testing/goodput.ts";

const WINDOWS = [2048, 4096, 8192, 16_384, 32_768];
const ROUND_TRIPS_MS = [20, 100, 300];
/** Probability of loss, and how long to measure so that some hundred losses are seen. */
const LOSSES = [
  [0.001, 600],
  [0.003, 400],
  [0.01, 300],
  [0.03, 500],
] as const;
const LOSSY_ROUND_TRIP_MS = 200;

const rows: string[] = [];

function row(...cells: (string | number)[]): void {
  rows.push(cells.map((cell) => String(cell).padStart(12)).join(" "));
}

suite("TCP goodput", () => {
  test("where the window limits: within 3 % of window / RTT", () => {
    row("window", "RTT ms", "bytes/s", "of W/RTT");
    for (const roundTripMs of ROUND_TRIPS_MS) {
      for (const window of WINDOWS) {
        const tcp = { maximumSegmentSize: 1024, timestamps: false, receiveBufferBytes: window };
        const { bytesPerSecond } = measureGoodput({
          tcp,
          roundTripMs,
          loss: 0,
          seed: 1,
          warmUpSeconds: 2,
          seconds: 12,
        });
        const share = bytesPerSecond / (window / (roundTripMs / 1000));
        row(window, roundTripMs, Math.round(bytesPerSecond), share.toFixed(3));
        assert.ok(Math.abs(share - 1) <= 0.03, `window ${window}, RTT ${roundTripMs} ms: ${share} of W/RTT`);
      }
    }
  });

  test("where loss limits: NewReno within 20 % of 1.22 MSS / (RTT sqrt p)", () => {
    row("control", "loss", "bytes/s", "of formula", "loss seen", "timeouts");
    for (const [loss, seconds] of LOSSES) {
      const share = measureLossy("newreno", loss, seconds);
      assert.ok(Math.abs(share - 1) <= 0.2, `NewReno at p = ${loss}: ${share} of the formula`);
    }
  });

  test("where loss limits: CUBIC is at least as fast, a fixed window faster still", () => {
    for (const [loss, seconds] of LOSSES.slice(1)) assert.ok(measureLossy("cubic", loss, seconds / 2) >= 0.8);
    assert.ok(measureLossy("none", 0.03, 100) > 1);
  });

  test("the table is as it was", () => {
    const file = new URL("./testing/goodput.snapshot.txt", import.meta.url);
    const table = `${rows.map((line) => line.trimEnd()).join("\n")}\n`;
    if (process.env.UPDATE_SNAPSHOT === "1") writeFileSync(file, table);
    assert.equal(table, readFileSync(file, "utf8"), "UPDATE_SNAPSHOT=1 accepts the new table");
  });
});

/** Adds a row; what the goodput is of Mathis' formula. */
function measureLossy(congestionControl: CongestionControlName, loss: number, seconds: number): number {
  const tcp: Partial<TcpOptions> = {
    congestionControl,
    timestamps: false,
    delayedAckMs: 0,
    sendBufferBytes: 1 << 20,
    receiveBufferBytes: 1 << 20,
  };
  const roundTripMs = LOSSY_ROUND_TRIP_MS;
  const measured: Goodput = measureGoodput({ tcp, roundTripMs, loss, seed: 1, warmUpSeconds: 20, seconds });
  const formula = (1.22 * 1460) / ((roundTripMs / 1000) * Math.sqrt(loss));
  const share = measured.bytesPerSecond / formula;
  row(
    congestionControl,
    loss,
    Math.round(measured.bytesPerSecond),
    share.toFixed(3),
    measured.lossSeen.toFixed(4),
    measured.timeouts,
  );
  return share;
}
