/**
 * TCP ports of the machine that lead into a simulated world: to one port of one host, or to a dialogue that asks
 * the client where to (SOCKS). Read first: gateway.ts.
 */

import {
  Connection,
  type Endpoint,
  HamletError,
  messageOf,
  relay,
  type Task,
  type TaskHandle,
} from "../net/index.ts";
import { serveSocks } from "../protocols/socks/index.ts";
import { type Forward, type Gateway, liftSocket } from "./gateway.ts";
import type { OsListener } from "./listener.ts";
import type { OsNetwork } from "./network.ts";

export interface ForwardOptions {
  readonly name: string;
  /** Where the machine listens; port 0 takes a free one. */
  readonly listen: Endpoint;
}

/** Joins every client of `listen` to a connection from the gateway to `to` (an address inside). */
export function* forwardTcp(
  os: OsNetwork,
  gateway: Gateway,
  options: ForwardOptions & { readonly to: Endpoint },
): Task<Forward> {
  const { network } = gateway;
  const { address, port } = options.to;
  return yield* openForward(os, gateway, options, function* (client) {
    const target = yield* network.connect(address, port, { timeoutMs: CONNECT_TIMEOUT_MS });
    yield* relay(client, target, network.clock, { idleMs: IDLE_MS });
  });
}

/** A SOCKS5 proxy whose connections begin at the gateway: names are what its resolver says they are. */
export function* forwardSocks(os: OsNetwork, gateway: Gateway, options: ForwardOptions): Task<Forward> {
  const { network } = gateway;
  return yield* openForward(os, gateway, options, (client) =>
    serveSocks(client, {
      clock: network.clock,
      dial: (host, port) => network.connect(host, port, { timeoutMs: CONNECT_TIMEOUT_MS }),
      idleMs: IDLE_MS,
    }),
  );
}

function* openForward(
  os: OsNetwork,
  gateway: Gateway,
  options: ForwardOptions,
  dialogue: (client: Connection) => Task,
): Task<Forward> {
  const { address, port } = options.listen;
  const listener = yield* os.listen({ address, port });
  const forward = new TcpForward(gateway, options.name, listener, dialogue);
  os.spawn(`forward ${options.name}`, forward.acceptAll());
  return forward;
}

class TcpForward implements Forward {
  readonly name: string;
  readonly protocol = "tcp";
  readonly #gateway: Gateway;
  readonly #listener: OsListener;
  readonly #dialogue: (client: Connection) => Task;
  readonly #clients = new Map<TaskHandle, Connection>();

  constructor(gateway: Gateway, name: string, listener: OsListener, dialogue: (client: Connection) => Task) {
    this.name = name;
    this.#gateway = gateway;
    this.#listener = listener;
    this.#dialogue = dialogue;
  }

  get local(): Endpoint {
    return this.#listener.local;
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  close(): void {
    this.#listener.close();
    this.#gateway.enter(() => {
      for (const [task, client] of this.#clients) {
        task.cancel();
        // A world that is given up gives its tasks no turn any more.
        client.abort();
      }
    });
  }

  /** A task of the operating system's side, until `close`. */
  *acceptAll(): Task {
    try {
      for (;;) {
        const socket = yield* this.#listener.acceptSocket();
        if (this.#clients.size < CLIENTS_MAX)
          this.#gateway.enter(() => this.#serve(liftSocket(socket, this.#gateway)));
        else {
          socket.abort();
          this.#gateway.log.warn(`${this.name}: refused a client: ${CLIENTS_MAX} are connected`);
        }
      }
    } catch (error) {
      if (!(error instanceof HamletError && error.code === "closed")) throw error;
    }
  }

  #serve(socket: ReturnType<typeof liftSocket>): void {
    const { network } = this.#gateway;
    const client = new Connection(socket, network.clock);
    const handle = network.spawn(`forward ${this.name}`, this.#guard(client));
    this.#clients.set(handle, client);
    handle.whenDone(() => {
      this.#clients.delete(handle);
      // A task that was cancelled before its first turn has not closed anything.
      client.close();
    });
  }

  *#guard(client: Connection): Task {
    let broken = true;
    try {
      yield* this.#dialogue(client);
      broken = false;
    } catch (error) {
      if (!(error instanceof HamletError)) throw error;
      this.#gateway.log.info(`${this.name}: ${messageOf(error)}`);
    } finally {
      if (broken) client.abort();
      else client.close();
    }
  }
}

/** As long as Linux tries by itself with few retransmissions; clients give up at about this time, too. */
const CONNECT_TIMEOUT_MS = 30_000;
/** RFC 5382 section 5 REQ-5: a middlebox keeps an established connection at least 2 hours 4 minutes. */
const IDLE_MS = 124 * 60_000;
/** Connections at once for each port: a few file descriptors and two socket buffers each. */
const CLIENTS_MAX = 1024;
