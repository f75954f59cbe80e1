import assert from "node:assert/strict";
import { test } from "node:test";
import { flatHierarchy } from "./hierarchy-lines.ts";

test("the larger first, children below their parent, shares of the whole", () => {
  const lines = flatHierarchy([
    {
      ...{ protocol: "eth", packets: 10, octets: 1000 },
      children: [
        { protocol: "arp", packets: 2, octets: 100, children: [] },
        {
          protocol: "ip",
          packets: 8,
          octets: 900,
          children: [{ protocol: "tcp", packets: 4, octets: 500, children: [] }],
        },
      ],
    },
  ]);
  assert.deepEqual(
    lines.map(({ path, depth, packetShare, octetShare }) => [path, depth, packetShare, octetShare]),
    [
      ["eth", 0, 1, 1],
      ["eth:ip", 1, 0.8, 0.9],
      ["eth:ip:tcp", 2, 0.4, 0.5],
      ["eth:arp", 1, 0.2, 0.1],
    ],
  );
  assert.deepEqual(flatHierarchy([]), []);
});
