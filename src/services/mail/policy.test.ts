/** The pure parts: when to try again, where to carry it, for whom to relay, how a notification reads. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromByteString, toByteString } from "../../net/index.ts";
import { parseMessage } from "../../protocols/message/index.ts";
import { SeededRandom } from "../../sim/random.ts";
import { parsePrefix, prefixContains } from "../prefix.ts";
import { composeBounce } from "./bounce.ts";
import { nextAttemptAtMs, RETRY_POLICY_DEFAULT } from "./retry.ts";
import { routeOf } from "./routing.ts";

test("attempts come at the times of the policy, the last one at the very end", () => {
  const policy = { retrySeconds: [60, 300], giveUpAfterSeconds: 1000 };
  const times = [0];
  for (;;) {
    const next = nextAttemptAtMs(policy, times.length, 0, times[times.length - 1]);
    if (next === undefined) break;
    times.push(next);
  }
  assert.deepEqual(times, [0, 60_000, 360_000, 660_000, 960_000, 1000_000]);
});

test("whatever the policy, waiting ends and time goes on", () => {
  const seconds = fc.double({ min: 0.001, max: 10_000, noNaN: true });
  const policies = fc.record({
    retrySeconds: fc.array(seconds, { minLength: 1 }),
    giveUpAfterSeconds: seconds,
  });
  fc.assert(
    fc.property(policies, fc.nat({ max: 50 }), fc.nat({ max: 20_000_000 }), (policy, attempts, nowMs) => {
      const next = nextAttemptAtMs(policy, attempts + 1, 0, nowMs);
      if (next === undefined) assert.ok(nowMs >= policy.giveUpAfterSeconds * 1000);
      else assert.ok(next > nowMs && Number.isInteger(next));
    }),
  );
  // RFC 5321 section 4.5.4.1: at least 4 to 5 days.
  assert.ok(RETRY_POLICY_DEFAULT.giveUpAfterSeconds >= 4 * 24 * 3600);
});

const random = new SeededRandom(1, "test");
const mx = (...list: [number, string][]) => list.map(([preference, exchange]) => ({ preference, exchange }));

test("exchangers come in the order of their preference, equal ones in any", () => {
  const list = mx([20, "c"], [10, "a."], [10, "b"], [30, "d"]);
  const firsts = new Set<string>();
  for (let i = 0; i < 50; i++) {
    const route = routeOf("x.example", list, ["us"], random);
    assert.ok(route.kind === "hosts");
    assert.deepEqual([...route.hosts].slice(0, 2).sort(), ["a", "b"]);
    assert.deepEqual(route.hosts.slice(2), ["c", "d"]);
    firsts.add(route.hosts[0]);
  }
  assert.equal(firsts.size, 2);
});

test("no MX, null MX, an address, ourselves", () => {
  const route = (domain: string, list: ReturnType<typeof mx>) =>
    routeOf(domain, list, ["Us.example"], random);
  assert.deepEqual(route("x.example", []), { kind: "hosts", hosts: ["x.example"] });
  assert.deepEqual(route("x.example", mx([0, "."])), { kind: "null-mx" });
  assert.deepEqual(route("[192.0.2.1]", []), { kind: "hosts", hosts: ["192.0.2.1"] });
  assert.deepEqual(route("[IPv6:2001:db8::1]", []), { kind: "hosts", hosts: ["2001:db8::1"] });
  assert.deepEqual(route("x.example", mx([10, "a"], [20, "us.example."], [20, "b"], [30, "c"])), {
    kind: "hosts",
    hosts: ["a"],
  });
  assert.deepEqual(route("x.example", mx([10, "us.example"], [20, "b"])), { kind: "loop" });
  assert.deepEqual(route("us.example", []), { kind: "loop" });
});

test("prefixes hold what they say", () => {
  const holds = (prefix: string, address: string) => prefixContains(parsePrefix(prefix), address);
  assert.ok(holds("10.1.0.0/24", "10.1.0.255") && !holds("10.1.0.0/24", "10.1.1.0"));
  assert.ok(holds("10.1.0.7", "10.1.0.7") && !holds("10.1.0.7", "10.1.0.6"));
  assert.ok(holds("0.0.0.0/0", "1.2.3.4") && !holds("0.0.0.0/0", "::1"));
  assert.ok(holds("2001:db8::/33", "2001:db8:7fff::1") && !holds("2001:db8::/33", "2001:db8:8000::1"));
  for (const text of ["", "10.1", "10.0.0.0/33", "::/129", "10.0.0.0/", "x/8", "10.0.0.0/8/8"]) {
    assert.throws(() => parsePrefix(text), { code: "bad-prefix" }, text);
  }
});

test("a notification is well-formed whatever foreign servers say and whatever the mail was", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary-ascii" }), fc.uint8Array({ maxLength: 60 }), (said, content) => {
      const bounce = composeBounce({
        reportingName: "crepes.fr",
        to: "alice@crepes.fr",
        messageId: "1.a@crepes.fr",
        nowMs: 0,
        arrivedAtMs: 0,
        queueId: "q",
        failed: [
          { address: "x@y.z", status: "5.1.1", reason: said, remote: { host: "mx.y.z", reply: said } },
        ],
        content,
      });
      const text = toByteString(bounce);
      assert.equal(fieldBoundaries(text), 4);
      assert.doesNotMatch(text.slice(0, text.indexOf("rfc822-headers")), /\r(?!\n)|(?<!\r)\n/);
      for (const line of text.split("\r\n").slice(0, 30)) assert.ok(line.length <= 998);
    }),
  );
});

test("the header that goes back ends before the body", () => {
  const content = fromByteString("Subject: one\r\nX: 2\r\n\r\nsecret\r\n");
  assert.equal(parseMessage(content).fields.length, 2);
  const request = {
    reportingName: "a",
    to: "b@c",
    messageId: "1@a",
    nowMs: 0,
    arrivedAtMs: 0,
    queueId: "q",
    content,
  };
  const text = toByteString(composeBounce({ ...request, failed: [] }));
  assert.ok(text.includes("\r\n\r\nSubject: one\r\nX: 2\r\n\r\n--"));
  assert.ok(!text.includes("secret"));
});

function fieldBoundaries(text: string): number {
  const boundary = /boundary="([^"]+)"/.exec(text)?.[1] ?? "none";
  return text.split("\r\n").filter((line) => line === `--${boundary}` || line === `--${boundary}--`).length;
}
