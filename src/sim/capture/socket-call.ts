/** What a world tells of the socket calls of its hosts, beside the packets (tap.ts): for sequence diagrams. */

import type { Endpoint } from "../../net/index.ts";

export type SocketCallName =
  | "socket"
  | "bind"
  | "listen"
  | "accept"
  | "connect"
  | "read"
  | "write"
  | "sendto"
  | "recvfrom"
  | "shutdown"
  | "close"
  | "abort";

/** One call. A call that waits is told twice, with the same `id`: when it begins and when it returns. */
export interface SocketCall {
  readonly id: number;
  readonly hostName: string;
  /** The socket that it is made on: a number of the world. */
  readonly socketId: number;
  readonly transport: "tcp" | "udp";
  readonly call: SocketCallName;
  readonly startNs: number;
  /** Undefined until it returns. */
  readonly endNs: number | undefined;
  /** The socket's own end, as far as it has one. */
  readonly local: Endpoint | undefined;
  /** The other end: of the connection, or of the datagram. */
  readonly remote: Endpoint | undefined;
  /** Octets asked to be written or sent, or that were read; 0 read is the end of the stream. */
  readonly octets: number | undefined;
  /** Connections that may wait, with "listen". */
  readonly backlog: number | undefined;
  /** What went wrong: the code of a NetworkError, "timed-out", or undefined. */
  readonly error: string | undefined;
}

/** Subscribes to a world with `World.addCallTap`. Sockets made before are not heard. */
export interface CallTap {
  handleCall(call: SocketCall): void;
}
