import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { SimHost } from "./host.ts";
import { describeRoute } from "./kernel/routes.ts";
import { ping } from "./testing/networks.ts";
import { World } from "./world.ts";

function routesOf(host: SimHost): string[] {
  return host.routes
    .list()
    .filter(({ origin }) => origin === "computed")
    .map(describeRoute);
}

/** A square of routers r0 to r3, each with a host behind it; r0-r1-r2 is quick, r0-r3-r2 is slow. */
function square() {
  const world = new World({ seed: 1 });
  const routers = [0, 1, 2, 3].map((i) => world.addRouter(`r${i}`));
  const hosts = [0, 1, 2, 3].map((i) => world.addHost(`h${i}`));
  for (const i of [0, 1, 2, 3]) {
    world.connect(
      routers[i].addInterface({ name: "lan", addresses: [`10.${i}.0.254/24`, `2001:db8:${i}::fe/64`] }),
      hosts[i].addInterface({ addresses: [`10.${i}.0.1/24`, `2001:db8:${i}::1/64`] }),
    );
  }
  const between = [0, 1, 2, 3].map((i) => {
    const next = (i + 1) % 4;
    return world.connect(
      routers[i].addInterface({ name: "next", addresses: [`10.9.${i}.1/30`, `2001:db8:9:${i}::1/64`] }),
      routers[next].addInterface({
        name: "previous",
        addresses: [`10.9.${i}.2/30`, `2001:db8:9:${i}::2/64`],
      }),
      { delayMs: i < 2 ? 5 : 20 },
    );
  });
  world.computeRoutes();
  return { world, routers, hosts, between };
}

describe("routes from the topology", () => {
  test("the shortest path by delay; a host has one default route", () => {
    const { routers, hosts } = square();
    assert.deepEqual(routesOf(hosts[0]), [
      "0.0.0.0/0 via 10.0.0.254 dev eth0 (computed)",
      "::/0 via 2001:db8::fe dev eth0 (computed)",
    ]);
    const routes = routesOf(routers[0]);
    // To r2 over r1 (10 ms), not over r3 (40 ms); to r3 directly (20 ms), not around (30 ms).
    assert.ok(routes.includes("10.2.0.0/24 via 10.9.0.2 dev next (computed)"));
    assert.ok(routes.includes("10.3.0.0/24 via 10.9.3.1 dev previous (computed)"));
    assert.ok(routes.includes("2001:db8:2::/64 via 2001:db8:9::2 dev next (computed)"));
  });

  test("after a link has gone, computed again, packets take the other way", () => {
    const { world, hosts, between } = square();
    assert.equal(world.run(ping(hosts[0], "10.2.0.1")), "reply from 10.2.0.1 after 48 ms");
    assert.equal(world.run(ping(hosts[0], "10.2.0.1")), "reply from 10.2.0.1 after 24 ms");
    between[0].setUp(false);
    world.computeRoutes();
    world.run(ping(hosts[0], "10.2.0.1"));
    assert.equal(world.run(ping(hosts[0], "10.2.0.1")), "reply from 10.2.0.1 after 84 ms");
    between[0].setUp(true);
    world.computeRoutes();
    assert.equal(world.run(ping(hosts[0], "10.2.0.1")), "reply from 10.2.0.1 after 24 ms");
  });

  test("computed again, only the tables change whose ways have changed", () => {
    const { world, between } = square();
    const changed = new Set<string>();
    for (const { name, routes } of world.hosts) {
      const { onChange } = routes;
      routes.onChange = () => {
        changed.add(name);
        onChange();
      };
    }
    world.computeRoutes();
    assert.deepEqual([...changed], []);
    between[0].setUp(false);
    world.computeRoutes();
    // A host has one way out, and r3 went nowhere over the link.
    assert.deepEqual([...changed].sort(), ["r0", "r1", "r2"]);
  });

  test("every router of a segment is found, whatever switches lie between", () => {
    const world = new World({ seed: 1 });
    const switches = [0, 1, 2].map((i) => world.addSwitch(`s${i}`));
    for (const i of [0, 1]) world.connect(switches[i].addPort(), switches[i + 1].addPort(), { delayMs: 1 });
    const routers = [0, 1, 2].map((i) => world.addRouter(`r${i}`));
    for (const i of [0, 1, 2]) {
      world.connect(routers[i].addInterface({ addresses: [`10.0.0.${i + 1}/24`] }), switches[i].addPort());
      routers[i].addInterface({ addresses: [`10.1.${i}.1/24`] });
    }
    const host = world.addHost("host");
    world.connect(host.addInterface({ addresses: ["10.0.0.9/24"] }), switches[2].addPort(), { delayMs: 1 });
    world.computeRoutes();
    assert.deepEqual(routesOf(host), [
      "10.1.2.0/24 via 10.0.0.3 dev eth0 (computed)",
      "10.1.1.0/24 via 10.0.0.2 dev eth0 (computed)",
      "10.1.0.0/24 via 10.0.0.1 dev eth0 (computed)",
      "0.0.0.0/0 via 10.0.0.3 dev eth0 (computed)",
    ]);
    assert.equal(routesOf(routers[0]).length, 2);
  });

  test("a router that is off is no way", () => {
    const { world, routers, hosts } = square();
    routers[1].powerOff();
    world.computeRoutes();
    world.run(ping(hosts[0], "10.2.0.1"));
    assert.equal(world.run(ping(hosts[0], "10.2.0.1")), "reply from 10.2.0.1 after 84 ms");
  });

  test("what was set by hand wins", () => {
    const { world, routers, hosts } = square();
    routers[0].addRoute("10.2.0.0/24", "10.9.3.1");
    world.computeRoutes();
    assert.equal(routers[0].routes.lookup(world.addresses.of("10.2.0.1"))?.gateway?.text, "10.9.3.1");
    const alone = world.addHost("alone");
    const port = routers[0].addInterface({ addresses: ["10.7.0.254/24"] });
    world.connect(alone.addInterface({ addresses: ["10.7.0.1/24"] }), port);
    alone.setDefaultGateway("10.7.0.254");
    world.computeRoutes();
    assert.deepEqual(routesOf(alone), []);
    assert.match(world.run(ping(alone, "10.2.0.1")), /^reply/);
    assert.throws(() => hosts[0].setDefaultGateway("10.7.0.254"), /not on a link of this host/);
  });

  test("a host on a LAN with two routers takes the better one for each network", () => {
    const world = new World({ seed: 1 });
    const lan = world.addSwitch("lan");
    const host = world.addHost("host");
    world.connect(host.addInterface({ addresses: ["10.0.0.1/24"] }), lan.addPort());
    for (const i of [1, 2]) {
      const router = world.addRouter(`r${i}`);
      world.connect(router.addInterface({ addresses: [`10.0.0.25${i}/24`] }), lan.addPort(), { delayMs: i });
      const far = world.addHost(`far${i}`).addInterface({ addresses: [`10.${i}.0.1/24`] });
      world.connect(router.addInterface({ addresses: [`10.${i}.0.254/24`] }), far);
    }
    world.computeRoutes();
    assert.deepEqual(routesOf(host), [
      "10.1.0.0/24 via 10.0.0.251 dev eth0 (computed)",
      "10.2.0.0/24 via 10.0.0.252 dev eth0 (computed)",
      "0.0.0.0/0 via 10.0.0.251 dev eth0 (computed)",
    ]);
    assert.match(world.run(ping(host, "10.2.0.1")), /^reply/);
  });

  test("in any connected network of routers every host reaches every other, over no more hops than there are", () => {
    const edges = fc.array(fc.tuple(fc.nat(7), fc.nat(7), fc.integer({ min: 1, max: 30 })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(edges, (extra) => {
        const { world, hosts } = randomNetwork(8, extra);
        for (const from of hosts.slice(0, 2)) {
          for (const to of hosts) {
            if (to !== from)
              assert.match(world.run(ping(from, to.interfaces[0].addresses[0], 0, 9)), /^reply/);
          }
        }
      }),
      { numRuns: 15 },
    );
  });
});

/** `count` routers in a line, with more links between them, each with a host. */
function randomNetwork(count: number, extra: [number, number, number][]) {
  const world = new World({ seed: 1 });
  const routers = Array.from({ length: count }, (_, i) => world.addRouter(`r${i}`));
  const hosts = routers.map((router, i) => {
    const host = world.addHost(`h${i}`);
    const nic = host.addInterface({ addresses: [`10.${i}.0.1/24`] });
    world.connect(nic, router.addInterface({ addresses: [`10.${i}.0.254/24`] }));
    return host;
  });
  const line = routers.slice(1).map((_, i): [number, number, number] => [i, i + 1, 3]);
  for (const [n, [a, b, delayMs]] of [...line, ...extra].entries()) {
    if (a === b) continue;
    const ends = [routers[a], routers[b]].map((router, i) => {
      return router.addInterface({ addresses: [`172.16.${n}.${i + 1}/30`] });
    });
    world.connect(ends[0], ends[1], { delayMs });
  }
  world.computeRoutes();
  return { world, hosts };
}
