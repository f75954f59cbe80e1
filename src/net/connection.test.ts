import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  Connection,
  fromByteString,
  type LineOptions,
  RemoteError,
  type StreamSocket,
  sleep,
  type Task,
  toByteString,
} from "./index.ts";
import { MemoryWorld } from "./testing/memory-world.ts";

const LINE: LineOptions = { max: 20, timeoutMs: 1000 };

/** A connection, and what its peer sends in these pieces, one after the other; then the peer's end. */
function receiving(pieces: readonly (string | Uint8Array)[], capacity = 1 << 20) {
  const world = new MemoryWorld();
  const [near, far] = world.connectionPair(capacity);
  world.spawn("peer", sendAll(far, pieces));
  return { world, near, far };
}

function* sendAll(connection: Connection, pieces: readonly (string | Uint8Array)[]): Task {
  for (const piece of pieces) yield* connection.write(piece, 1000);
  connection.end();
}

function* linesOf(connection: Connection, options: LineOptions): Task<string[]> {
  const lines: string[] = [];
  for (;;) {
    const line = yield* connection.readLine(options);
    if (line === null) return lines;
    lines.push(line);
  }
}

describe("readLine", () => {
  test("finds the same lines wherever the stream is cut", () => {
    const text = "HELO crepes.fr\r\n\r\nlone \r and \n inside\r\n\r\r\nlast\r\n";
    const expected = ["HELO crepes.fr", "", "lone \r and \n inside", "\r", "last"];
    for (let first = 0; first <= text.length; first++) {
      for (let second = first; second <= text.length; second++) {
        const pieces = [text.slice(0, first), text.slice(first, second), text.slice(second)];
        const { world, near } = receiving(pieces.filter((piece) => piece !== ""));
        assert.deepEqual(world.run(linesOf(near, LINE)), expected, `cut at ${first} and ${second}`);
      }
    }
  });

  test("any octets in any pieces: what is sent as lines is read as lines", () => {
    const lineArbitrary = fc
      .array(fc.integer({ min: 0, max: 255 }), { maxLength: 30 })
      .map((octets) => toByteString(Uint8Array.from(octets)).replaceAll("\n", " "));
    fc.assert(
      fc.property(
        fc.array(lineArbitrary, { maxLength: 8 }),
        fc.integer({ min: 1, max: 9 }),
        (lines, size) => {
          const bytes = fromByteString(lines.map((line) => `${line}\r\n`).join(""));
          const pieces: Uint8Array[] = [];
          for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
          const { world, near } = receiving(pieces);
          assert.deepEqual(world.run(linesOf(near, { ...LINE, max: 30 })), lines);
        },
      ),
    );
  });

  test("a line of the longest length passes, one octet more does not, however it comes", () => {
    const longest = "x".repeat(20);
    for (const pieces of [[`${longest}\r\n`], [longest, "\r", "\n"], [...`${longest}\r\n`]]) {
      const { world, near } = receiving(pieces);
      assert.equal(world.run(near.readLine(LINE)), longest);
    }
    for (const pieces of [[`${longest}x\r\n`], [`${longest}x`], [...`${longest}x`], [`${longest}\r\r\n`]]) {
      const { world, near } = receiving(pieces);
      assert.throws(() => world.run(near.readLine(LINE)), {
        name: "RemoteError",
        code: "line-too-long",
        message: "192.0.2.2:1002 sent a line of over 20 octets",
      });
    }
  });

  test("an over-long line is refused as soon as that is certain, not at its end", () => {
    const world = new MemoryWorld();
    const [near, far] = world.connectionPair();
    world.run(far.write("x".repeat(21), 10));
    assert.throws(() => world.run(near.readLine(LINE)), { code: "line-too-long" });
    assert.ok(world.clock.nowNs() < 1e6);
  });

  test("a bare LF ends a line only where it may", () => {
    const text = "a\nb\r\nc\n";
    const strict = receiving([text]);
    assert.equal(strict.world.run(strict.near.readLine(LINE)), "a\nb");
    assert.throws(() => strict.world.run(strict.near.readLine(LINE)), { code: "unexpected-end" });
    const lenient = receiving([text]);
    assert.deepEqual(lenient.world.run(linesOf(lenient.near, { ...LINE, bareLf: true })), ["a", "b", "c"]);
    const refusing = receiving([text]);
    const options = { ...LINE, bareLf: "refuse" } as const;
    assert.throws(() => refusing.world.run(refusing.near.readLine(options)), { code: "bare-line-feed" });
    assert.equal(refusing.world.run(refusing.near.readLine(options)), "b", "the refused line is read");
  });

  test("the end of the stream: null between lines, an error within one", () => {
    const between = receiving(["a\r\n"]);
    assert.deepEqual(between.world.run(linesOf(between.near, LINE)), ["a"]);
    assert.equal(between.world.run(between.near.readLine(LINE)), null, "and again");
    for (const rest of ["x", "\r", "x\r", "\n"]) {
      const within = receiving([`a\r\n${rest}`]);
      assert.throws(() => within.world.run(linesOf(within.near, LINE)), {
        code: "unexpected-end",
        message: "192.0.2.2:1002 closed the connection in the middle of a line",
      });
    }
  });

  test("lines and octets may be read in turn", () => {
    const { world, near } = receiving(["BDAT 5\r\nab", "cdeQUIT\r\n"]);
    world.run(
      (function* () {
        assert.equal(yield* near.readLine(LINE), "BDAT 5");
        assert.equal(toByteString(yield* near.readExactly(5, 10)), "abcde");
        assert.ok(near.hasInput);
        assert.equal(yield* near.readLine(LINE), "QUIT");
        assert.ok(!near.hasInput);
      })(),
    );
  });

  test("takes time in proportion to the line, not to its square", () => {
    // Copying all that is unread for every octet that comes would move 80 GB here.
    const size = 400_000;
    const trickle = new Trickle(`${"x".repeat(size)}\r\n`);
    const world = new MemoryWorld();
    const line = world.run(new Connection(trickle, world.clock).readLine({ max: size, timeoutMs: 1000 }));
    assert.equal(line?.length, size);
  });
});

describe("read and readExactly", () => {
  test("read gives what is there, at most what was asked for, and null at the end", () => {
    const { world, near } = receiving(["abc", "de"]);
    world.run(
      (function* () {
        assert.equal(toByteString((yield* near.read(2, 10)) ?? octets(0)), "ab");
        assert.equal(toByteString((yield* near.read(100, 10)) ?? octets(0)), "c");
        assert.equal(toByteString((yield* near.read(100, 10)) ?? octets(0)), "de");
        assert.equal(yield* near.read(100, 10), null);
        assert.equal(yield* near.read(100, 10), null);
      })(),
    );
  });

  test("readExactly says how far it came", () => {
    const { world, near } = receiving(["abc"]);
    assert.throws(() => world.run(near.readExactly(5, 10)), {
      code: "unexpected-end",
      message: "192.0.2.2:1002 closed the connection after 3 of 5 octets",
    });
    const none = receiving([]);
    assert.equal(none.world.run(none.near.readExactly(0, 10)).length, 0);
  });

  test("what was read never changes afterwards, and all of it is what was sent", () => {
    const piecesArbitrary = fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }).map(withoutLf), {
      maxLength: 20,
    });
    const sizesArbitrary = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(piecesArbitrary, sizesArbitrary, (pieces, sizes) => {
        const { world, near } = receiving(pieces);
        const parts: Uint8Array[] = [];
        const copies: number[][] = [];
        world.run(
          (function* () {
            for (let i = 0; ; i++) {
              const part = yield* near.read(sizes[i % sizes.length], 10);
              if (part === null) return;
              parts.push(part);
              copies.push([...part]);
              // Asks for a line that never comes: the unread grows, and nothing of it may be lost.
              yield* expectNoLine(near);
            }
          })(),
        );
        assert.deepEqual(
          parts.map((part) => [...part]),
          copies,
        );
        assert.deepEqual(
          copies.flat(),
          pieces.flatMap((piece) => [...piece]),
        );
      }),
    );
  });

  test("a wait ends at its time limit, whatever else happens to the socket meanwhile", () => {
    const world = new MemoryWorld();
    const [near] = world.socketPair();
    const connection = new Connection(near, world.clock);
    for (let ms = 50; ms < 1000; ms += 50) world.clock.startTimer(ms, () => near.onChange());
    assert.throws(() => world.run(connection.read(1, 200)), {
      code: "timed-out",
      message: "192.0.2.2:1002 did not send anything for 200 ms",
    });
    assert.equal(world.clock.nowNs(), 200e6);
  });
});

describe("write", () => {
  test("waits for room, and hands everything over in order", () => {
    const world = new MemoryWorld();
    const [near, far] = world.connectionPair(10);
    const writing = world.spawn("writer", near.write("0123456789abcdefghij", 1000));
    world.runFor(5);
    assert.equal(writing.done, false);
    assert.equal(near.unsentBytes, 10);
    assert.equal(toByteString(world.run(far.readExactly(20, 10))), "0123456789abcdefghij");
    world.runUntilIdle();
    assert.ok(writing.done);
  });

  test("its time limit counts from the last octet that found room", () => {
    const world = new MemoryWorld();
    const [near, far] = world.connectionPair(10);
    const failed = { atMs: 0 };
    world.spawn("slow reader", readSlowly(world, far));
    const writing = world.spawn("writer", near.write(octets(100), 100));
    writing.whenDone(() => {
      failed.atMs = Math.round(world.clock.nowNs() / 1e6);
    });
    assert.throws(() => world.run(writing.join()), {
      code: "timed-out",
      message: "192.0.2.2:1002 did not take our data for 100 ms",
    });
    // Three reads, 90 ms apart, each made room; then nothing for 100 ms.
    assert.equal(failed.atMs, 370);
  });

  test("octets that arrive do not prolong it", () => {
    const world = new MemoryWorld();
    const [near, far] = world.connectionPair(10);
    world.spawn("chatter", chatter(world, far));
    assert.throws(() => world.run(near.write(octets(100), 100)), { code: "timed-out" });
    assert.equal(world.clock.nowNs(), 100e6);
  });

  test("throws when the connection breaks, before or meanwhile", () => {
    const world = new MemoryWorld();
    const [near, far] = world.connectionPair(10);
    const writing = world.spawn("writer", near.write(octets(100), 1000));
    world.runner.runReady();
    far.abort();
    assert.throws(() => world.run(writing.join()), { code: "reset" });
    assert.throws(() => world.run(near.write("x", 1000)), { code: "reset" });
  });

  test("text is octets, one per character; more than an octet is our mistake", () => {
    const { world, near } = receiving(["\u00e9\u00ff"]);
    assert.deepEqual(world.run(near.readExactly(2, 10)), Uint8Array.of(0xe9, 0xff));
    assert.throws(() => world.run(near.write("\u20ac", 10)), RangeError);
  });
});

describe("closing", () => {
  test("half-close: after our end the peer still sends, and finish waits for its end", () => {
    const world = new MemoryWorld();
    const [near, far] = world.connectionPair();
    const finishing = world.spawn("finish", near.finish(1000));
    world.run(
      (function* () {
        assert.equal(yield* far.read(1, 10), null);
        yield* far.write("thrown away", 10);
      })(),
    );
    assert.equal(finishing.done, false);
    far.end();
    world.run(finishing.join());
  });

  test("what arrived before a reset is read before it is reported", () => {
    const world = new MemoryWorld();
    const [near, far] = world.connectionPair();
    world.run(far.write("last words", 10));
    far.abort();
    world.runUntilIdle();
    assert.equal(world.run(near.readExactly(10, 10)).length, 10);
    assert.throws(() => world.run(near.read(1, 10)), { code: "reset" });
  });

  test("abort after close does nothing: what was written is still delivered", () => {
    const world = new MemoryWorld();
    const [near, far] = world.connectionPair();
    world.run(near.write("bye", 10));
    near.close();
    near.abort();
    assert.equal(toByteString(world.run(far.readExactly(3, 10))), "bye");
    assert.equal(world.run(far.read(1, 10)), null);
  });

  test("a cancelled read or write leaves no timer", () => {
    const world = new MemoryWorld();
    const [near] = world.connectionPair(10);
    const tasks = [near.readExactly(1, 1000), near.write(octets(100), 1000)].map((task: Task<unknown>, i) =>
      world.spawn(`${i}`, task),
    );
    world.runFor(1);
    for (const task of tasks) task.cancel();
    world.runner.runReady();
    assert.equal(world.timerCount, 0);
  });
});

/** A socket that brings one octet at a time. */
class Trickle implements StreamSocket {
  readonly local = { address: "192.0.2.1", port: 1 };
  readonly remote = { address: "192.0.2.2", port: 2 };
  readonly unsentBytes = 0;
  onChange: () => void = () => {};
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(text: string) {
    this.#bytes = fromByteString(text);
  }

  receive(): Uint8Array | null {
    return this.#at === this.#bytes.length ? null : this.#bytes.slice(this.#at, ++this.#at);
  }

  send(bytes: Uint8Array): number {
    return bytes.length;
  }

  shutdown(): void {}
  close(): void {}
  abort(): void {}
}

function* expectNoLine(connection: Connection): Task {
  if (!connection.hasInput) return;
  try {
    yield* connection.readLine({ max: 10, timeoutMs: 10, bareLf: false });
    assert.fail("a line where none was expected");
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
  }
}

function* readSlowly(world: MemoryWorld, connection: Connection): Task {
  for (let i = 0; i < 3; i++) {
    yield* sleep(world.clock, 90);
    yield* connection.read(10, 10);
  }
}

function* chatter(world: MemoryWorld, connection: Connection): Task {
  for (let i = 0; i < 9; i++) {
    yield* connection.write("x", 10);
    yield* sleep(world.clock, 20);
  }
}

function octets(length: number): Uint8Array {
  return new Uint8Array(length);
}

function withoutLf(bytes: Uint8Array): Uint8Array {
  return bytes.map((octet) => (octet === 10 ? 11 : octet));
}
