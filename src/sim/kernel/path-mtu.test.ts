import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Task } from "../../net/index.ts";
import { askDatagram, echoDatagrams, narrowPath, ping, routedHosts } from "../testing/networks.ts";
import { Transcript } from "../testing/transcript.ts";

describe("a path with a narrow link", () => {
  test("IPv4: the router cuts what may be cut, the receiver joins it, in order", () => {
    const { world, a } = routedHosts(1000);
    world.run(ping(a, "10.0.2.2"));
    const transcript = new Transcript(world);
    assert.match(world.run(ping(a, "10.0.2.2", 2000)), /^reply/);
    const lines = transcript
      .take("origin", "forward")
      .map((line) => line.replace(/fragment \d+/, "fragment"));
    assert.deepEqual(lines.slice(0, 5), [
      "8 origin a/eth0: 10.0.1.1 to 10.0.2.2, protocol 1, 1500 octets, TTL 64, fragment at 0 (fragment 1 of 2)",
      "8 origin a/eth0: 10.0.1.1 to 10.0.2.2, protocol 1, 548 octets, TTL 64, fragment at 1480 (last) (fragment 2 of 2)",
      "9 forward r/eth1: 10.0.1.1 to 10.0.2.2, protocol 1, 996 octets, TTL 63, fragment at 0 (fragment 1 of 2)",
      "9 forward r/eth1: 10.0.1.1 to 10.0.2.2, protocol 1, 524 octets, TTL 63, fragment at 976 (fragment 2 of 2)",
      "9 forward r/eth1: 10.0.1.1 to 10.0.2.2, protocol 1, 548 octets, TTL 63, fragment at 1480 (last)",
    ]);
  });

  test("IPv6: the router says what fits, the source cuts from then on", () => {
    const { world, a } = routedHosts(1300);
    world.run(ping(a, "2001:db8:2::2"));
    const { ip } = a.kernel;
    const remote = ip.addresses.of("2001:db8:2::2");
    assert.equal(ip.mtuTo(remote), 1500);
    const transcript = new Transcript(world);
    assert.throws(() => world.run(ping(a, "2001:db8:2::2", 1400)), { code: "timed-out" });
    const lines = transcript
      .take("origin", "drop")
      .map((line) => line.replace(/fragment \d{3,}/, "fragment"));
    assert.match(
      lines[1],
      /drop r\/eth0: .*\(larger than the MTU of 1300 octets of eth1, and must not be fragmented\)$/,
    );
    assert.match(lines[2], /origin r\/eth0: 2001:db8:1::fe to 2001:db8:1::1, .*Packet too big \(MTU 1300\)/);
    assert.equal(ip.mtuTo(remote), 1300);
    assert.match(world.run(ping(a, "2001:db8:2::2", 1400)), /^reply/);
    const cut = transcript.take("origin").map((line) => line.replace(/fragment \d{3,}/, "fragment"));
    assert.match(
      cut.join("\n"),
      /1296 octets, hop limit 64, fragment at 0 \(fragment 1 of 2\)\n.* fragment at 1248 \(last\)/,
    );
  });

  test("what was learned is forgotten after ten minutes", () => {
    const { world, a } = routedHosts(1300);
    assert.throws(() => world.run(ping(a, "2001:db8:2::2", 1400)), { code: "timed-out" });
    const remote = a.kernel.ip.addresses.of("2001:db8:2::2");
    assert.equal(a.kernel.ip.mtuTo(remote), 1300);
    world.runUntil(world.nowNs + 601e9);
    assert.equal(a.kernel.ip.mtuTo(remote), 1500);
  });

  test("a report that claims more than we knew, or about a packet that we did not send, changes nothing", () => {
    const { world, a, r } = routedHosts(1300);
    world.run(ping(a, "10.0.2.2"));
    const { ip } = a.kernel;
    const remote = ip.addresses.of("10.0.2.2");
    const to = ip.destination(remote);
    assert.equal(to.lowerPathMtu(9000, world.nowNs), false);
    assert.equal(to.lowerPathMtu(1300, world.nowNs), true);
    assert.equal(to.lowerPathMtu(1400, world.nowNs), false);
    assert.equal(ip.mtuTo(remote), 1300);
    assert.equal(r.isOn, true);
  });

  for (const [name, address] of [
    ["IPv4", "10.0.2.2"],
    ["IPv6", "2001:db8:2::2"],
  ]) {
    test(`TCP over ${name} finds the path MTU, and loses nothing`, () => {
      const { world, a, b } = narrowPath(1300);
      const received = b.network.spawn("server", receiveAll(b, 200_000));
      world.run(
        (function* (): Task {
          const connection = yield* a.network.connect(address, 9, { timeoutMs: 1000 });
          yield* connection.write(new Uint8Array(200_000).fill(7), 5000);
          connection.close();
        })(),
      );
      assert.equal(world.finish(received), 200_000);
      assert.equal(a.kernel.ip.mtuTo(a.kernel.ip.addresses.of(address)), 1300);
    });
  }

  test("UDP of any size comes through, both families", () => {
    const { world, a, b } = routedHosts(1300);
    b.network.spawn("echo", echoDatagrams(b));
    const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => i * 7);
    assert.deepEqual(world.run(askDatagram(a, "10.0.2.2", bytes)), bytes);
    // The first large one over IPv6 is lost and teaches the path MTU.
    assert.equal(world.run(askDatagram(a, "2001:db8:2::2", bytes)), undefined);
    assert.deepEqual(world.run(askDatagram(a, "2001:db8:2::2", bytes)), bytes);
  });
});

function* receiveAll(host: ReturnType<typeof routedHosts>["b"], length: number): Task<number> {
  const listener = yield* host.network.listen({ port: 9 });
  const connection = yield* listener.accept();
  let received = 0;
  while (received < length) {
    const part = yield* connection.read(65_536, 10_000);
    if (part === null) break;
    received += part.filter((octet) => octet === 7).length;
  }
  listener.close();
  return received;
}
