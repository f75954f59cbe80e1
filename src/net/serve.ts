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
  const listener = yield* network.listen(options);
  const dialogues = new Set<TaskHandle>();
  const ended = new Signal();
  const accepting = network.spawn(
    `${options.name} accept`,
    acceptAll(network, listener, options, dialogue, dialogues, ended),
  );
  return {
    name: options.name,
    local: listener.local,
    get connectionCount() {
      return dialogues.size;
    },
    *stop(graceMs: number): Task {
      listener.close();
      accepting.cancel();
      const graceEndNs = network.clock.nowNs() + graceMs * 1e6;
      while (dialogues.size > 0) {
        const leftMs = (graceEndNs - network.clock.nowNs()) / 1e6;
        if (leftMs <= 0 || !(yield* ended.wait(network.clock, leftMs))) break;
      }
      for (const handle of [...dialogues]) handle.cancel();
    },
  };
}

/**
 * A server's last line, also for `ServeOptions.refuse`: says it, ends our direction and gives the client a little time
 * to end its own, since closing while that still sends would reset the connection before it has read the line.
 * `timeoutMs` is for a client that does not take the line.
 */
export function* sayLast(connection: Connection, line: string, timeoutMs = LAST_LINE_MS): Task {
  yield* connection.write(`${line}\n`, timeoutMs);
  connection.end();
  try {
    for (let reads = 0; reads < LAST_READS_MAX; reads++) {
      if ((yield* connection.read(LAST_READ, LAST_LINE_MS)) === null) return;
    }
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
  }
}

function* acceptAll(
  network: Network,
  listener: Listener,
  options: ServeOptions,
  dialogue: (connection: Connection) => Task,
  dialogues: Set<TaskHandle>,
  ended: Signal,
): Task {
  try {
    for (;;) {
      const connection = yield* listener.accept();
      const full = dialogues.size >= options.connectionsMax;
      if (full && dialogues.size >= options.connectionsMax + REFUSALS_MAX) {
        connection.abort();
        continue;
      }
      const talk = full ? (options.refuse ?? sayNothing) : dialogue;
      const peer = formatEndpoint(connection.remote);
      if (full) network.log.warn(`${options.name}: refused ${peer}: ${dialogues.size} connections are open`);
      const handle = network.spawn(
        `${options.name} ${peer}`,
        guarded(network, options.name, connection, talk),
      );
      dialogues.add(handle);
      handle.whenDone(() => {
        dialogues.delete(handle);
        ended.notify();
      });
    }
  } catch (error) {
    if (!(error instanceof NetworkError && error.code === "closed")) throw error;
  } finally {
    listener.close();
  }
}

/** Runs one dialogue; its expected failures go to the log, its connection is closed in any case. */
function* guarded(
  network: Network,
  name: string,
  connection: Connection,
  talk: (connection: Connection) => Task,
): Task {
  let broken = true;
  try {
    yield* talk(connection);
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
/** Refusals that may be under way at once; beyond them a client is reset without a word. */
const REFUSALS_MAX = 32;
