/** The buffers and the scoreboard against the simplest models that could be right. */

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { TcpHeader } from "../../wire/tcp.ts";
import { Assembler } from "./assembler.ts";
import { Arena, ReceiveQueue } from "./receive-queue.ts";
import { Scoreboard } from "./scoreboard.ts";
import { SendBuffer } from "./send-buffer.ts";

const octets = (length: number, from: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (from + i) * 31 + ((from + i) >> 8));
/** Sequence numbers begin here, so that every case crosses the place where they wrap round. */
const BASE = 2 ** 31 - 500;

suite("send buffer", () => {
  test("holds what an array would hold", () => {
    const step = fc.record({
      append: fc.nat(3000),
      drop: fc.nat(3000),
      at: fc.nat(4000),
      take: fc.nat(2000),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const buffer = new SendBuffer(4000);
        let model: number[] = [];
        let written = 0;
        for (const { append, drop, at, take } of steps) {
          const bytes = octets(append, written);
          const taken = buffer.append(bytes);
          assert.equal(taken, Math.min(append, 4000 - model.length));
          model.push(...bytes.subarray(0, taken));
          written += taken;
          const offset = Math.min(at, model.length);
          const length = Math.min(take, model.length - offset);
          const copy = new Uint8Array(length + 2);
          buffer.copyTo(offset, length, copy, 1);
          assert.deepEqual([...copy], [0, ...model.slice(offset, offset + length), 0]);
          const dropped = Math.min(drop, model.length);
          buffer.drop(dropped);
          model = model.slice(dropped);
          assert.equal(buffer.length, model.length);
        }
      }),
    );
  });

  test("refuses to read or drop what it does not hold", () => {
    const buffer = new SendBuffer(100);
    buffer.append(octets(10, 0));
    assert.throws(() => buffer.copyTo(5, 6, new Uint8Array(10), 0), RangeError);
    assert.throws(() => buffer.drop(11), RangeError);
  });
});

suite("receive queue", () => {
  test("gives back what went in, in order, and never touches it again", () => {
    const step = fc.record({
      append: fc.nat(2000),
      owned: fc.boolean(),
      other: fc.boolean(),
      read: fc.nat(3000),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const arena = new Arena();
        const queue = new ReceiveQueue(arena);
        const neighbour = new ReceiveQueue(arena);
        let written = 0;
        let read = 0;
        const handedOut: { bytes: Uint8Array; from: number }[] = [];
        for (const { append, owned, other, read: max } of steps) {
          const bytes = octets(append, written);
          if (other) neighbour.append(new Uint8Array(append), 0, append);
          if (owned) queue.appendOwned(bytes);
          else queue.append(new Uint8Array([9, 9, ...bytes, 9]), 2, 2 + append);
          written += append;
          const part = queue.read(max);
          assert.equal(part === undefined, max === 0 || written === read);
          if (part !== undefined) handedOut.push({ bytes: part, from: read });
          assert.ok((part?.length ?? 1) > 0 && (part?.length ?? 0) <= max);
          read += part?.length ?? 0;
          assert.equal(queue.length, written - read);
        }
        for (const { bytes, from } of handedOut) assert.deepEqual(bytes, octets(bytes.length, from));
      }),
    );
  });

  test("many tiny pieces share blocks", () => {
    const queue = new ReceiveQueue(new Arena());
    for (let i = 0; i < 10_000; i++) queue.append(octets(1, i), 0, 1);
    let pieces = 0;
    for (let at = 0, part = queue.read(1e6); part !== undefined; part = queue.read(1e6), pieces++) {
      assert.deepEqual(part, octets(part.length, at));
      at += part.length;
    }
    assert.ok(pieces < 20, `${pieces} pieces`);
  });
});

suite("assembler", () => {
  const arrival = fc.record({ at: fc.nat(1000), length: fc.integer({ min: 1, max: 200 }) });

  test("yields each octet once and in its place, and reports exactly what it holds", () => {
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 40 }), (arrivals) => {
        const assembler = new Assembler();
        const held = new Set<number>();
        let next = 0;
        for (const { at, length } of arrivals) {
          const from = Math.max(at, next);
          if (from >= at + length) continue;
          assembler.insert((BASE + from) | 0, octets(at + length - from, from), 0, at + length - from);
          for (let i = from; i < at + length; i++) held.add(i);
          const header = new TcpHeader();
          assembler.fillSackBlocks(header, 4);
          assert.ok(header.sackCount > 0);
          for (let b = 0; b < header.sackCount; b++) {
            const start = (header.sackEdges[2 * b] - BASE) | 0;
            const end = (header.sackEdges[2 * b + 1] - BASE) | 0;
            for (let i = start; i < end; i++) assert.ok(held.has(i), `${i} is reported`);
            assert.ok(!held.has(start - 1) && !held.has(end), "a block is as large as it can be");
            if (b === 0) assert.ok(start <= from && end >= at + length, "the last arrival comes first");
          }
          for (
            let part = assembler.take((BASE + next) | 0);
            part !== undefined;
            part = assembler.take((BASE + next) | 0)
          ) {
            assert.deepEqual(part, octets(part.length, next));
            for (let i = 0; i < part.length; i++) assert.ok(held.delete(next + i));
            next += part.length;
          }
          assert.ok(!held.has(next));
          assert.equal(assembler.isEmpty, held.size === 0);
        }
      }),
    );
  });

  test("holds a bounded number of pieces", () => {
    const assembler = new Assembler();
    for (let i = 0; i < 5000; i++) assembler.insert(1 + 2 * i, Uint8Array.of(1), 0, 1);
    let kept = 0;
    for (let i = 0; i < 5000; i++) if (assembler.take(1 + 2 * i) !== undefined) kept++;
    assert.equal(kept, 512);
  });
});

suite("scoreboard", () => {
  const MSS = 10;
  const length = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 60 }));
  const block = fc.record({ start: fc.nat(300), length });

  test("agrees with RFC 6675 written down octet by octet", () => {
    fc.assert(
      fc.property(
        fc.array(block, { minLength: 1, maxLength: 12 }),
        fc.nat(150),
        fc.nat(300),
        (blocks, una, rexmit) => {
          const board = new Scoreboard();
          const sacked = new Set<number>();
          const highest = 320;
          blocks.forEach(({ start, length }) => {
            const header = new TcpHeader();
            header.sackCount = 1;
            header.sackEdges[0] = (BASE + start) | 0;
            header.sackEdges[1] = (BASE + start + length) | 0;
            const before = sacked.size;
            if (start + length <= highest)
              for (let i = Math.max(start, una); i < start + length; i++) sacked.add(i);
            assert.equal(board.update(header, (BASE + una) | 0, (BASE + highest) | 0), sacked.size > before);
          });
          const isLost = (octet: number): boolean => {
            const above = [...sacked].filter((other) => other > octet);
            const ranges = above.filter((other) => !sacked.has(other - 1)).length;
            return ranges >= 3 || above.length > 2 * MSS;
          };
          let pipe = 0;
          let lostBefore = una;
          for (let octet = una; octet < highest; octet++) {
            if (sacked.has(octet)) continue;
            if (isLost(octet)) lostBefore = octet + 1;
            else pipe++;
            if (octet < rexmit) pipe++;
          }
          const lost = board.lostBefore((BASE + una) | 0, MSS);
          const unsackedBelow = (limit: number): number[] =>
            Array.from({ length: Math.max(0, limit - una) }, (_, i) => una + i).filter(
              (octet) => !sacked.has(octet),
            );
          assert.deepEqual(unsackedBelow((lost - BASE) | 0), unsackedBelow(lostBefore));
          assert.equal(board.pipe((BASE + una) | 0, (BASE + highest) | 0, (BASE + rexmit) | 0, lost), pipe);
          assert.equal(
            board.octetsBefore((BASE + 200) | 0),
            [...sacked].filter((octet) => octet < 200).length,
          );
        },
      ),
    );
  });

  test("ignores blocks beyond what was sent, below what was acknowledged, or inside out", () => {
    const board = new Scoreboard();
    const header = new TcpHeader();
    for (const [start, end] of [
      [50, 400],
      [0, 20],
      [80, 70],
      [60, 60],
    ]) {
      header.sackCount = 1;
      header.sackEdges.set([start, end]);
      assert.equal(board.update(header, 20, 300), false);
    }
    assert.ok(board.isEmpty);
  });
});
