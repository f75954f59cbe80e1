/** A TCP server's frame: accept, limit, run one task per connection, stop cleanly. */

import { formatEndpoint } from "./address.ts";
import { Signal } from "./clock.ts";
import type { Connection } from "./connection.ts";
import { HamletError, messageOf, NetworkError } from "./errors.ts";
import type { Listener, ListenOptions, Network } from "./network.ts";
import type { Task, TaskHandle } from "./task.ts";

export interface ServeOptions extends ListenOptions {
  /** The protocol, for logs and names of tasks: "smtp". */
  readonly name: string;
  /** Connections at once; one more gets `refuse` and is closed. */
  readonly connectionsMax: number;
  /** Tells a client over the limit why, e.g. `421 too many connections`. Absent: it is closed without a word. */
  readonly refuse?: (connection: Connection) => Task;
}

/** A running server. */
export interface Service {
  readonly name: string;
  readonly local: Listener["local"];
  readonly connectionCount: number;
  /** Stops accepting, lets the dialogues end for `graceMs`, then cancels what is left. */
  stop(graceMs: number): Task;
}

/** Listens and runs `dialogue` for every connection; the connection is closed when its dialogue ends. */
export function* serve(
  network: Network,
  options: ServeOptions,
  dialogue: (connection: Connection) => Task,
): Task<Service> {
  return new Server(network, yield* network.listen(options), options, dialogue);
}

/** Stops one after the other: for a `finally`, in `lastly`. */
export function* stopAll(services: Iterable<{ stop(graceMs: number): Task }>, graceMs: number): Task {
  for (const service of services) yield* service.stop(graceMs);
}

/**
 * A server's last line (or octets), also for `ServeOptions.refuse`: says it, ends our direction and gives the client a little time
 * to end its own, since closing while that still sends would reset the connection before it has read the line.
 * `timeoutMs` is for a client that does not take the line.
 */
export function* sayLast(connection: Connection, line: string | Uint8Array, timeoutMs = LAST_LINE_MS): Task {
  yield* connection.write(typeof line === "string" ? `${line}\n` : line, timeoutMs);
  connection.end();
  try {
    for (let reads = 0; reads < LAST_READS_MAX; reads++) {
      if ((yield* connection.read(LAST_READ, LAST_LINE_MS)) === null) return;
    }
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
  }
}

class Server implements Service {
  readonly name: string;
  readonly local: Listener["local"];
  readonly #network: Network;
  readonly #listener: Listener;
  readonly #options: ServeOptions;
  readonly #dialogue: (connection: Connection) => Task;
  readonly #accepting: TaskHandle;
  readonly #dialogues = new Set<TaskHandle>();
  /** Clients over the limit that are being told so: they take no place of a client that is served. */
  readonly #refusals = new Set<TaskHandle>();
  readonly #ended = new Signal();
  /** Clients that were reset since the last word about it. */
  #resets = 0;

  constructor(
    network: Network,
    listener: Listener,
    options: ServeOptions,
    dialogue: (connection: Connection) => Task,
  ) {
    this.name = options.name;
    this.local = listener.local;
    this.#network = network;
    this.#listener = listener;
    this.#options = options;
    this.#dialogue = dialogue;
    this.#accepting = network.spawn(`${this.name} accept`, this.#acceptAll());
  }

  get connectionCount(): number {
    return this.#dialogues.size;
  }

  *stop(graceMs: number): Task {
    const { clock } = this.#network;
    this.#listener.close();
    this.#accepting.cancel();
    const graceEndNs = clock.nowNs() + graceMs * 1e6;
    while (this.#dialogues.size + this.#refusals.size > 0) {
      const leftMs = (graceEndNs - clock.nowNs()) / 1e6;
      if (leftMs <= 0 || !(yield* this.#ended.wait(clock, leftMs))) break;
    }
    for (const handle of [...this.#dialogues, ...this.#refusals]) handle.cancel();
  }

  *#acceptAll(): Task {
    try {
      for (;;) this.#admit(yield* this.#listener.accept());
    } catch (error) {
      if (!(error instanceof NetworkError && error.code === "closed")) throw error;
    } finally {
      this.#listener.close();
    }
  }

  #admit(connection: Connection): void {
    if (this.#dialogues.size < this.#options.connectionsMax) {
      this.#talk(connection, this.#dialogue(connection), this.#dialogues);
      return;
    }
    const refusal = (this.#options.refuse ?? sayNothing)(connection);
    if (this.#refusals.size >= REFUSALS_MAX) {
      this.#reset(connection, refusal);
      return;
    }
    const peer = formatEndpoint(connection.remote);
    this.#warn(`refused ${peer}: ${this.#dialogues.size} connections are open`);
    this.#talk(connection, refusal, this.#refusals);
  }

  #talk(connection: Connection, talk: Task, among: Set<TaskHandle>): void {
    const task = `${this.name} ${formatEndpoint(connection.remote)}`;
    const handle = this.#network.spawn(task, guarded(this.#network, this.name, connection, talk));
    among.add(handle);
    handle.whenDone(() => {
      among.delete(handle);
      if (among === this.#refusals) this.#tellResets();
      this.#ended.notify();
    });
  }

  /** Says what the refusal says without waiting, and holds nothing for it: a client that is quick may read it. */
  #reset(connection: Connection, refusal: Task): void {
    if (this.#resets++ === 0) {
      const peer = formatEndpoint(connection.remote);
      this.#warn(`reset ${peer}, and all who come while ${this.#refusals.size} others are being refused`);
    }
    try {
      refusal.next();
      refusal.return();
    } catch (error) {
      if (!(error instanceof HamletError)) this.#network.log.error(`${this.name}: ${messageOf(error)}`);
    }
    connection.abort();
  }

  #tellResets(): void {
    if (this.#resets > 1) this.#warn(`${this.#resets} connections were reset in this rush`);
    this.#resets = 0;
  }

  #warn(text: string): void {
    this.#network.log.warn(`${this.name}: ${text}`);
  }
}

/** Runs one dialogue; its expected failures go to the log, its connection is closed in any case. */
function* guarded(network: Network, name: string, connection: Connection, talk: Task): Task {
  let broken = true;
  try {
    yield* talk;
    broken = false;
  } catch (error) {
    // A failure of the network or of the peer is daily business; anything else is our mistake.
    const level = error instanceof HamletError ? "info" : "error";
    network.log[level](`${name}: ${formatEndpoint(connection.remote)}: ${messageOf(error)}`);
  } finally {
    if (broken) connection.abort();
    else connection.close();
  }
}

function* sayNothing(): Task {}

/** A client reads a line within it. */
const LAST_LINE_MS = 2000;
/** What a client may still send while it is told to go: 16 MB in all. */
const LAST_READS_MAX = 256;
const LAST_READ = 64 * 1024;
/**
 * Refusals that may be under way at once, each for up to four seconds and some kilobytes; with a limit of 100
 * connections a rush of three times as many is refused in words. Beyond them a client is reset.
 */
const REFUSALS_MAX = 256;
