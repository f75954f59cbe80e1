/** What the parts of the network suite share. */

import assert from "node:assert/strict";
import type { Connection, Endpoint, Listener, NetworkErrorCode, Task } from "../index.ts";
import { HamletError, NetworkError } from "../index.ts";
import type { TwoHosts } from "./network-suite.ts";

/** A connection, its two ends, and the listener that it came by. */
export interface Link {
  readonly client: Connection;
  readonly server: Connection;
  readonly listener: Listener;
}

/** Opens one connection from client to server. */
export function* openLink(hosts: TwoHosts): Task<Link> {
  const listener = yield* hosts.server.listen({ port: 0 });
  const client = yield* hosts.client.connect(hosts.serverAddresses[4], listener.local.port, CONNECT);
  const server = yield* listener.accept();
  return { client, server, listener };
}

export function closeLink(link: Link): void {
  link.client.close();
  link.server.close();
  link.listener.close();
}

/** Runs `task`, in which the network must fail with this code. */
export function* failsWith(code: NetworkErrorCode, task: Task<unknown>): Task<NetworkError> {
  const error = yield* mustFail(code, task);
  assert.ok(error instanceof NetworkError, `a NetworkError, not ${error}`);
  return error;
}

/** Runs `task`, which must fail with this code, or one of these. */
export function* mustFail(code: string | RegExp, task: Task<unknown>): Task<HamletError> {
  try {
    yield* task;
  } catch (error) {
    assert.ok(error instanceof HamletError, String(error));
    if (typeof code === "string") assert.equal(error.code, code, error.message);
    else assert.match(error.code, code, error.message);
    assert.match(error.message, /\S/);
    return error;
  }
  return assert.fail(`${code} was expected, and nothing failed`);
}

/** Reads to the end of the stream. */
export function* readAll(connection: Connection): Task<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (;;) {
    const part = yield* connection.read(64 * 1024, WAIT_MS);
    if (part === null) return new Uint8Array(Buffer.concat(parts));
    parts.push(part);
  }
}

/** Octets of which each depends on its place, so that a lost, doubled or displaced piece is seen. */
export function pattern(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0, state = seed; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

export function endpoint(address: string, port: number): Endpoint {
  return { address, port };
}

/** The limit of waits that are expected to end by themselves. */
export const WAIT_MS = 10_000;
export const CONNECT = { timeoutMs: WAIT_MS };
