import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import type { HostSpec, NetworkFile, Position } from "../network-file.ts";
import { parseNetworkFile } from "../parse.ts";
import { collide, TakenPlaces } from "./boxes.ts";
import { layoutNetwork } from "./layout.ts";

function shipped(name: string): NetworkFile {
  const text = readFileSync(new URL(`../../../networks/${name}.yaml`, import.meta.url), "utf8");
  const { file } = parseNetworkFile(text, name);
  assert.ok(file);
  return file;
}

/** A file with nodes 0, 1, 2 ... and links between them; whether it could be one in all other respects does not matter. */
function generated(
  count: number,
  links: readonly (readonly [number, number])[],
  isSwitch: (i: number) => boolean,
): NetworkFile {
  const names = Array.from({ length: count }, (_, i) => i);
  const node = (i: number): HostSpec =>
    ({ name: `n${i}`, description: "", kind: "host", at: undefined, interfaces: [] }) as unknown as HostSpec;
  const parts = {
    hosts: names.filter((i) => !isSwitch(i)).map(node),
    switches: names.filter(isSwitch).map(node),
    links: links.map(([a, b]) => ({ ends: [{ node: `n${a}` }, { node: `n${b}` }] })),
  };
  return parts as unknown as NetworkFile;
}

function assertApart(places: ReadonlyMap<string, Position>): void {
  const taken = new TakenPlaces();
  for (const [name, place] of places) {
    assert.ok(place.every(Number.isFinite), `${name} stands at ${place}`);
    assert.ok(taken.isFree(place), `${name} at ${place} stands on another`);
    taken.take(place);
  }
}

function extent(places: ReadonlyMap<string, Position>): { width: number; height: number } {
  const [xs, ys] = [[...places.values()].map(([x]) => x), [...places.values()].map(([, y]) => y)];
  return { width: Math.max(...xs) - Math.min(...xs), height: Math.max(...ys) - Math.min(...ys) };
}

for (const name of ["town", "ketchup", "mail-lab", "transport"]) {
  test(`${name}: every node has a place of its own, on one screen, the same each time`, () => {
    const file = shipped(name);
    const places = layoutNetwork(file);
    assert.equal(places.size, file.hosts.length + file.switches.length);
    assertApart(places);
    const { width, height } = extent(places);
    assert.ok(width < 1800 && height < 900, `${width} x ${height}`);
    assert.deepEqual(layoutNetwork(file), places);
  });
}

test("the town is drawn as one would: a site on either side of the ocean, hosts around their switch", () => {
  const places = layoutNetwork(shipped("town"));
  const at = (name: string): Position => places.get(name) as Position;
  assert.equal(at("paris")[1], at("newyork")[1]);
  assert.equal(at("gw.crepes.fr")[1], at("crepes-lan")[1]);
  assert.ok(at("london")[1] < at("paris")[1] && at("gw.crepes.fr")[0] < at("paris")[0]);
  assert.ok(at("newyork")[0] < at("hamburger-lan")[0]);
  for (const host of ["pc", "mail", "www", "dns", "ns1", "visitor"]) {
    const [x, y] = at(`${host}.crepes.fr`);
    const [sx, sy] = at("crepes-lan");
    assert.ok(Math.hypot(x - sx, y - sy) < 350, host);
  }
});

test("a thousand hosts on twenty switches, on one, in a chain of routers: under a second", () => {
  const site = generated(
    1021,
    Array.from({ length: 1020 }, (_, i) => [i + 1, i < 20 ? 0 : 1 + (i % 20)] as const),
    (i) => i > 0 && i <= 20,
  );
  const one = generated(
    1001,
    Array.from({ length: 1000 }, (_, i) => [i + 1, 0] as const),
    (i) => i === 0,
  );
  const chain = generated(
    1000,
    [
      ...Array.from({ length: 199 }, (_, i) => [i, i + 1] as const),
      ...Array.from({ length: 800 }, (_, i) => [200 + i, i % 200] as const),
    ],
    () => false,
  );
  for (const file of [site, one, chain]) {
    const before = process.cpuUsage();
    const places = layoutNetwork(file);
    const spent = process.cpuUsage(before);
    assertApart(places);
    assert.ok(spent.user + spent.system < 1e6, `${(spent.user + spent.system) / 1000} ms`);
  }
});

test("any graph: all apart, nothing lost", () => {
  const graph = fc.integer({ min: 1, max: 60 }).chain((count) =>
    fc.record({
      count: fc.constant(count),
      links: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 80 }),
      fixed: fc.array(
        fc.tuple(fc.nat(count - 1), fc.integer({ min: -500, max: 500 }), fc.integer({ min: -500, max: 500 })),
        { maxLength: 3 },
      ),
    }),
  );
  fc.assert(
    fc.property(graph, ({ count, links, fixed }) => {
      const file = generated(
        count,
        links.filter(([a, b]) => a !== b),
        (i) => i % 7 === 0,
      );
      assertApart(layoutNetwork(file));
      const known = new Map(fixed.map(([i, x, y]) => [`n${i}`, [x, y] as const]));
      const places = layoutNetwork(file, known);
      assert.equal(places.size, count);
      for (const [name, place] of known) assert.deepEqual(places.get(name), place);
      for (const [name, place] of places) {
        if (known.has(name)) continue;
        for (const [other, at] of places)
          assert.ok(other === name || !collide(place, at), `${name} stands on ${other}`);
      }
    }),
    { numRuns: 60 },
  );
});

test("who has a place keeps it; a new node comes beside what it is linked with", () => {
  const file = shipped("ketchup");
  const before = layoutNetwork(file);
  const grown = {
    ...file,
    hosts: [...file.hosts, { ...file.hosts[0], name: "new" }],
    links: [
      ...file.links,
      {
        ...file.links[0],
        ends: [
          { node: "crepes-lan", interface: undefined },
          { node: "new", interface: "eth0" },
        ] as const,
      },
    ],
  };
  const after = layoutNetwork(grown, before);
  for (const [name, place] of before) assert.deepEqual(after.get(name), place);
  const [x, y] = after.get("new") as Position;
  const [sx, sy] = before.get("crepes-lan") as Position;
  assert.ok(Math.hypot(x - sx, y - sy) < 400);
  const pinned = {
    ...file,
    hosts: file.hosts.map((host) => (host.name === "paris" ? { ...host, at: [5000, 5000] as const } : host)),
  };
  const shifted = layoutNetwork(pinned);
  assert.deepEqual(shifted.get("paris"), [5000, 5000]);
  assert.ok(Math.abs((shifted.get("newyork") as Position)[0] - 5000) < 1000);
});
