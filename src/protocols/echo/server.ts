/** The echo server of RFC 862, over TCP and over UDP. */

import {
  type Connection,
  type DatagramSocket,
  formatEndpoint,
  mayAnswer,
  type Network,
  sayLast,
  serveDatagrams,
  serveTcpAndUdp,
  type Task,
  type TcpAndUdpService,
} from "../../net/index.ts";
import { ECHO_PORT, emitRefusal } from "./wire.ts";

export interface EchoServerOptions {
  /** Absent: 7. 0 takes a free port, the same one for TCP and UDP. */
  readonly port?: number;
  /** Absent: every address of both families. */
  readonly address?: string;
  /** Absent: both. */
  readonly transports?: readonly ("tcp" | "udp")[];
  /** TCP connections at once. Absent: CONNECTIONS_MAX. */
  readonly connectionsMax?: number;
  /** How long a TCP client may send nothing, or not take what it is sent. Absent: IDLE_MS. */
  readonly idleMs?: number;
}

/** Starts the server; throws NetworkError as `listen` and `bind` do, and then nothing of it is left. */
export function* startEchoServer(network: Network, options: EchoServerOptions = {}): Task<TcpAndUdpService> {
  const { port = ECHO_PORT, connectionsMax = CONNECTIONS_MAX, idleMs = IDLE_MS, ...rest } = options;
  const refuse = (connection: Connection): Task => sayLast(connection, emitRefusal(connectionsMax));
  return yield* serveTcpAndUdp(
    network,
    { ...rest, name: "echo", port, connectionsMax, refuse },
    {
      tcp: (connection) => echoStream(connection, idleMs),
      udp: (socket) => echoDatagrams(network, socket),
    },
  );
}

/** RFC 862, TCP: "once a connection is established any data received is sent back" until the client ends it. */
export function* echoStream(connection: Connection, idleMs: number): Task {
  for (;;) {
    const bytes = yield* connection.read(PIECE_MAX, idleMs);
    if (bytes === null) return;
    // A client that sends and never reads fills the buffers on its way, and then waits no longer than this.
    yield* connection.write(bytes, idleMs);
  }
}

/** RFC 862, UDP: "when a datagram is received, the data from it is sent back in an answering datagram". */
export function* echoDatagrams(network: Network, socket: DatagramSocket): Task {
  yield* serveDatagrams(socket, ({ from, bytes }) => {
    if (mayAnswer(from, socket.local)) socket.send(bytes, from);
    else network.log.debug(`echo: no answer to ${formatEndpoint(from)}: it could answer us for ever`);
  });
}

/** Octets echoed at a time: what one read of a socket brings. */
const PIECE_MAX = 64 * 1024;
/** Echo needs some hundred octets per connection; more than this at once is no test but an attack. */
const CONNECTIONS_MAX = 256;
/** Long enough for a person who types (RFC 862 names no limit). */
const IDLE_MS = 10 * 60_000;
