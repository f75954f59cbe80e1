/** The network suite: UDP. */

import assert from "node:assert/strict";
import { type AddressFamily, NetworkError, sleep } from "../index.ts";
import type { SuiteTest } from "./network-suite.ts";
import { endpoint, failsWith, pattern, WAIT_MS } from "./suite-tools.ts";

export const datagramTests: readonly SuiteTest[] = [
  {
    title: "a dual-stack UDP socket answers IPv4 and IPv6, each under its plain address",
    *run(hosts) {
      const server = yield* hosts.server.bind({ port: 0 });
      for (const family of [4, 6] as const) {
        const client = yield* hosts.client.bind({ port: 0, address: ANY[family] });
        client.send(pattern(100, family), endpoint(hosts.serverAddresses[family], server.local.port));
        const question = yield* server.receive(WAIT_MS);
        assert.deepEqual(question?.bytes, pattern(100, family));
        assert.equal(question.from.address.includes(":"), family === 6);
        assert.ok(!question.from.address.includes("ffff"), question.from.address);
        assert.equal(question.from.port, client.local.port);
        server.send(question.bytes, question.from);
        const answer = yield* client.receive(WAIT_MS);
        assert.deepEqual(answer, {
          bytes: pattern(100, family),
          from: endpoint(hosts.serverAddresses[family], server.local.port),
        });
        client.close();
      }
      server.close();
    },
  },
  {
    title: "one dual-stack UDP client reaches both families",
    *run(hosts) {
      const server = yield* hosts.server.bind({ port: 0 });
      const client = yield* hosts.client.bind({ port: 0 });
      for (const address of Object.values(hosts.serverAddresses)) {
        client.send(pattern(10), endpoint(address, server.local.port));
        assert.equal((yield* server.receive(WAIT_MS))?.bytes.length, 10);
      }
      client.close();
      server.close();
    },
  },
  {
    title: "datagrams keep their bounds, an empty one too, and the bytes are the sender's no more",
    *run(hosts) {
      const server = yield* hosts.server.bind({ port: 0 });
      const client = yield* hosts.client.bind({ port: 0, address: ANY[4] });
      const to = endpoint(hosts.serverAddresses[4], server.local.port);
      const bytes = new Uint8Array([1, 2, 3]);
      client.send(bytes, to);
      bytes.fill(9);
      client.send(new Uint8Array(0), to);
      client.send(new Uint8Array([4]), to);
      const sizes: number[][] = [];
      for (let i = 0; i < 3; i++) sizes.push([...((yield* server.receive(WAIT_MS))?.bytes ?? [-1])]);
      // UDP promises no order, but one path without loss keeps it.
      assert.deepEqual(sizes, [[1, 2, 3], [], [4]]);
      client.close();
      server.close();
    },
  },
  {
    title: "the largest datagram arrives, a larger one is an error and nothing else",
    *run(hosts) {
      const server = yield* hosts.server.bind({ port: 0 });
      const client = yield* hosts.client.bind({ port: 0 });
      for (const family of [4, 6] as const) {
        const to = endpoint(hosts.serverAddresses[family], server.local.port);
        const most = family === 4 ? 65_507 : 65_527;
        assert.throws(() => client.send(new Uint8Array(most + 1), to), hasCode("message-too-large"));
        client.send(pattern(most), to);
        const received = yield* server.receive(WAIT_MS);
        assert.ok(received !== undefined && Buffer.from(pattern(most)).equals(received.bytes));
      }
      client.close();
      server.close();
    },
  },
  {
    title: "a receive that gets nothing answers undefined at its time limit",
    *run(hosts) {
      const socket = yield* hosts.client.bind({ port: 0 });
      const beganNs = hosts.client.clock.nowNs();
      assert.equal(yield* socket.receive(20), undefined);
      assert.ok(hosts.client.clock.nowNs() - beganNs >= 20e6, "not before its time");
      assert.equal(yield* socket.receive(0), undefined);
      socket.close();
    },
  },
  {
    title: "a datagram to a port where nobody listens is lost, or reported as refused",
    *run(hosts) {
      const gone = yield* hosts.server.bind({ port: 0 });
      gone.close();
      yield* sleep(hosts.server.clock, 1);
      const client = yield* hosts.client.bind({ port: 0 });
      client.send(pattern(10), endpoint(hosts.serverAddresses[4], gone.local.port));
      try {
        assert.equal(yield* client.receive(50), undefined);
      } catch (error) {
        assert.ok(error instanceof NetworkError && error.code === "refused", String(error));
      }
      // The socket lives on.
      const server = yield* hosts.server.bind({ port: 0 });
      client.send(pattern(10), endpoint(hosts.serverAddresses[4], server.local.port));
      assert.equal((yield* server.receive(WAIT_MS))?.bytes.length, 10);
      client.close();
      server.close();
    },
  },
  {
    title: "a closed port is refused at once to a socket with one peer, which lives on",
    *run(hosts) {
      for (const family of [4, 6] as const) {
        const gone = yield* hosts.server.bind({ port: 0 });
        const peer = endpoint(hosts.serverAddresses[family], gone.local.port);
        gone.close();
        yield* sleep(hosts.server.clock, 1);
        const spare = yield* hosts.client.bind({ port: 0 });
        const { port } = spare.local;
        spare.close();
        yield* sleep(hosts.client.clock, 1);
        // The same whether the port is the network's choice or the caller's, and whatever it is bound to.
        for (const options of [{ port: 0 }, { port: 0, address: ANY[family] }, { port }]) {
          const client = yield* hosts.client.bind({ ...options, peer });
          client.send(pattern(10), peer);
          const error = yield* failsWith("refused", client.receive(WAIT_MS));
          assert.match(error.message, new RegExp(`^nobody listens on UDP port ${peer.port} of `));
          const server = yield* hosts.server.bind({ port: peer.port });
          client.send(pattern(10), peer);
          const question = yield* server.receive(WAIT_MS);
          assert.equal(question?.bytes.length, 10);
          server.send(pattern(20), question.from);
          assert.deepEqual(yield* client.receive(WAIT_MS), { bytes: pattern(20), from: peer });
          server.close();
          yield* sleep(hosts.server.clock, 1);
          client.close();
        }
      }
    },
  },
  {
    title: "a refusal ends the receive that waits",
    *run(hosts) {
      const gone = yield* hosts.server.bind({ port: 0 });
      const peer = endpoint(hosts.serverAddresses[4], gone.local.port);
      gone.close();
      yield* sleep(hosts.server.clock, 1);
      const client = yield* hosts.client.bind({ port: 0, peer });
      const receiving = hosts.client.spawn("receive", failsWith("refused", client.receive(WAIT_MS)));
      yield* sleep(hosts.client.clock, 1);
      client.send(pattern(10), peer);
      yield* receiving.join();
      client.close();
    },
  },
  {
    title: "a socket with one peer hears nobody else and talks to nobody else",
    *run(hosts) {
      const server = yield* hosts.server.bind({ port: 0, address: ANY[4] });
      const other = yield* hosts.server.bind({ port: 0, address: ANY[4] });
      const peer = endpoint(hosts.serverAddresses[4], server.local.port);
      const client = yield* hosts.client.bind({ port: 0, peer });
      client.send(pattern(1), peer);
      const question = yield* server.receive(WAIT_MS);
      assert.ok(question !== undefined);
      other.send(pattern(2), question.from);
      server.send(pattern(3), question.from);
      assert.equal((yield* client.receive(WAIT_MS))?.bytes.length, 3);
      assert.equal(yield* client.receive(20), undefined);
      const elsewhere = endpoint(hosts.serverAddresses[4], other.local.port);
      assert.throws(() => client.send(pattern(1), elsewhere), TypeError);
      for (const socket of [client, server, other]) socket.close();
    },
  },
  {
    title: "a UDP port is bound once",
    *run(hosts) {
      const socket = yield* hosts.server.bind({ port: 0 });
      const { port } = socket.local;
      const error = yield* failsWith("address-in-use", hosts.server.bind({ port }));
      assert.ok(error.message.includes(String(port)), error.message);
      socket.close();
      yield* sleep(hosts.server.clock, 1);
      (yield* hosts.server.bind({ port })).close();
    },
  },
  {
    title: "TCP and UDP have ports of their own",
    *run(hosts) {
      const listener = yield* hosts.server.listen({ port: 0 });
      const socket = yield* hosts.server.bind({ port: listener.local.port });
      assert.equal(socket.local.port, listener.local.port);
      socket.close();
      listener.close();
    },
  },
  {
    title: "a closed UDP socket ends the receive that waits, and everything after it",
    *run(hosts) {
      const socket = yield* hosts.client.bind({ port: 0 });
      const receiving = hosts.client.spawn("receive", failsWith("closed", socket.receive(WAIT_MS)));
      yield* sleep(hosts.client.clock, 1);
      socket.close();
      yield* receiving.join();
      yield* failsWith("closed", socket.receive(WAIT_MS));
      assert.throws(() => socket.send(pattern(1), endpoint(hosts.serverAddresses[4], 9)), hasCode("closed"));
      socket.close();
    },
  },
  {
    title: "who asks for room loses nothing on the way out, and others have their turns",
    *run(hosts) {
      const server = yield* hosts.server.bind({ port: 0, address: ANY[4] });
      const client = yield* hosts.client.bind({ port: 0, address: ANY[4] });
      const to = endpoint(hosts.serverAddresses[4], server.local.port);
      // Its address is known on the way before many wait for it.
      client.send(pattern(1), to);
      assert.equal((yield* server.receive(WAIT_MS))?.bytes.length, 1);
      const sending = hosts.client.spawn(
        "sender",
        (function* () {
          for (let sent = 0; sent < COUNT; ) {
            const room = yield* client.room(100, to);
            assert.ok(Number.isInteger(room) && room > 0, `${room}`);
            for (let count = 0; count < room && sent < COUNT; count++) client.send(pattern(100, sent++), to);
          }
        })(),
      );
      for (let received = 0; received < COUNT; received++)
        assert.deepEqual((yield* server.receive(WAIT_MS))?.bytes, pattern(100, received));
      yield* sending.join();
      const waiting = hosts.client.spawn("room", failsWith("closed", client.room(100, to)));
      client.close();
      yield* waiting.join();
      server.close();
    },
  },
  {
    title: "a cancelled receive leaves nothing behind, and the datagram for the next one",
    *run(hosts) {
      const server = yield* hosts.server.bind({ port: 0 });
      const client = yield* hosts.client.bind({ port: 0 });
      const receiving = hosts.server.spawn("receive", server.receive(WAIT_MS));
      yield* sleep(hosts.server.clock, 1);
      receiving.cancel();
      client.send(pattern(7), endpoint(hosts.serverAddresses[4], server.local.port));
      assert.equal((yield* server.receive(WAIT_MS))?.bytes.length, 7);
      client.close();
      server.close();
    },
  },
];

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof NetworkError && error.code === code;
}

const ANY: Readonly<Record<AddressFamily, string>> = { 4: "0.0.0.0", 6: "::" };
/** As many as wait for a receiver that is slower. */
const COUNT = 200;
