/** The tree of entities: where parts stand, and that nothing makes it fail or take long. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromByteString, toByteString } from "../../net/index.ts";
import { type Entity, parseEntity } from "./entity.ts";

const parse = (...lines: string[]): { text: (entity: Entity) => string; top: Entity } => {
  const content = fromByteString(lines.join("\r\n"));
  return {
    top: parseEntity(content),
    text: ({ bodyStart, end }) => toByteString(content.subarray(bodyStart, end)),
  };
};

test("a multipart in a multipart, with a message in it", () => {
  const { top, text } = parse(
    "Content-Type: multipart/mixed; boundary=a",
    "",
    "before",
    "--a",
    "Content-Type: Multipart/Alternative; boundary=b",
    "",
    "--b",
    "",
    "one",
    "--b--",
    "--a ",
    "Content-Type: message/rfc822",
    "",
    "Subject: inner",
    "",
    "two",
    "",
    "--a--",
    "after",
  );
  const [first, second] = top.parts ?? [];
  assert.deepEqual([first.type, first.subtype], ["Multipart", "Alternative"]);
  assert.equal(text((first.parts ?? [])[0]), "one");
  assert.equal(text(second), "Subject: inner\r\n\r\ntwo\r\n");
  assert.equal(second.lines, 3);
  assert.equal(text(second.message ?? top), "two\r\n");
  assert.deepEqual(second.message?.fields, [{ name: "Subject", value: "inner" }]);
});

test("the outer delimiter ends what is open; a delimiter with a colon is no field", () => {
  const { top, text } = parse(
    'Content-Type: multipart/mixed; boundary="x:y"',
    "",
    "--x:y",
    "Content-Type: multipart/mixed; boundary=b",
    "",
    "--b",
    "Subject: cut",
    "--x:y",
    "",
    "two",
  );
  assert.equal(top.parts?.length, 2);
  const inner = top.parts?.[0].parts?.[0];
  assert.deepEqual(inner?.fields, [{ name: "Subject", value: "cut" }]);
  assert.equal(text(top.parts?.[1] ?? top), "two");
});

test("what cannot be taken apart is one part", () => {
  assert.equal(parse("Content-Type: multipart/mixed", "", "x").top.type, "text");
  assert.equal(parse("Content-Type: nonsense", "", "x").top.subtype, "plain");
  const { top } = parse("Content-Type: multipart/mixed; boundary=b", "", "no delimiter");
  assert.equal(top.parts?.length, 1, "who asks for the structure must be told of one");
});

test("whatever comes has a tree that lies within it", () => {
  const line = fc.oneof(
    fc.constantFrom("", "--a", "--a--", "--b", "--b--", "Subject: x", " folded", "x"),
    fc.constantFrom("a", "b", "a:b").map(multipart),
    fc.constantFrom("Content-Type: message/rfc822", "Content-Type: multipart/digest; boundary=a"),
    fc.string({ unit: "binary-ascii", maxLength: 10 }),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), fc.constantFrom("\r\n", "\n"), (lines, end) => {
      const content = fromByteString(lines.join(end));
      const check = (entity: Entity, from: number, to: number): void => {
        assert.ok(from <= entity.start && entity.start <= entity.bodyStart);
        assert.ok(entity.bodyStart <= entity.end && entity.end <= to);
        const body = content.subarray(entity.bodyStart, entity.end);
        assert.equal(entity.lines, body.filter((octet) => octet === 10).length);
        let at = entity.bodyStart;
        for (const part of entity.parts ?? []) {
          check(part, at, entity.end);
          at = part.end;
        }
        if (entity.message !== undefined) check(entity.message, entity.bodyStart, entity.end);
      };
      check(parseEntity(content), 0, content.length);
    }),
    {
      numRuns: 1000,
      // Delimiters of the multipart around: right behind a header, right behind a delimiter.
      examples: [
        [[multipart("a"), "--a", multipart("b"), "--a"], "\r\n"],
        [[multipart("a"), "--a", multipart("b"), "--b", "--a"], "\r\n"],
      ],
    },
  );
});

test("bombs: a thousand levels, ten thousand parts, delimiters that look like fields", () => {
  const started = process.cpuUsage().user;
  const deep = Array.from(
    { length: 1000 },
    (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`,
  );
  const messages = "Content-Type: message/rfc822\r\n\r\n".repeat(1000);
  const wide = `Content-Type: multipart/mixed; boundary="b:"\r\n\r\n${"--b:\r\na: b\r\n".repeat(50_000)}`;
  for (const bomb of [deep.join(""), messages + "x\r\n".repeat(500_000), wide]) {
    const count = ({ parts, message }: Entity): number =>
      1 +
      (parts ?? []).reduce((sum, part) => sum + count(part), 0) +
      (message === undefined ? 0 : count(message));
    assert.ok(count(parseEntity(fromByteString(bomb))) <= 1001);
  }
  const spentMs = (process.cpuUsage().user - started) / 1000;
  assert.ok(spentMs < 4000, `${spentMs} ms`);
});

function multipart(boundary: string): string {
  return `Content-Type: multipart/mixed; boundary="${boundary}"`;
}
