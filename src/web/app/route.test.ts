import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatRoute, HOME, parseRoute, type Route, withHost, withLink, withoutHost } from "./route.ts";

test("an empty address is home, and home has an empty address", () => {
  assert.deepEqual(parseRoute(""), HOME);
  assert.equal(formatRoute(HOME), "");
});

test("hosts with their tabs, the packet and the filter are in the address", () => {
  const route = {
    ...HOME,
    hosts: [
      { name: "pc.crepes.fr", tab: "desktop" },
      { name: "r1", tab: undefined },
    ],
    host: "pc.crepes.fr",
    packet: 12,
    filter: "smtp && host pc.crepes.fr",
  };
  const hash = formatRoute(route);
  assert.equal(
    hash,
    "#host=pc.crepes.fr:desktop&host=r1&front=pc.crepes.fr&packet=12&filter=smtp+%26%26+host+pc.crepes.fr",
  );
  assert.deepEqual(parseRoute(hash), route);
});

test("what is broken is left out", () => {
  const broken = parseRoute("#view=nowhere&packet=-3&front=nobody&host=&host=a&host=a:desktop");
  assert.deepEqual(broken, { ...HOME, hosts: [{ name: "a", tab: undefined }], host: "a" });
});

test("a lesson opens the guide", () => {
  const route = parseRoute("#lesson=first-mail");
  assert.equal(route.guide, true);
  assert.equal(formatRoute(route), "#lesson=first-mail");
  assert.equal(
    formatRoute({ ...route, guide: false }),
    "",
    "it is closed, and kept for when it is opened again",
  );
});

test("windows open once, come to the front, and close to their neighbour", () => {
  let route: Route = withHost(withHost(HOME, "a"), "b", "desktop");
  route = withHost(route, "a", "state");
  assert.deepEqual(route.hosts, [
    { name: "a", tab: "state" },
    { name: "b", tab: "desktop" },
  ]);
  assert.equal(route.host, "a");
  assert.equal(withoutHost(route, "a").host, "b");
  assert.equal(withoutHost(withoutHost(route, "a"), "b").host, undefined);
});

test("a link inside the page shows what it names and leaves the rest", () => {
  const route = { ...withHost(HOME, "a"), filter: "dns", guide: true };
  const after = withLink(route, "#host=b:services&view=network");
  assert.deepEqual(after.hosts, [
    { name: "a", tab: undefined },
    { name: "b", tab: "services" },
  ]);
  assert.equal(withLink(after, "#filter=smtp").view, "both");
  assert.deepEqual([after.host, after.view, after.filter, after.guide], ["b", "network", "dns", true]);
});

test("every address can be read, and reads the same again", () => {
  fc.assert(
    fc.property(fc.string(), (hash) => {
      const route = parseRoute(hash);
      assert.deepEqual(parseRoute(formatRoute(route)), route);
    }),
  );
});
