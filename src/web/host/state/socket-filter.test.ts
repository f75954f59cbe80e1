import assert from "node:assert/strict";
import { test } from "node:test";
import { socketFilter } from "./socket-filter.ts";

test("a socket is found by its ports and addresses", () => {
  assert.equal(socketFilter({ protocol: "tcp", local: "[::]:25", remote: undefined }), "tcp.port == 25");
  assert.equal(
    socketFilter({ protocol: "udp", local: "10.1.0.1:53", remote: undefined }),
    "udp.port == 53 && ip.addr == 10.1.0.1",
  );
  assert.equal(
    socketFilter({ protocol: "tcp", local: "[2001:db8::1]:25", remote: "[2001:db8::2]:50000" }),
    "tcp.port == 25 && tcp.port == 50000 && ipv6.addr == 2001:db8::2",
  );
});
