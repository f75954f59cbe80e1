import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { labelsOf, shortNames } from "./labels.ts";

test("short names: as much of a name as tells it from the others", () => {
  const names = [
    "paris",
    "a.root-servers.net",
    "a.edu-servers.net",
    "www.x.fr",
    "www.x.edu",
    "k.root-servers.net",
    "x",
  ];
  assert.deepEqual(Object.fromEntries(shortNames(names)), {
    paris: ["paris"],
    "a.root-servers.net": ["a", "root-servers"],
    "a.edu-servers.net": ["a", "edu-servers"],
    "www.x.fr": ["www", "x.fr"],
    "www.x.edu": ["www", "x.edu"],
    "k.root-servers.net": ["k"],
    x: ["x"],
  });
  const name = fc
    .array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join("."));
  fc.assert(
    fc.property(fc.uniqueArray(name), (some) => {
      const shown = [...shortNames(some).values()].map((lines) => lines.join("."));
      assert.equal(shown.length, some.length);
      assert.equal(new Set(shown).size, some.length);
    }),
  );
});

test("a name is below its symbol, else where it covers nothing, else left out", () => {
  const host = (name: string, x: number, y: number) => ({ name, kind: "host" as const, x, y });
  const sizes = { zoom: 0.5, lettersPx: 10, symbolPx: 12 };
  const places = (nodes: Parameters<typeof labelsOf>[0]) =>
    Object.fromEntries([...labelsOf(nodes, sizes)].map(([name, { place }]) => [name, place]));
  assert.deepEqual(places([host("hamburger", 0, 0), host("www", 200, 0)]), {
    hamburger: "below",
    www: "below",
  });
  assert.deepEqual(places([host("hamburger", 0, 0), host("lan", 60, 0)]), {
    hamburger: "below",
    lan: "above",
  });
  const crowd = Array.from({ length: 25 }, (_, i) => host(`crowd${i}`, (i % 5) * 60, Math.floor(i / 5) * 60));
  assert.equal(places(crowd).crowd12, "nowhere");
});
