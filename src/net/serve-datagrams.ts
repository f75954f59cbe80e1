/** A UDP server's frame, and the frame of a server that has the same port on TCP and UDP. */

import type { Endpoint } from "./address.ts";
import type { Connection } from "./connection.ts";
import { NetworkError } from "./errors.ts";
import type { Datagram, DatagramSocket, Network } from "./network.ts";
import { type ServeOptions, type Service, serve } from "./serve.ts";
import { lastly, type Task } from "./task.ts";

/** Hands on what comes, until the socket is closed or the task cancelled; the socket is closed at the end. */
export function* serveDatagrams(socket: DatagramSocket, handle: (datagram: Datagram) => void): Task {
  try {
    for (;;) {
      const datagram = yield* receiveNext(socket);
      if (datagram !== undefined) handle(datagram);
    }
  } catch (error) {
    if (!(error instanceof NetworkError && error.code === "closed")) throw error;
  } finally {
    socket.close();
  }
}

export interface TcpAndUdpOptions extends ServeOptions {
  /** Absent: both. */
  readonly transports?: readonly ("tcp" | "udp")[];
}

/** What runs on each of them. */
export interface TcpAndUdpTasks {
  readonly tcp: (connection: Connection) => Task;
  readonly udp: (socket: DatagramSocket) => Task;
}

export interface TcpAndUdpService {
  readonly tcp: Endpoint | undefined;
  readonly udp: Endpoint | undefined;
  /** Stops both; TCP clients get `graceMs` to end. */
  stop(graceMs: number): Task;
}

/** Starts both, with port 0 at one that is free; throws as `listen` and `bind` do, and then nothing of it is left. */
export function* serveTcpAndUdp(
  network: Network,
  options: TcpAndUdpOptions,
  tasks: TcpAndUdpTasks,
): Task<TcpAndUdpService> {
  const { name, address, transports = ["tcp", "udp"] } = options;
  let tcp: Service | undefined;
  let socket: DatagramSocket | undefined;
  if (transports.includes("tcp")) tcp = yield* serve(network, options, tasks.tcp);
  if (transports.includes("udp")) {
    try {
      const port = tcp?.local.port ?? options.port;
      socket = yield* network.bind({ port, ...(address !== undefined && { address }) });
    } finally {
      if (socket === undefined) yield* lastly(stopIfStarted(tcp, 0));
    }
  }
  const answering = socket && network.spawn(`${name} udp`, tasks.udp(socket));
  return {
    tcp: tcp?.local,
    udp: socket?.local,
    *stop(graceMs: number): Task {
      answering?.cancel();
      // A task that is cancelled before its first step has no end of its own, and the port would stay taken.
      socket?.close();
      yield* stopIfStarted(tcp, graceMs);
    },
  };
}

function* stopIfStarted(service: Service | undefined, graceMs: number): Task {
  if (service !== undefined) yield* service.stop(graceMs);
}

/** The next datagram; undefined when the network reported instead that an answer of ours met a closed port. */
function* receiveNext(socket: DatagramSocket): Task<Datagram | undefined> {
  try {
    return yield* socket.receive(Number.POSITIVE_INFINITY);
  } catch (error) {
    if (error instanceof NetworkError && error.code === "refused") return undefined;
    throw error;
  }
}
