/** The echo server of RFC 862, over TCP and over UDP. */

import {
  type Connection,
  type DatagramSocket,
  type Endpoint,
  formatEndpoint,
  mayAnswer,
  type Network,
  NetworkError,
  type Service,
  sayLast,
  serve,
  type Task,
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

export interface EchoServer {
  readonly tcp: Endpoint | undefined;
  readonly udp: Endpoint | undefined;
  /** Stops both; TCP clients get `graceMs` to end. */
  stop(graceMs: number): Task;
}

/** Starts the server; throws NetworkError as `listen` and `bind` do, and then nothing of it is left. */
export function* startEchoServer(network: Network, options: EchoServerOptions = {}): Task<EchoServer> {
  const transports = options.transports ?? ["tcp", "udp"];
  const where = options.address === undefined ? {} : { address: options.address };
  const tcp = transports.includes("tcp") ? yield* startTcp(network, options, where) : undefined;
  let socket: DatagramSocket | undefined;
  if (transports.includes("udp")) {
    try {
      socket = yield* network.bind({ port: tcp?.local.port ?? options.port ?? ECHO_PORT, ...where });
    } finally {
      if (socket === undefined) yield* tcp?.stop(0) ?? nothing();
    }
  }
  const answering = socket && network.spawn("echo udp", echoDatagrams(network, socket));
  return {
    tcp: tcp?.local,
    udp: socket?.local,
    *stop(graceMs: number): Task {
      answering?.cancel();
      socket?.close();
      yield* tcp?.stop(graceMs) ?? nothing();
    },
  };
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
  try {
    for (;;) {
      const datagram = yield* receiveNext(socket);
      if (datagram === undefined) continue;
      if (mayAnswer(datagram.from, socket.local)) socket.send(datagram.bytes, datagram.from);
      else
        network.log.debug(`echo: no answer to ${formatEndpoint(datagram.from)}: it could answer us for ever`);
    }
  } catch (error) {
    if (!(error instanceof NetworkError && error.code === "closed")) throw error;
  } finally {
    socket.close();
  }
}

function* startTcp(network: Network, options: EchoServerOptions, where: { address?: string }): Task<Service> {
  const idleMs = options.idleMs ?? IDLE_MS;
  const connectionsMax = options.connectionsMax ?? CONNECTIONS_MAX;
  return yield* serve(
    network,
    {
      name: "echo",
      port: options.port ?? ECHO_PORT,
      ...where,
      connectionsMax,
      refuse: (connection) => sayLast(connection, emitRefusal(connectionsMax)),
    },
    (connection) => echoStream(connection, idleMs),
  );
}

/** The next datagram; undefined when the network reported instead that an answer of ours met a closed port. */
function* receiveNext(socket: DatagramSocket) {
  try {
    return yield* socket.receive(Number.POSITIVE_INFINITY);
  } catch (error) {
    if (error instanceof NetworkError && error.code === "refused") return undefined;
    throw error;
  }
}

function* nothing(): Task {}

/** Octets echoed at a time: what one read of a socket brings. */
const PIECE_MAX = 64 * 1024;
/** Echo needs some hundred octets per connection; more than this at once is no test but an attack. */
const CONNECTIONS_MAX = 256;
/** Long enough for a person who types (RFC 862 names no limit). */
const IDLE_MS = 10 * 60_000;
