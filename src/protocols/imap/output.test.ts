import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Connection, type StreamSocket, toByteString } from "../../net/index.ts";
import { MemoryWorld } from "../../net/testing/memory-world.ts";
import { type ResponsePiece, ResponseWriter } from "./output.ts";

/** What a socket that takes everything is given when these responses are sent. */
function given(responses: readonly (readonly ResponsePiece[])[]): Uint8Array[] {
  const world = new MemoryWorld();
  const all: Uint8Array[] = [];
  const socket: Partial<StreamSocket> = {
    send(octets) {
      all.push(octets);
      return octets.length;
    },
  };
  const out = new ResponseWriter(new Connection(socket as StreamSocket, world.clock), 1000);
  for (const response of responses) out.add(...response);
  world.run(out.flush());
  return all;
}

test("what is large goes out without a copy, in its place", () => {
  const letter = new Uint8Array(1_000_000).fill(0x79);
  const [before, large, after, ...more] = given([
    ["* 1 FETCH (BODY[] {1000000}\r\n", letter, ")"],
    ["a OK fetched"],
  ]);
  assert.equal(toByteString(before), "* 1 FETCH (BODY[] {1000000}\r\n");
  assert.equal(large, letter);
  assert.equal(toByteString(after), ")\r\na OK fetched\r\n");
  assert.deepEqual(more, []);
});

test("pieces of any size go out whole and in order", () => {
  const size = fc.oneof(fc.nat(20), fc.integer({ min: 65_000, max: 66_000 }));
  const piece = fc
    .tuple(size, fc.boolean())
    .map(([octets, isText]) => (isText ? "t".repeat(octets) : new Uint8Array(octets).fill(0x6f)));
  fc.assert(
    fc.property(fc.array(fc.array(piece, { maxLength: 4 }), { maxLength: 4 }), (responses) => {
      const expected = responses.flatMap((pieces) => [...pieces, "\r\n"]).map(textOf);
      assert.equal(given(responses).map(textOf).join(""), expected.join(""));
    }),
  );
});

function textOf(piece: ResponsePiece): string {
  return typeof piece === "string" ? piece : toByteString(piece);
}
