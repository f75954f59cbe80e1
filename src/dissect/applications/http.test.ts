/** HTTP as a capture shows it: heads, content, chunks, several messages in one packet, one message in several. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromByteString } from "../../net/index.ts";
import { dissect } from "../dissect.ts";
import { assertCovers } from "../testing/cover.ts";
import { CLIENT, SERVER, tcpFrame } from "../testing/frames.ts";
import { http } from "./http.ts";

test("requests and responses by themselves: lines, fields with their sections, content", () => {
  const sent = show("GET /menu?day=1 HTTP/1.1\r\nHost: www.crepes.fr\r\nX-Test: 1\r\n\r\n", true);
  assert.equal(sent.info, "GET /menu?day=1 HTTP/1.1");
  assert.deepEqual(sent.values, [
    ["http.request.method", "GET"],
    ["http.request.uri", "/menu?day=1"],
    ["http.request.version", "HTTP/1.1"],
    ["http.host", "www.crepes.fr"],
    ["http.request.line", "X-Test: 1"],
    ["http.line_end", ""],
  ]);
  assert.equal(sent.references.get("http.host"), "RFC 9110 section 7.2");
  assert.equal(sent.references.get("http.request.uri"), "RFC 9112 section 3.2");
  const back = show(
    "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 5\r\n\r\ncrepe",
    false,
  );
  assert.equal(back.info, "HTTP/1.1 200 OK (text/html)");
  assert.deepEqual(back.values.at(-1), ["http.file_data", "crepe"]);
});

test("a conversation: HEAD has no content, pipelined requests, chunks cut anywhere", () => {
  const tracker = http.track?.();
  const states = (fromClient: boolean, text: string): string | undefined =>
    tracker?.handle(fromClient, fromByteString(text));
  assert.equal(
    states(true, "HEAD / HTTP/1.1\r\n\r\nPOST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab"),
    "start 17;end 2;start 17;field 19;end 2;content 2",
  );
  assert.equal(states(true, "cGET / HT"), "content 1;start 8");
  assert.equal(states(true, "TP/1.1\r\n\r\n"), "start 8;end 2");
  assert.equal(
    states(
      false,
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204\r\n\r\nHTTP/1.1 200\r\n",
    ),
    "start 17;field 19;end 2;start 23;end 2;start 14;end 2;start 14",
  );
  assert.equal(
    states(false, "Transfer-Encoding: chunked\r\n\r\n3\r\nab"),
    "field 28;end 2;chunk-size 3;content 2",
  );
  assert.equal(states(false, "c\r\n0\r\nX: y\r\n\r\n"), "content 1;chunk-end 2;chunk-size 3;trailer 6;end 2");
});

test("on another port it is known by its first line", () => {
  const data = fromByteString("GET / HTTP/1.1\r\n\r\n");
  assert.equal(dissect(segment(true, data, 8181)).protocol, "HTTP");
});

test("whatever comes is covered, in whatever state", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "GET / HTTP/1.1\r\n",
      "HTTP/1.1 200 OK\r\n",
      "HTTP/1.1 200\r\n",
      "Content-Length: 3\r\n",
      "\r\n",
      "\n",
    ),
    fc.constantFrom(
      "Transfer-Encoding: chunked\r\n",
      "3\r\n",
      "abc",
      "0\r\n",
      "X: y\r\n",
      "Content-Type: a/b\r\n",
    ),
    fc.string({ unit: "binary-ascii", maxLength: 5 }),
  );
  const packet = fc.tuple(
    fc.boolean(),
    fc.array(piece, { minLength: 1, maxLength: 6 }).map((list) => list.join("")),
  );
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 6 }), (packets) => {
      const tracker = http.track?.();
      for (const [fromClient, text] of packets) {
        if (text === "") continue;
        const data = fromByteString(text);
        const state = tracker?.handle(fromClient, data);
        const frame = segment(fromClient, data);
        const context = { application: "http", fromClient };
        assertCovers(dissect(frame, { ...context, ...(state !== undefined && { state }) }), frame.length);
        assertCovers(dissect(frame, context), frame.length);
      }
    }),
  );
});

function segment(fromClient: boolean, data: Uint8Array, port = 80): Uint8Array {
  return fromClient
    ? tcpFrame(CLIENT, SERVER, { sourcePort: 4000, destinationPort: port }, data)
    : tcpFrame(SERVER, CLIENT, { sourcePort: port, destinationPort: 4000 }, data);
}

function show(text: string, fromClient: boolean) {
  const data = fromByteString(text);
  const frame = segment(fromClient, data);
  const dissection = dissect(frame);
  assertCovers(dissection, frame.length);
  const fields = (dissection.layers.at(-1)?.fields ?? []).flatMap((field) => field.children ?? [field]);
  return {
    info: dissection.info,
    values: fields.map(({ key, value }) => [key, value]),
    references: new Map(fields.map(({ key, reference }) => [key, reference])),
  };
}
