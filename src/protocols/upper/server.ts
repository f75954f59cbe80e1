/** The upper-casing server, over TCP and over UDP. */

import {
  type Connection,
  type DatagramSocket,
  type Endpoint,
  formatEndpoint,
  mayAnswer,
  type Network,
  sayLast,
  serveDatagrams,
  serveTcpAndUdp,
  type Task,
  type TcpAndUdpService,
} from "../../net/index.ts";
import { emitRefusal, UPPER_PORT, UpperCaser, upperCased } from "./wire.ts";

export interface UpperServerOptions {
  /** Absent: 12000. 0 takes a free port, the same one for TCP and UDP. */
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
export function* startUpperServer(
  network: Network,
  options: UpperServerOptions = {},
): Task<TcpAndUdpService> {
  const { port = UPPER_PORT, connectionsMax = CONNECTIONS_MAX, idleMs = IDLE_MS, ...rest } = options;
  const refuse = (connection: Connection): Task => sayLast(connection, emitRefusal(connectionsMax));
  return yield* serveTcpAndUdp(
    network,
    { ...rest, name: "upper", port, connectionsMax, refuse },
    {
      tcp: (connection) => upperStream(connection, idleMs),
      udp: (socket) => upperDatagrams(network, socket),
    },
  );
}

/**
 * One TCP client: what comes goes back in capitals at once. Nothing waits for the end of a line, so that a client which
 * sends none (as the textbook's in Python) is answered too, and no line is too long.
 */
export function* upperStream(connection: Connection, idleMs: number): Task {
  const caser = new UpperCaser();
  for (;;) {
    const piece = yield* connection.read(PIECE_MAX, idleMs);
    const capitals = piece === null ? caser.rest() : caser.take(piece);
    // A client that sends and never reads fills the buffers on its way, and then waits no longer than this.
    if (capitals.length > 0) yield* connection.write(capitals, idleMs);
    if (piece === null) return;
  }
}

/** Each datagram is answered by one. */
export function* upperDatagrams(network: Network, socket: DatagramSocket): Task {
  yield* serveDatagrams(socket, ({ from, bytes }) => {
    if (mayAnswer(from, socket.local)) answer(network, socket, upperCased(bytes), from);
    else network.log.debug(`upper: no answer to ${formatEndpoint(from)}: it could answer us for ever`);
  });
}

/** Capitals may take more octets than the text, and then more than a datagram holds. */
function answer(network: Network, socket: DatagramSocket, capitals: Uint8Array, to: Endpoint): void {
  if (capitals.length <= DATAGRAM_MAX) socket.send(capitals, to);
  else network.log.info(`upper: ${formatEndpoint(to)}: ${capitals.length} octets fit into no datagram`);
}

/** Octets upper-cased at a time: what one read of a socket brings. */
const PIECE_MAX = 64 * 1024;
/** What UDP over IPv4 can carry (RFC 768, RFC 791). */
const DATAGRAM_MAX = 65_507;
/** Some hundred octets per client; more than this at once is no lesson any more. */
const CONNECTIONS_MAX = 256;
/** Long enough for a person who types. */
const IDLE_MS = 10 * 60_000;
