/**
 * What HTTP must do on any network: one suite for the operating system's sockets (http.test.ts) and for the simulated
 * network (test/scenarios/http.test.ts).
 */

import assert from "node:assert/strict";
import {
  type Connection,
  type Network,
  NetworkError,
  type Task,
  type TaskHandle,
  toByteString,
} from "../../../net/index.ts";
import type { TwoHosts } from "../../../net/testing/network-suite.ts";
import { protocolSuite, type Scenario } from "../../../net/testing/protocol-suite.ts";
import { mustFail, WAIT_MS } from "../../../net/testing/suite-tools.ts";
import {
  fieldValue,
  HttpClient,
  type HttpServer,
  type HttpServerOptions,
  httpRequest,
  startHttpServer,
} from "../index.ts";
import { testSite } from "./site.ts";

export function httpSuite(name: string, makeTwoHosts: () => Promise<TwoHosts> | TwoHosts): void {
  protocolSuite(`HTTP on ${name}`, makeTwoHosts, start, scenarios);
}

const scenarios: readonly Scenario<HttpServer, Partial<HttpServerOptions>>[] = [
  {
    title: "one page on a connection of its own, over IPv4 and IPv6",
    *run(hosts, server) {
      for (const address of Object.values(hosts.serverAddresses)) {
        const host = address.includes(":") ? `[${address}]` : address;
        const response = yield* httpRequest(hosts.client, `http://${host}:${server.tcp.port}/hello`);
        assert.equal(response.status, 200);
        assert.equal(response.reason, "OK");
        assert.equal(toByteString(response.content), "hello\r\n");
        assert.equal(fieldValue(response.fields, "connection"), "close");
      }
    },
  },
  {
    title: "requests one after the other on one connection, and several at once in their order",
    *run(hosts, server) {
      const { client, close } = yield* openClient(hosts, server);
      for (const method of ["GET", "HEAD", "POST", "OPTIONS"]) {
        const response = yield* client.exchange({ method, target: "/about?a=1", host: "www.test" });
        const text = method === "HEAD" ? "" : `${method} www.test a=1\r\n`;
        assert.equal(toByteString(response.content), text);
      }
      const targets = ["/hello", "/empty", "/stream", "/nothing", "/fail"];
      for (const target of targets) yield* client.send({ target, host: "www.test" });
      const statuses: number[] = [];
      for (const _ of targets) statuses.push((yield* client.receive("GET")).status);
      assert.deepEqual(statuses, [200, 204, 200, 404, 500]);
      assert.ok(client.isReusable);
      close();
    },
  },
  {
    title: "more than all buffers hold goes there and comes back, with its length and in chunks",
    options: { contentMax: 64 * 1024 * 1024 },
    *run(hosts, server) {
      const content = new Uint8Array(hosts.bulkBytes);
      for (let i = 0; i < content.length; i++) content[i] = (i * 7919) >> 5;
      const { client, close } = yield* openClient(hosts, server);
      for (const isChunked of [false, true]) {
        const response = yield* client.exchange({
          method: "PUT",
          target: "/echo",
          host: "a",
          content,
          isChunked,
        });
        assert.ok(Buffer.compare(response.content, content) === 0);
      }
      close();
    },
  },
  {
    title: "content that is too large is refused while it is being sent",
    options: { contentMax: 1000 },
    *run(hosts, server) {
      for (const isChunked of [false, true]) {
        const { client, close } = yield* openClient(hosts, server);
        const request = {
          method: "POST",
          target: "/size",
          host: "a",
          content: new Uint8Array(100_000),
          isChunked,
        };
        assert.equal((yield* client.exchange(request)).status, 413);
        assert.equal(client.isReusable, false);
        close();
      }
    },
  },
  {
    title: "over the limit of connections a client hears 503",
    options: { connectionsMax: 1 },
    *run(hosts, server) {
      const first = yield* openClient(hosts, server);
      assert.equal((yield* first.client.exchange({ target: "/hello", host: "a" })).status, 200);
      const second = yield* openClient(hosts, server);
      assert.equal((yield* second.client.receive("GET")).status, 503);
      second.close();
      assert.equal((yield* first.client.exchange({ target: "/hello", host: "a" })).status, 200);
      first.close();
    },
  },
  {
    title: "a server that stops ends what is idle",
    *run(hosts, server) {
      const { client, close } = yield* openClient(hosts, server);
      assert.equal((yield* client.exchange({ target: "/hello", host: "a" })).status, 200);
      const stopping = hosts.server.spawn("stop", server.stop(10_000));
      // A connection that ends while we write to it may also show as one that is closed.
      const ended = /^(unexpected-end|closed|reset)$/;
      yield* mustFail(ended, client.exchange({ target: "/hello", host: "a" }));
      close();
      yield* stopping.join();
      yield* mustFail(
        "refused",
        httpRequest(hosts.client, `http://${hosts.serverAddresses[4]}:${server.tcp.port}/`),
      );
    },
  },
  {
    title: "the client gives up on a server that says nothing, and on one that says too much",
    *run(hosts) {
      const listener = yield* hosts.server.listen({ port: 0 });
      const url = `http://${hosts.serverAddresses[4]}:${listener.local.port}/`;
      const reading: TaskHandle[] = [];
      const talking = hosts.server.spawn(
        "listener",
        (function* () {
          for (const words of ["", "HTTP/1.1 200 OK\r\n\r\n123456", "hello\r\n"]) {
            const connection = yield* listener.accept();
            yield* connection.write(words, 1000);
            if (words !== "") connection.end();
            reading.push(hosts.server.spawn("reader", silence(connection)));
          }
        })(),
      );
      yield* mustFail("timed-out", httpRequest(hosts.client, url, {}, { idleMs: 50 }));
      yield* mustFail("content-too-large", httpRequest(hosts.client, url, {}, { contentMax: 5 }));
      yield* mustFail("bad-response", httpRequest(hosts.client, url));
      for (const task of [talking, ...reading]) task.cancel();
      listener.close();
    },
  },
];

function* start(network: Network, options: Partial<HttpServerOptions> = {}): Task<HttpServer> {
  return yield* startHttpServer(network, { handler: testSite, port: 0, ...options });
}

function* openClient(hosts: TwoHosts, server: HttpServer): Task<{ client: HttpClient; close: () => void }> {
  const address = hosts.serverAddresses[4];
  const connection = yield* hosts.client.connect(address, server.tcp.port, { timeoutMs: WAIT_MS });
  return { client: new HttpClient(connection, hosts.client.clock), close: () => connection.close() };
}

/** Reads until the other side has had enough. */
function* silence(connection: Connection): Task {
  try {
    while ((yield* connection.read(10_000, WAIT_MS)) !== null);
  } catch (error) {
    assert.ok(error instanceof NetworkError);
  } finally {
    connection.close();
  }
}
