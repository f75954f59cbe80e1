import assert from "node:assert/strict";
import { test } from "node:test";
import type { Layer } from "../../../engine/protocol/index.ts";
import { bitPattern, keyOf, partAt, pathToOctet, treeLines } from "./tree-model.ts";

const BYTES = Uint8Array.of(1, 2, 0x45, 0b1010_0110, 5, 6, 7, 8);
const LAYERS: Layer[] = [
  {
    protocol: "eth",
    title: "Ethernet II",
    start: 0,
    end: 2,
    reference: "IEEE 802.3",
    fields: [
      { key: "eth.dst", name: "Destination", value: "1", start: 0, end: 1 },
      { key: "eth.src", name: "Source", value: "2", start: 1, end: 2 },
    ],
  },
  {
    protocol: "ip",
    title: "Internet Protocol",
    start: 2,
    end: 6,
    reference: "RFC 791",
    malformed: { offset: 6, problem: "ends too soon" },
    fields: [
      { key: "ip.version", name: "Version", value: "4", start: 2, end: 3, bits: { start: 0, end: 4 } },
      {
        key: "ip.flags",
        name: "Flags",
        value: "",
        start: 3,
        end: 6,
        children: [
          {
            key: "ip.flags.df",
            name: "Don't fragment",
            value: "1",
            start: 3,
            end: 4,
            bits: { start: 1, end: 3 },
          },
        ],
      },
    ],
  },
];

test("closed layers are one line, open ones show their fields, and fields their parts", () => {
  assert.deepEqual(
    treeLines(LAYERS, BYTES, new Set()).map(({ name }) => name),
    ["Ethernet II", "Internet Protocol"],
  );
  const open = treeLines(LAYERS, BYTES, new Set(["ip", "ip.flags"]));
  assert.deepEqual(
    open.map(({ id, depth }) => `${depth} ${id}`),
    ["0 0", "0 1", "1 1/0", "1 1/1", "2 1/1/0"],
  );
  assert.equal(open[1].problem, "octet 6: ends too soon");
  assert.equal(open[4].parent, "1/1");
});

test("an octet leads to the smallest field that holds it", () => {
  assert.deepEqual(pathToOctet(LAYERS, 1), { id: "0/1", keys: ["eth"] });
  assert.deepEqual(pathToOctet(LAYERS, 3), { id: "1/1/0", keys: ["ip", "ip.flags"] });
  assert.deepEqual(pathToOctet(LAYERS, 5), { id: "1/1", keys: ["ip", "ip.flags"] });
  assert.equal(pathToOctet(LAYERS, 7), undefined);
});

test("a line leads to its octets and to what it is about", () => {
  assert.equal(keyOf(LAYERS, "1"), "ip");
  assert.equal(keyOf(LAYERS, "1/1/0"), "ip.flags.df");
  assert.equal(keyOf(LAYERS, "7"), undefined);
  assert.equal(partAt(LAYERS, "1/1/0")?.start, 3);
  assert.equal(partAt(LAYERS, "0")?.end, 2);
  assert.equal(partAt(LAYERS, "5/0"), undefined);
});

test("bits stand at their place", () => {
  assert.equal(bitPattern(BYTES, LAYERS[1].fields[0]), "0100 ····");
  assert.equal(
    bitPattern(BYTES, { ...LAYERS[1].fields[0], start: 2, end: 4, bits: { start: 6, end: 11 } }),
    "···· ··01 101· ····",
  );
  assert.equal(bitPattern(BYTES, { ...LAYERS[1].fields[0], start: 7, end: 9 }), undefined);
  assert.equal(bitPattern(BYTES, LAYERS[0].fields[0]), undefined);
});
