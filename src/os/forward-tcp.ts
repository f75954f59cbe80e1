/**
 * TCP ports of the machine that lead into a simulated world. The machine's half: what the world does with a client, and
 * where it leads, is `engine/outside`. Read first: engine/outside/outside.ts.
 */

import type { Endpoint, Task } from "../net/index.ts";
import { HamletError } from "../net/index.ts";
import type { Forward, ForwardOptions } from "./forward.ts";
import { ForwardedClient } from "./forwarded-client.ts";
import type { OsListener } from "./listener.ts";
import type { OsNetwork } from "./network.ts";

/** Lets every client of `listen` in. */
export function* forwardTcp(os: OsNetwork, options: ForwardOptions): Task<Forward> {
  const { address, port } = options.listen;
  const forward = new TcpForward(options, yield* os.listen({ address, port }));
  os.spawn(`forward ${forward.name}`, forward.acceptAll());
  return forward;
}

class TcpForward implements Forward {
  readonly protocol = "tcp";
  readonly #options: ForwardOptions;
  readonly #listener: OsListener;
  readonly #clients = new Set<ForwardedClient>();

  constructor(options: ForwardOptions, listener: OsListener) {
    this.#options = options;
    this.#listener = listener;
  }

  get name(): string {
    return this.#options.way.name;
  }

  get local(): Endpoint {
    return this.#listener.local;
  }

  close(): void {
    this.#listener.close();
    for (const client of [...this.#clients]) client.cutOff();
  }

  /** A task of the operating system's side, until `close`. */
  *acceptAll(): Task {
    const { way, entrance, log } = this.#options;
    try {
      for (;;) {
        const socket = yield* this.#listener.acceptSocket();
        if (!entrance.isOpen) {
          socket.abort();
        } else if (this.#clients.size >= CLIENTS_MAX) {
          socket.abort();
          log.warn(`${way.name}: refused a client: ${CLIENTS_MAX} are connected`);
        } else {
          const client = new ForwardedClient(socket, entrance, {
            explain: (text) => log.info(`${way.name}: ${text}`),
            onEnd: () => this.#clients.delete(client),
          });
          this.#clients.add(client);
          client.enter(way);
        }
      }
    } catch (error) {
      if (!(error instanceof HamletError && error.code === "closed")) throw error;
    }
  }
}

/** Connections at once for each port: a few file descriptors and two socket buffers each. */
const CLIENTS_MAX = 1024;
