/** ENVELOPE and BODYSTRUCTURE: of whatever comes, what our own client can read; addresses as the standard has them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromByteString } from "../../net/index.ts";
import { type Entity, parseEntity } from "../message/index.ts";
import { addressesOf, emitBodyStructure, emitEnvelope } from "./envelope.ts";
import { parseResponse } from "./response.ts";
import { LITERAL_MARK, type RawResponse } from "./response-values.ts";

test("addresses with groups, routes, comments and quotes", () => {
  const short = (value: string): unknown =>
    addressesOf(value).map(({ name, route, mailbox, host }) => [name, route, mailbox, host]);
  assert.deepEqual(short("Bob B. <bob@a.test>, carol@b.test (Carol)"), [
    ["Bob B.", undefined, "bob", "a.test"],
    ["Carol", undefined, "carol", "b.test"],
  ]);
  assert.deepEqual(short('Friends: "a, b" <c@d.test>, e@f.test;, g@h.test'), [
    [undefined, undefined, "Friends", undefined],
    ["a, b", undefined, "c", "d.test"],
    [undefined, undefined, "e", "f.test"],
    [undefined, undefined, undefined, undefined],
    [undefined, undefined, "g", "h.test"],
  ]);
  assert.deepEqual(short('<@x.test,@y.test:bob@a.test>, "b o b"@[192.0.2.1], local'), [
    [undefined, "@x.test,@y.test", "bob", "a.test"],
    [undefined, undefined, "b o b", "[192.0.2.1]"],
    [undefined, undefined, "local", ""],
  ]);
  assert.deepEqual(short(" , ;"), []);
});

test("whatever the message, our client reads its envelope and structure, part by part", () => {
  const text = fc.oneof(
    fc.constantFrom(
      "a@b",
      '"x\\"y" <c@d>',
      "g: a@b, c@d;",
      "(c) <",
      "multipart/mixed; boundary=b",
      "message/rfc822",
    ),
    fc.constantFrom(
      'text/plain; charset="x\\\\y"; name=\xfc',
      "attachment; filename*0*=a; filename*1=b",
      "en, (x) fr",
    ),
    fc.uint8Array({ maxLength: 12 }).map((octets) => String.fromCharCode(...octets)),
  );
  const name = fc.constantFrom(
    ...[
      "From",
      "To",
      "Cc",
      "Sender",
      "Reply-To",
      "Subject",
      "Date",
      "Message-ID",
      "Content-Type",
      "Content-Type",
    ],
    ...["Content-Disposition", "Content-Language", "Content-ID", "Content-MD5", "Content-Transfer-Encoding"],
  );
  const line = fc.oneof(
    fc.tuple(name, text).map(([field, value]) => `${field}: ${value}`),
    fc.constantFrom("", "--b", "--b--", "text"),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 25 }), (lines) => {
      const top = parseEntity(fromByteString(lines.join("\r\n")));
      const data = `ENVELOPE ${emitEnvelope(top.fields)} BODYSTRUCTURE ${emitBodyStructure(top, true)} BODY ${emitBodyStructure(top, false)}`;
      const response = parseResponse(rawOf(`* 1 FETCH (${data})`));
      assert.equal(response.kind, "fetch");
      const structure = response.kind === "fetch" ? response.message.structure : undefined;
      assert.equal(countParts(structure), countEntities(top));
    }),
    { numRuns: 1000 },
  );
});

/** As the client's reader gives it: literals apart. */
function rawOf(wire: string): RawResponse {
  const literals: Uint8Array[] = [];
  let text = "";
  let rest = wire;
  for (let marker = LITERAL.exec(rest); marker !== null; marker = LITERAL.exec(rest)) {
    const start = marker.index + marker[0].length;
    literals.push(fromByteString(rest.slice(start, start + Number(marker[1]))));
    text += rest.slice(0, marker.index) + LITERAL_MARK;
    rest = rest.slice(start + Number(marker[1]));
  }
  return { text: text + rest, literals };
}

function countParts(part: { readonly parts?: readonly unknown[] } | undefined): number {
  const parts = (part?.parts ?? []) as { readonly parts?: readonly unknown[] }[];
  return 1 + parts.reduce((sum, each) => sum + countParts(each), 0);
}

function countEntities({ parts, message }: Entity): number {
  const inside = [...(parts ?? []), ...(message === undefined ? [] : [message])];
  return 1 + inside.reduce((sum, each) => sum + countEntities(each), 0);
}

const LITERAL = /\{(\d+)\}\r\n/;
