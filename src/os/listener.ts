/** A TCP port of the operating system as a Listener. */

import { createServer, type Server, type Socket } from "node:net";
import {
  BACKLOG_DEFAULT,
  type Clock,
  Connection,
  type Endpoint,
  type Listener,
  type ListenOptions,
  type Log,
  NetworkError,
  Signal,
  suspend,
  type Task,
} from "../net/index.ts";
import { endpointOfNode } from "./address.ts";
import { networkErrorOf, systemCodeOf } from "./errors.ts";
import { lendingFrom } from "./lending-socket.ts";
import { OsStreamSocket } from "./stream-socket.ts";

/** What a listener is given of its network. */
export interface ListenerContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly lingerMs: number;
  /** Hears of every connection that arrives, so that nothing is left open at the end. */
  onSocket(socket: OsStreamSocket): void;
}

export class OsListener implements Listener {
  readonly local: Endpoint;
  /** Called once, by `close`. */
  onClosed: () => void = () => {};
  readonly #server: Server;
  readonly #context: ListenerContext;
  readonly #backlog: number;
  readonly #changed = new Signal();
  #waiting: OsStreamSocket[] = [];
  #closed = false;

  /** `server` listens already; see `listen`. */
  constructor(server: Server, backlog: number, context: ListenerContext) {
    this.#server = server;
    this.#backlog = backlog;
    this.#context = context;
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("a listening server has an address");
    this.local = endpointOfNode(address.address, address.port);
    server.on("connection", (socket) => this.#handleConnection(socket));
    server.on("error", (error) =>
      context.log.warn(networkErrorOf(error, "listen", portOf(this.local)).message),
    );
  }

  *accept(): Task<Connection> {
    return new Connection(yield* this.acceptSocket(), this.#context.clock);
  }

  /** As `accept`, without a Connection around it: for what pumps octets from one network into another. */
  *acceptSocket(): Task<OsStreamSocket> {
    for (;;) {
      if (this.#closed) throw new NetworkError("closed", `${portOf(this.local)} was closed on our side`);
      const socket = this.#waiting.shift();
      if (socket !== undefined) {
        socket.start();
        return socket;
      }
      yield* this.#changed.wait(this.#context.clock, Number.POSITIVE_INFINITY);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#server.close();
    for (const socket of this.#waiting) socket.abort();
    this.#waiting = [];
    this.#changed.notify();
    this.onClosed();
  }

  #handleConnection(accepted: Socket): void {
    const socket = new OsStreamSocket(lendingFrom(accepted), this.#context.lingerMs);
    this.#context.onSocket(socket);
    // The kernel's own backlog comes before this one; a reset is the clearest word to who is beyond both.
    if (this.#closed || this.#waiting.length >= this.#backlog) {
      socket.abort();
      return;
    }
    this.#waiting.push(socket);
    this.#changed.notify();
  }
}

/** Starts to listen. */
export function* listen(options: ListenOptions, context: ListenerContext): Task<OsListener> {
  const address = options.address ?? "::";
  const backlog = options.backlog ?? BACKLOG_DEFAULT;
  try {
    const server = yield* openServer(address, options.port, options.backlog ?? KERNEL_BACKLOG);
    return new OsListener(server, backlog, context);
  } catch (error) {
    if (!isWithoutIpv6(error, address)) {
      throw networkErrorOf(error, "listen", portOf({ address, port: options.port }));
    }
    context.log.info(`this machine has no IPv6: port ${options.port} listens on 0.0.0.0 only`);
    return yield* listen({ ...options, address: "0.0.0.0" }, context);
  }
}

/** Whether "::" could not be had because the machine speaks no IPv6. */
export function isWithoutIpv6(error: unknown, address: string): boolean {
  const code = systemCodeOf(error);
  return address === "::" && (code === "EAFNOSUPPORT" || code === "EADDRNOTAVAIL");
}

/** "port 25 of 0.0.0.0" */
export function portOf(endpoint: Endpoint): string {
  return `port ${endpoint.port} of ${endpoint.address}`;
}

function* openServer(host: string, port: number, backlog: number): Task<Server> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  let opened: Server | undefined;
  try {
    opened = yield* suspend<Server>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host, port, backlog, exclusive: true, ipv6Only: false }, () => {
        server.off("error", reject);
        resolve(server);
      });
      return () => {};
    });
    return opened;
  } finally {
    // Failed, or cancelled, perhaps when it was open already.
    if (opened === undefined) server.close();
  }
}

/**
 * As many as Linux allows where nobody has changed it (net.core.somaxconn): of five thousand clients that come at the same
 * moment, a queue of 128 makes some wait for half a minute.
 */
const KERNEL_BACKLOG = 4096;
