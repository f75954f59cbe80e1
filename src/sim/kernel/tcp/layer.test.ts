import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Pipe } from "./testing/pipe.ts";

suite("TCP layer", () => {
  test("a flood of SYNs fills the table of handshakes and no more", () => {
    const pipe = new Pipe({ fault: ({ from }) => (from === pipe.client ? [0] : []) });
    const listener = pipe.server.tcp.listen(undefined, 80, 16);
    for (let i = 0; i < 1000; i++) pipe.client.tcp.connect(pipe.server.address, 80);
    pipe.runFor(10);
    assert.equal(listener.handshakingCount, 128);
    assert.equal(listener.refusedCount, 872);
    listener.close();
    assert.deepEqual(pipe.server.tcp.sockets(), []);
  });

  test("listeners share a port only where they do not overlap", () => {
    const { tcp, address } = new Pipe().server;
    const listener = tcp.listen(address, 80, 1);
    assert.throws(() => tcp.listen(undefined, 80, 1), { name: "NetworkError", code: "address-in-use" });
    assert.throws(() => tcp.listen(undefined, 80, 1, { family: 4 }), { code: "address-in-use" });
    const other = tcp.listen(undefined, 80, 1, { family: 6 });
    assert.equal(other.local.address, "::");
    listener.close();
    const any = tcp.listen(undefined, 80, 1, { family: 4 });
    assert.deepEqual(any.local, { address: "0.0.0.0", port: 80 });
    assert.throws(() => tcp.listen(new Pipe().addresses.of("192.0.2.77"), 81, 1), {
      code: "address-not-available",
    });
  });

  test("port 0 takes a free port, never that of a connection's listener", () => {
    const { tcp } = new Pipe().server;
    const ports = new Set(Array.from({ length: 500 }, () => tcp.listen(undefined, 0, 1).local.port));
    assert.equal(ports.size, 500);
    for (const port of ports) assert.ok(port >= 32_768 && port <= 65_535);
  });

  test("no two connections to one place share a port, and the ports run out with an error", () => {
    const pipe = new Pipe({ fault: () => [] });
    const ports = new Set<number>();
    for (let i = 0; i < 32_768; i++) ports.add(pipe.client.tcp.connect(pipe.server.address, 80).local.port);
    assert.equal(ports.size, 32_768);
    assert.throws(() => pipe.client.tcp.connect(pipe.server.address, 80), { code: "address-not-available" });
    assert.ok(pipe.client.tcp.connect(pipe.server.address, 81), "another port there is another matter");
    pipe.client.tcp.destroy();
    assert.equal(pipe.schedule.pending, 0);
  });

  test("there is no way to an address of another family", () => {
    const pipe = new Pipe();
    const remote = pipe.addresses.of("2001:db8::5");
    assert.throws(() => pipe.client.tcp.connect(remote, 80), { name: "NetworkError", code: "unreachable" });
  });

  test("a host that is switched off tells nobody, leaves no timer, and answers nothing", () => {
    const pipe = new Pipe();
    const { client, server } = pipe.establish();
    client.send(new Uint8Array(5000));
    pipe.runFor(0.5);
    client.onChange = () => assert.fail("told");
    pipe.client.tcp.destroy();
    assert.equal(client.state, "CLOSED");
    assert.throws(() => client.send(new Uint8Array(1)), { code: "closed" });
    assert.throws(() => pipe.client.tcp.connect(pipe.server.address, 80), { code: "closed" });
    server.send(new Uint8Array(10));
    pipe.runUntilIdle();
    assert.equal(server.failure?.code, "timed-out");
  });

  test("initial sequence numbers differ between connections and grow with time for the same one", () => {
    const isn = (pipe: Pipe, waitMs: number): number[] => {
      const seen: number[] = [];
      pipe.onSend = ({ header }) => seen.push(header.sequence);
      const { initialSequence } = pipe.client.tcp;
      const { address: local } = pipe.client;
      const { address: remote } = pipe.server;
      const first = initialSequence.next(local, 1000, remote, 80);
      const other = initialSequence.next(local, 1001, remote, 80);
      pipe.runFor(waitMs);
      return [first, other, initialSequence.next(local, 1000, remote, 80)];
    };
    const [first, other, later] = isn(new Pipe({ seed: 1 }), 100);
    assert.notEqual(first, other);
    // RFC 6528: 250,000 a second.
    assert.equal((later - first) | 0, 25_000);
    assert.notEqual(isn(new Pipe({ seed: 2 }), 1)[0], first);
  });

  test("the snapshot shows listeners and connections", () => {
    const pipe = new Pipe({ delayMs: 20 });
    const { client } = pipe.establish();
    client.send(new Uint8Array(3000));
    const [row] = pipe.client.tcp.sockets();
    assert.equal(row.state, "ESTABLISHED");
    assert.equal(row.sendQueue, 3000);
    assert.equal(row.transfer?.smoothedRoundTripMs, 40);
    assert.equal(row.transfer?.bytesInFlight, 2 * 1448);
    assert.deepEqual(
      pipe.server.tcp.sockets().map(({ state }) => state),
      ["LISTEN", "ESTABLISHED"],
    );
  });

  test("an idle connection costs little", () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    const pipe = new Pipe();
    const listener = pipe.server.tcp.listen(undefined, 80, 4096);
    const kept: unknown[] = [];
    collectGarbage();
    const before = process.memoryUsage();
    for (let i = 0; i < 2000; i++) kept.push(pipe.client.tcp.connect(pipe.server.address, 80));
    pipe.runFor(10);
    collectGarbage();
    const after = process.memoryUsage();
    assert.equal(listener.waitingCount, 2000);
    const bytes = after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers;
    assert.ok(bytes / kept.length / 2 < 3000, `${bytes / kept.length / 2} octets`);
  });
});
