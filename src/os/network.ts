/**
 * The operating system as a Network: every server and client of Hamlet runs on it unchanged.
 *
 *     const os = new OsNetwork({ log });
 *     const status = await os.run(main(os));
 *     await os.close();
 *
 * Tasks are resumed in microtasks, right after the event of Node that made them ready.
 */

import { hostname } from "node:os";
import {
  type Clock,
  Connection,
  type ConnectOptions,
  connectInTurn,
  type DatagramOptions,
  type DatagramSocket,
  formatEndpoint,
  HamletError,
  type ListenOptions,
  type LocalInterface,
  type Log,
  type Network,
  NetworkError,
  type Pinger,
  type Random,
  type Resolver,
  silentLog,
  suspend,
  type Task,
  type TaskHandle,
  TaskRunner,
} from "../net/index.ts";
import { systemClock } from "./clock.ts";
import { bind, type OpenPort, type OsDatagramSocket } from "./datagram-socket.ts";
import { networkErrorOf } from "./errors.ts";
import { bindFastUdp, openKernel } from "./fast-udp/index.ts";
import { systemInterfaces } from "./interfaces.ts";
import { connectLending } from "./lending-socket.ts";
import { listen, type OsListener } from "./listener.ts";
import { bindNodeUdp } from "./node-udp.ts";
import { systemRandom } from "./random.ts";
import { systemResolver } from "./resolver.ts";
import { OsStreamSocket } from "./stream-socket.ts";

export interface OsNetworkOptions {
  /** Absent: the machine's own name. */
  readonly hostName?: string;
  readonly log?: Log;
  /** Absent: as the machine itself resolves names. */
  readonly resolver?: Resolver;
  /** How long a closed connection still drops what arrives before it is reset. Absent: LINGER_MS. */
  readonly lingerMs?: number;
  /**
   * UDP in batches of system calls (fast-udp/), which needs Linux and node:ffi. "auto": where there is that, else
   * node:dgram and a line in the log. `true`: that or an error. Absent: node:dgram.
   */
  readonly fastUdp?: true | "auto";
}

export class OsNetwork implements Network {
  readonly hostName: string;
  readonly clock: Clock = systemClock;
  readonly random: Random = systemRandom;
  readonly log: Log;
  resolver: Resolver;
  /** ICMP needs raw sockets, which Node does not have. */
  readonly pinger: Pinger | undefined = undefined;
  readonly #lingerMs: number;
  readonly #fastUdp: true | "auto" | undefined;
  /** Chosen at the first socket: most programs open none, and node:ffi takes time to load. */
  #openUdp: OpenPort | undefined;
  readonly #runner: TaskRunner;
  readonly #open = new Set<Resource>();
  #whenAllGone: (() => void) | undefined;

  constructor(options: OsNetworkOptions = {}) {
    this.hostName = options.hostName ?? hostname();
    this.log = options.log ?? silentLog;
    this.resolver = options.resolver ?? systemResolver;
    this.#lingerMs = options.lingerMs ?? LINGER_MS;
    this.#runner = new TaskRunner(
      () => queueMicrotask(() => this.#runner.runReady()),
      (error, taskName) => this.log.error(`${taskName}: ${describeFailure(error)}`),
    );
    this.#fastUdp = options.fastUdp;
  }

  /** The tasks that have not ended, oldest first. */
  get liveTaskNames(): string[] {
    return this.#runner.liveNames();
  }

  /** Runs a task to its end: the way from promises to tasks, for the edge of the program. */
  run<T>(task: Task<T>, name = "main"): Promise<T> {
    return new Promise((resolve, reject) => {
      this.spawn(name, task).whenDone((outcome) => {
        if ("error" in outcome) reject(outcome.error);
        else resolve(outcome.value);
      });
    });
  }

  /** Cancels every task; what is open then is broken off, what is closing may still deliver for `lingerMs`. */
  async close(): Promise<void> {
    this.#runner.cancelAll();
    this.#runner.runReady();
    for (const resource of [...this.#open]) {
      if (resource instanceof OsStreamSocket && resource.isClosed) continue;
      breakOff(resource);
    }
    if (this.#open.size === 0) return;
    const late = setTimeout(() => [...this.#open].forEach(breakOff), this.#lingerMs + CLOSE_MARGIN_MS);
    await new Promise<void>((resolve) => {
      this.#whenAllGone = resolve;
    });
    clearTimeout(late);
  }

  spawn<T>(name: string, task: Task<T>): TaskHandle<T> {
    return this.#runner.spawn(name, task);
  }

  interfaces(): readonly LocalInterface[] {
    return systemInterfaces();
  }

  *connect(host: string, port: number, options: ConnectOptions): Task<Connection> {
    return new Connection(yield* this.connectSocket(host, port, options), this.clock);
  }

  /** As `connect`, without a Connection around it: for what pumps octets from one network into another. */
  *connectSocket(host: string, port: number, options: ConnectOptions): Task<OsStreamSocket> {
    return yield* connectInTurn(this.clock, this.resolver, host, port, options, (address) =>
      this.#connectTo(address, port, formatEndpoint({ address: host, port })),
    );
  }

  *listen(options: ListenOptions): Task<OsListener> {
    const listener = yield* listen(options, {
      clock: this.clock,
      log: this.log,
      lingerMs: this.#lingerMs,
      onSocket: (socket) => this.#track(socket),
    });
    this.#open.add(listener);
    listener.onClosed = () => this.#forget(listener);
    return listener;
  }

  *bind(options: DatagramOptions): Task<DatagramSocket> {
    const open =
      options.interface === undefined ? (this.#openUdp ??= this.#chooseUdp()) : this.#openAtInterface();
    const socket = yield* bind(options, open, this.clock, this.log);
    this.#track(socket);
    return socket;
  }

  /** The way to UDP sockets that the options ask for. */
  #chooseUdp(): OpenPort {
    if (this.#fastUdp === undefined) return bindNodeUdp;
    const kernel = openKernel();
    if (typeof kernel !== "string") {
      const runTasks = (): void => this.#runner.runReady();
      return function* (address, port, peer) {
        return bindFastUdp(kernel, runTasks, address, port, peer);
      };
    }
    if (this.#fastUdp === true) throw new Error(`fast UDP is not to be had: ${kernel}`);
    this.log.info(`UDP goes through node:dgram, for fast UDP is not to be had: ${kernel}`);
    return bindNodeUdp;
  }

  /** Node has no way to bind to an interface, the kernel has one. */
  #openAtInterface(): OpenPort {
    const kernel = openKernel();
    if (typeof kernel === "string") {
      const problem = `a socket cannot be bound to an interface: ${kernel}`;
      throw new NetworkError("address-not-available", problem);
    }
    const runTasks = (): void => this.#runner.runReady();
    return function* (address, port, peer, nic) {
      return bindFastUdp(kernel, runTasks, address, port, peer, nic);
    };
  }

  *#connectTo(address: string, port: number, subject: string): Task<OsStreamSocket> {
    const socket = yield* openConnection(address, port, subject, this.#lingerMs);
    this.#track(socket);
    return socket;
  }

  #track(socket: OsStreamSocket | OsDatagramSocket): void {
    this.#open.add(socket);
    socket.whenGone(() => this.#forget(socket));
  }

  #forget(resource: Resource): void {
    this.#open.delete(resource);
    if (this.#open.size === 0) this.#whenAllGone?.();
  }
}

type Resource = OsStreamSocket | OsDatagramSocket | OsListener;

function breakOff(resource: Resource): void {
  if (resource instanceof OsStreamSocket) resource.abort();
  else resource.close();
}

function* openConnection(
  host: string,
  port: number,
  subject: string,
  lingerMs: number,
): Task<OsStreamSocket> {
  const lending = connectLending(host, port);
  const raw = lending.node;
  let opened: OsStreamSocket | undefined;
  try {
    opened = yield* suspend<OsStreamSocket>((resolve, reject) => {
      const fail = (error: Error): void => reject(networkErrorOf(error, "connect", subject));
      raw.once("error", fail);
      raw.once("connect", () => {
        raw.off("error", fail);
        resolve(new OsStreamSocket(lending, lingerMs, subject));
      });
      return () => {};
    });
    return opened;
  } finally {
    // Failed, or cancelled, perhaps when it was open already.
    if (opened === undefined) raw.destroy();
  }
}

/** A failure of the network is one line; a mistake of our own comes with the place where it happened. */
function describeFailure(error: unknown): string {
  if (error instanceof HamletError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** As nginx does at the end of its lingering: long enough for what was sent to cross any network. */
const LINGER_MS = 2000;
/** What `close` waits beyond the lingering: no timer of the event loop is exact. */
const CLOSE_MARGIN_MS = 100;
