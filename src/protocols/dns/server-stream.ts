/** One TCP connection of a name server: RFC 7766. Queries may be pipelined and are answered as they get ready. */

import {
  type Connection,
  type Network,
  NetworkError,
  Signal,
  type Task,
  type TaskHandle,
} from "../../net/index.ts";
import { framed, readFramed } from "./framing.ts";

/** Serves until the client ends, is idle for too long, or breaks the framing. */
export function* serveStream(
  network: Network,
  connection: Connection,
  respond: (bytes: Uint8Array) => Task<Uint8Array | undefined>,
): Task {
  const responses = new ResponseQueue(network, connection);
  try {
    for (;;) {
      yield* responses.roomForOneMore();
      const query = yield* readFramed(connection, network.clock, IDLE_TIMEOUT_MS, MESSAGE_TIMEOUT_MS);
      if (query === null) break;
      responses.add(respond(query));
    }
    yield* responses.finish();
  } catch (error) {
    // RFC 7766 section 6.2.3: an idle connection is closed without a word.
    if (!(error instanceof NetworkError && error.code === "timed-out")) throw error;
    yield* responses.finish();
  } finally {
    responses.cancel();
  }
}

/** Responses of one connection: computed side by side, written one after the other. */
class ResponseQueue {
  readonly #network: Network;
  readonly #connection: Connection;
  readonly #changed = new Signal();
  readonly #ready: Uint8Array[] = [];
  /** Queries whose response is not written yet. */
  readonly #open = new Set<TaskHandle>();
  #isWriting = false;

  constructor(network: Network, connection: Connection) {
    this.#network = network;
    this.#connection = connection;
  }

  *roomForOneMore(): Task {
    while (this.#open.size >= PIPELINED_MAX) {
      yield* this.#changed.wait(this.#network.clock, RESPONSE_TIMEOUT_MS);
    }
  }

  add(responding: Task<Uint8Array | undefined>): void {
    const handle = this.#network.spawn("dns tcp query", this.#run(responding));
    this.#open.add(handle);
    handle.whenDone(() => {
      this.#open.delete(handle);
      this.#changed.notify();
    });
  }

  /** Waits until every response is written, or cannot be. */
  *finish(): Task {
    while (this.#open.size > 0) {
      if (!(yield* this.#changed.wait(this.#network.clock, RESPONSE_TIMEOUT_MS))) break;
    }
  }

  cancel(): void {
    for (const handle of [...this.#open]) handle.cancel();
  }

  *#run(responding: Task<Uint8Array | undefined>): Task {
    try {
      const response = yield* responding;
      if (response !== undefined) this.#ready.push(framed(response));
      if (!this.#isWriting) yield* this.#writeAll();
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      this.#network.log.info(`dns: ${error.message}`);
    }
  }

  *#writeAll(): Task {
    this.#isWriting = true;
    try {
      for (let next = this.#ready.shift(); next !== undefined; next = this.#ready.shift()) {
        yield* this.#connection.write(next, RESPONSE_TIMEOUT_MS);
      }
    } finally {
      this.#isWriting = false;
    }
  }
}

/** RFC 7766 section 6.2.3: in the order of a few seconds. */
const IDLE_TIMEOUT_MS = 10_000;
/** From the first octet of a message to its last: nobody holds a connection by sending one octet at a time. */
const MESSAGE_TIMEOUT_MS = 10_000;
/** As long as a resolver may take, or a client to read. */
const RESPONSE_TIMEOUT_MS = 15_000;
/** Queries of one connection in progress at once; the next is read when one is done. */
const PIPELINED_MAX = 32;
