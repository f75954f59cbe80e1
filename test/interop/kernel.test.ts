/** What the simulated kernel sends below TCP, judged by tshark: every kind of packet is there, and none looks wrong. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { NetworkError, type Task } from "../../src/net/index.ts";
import { Capture, everything, writePcapng } from "../../src/sim/capture/index.ts";
import { askDatagram, echoDatagrams, ping, routedHosts } from "../../src/sim/testing/networks.ts";
import { isInstalled } from "./programs.ts";
import { BAD, CHECKS, tshark, tsharkText } from "./tshark.ts";

const folder = mkdtempSync(join(tmpdir(), "hamlet-kernel-"));
after(() => rmSync(folder, { recursive: true, force: true }));
/** Each packet where it began, and each frame wherever it passed. */
const origins = join(folder, "origins.pcapng");
const everywhere = join(folder, "everywhere.pcapng");

/** Everything that can happen to packets on two networks, the second of them narrow. */
function recordEverything(): void {
  const { world, a, b } = routedHosts(1300);
  const captures = [
    { file: origins, capture: new Capture() },
    { file: everywhere, capture: new Capture({ record: everything }) },
  ];
  for (const { capture } of captures) world.addTap(capture);
  b.network.spawn("echo", echoDatagrams(b));
  const addresses = [
    ["10.0.1.1", "10.0.2.2"],
    ["2001:db8:1::1", "2001:db8:2::2"],
  ];
  for (const [near, address] of addresses) {
    attempt(() => world.run(ping(a, address)));
    attempt(() => world.run(ping(a, address, 5000)));
    attempt(() => world.run(ping(a, address, 5000)));
    attempt(() => world.run(ping(a, address, 8, 1)));
    attempt(() => world.run(askDatagram(a, address, "hello")));
    attempt(() => world.run(askDatagram(a, address, new Uint8Array(9000).fill(65))));
    attempt(() => world.run(askDatagram(b, near, "nobody listens")));
  }
  for (const address of ["10.0.2.99", "2001:db8:2::99", "192.0.2.1", "2001:db8:9::1", "127.0.0.1", "::1"]) {
    attempt(() => world.run(ping(a, address)));
  }
  attempt(() => world.run(sendBroadcast()));
  world.runUntilIdle({ maxNs: world.nowNs + 100e9 });
  const { startUnixMs, interfaces } = world;
  for (const { file, capture } of captures) {
    const contents = { startUnixMs, interfaces, hostNames: [], packets: capture.packets(), lostCount: 0 };
    writeFileSync(file, writePcapng(contents));
  }

  function* sendBroadcast(): Task {
    const socket = yield* a.network.bind({ port: 68, address: "0.0.0.0" });
    socket.send(new Uint8Array(300), { address: "255.255.255.255", port: 9 });
    socket.close();
  }
}

function attempt(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
  }
}

test("tshark reads all of it: nothing malformed, no wrong checksum, every fragment joined", (t) => {
  if (!isInstalled(t, "tshark", "tshark")) return;
  recordEverything();
  assert.deepEqual(tshark(everywhere, ...CHECKS, "-Y", BAD), []);
  const fragments = ["error", "overlap", "toolongfragment"].map((wrong) => `ip.fragment.${wrong}`);
  assert.deepEqual(
    tshark(
      origins,
      ...CHECKS,
      "-Y",
      [...fragments, "ipv6.fragment.error", "ipv6.fragment.overlap"].join(" || "),
    ),
    [],
  );
  const seen = {
    arp: "arp.opcode == 1",
    "ARP asked directly": "arp.opcode == 1 && eth.dst != ff:ff:ff:ff:ff:ff",
    "neighbour solicitation to the group": "icmpv6.type == 135 && ipv6.dst == ff02::1:ff00:2",
    "neighbour advertisement": "icmpv6.type == 136 && icmpv6.nd.na.flag.s == 1",
    "a router's advertisement": "icmpv6.type == 136 && icmpv6.nd.na.flag.r == 1",
    "echo over IPv4": "icmp.type == 0",
    "echo over IPv6": "icmpv6.type == 129",
    "TTL exceeded": "icmp.type == 11",
    "hop limit exceeded": "icmpv6.type == 3",
    "host unreachable": "icmp.type == 3 && icmp.code == 1",
    "network unreachable": "icmp.type == 3 && icmp.code == 0",
    "port unreachable": "icmp.type == 3 && icmp.code == 3",
    "port unreachable over IPv6": "icmpv6.type == 1 && icmpv6.code == 4",
    "no route over IPv6": "icmpv6.type == 1 && icmpv6.code == 0",
    "address unreachable over IPv6": "icmpv6.type == 1 && icmpv6.code == 3",
    "packet too big": "icmpv6.type == 2 && icmpv6.mtu == 1300",
    "fragments over IPv4": "ip.flags.mf == 1",
    "fragments over IPv6": "ipv6.fraghdr.more == 1",
    "a broadcast": "ip.dst == 255.255.255.255",
  };
  const counts = frameCounts(everywhere, Object.values(seen));
  for (const [i, name] of Object.keys(seen).entries()) assert.ok(counts[i] > 0, name);
});

/** How many frames pass each filter, all in one reading of the file. */
function frameCounts(file: string, filters: readonly string[]): number[] {
  const output = tsharkText(file, "-q", "-z", ["io,stat,0", ...filters].join(","));
  const row = output.split("\n").find((line) => line.includes("<>") && !line.includes("Interval")) ?? "";
  // Frames and octets of each filter, behind the interval.
  const columns = row.split("|").slice(2, -1);
  assert.equal(columns.length, 2 * filters.length, output);
  return filters.map((_, i) => Number(columns[2 * i]));
}
