/** Forwarded ports between two networks of the operating system: one plays the world, the host "inside". */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Way } from "../engine/outside/index.ts";
import { unrecordedEntrance } from "../engine/outside/testing/unrecorded.ts";
import { type Connection, type Endpoint, serve, silentLog, type Task } from "../net/index.ts";
import { connectThrough } from "../protocols/socks/index.ts";
import type { ForwardOptions } from "./forward.ts";
import { forwardTcp } from "./forward-tcp.ts";
import { forwardUdp } from "./forward-udp.ts";
import { OsNetwork } from "./network.ts";

const LOOPBACK = "127.0.0.1";
const listen = { address: LOOPBACK, port: 0 };

/** What `body` is given of an open port: it leads in at "inside", to `to`. */
interface Gateway {
  /** As the ways in of a network file. */
  options<To extends Endpoint | undefined>(name: string, to: To): OptionsTo<To>;
}

type OptionsTo<To> = ForwardOptions & { readonly way: Way & { readonly to: To } };

/** Runs `body` with the machine's side, the world's side and a gateway between them; all is closed afterwards. */
async function withGateway(
  body: (os: OsNetwork, inside: OsNetwork, gateway: Gateway) => Task,
): Promise<string[]> {
  const os = new OsNetwork();
  const inside = new OsNetwork();
  const said: string[] = [];
  const noCommand = (): never => assert.fail("no command is run here");
  const entrance = unrecordedEntrance(new Map([["inside", { network: inside, exec: noCommand }]]));
  const log = {
    ...silentLog,
    info: (text: string) => void said.push(text),
    warn: (text: string) => void said.push(text),
  };
  const gateway: Gateway = {
    options: (name, to) => ({ listen, entrance, log, way: { name, from: "inside", to, label: name } }),
  };
  try {
    await os.run(body(os, inside, gateway));
  } finally {
    await os.close();
    await inside.close();
  }
  assert.deepEqual([os.liveTaskNames, inside.liveTaskNames], [[], []]);
  return said;
}

function* echo(connection: Connection): Task {
  for (;;) {
    const bytes = yield* connection.read(65536, 5000);
    if (bytes === null) return;
    yield* connection.write(bytes, 5000);
  }
}

function serveEcho(network: OsNetwork) {
  return serve(network, { name: "echo", connectionsMax: 10, port: 0, address: LOOPBACK }, echo);
}

test("a forwarded port carries bulk data both ways and passes the end of the stream on", async () => {
  await withGateway(function* (os, inside, gateway) {
    const server = yield* serveEcho(inside);
    const forward = yield* forwardTcp(os, gateway.options("echo", server.local));
    const client = yield* os.connect(LOOPBACK, forward.local.port, { timeoutMs: 5000 });
    const data = Uint8Array.from({ length: 3_000_000 }, (_, i) => i * 31 + (i >> 9));
    const writing = os.spawn(
      "writer",
      (function* () {
        yield* client.write(data, 5000);
        client.end();
      })(),
    );
    assert.deepEqual(yield* client.readExactly(data.length, 5000), data);
    assert.equal(yield* client.read(1, 5000), null);
    yield* writing.join();
    client.close();
  });
});

test("nobody listens inside: the client is reset, and the log says why", async () => {
  const said = await withGateway(function* (os, inside, gateway) {
    const server = yield* serveEcho(inside);
    yield* server.stop(0);
    const forward = yield* forwardTcp(os, gateway.options("smtp", server.local));
    const client = yield* os.connect(LOOPBACK, forward.local.port, { timeoutMs: 5000 });
    const outcome = yield* outcomeOf(client.read(1, 5000));
    assert.equal(outcome, "reset");
  });
  assert.match(said.join("\n"), /^smtp: .*refused/);
});

test("closing a forward ends its clients, and the port is free", async () => {
  await withGateway(function* (os, inside, gateway) {
    const server = yield* serveEcho(inside);
    const forward = yield* forwardTcp(os, gateway.options("echo", server.local));
    const client = yield* os.connect(LOOPBACK, forward.local.port, { timeoutMs: 5000 });
    yield* client.write("x", 5000);
    yield* client.readExactly(1, 5000);
    forward.close();
    assert.equal(yield* outcomeOf(client.read(1, 5000)), "reset");
    assert.equal(yield* outcomeOf(os.connect(LOOPBACK, forward.local.port, { timeoutMs: 5000 })), "refused");
  });
});

test("the SOCKS proxy connects by name and by address, and says when nobody is there", async () => {
  await withGateway(function* (os, inside, gateway) {
    const server = yield* serveEcho(inside);
    const proxy = yield* forwardTcp(os, gateway.options("socks", undefined));
    inside.resolver = {
      *addresses(name) {
        yield* [];
        assert.equal(name, "echo.hamburger.edu");
        return [LOOPBACK];
      },
    };
    for (const host of ["echo.hamburger.edu", LOOPBACK]) {
      const client = yield* os.connect(LOOPBACK, proxy.local.port, { timeoutMs: 5000 });
      yield* connectThrough(client, { host, port: server.local.port }, 5000);
      yield* client.write("hello", 5000);
      assert.equal(Buffer.from(yield* client.readExactly(5, 5000)).toString(), "hello");
      client.close();
    }
    yield* server.stop(0);
    const client = yield* os.connect(LOOPBACK, proxy.local.port, { timeoutMs: 5000 });
    const target = { host: LOOPBACK, port: server.local.port };
    assert.equal(yield* outcomeOf(connectThrough(client, target, 5000)), "refused");
    client.close();
  });
});

test("a forwarded UDP port brings each client its own answers", async () => {
  await withGateway(function* (os, inside, gateway) {
    const server = yield* inside.bind({ address: LOOPBACK, port: 0 });
    inside.spawn(
      "upper",
      (function* () {
        for (;;) {
          const question = yield* server.receive(5000);
          if (question === undefined) return;
          const text = Buffer.from(question.bytes).toString().toUpperCase();
          // Someone else's datagram must not reach the client.
          const stranger = yield* inside.bind({ address: LOOPBACK, port: 0 });
          stranger.send(Buffer.from("forged"), question.from);
          server.send(Buffer.from(text), question.from);
        }
      })(),
    );
    const forward = yield* forwardUdp(os, gateway.options("upper", server.local));
    const clients = [
      yield* os.bind({ address: LOOPBACK, port: 0 }),
      yield* os.bind({ address: LOOPBACK, port: 0 }),
    ];
    for (const [i, client] of clients.entries()) client.send(Buffer.from(`from ${i}`), forward.local);
    for (const [i, client] of clients.entries()) {
      const answer = yield* client.receive(5000);
      assert.equal(Buffer.from(answer?.bytes ?? []).toString(), `FROM ${i}`);
      assert.deepEqual(answer?.from, forward.local);
    }
    forward.close();
  });
});

/** The code of a task's failure, "worked" when there is none. */
function* outcomeOf(task: Task<unknown>): Task<string> {
  try {
    yield* task;
    return "worked";
  } catch (error) {
    return (error as { code: string }).code;
  }
}
