/** What is no WebSocket frame, or a hostile one, ends that connection and nothing else. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { Engine } from "../../engine/engine.ts";
import { networkText } from "../../engine/testing/test-console.ts";
import { systemTimers } from "../../os/index.ts";
import { openConsoleServer } from "./server.ts";

test("broken frames end their connection, and the server goes on", async (t) => {
  const engine = new Engine({
    machine: systemTimers,
    place: "server",
    shipped: { networks: new Map(), lessons: new Map() },
    source: { fileName: "ketchup.yaml", text: networkText("ketchup") },
    playing: false,
  });
  const server = await openConsoleServer({ addresses: ["127.0.0.1"], port: 0, engine, page: undefined });
  t.after(async () => {
    await server.close();
    engine.close();
  });
  const { port } = server.local;
  for (const frame of HOSTILE) assert.match(await closeOf(port, Uint8Array.from(frame)), /^HTTP\/1\.1 101 /);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (octets) => {
      assert.match(await closeOf(port, octets), /^HTTP\/1\.1 101 /);
    }),
    { numRuns: 40 },
  );
});

/** What the server says until it, or we after our octets, have closed. */
async function closeOf(port: number, octets: Uint8Array): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  let heard = "";
  socket.on("data", (data) => {
    if (heard === "") socket.end(octets);
    heard += data.toString("latin1");
  });
  socket.write(UPGRADE.replaceAll("PORT", String(port)));
  await once(socket, "close");
  return heard;
}

/** RFC 6455 section 5: each breaks another rule. */
const HOSTILE: readonly (readonly number[])[] = [
  [0x81, 0x02, 0x68, 0x69], // without a mask
  [0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0], // of 2^63 octets
  [0xf1, 0x80, 0, 0, 0, 0], // reserved bits
  [0x83, 0x80, 0, 0, 0, 0], // a reserved opcode
  [0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe], // no UTF-8
  [0x09, 0x80, 0, 0, 0, 0], // a ping in fragments
  [0x80, 0x80, 0, 0, 0, 0], // goes on with nothing
  [0x88, 0x81, 0, 0, 0, 0, 0x03], // half a status code
  [0x81], // cut off
];
const UPGRADE = [
  "GET /engine HTTP/1.1",
  "Host: 127.0.0.1:PORT",
  "Origin: http://127.0.0.1:PORT",
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Protocol: hamlet",
  "\r\n",
].join("\r\n");
