/** Two TCPs over a path that loses, reorders, repeats and corrupts: exactly the octets sent must arrive. */

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { SeededRandom } from "../../random.ts";
import type { CongestionControlName, TcpOptions } from "./options.ts";
import { LOST, PASS, Pipe, type PipeOptions } from "./testing/pipe.ts";
import { Reader, startWriter } from "./testing/transfer.ts";

interface Path {
  readonly seed: number;
  readonly loss: number;
  readonly reorder: number;
  readonly duplicate: number;
  readonly corrupt: number;
}

/** A path with these faults, and hosts with these options. */
function faultyPipe(path: Path, options: PipeOptions): Pipe {
  const random = new SeededRandom(path.seed, "path");
  return new Pipe({
    ...options,
    seed: path.seed,
    intact: false,
    fault: ({ bytes }) => {
      if (random.fraction() < path.loss) return LOST;
      if (random.fraction() < path.corrupt)
        bytes[54 + random.below(bytes.length - 54)] ^= 1 << random.below(8);
      const copies = random.fraction() < path.duplicate ? [0, 3e6] : [...PASS];
      return copies.map((delay) => (random.fraction() < path.reorder ? delay + random.below(40e6) : delay));
    },
  });
}

/** TCP_RUNS=5000 digs deeper. */
const RUNS = Number(process.env.TCP_RUNS ?? 60);

suite("TCP delivers", () => {
  const options: fc.Arbitrary<Partial<TcpOptions>> = fc.record({
    congestionControl: fc.constantFrom<CongestionControlName>("cubic", "newreno", "none"),
    selectiveAcknowledgment: fc.boolean(),
    timestamps: fc.boolean(),
    windowScaling: fc.boolean(),
    noDelay: fc.boolean(),
    limitedTransmit: fc.boolean(),
    delayedAckMs: fc.constantFrom(0, 40, 200),
    sendBufferBytes: fc.constantFrom(1000, 20_000, 262_144),
    receiveBufferBytes: fc.constantFrom(600, 5000, 262_144),
    minRtoMs: fc.constantFrom(200, 1000),
    // So that no run of losses outlasts the other end's TIME-WAIT.
    maxRtoMs: fc.constant(4000),
  });
  const path: fc.Arbitrary<Path> = fc.record({
    seed: fc.integer({ min: 1, max: 2 ** 31 }),
    loss: fc.constantFrom(0, 0.01, 0.1, 0.25),
    reorder: fc.constantFrom(0, 0.1, 0.5),
    duplicate: fc.constantFrom(0, 0.1),
    corrupt: fc.constantFrom(0, 0.05),
  });

  test("exactly the octets sent, both ways at once, and both ends are closed in the end", () => {
    const sizes = fc.record({
      up: fc.nat(60_000),
      down: fc.nat(60_000),
      piece: fc.integer({ min: 1, max: 9000 }),
    });
    fc.assert(
      fc.property(path, options, options, sizes, fc.boolean(), (faults, client, server, size, ipv6) => {
        const pipe = faultyPipe(faults, { client, server, delayMs: 10, ipv6 });
        const ends = pipe.establish();
        const upper = new Reader(ends.server, 7000, () => {});
        const lower = new Reader(ends.client, 70_000, () => {});
        startWriter(ends.client, size.up, Math.max(size.piece, size.up >> 8), "shutdown");
        startWriter(ends.server, size.down, Math.max(size.piece, size.down >> 8), "shutdown");
        pipe.runUntilIdle();
        assert.deepEqual([ends.client.failure, ends.server.failure], [undefined, undefined]);
        assert.deepEqual([upper.received, lower.received], [size.up, size.down]);
        assert.ok(upper.ended && lower.ended);
        assert.deepEqual([ends.client.state, ends.server.state], ["CLOSED", "CLOSED"]);
        assert.equal(pipe.schedule.pending, 0);
        assert.deepEqual(pipe.client.tcp.sockets(), []);
      }),
      { numRuns: RUNS },
    );
  });

  test("without faults nothing is ever sent twice", () => {
    const sizes = fc.record({ up: fc.nat(300_000), piece: fc.integer({ min: 500, max: 9000 }) });
    fc.assert(
      fc.property(options, options, sizes, (client, server, { up, piece }) => {
        // A timeout below the peer's delay of ACKs (200 ms) would rightly expire.
        const patient = { ...client, minRtoMs: 1000 };
        const pipe = new Pipe({ client: patient, server, delayMs: 10, bandwidthBps: 10e6 });
        const ends = pipe.establish();
        const reader = new Reader(ends.server, 9000, () => ends.server.close());
        startWriter(ends.client, up, piece, "shutdown");
        while (!reader.ended && pipe.schedule.step());
        const [row] = pipe.client.tcp.sockets();
        assert.equal(reader.received, up);
        assert.equal(row.transfer?.segmentsRetransmitted, 0);
      }),
      { numRuns: 25 },
    );
  });

  test("the same seed gives the same segments at the same times", () => {
    const trace = (seed: number): string => {
      const pipe = faultyPipe(
        { seed, loss: 0.1, reorder: 0.2, duplicate: 0.1, corrupt: 0.05 },
        { delayMs: 5 },
      );
      const lines: string[] = [];
      pipe.onSend = ({ atNs, header, reason }) =>
        lines.push(
          [atNs, header.sequence, header.acknowledgment, header.flags, header.window, reason].join(),
        );
      const ends = pipe.establish();
      new Reader(ends.server, 9000, () => ends.server.close());
      startWriter(ends.client, 50_000, 1000, "shutdown");
      pipe.runUntilIdle();
      return lines.join("\n");
    };
    assert.equal(trace(5), trace(5));
    assert.notEqual(trace(5), trace(6));
  });
});
