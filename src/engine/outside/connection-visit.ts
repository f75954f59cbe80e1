/** A TCP client that has come in: joined to where its port leads, or asked where to (SOCKS). */

import {
  Connection,
  type Endpoint,
  HamletError,
  messageOf,
  type Network,
  NetworkError,
  relay,
  type Task,
} from "../../net/index.ts";
import { serveSocks } from "../../protocols/socks/index.ts";
import type { Beginning, News } from "./arrival.ts";
import type { OutsideStream } from "./outside.ts";
import { VisitorSocket } from "./visitor-socket.ts";
import type { Visit } from "./visits.ts";

export class ConnectionVisit implements Visit {
  readonly isLive: boolean;
  readonly #socket: VisitorSocket;
  readonly #outside: OutsideStream | undefined;

  /** `network` is that of the host at which it comes in; undefined when there is none of that name any more. */
  constructor(
    { way, local, client }: Beginning & { kind: "connect" },
    network: Network | undefined,
    outside: OutsideStream | undefined,
    onEnd: () => void,
  ) {
    this.isLive = outside !== undefined;
    this.#outside = outside;
    this.#socket = new VisitorSocket(local, client, outside);
    if (network === undefined) {
      this.#socket.abort();
      outside?.explain(`there is no host ${way.from} to come in at`);
      onEnd();
      return;
    }
    const connection = new Connection(this.#socket, network.clock);
    const dialogue = way.to === undefined ? proxy(connection, network) : join(connection, network, way.to);
    const handle = network.spawn(`forward ${way.name}`, this.#guard(connection, dialogue));
    handle.whenDone(() => {
      // A task that was cancelled before its first turn has not closed anything.
      connection.close();
      onEnd();
    });
  }

  handle(news: News): void {
    if (news.kind === "octets") this.#socket.handleOctets(news.bytes);
    else if (news.kind === "room") this.#socket.handleRoom(news.octets);
    else if (news.kind === "end") this.#socket.handleEnd();
    else if (news.kind === "break") this.#socket.handleBreak(new NetworkError(news.code, news.message));
  }

  *#guard(connection: Connection, dialogue: Task): Task {
    let isBroken = true;
    try {
      yield* dialogue;
      isBroken = false;
    } catch (error) {
      if (!(error instanceof HamletError)) throw error;
      this.#outside?.explain(messageOf(error));
    } finally {
      if (isBroken) connection.abort();
      else connection.close();
    }
  }
}

function* join(client: Connection, network: Network, to: Endpoint): Task {
  const target = yield* network.connect(to.address, to.port, { timeoutMs: CONNECT_TIMEOUT_MS });
  yield* relay(client, target, network.clock, { idleMs: IDLE_MS });
}

/** A SOCKS5 proxy whose connections begin at the host: names are what its resolver says they are. */
function proxy(client: Connection, network: Network): Task {
  return serveSocks(client, {
    clock: network.clock,
    dial: (host, port) => network.connect(host, port, { timeoutMs: CONNECT_TIMEOUT_MS }),
    idleMs: IDLE_MS,
  });
}

/** As long as Linux tries by itself with few retransmissions; clients give up at about this time, too. */
const CONNECT_TIMEOUT_MS = 30_000;
/** RFC 5382 section 5 REQ-5: a middlebox keeps an established connection at least 2 hours 4 minutes. */
const IDLE_MS = 124 * 60_000;
