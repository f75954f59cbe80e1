/** UDP by way of node:dgram, which every platform has. */

import { createSocket, type Socket, type SocketType } from "node:dgram";
import { type Endpoint, familyOf, suspend, type Task } from "../net/index.ts";
import { addressOfNode, endpointOfNode, mappedAddress } from "./address.ts";
import type { UdpHandler, UdpPort } from "./udp-port.ts";

/** Binds a socket, and connects it to `peer` if there is one; throws the error of Node. */
export function* bindNodeUdp(address: string, port: number, peer?: Endpoint): Task<UdpPort> {
  const socket = yield* openSocket(address, port);
  if (peer !== undefined) yield* connectSocket(socket, peer);
  return new NodeUdpPort(socket, peer !== undefined);
}

class NodeUdpPort implements UdpPort {
  readonly local: Endpoint;
  readonly family: 4 | 6;
  readonly #socket: Socket;
  readonly #isConnected: boolean;
  #handler: UdpHandler | undefined;
  /** Octets that the kernel has not taken yet. */
  #unsent = 0;

  constructor(socket: Socket, isConnected: boolean) {
    this.#isConnected = isConnected;
    const { address, port, family } = socket.address();
    this.local = endpointOfNode(address, port);
    this.family = family === "IPv6" ? 6 : 4;
    this.#socket = socket;
  }

  start(handler: UdpHandler): void {
    this.#handler = handler;
    this.#socket.on("message", (bytes, from) => {
      // A plain Uint8Array over the same octets, for Buffer's `slice` is another than what pure code expects.
      const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
      handler.handleDatagram(view, { address: addressOfNode(from.address), port: from.port });
    });
    this.#socket.on("error", (error) => handler.handleError(error));
  }

  /** Half of what may wait: the other half is for the burst of who was told that there is room. */
  get isFull(): boolean {
    return this.#unsent > UNSENT_MAX / 2;
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    if (this.#unsent > UNSENT_MAX) return;
    this.#unsent += bytes.length;
    const handleSent = (error: Error | null): void => {
      const wasFull = this.isFull;
      this.#unsent -= bytes.length;
      if (error !== null) this.#handler?.handleError(error, to);
      if (wasFull && !this.isFull) this.#handler?.handleRoom();
    };
    // A copy, for the kernel may take it later than the caller changes it.
    const copy = Buffer.from(bytes);
    if (this.#isConnected) {
      this.#socket.send(copy, handleSent);
      return;
    }
    const isMapped = this.family === 6 && familyOf(to.address) === 4;
    this.#socket.send(copy, to.port, isMapped ? mappedAddress(to.address) : to.address, handleSent);
  }

  close(): void {
    this.#socket.close();
  }

  whenGone(callback: () => void): void {
    this.#socket.once("close", callback);
  }
}

function* openSocket(address: string, port: number): Task<Socket> {
  const type: SocketType = familyOf(address) === 4 ? "udp4" : "udp6";
  const socket = createSocket({ type, ipv6Only: false, lookup: takeAsIs });
  let opened: Socket | undefined;
  try {
    opened = yield* suspend<Socket>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind({ address, port, exclusive: true }, () => {
        socket.off("error", reject);
        resolve(socket);
      });
      return () => {};
    });
    return opened;
  } finally {
    // Failed, or cancelled, perhaps when it was bound already.
    if (opened === undefined) socket.close();
  }
}

function* connectSocket(socket: Socket, peer: Endpoint): Task {
  let isConnected = false;
  try {
    yield* suspend<void>((resolve, reject) => {
      socket.connect(peer.port, peer.address, (error?: Error) => (error ? reject(error) : resolve()));
      return () => {};
    });
    isConnected = true;
  } finally {
    // Failed, or cancelled.
    if (!isConnected) socket.close();
  }
}

/** Only addresses come here: no name look-up, whose thread pool would delay every datagram. */
function takeAsIs(
  address: string,
  _options: unknown,
  callback: (error: Error | null, address: string, family: number) => void,
): void {
  callback(null, address, familyOf(address) ?? 4);
}

/** Octets that may wait for the kernel to take them, as much as its own buffer for a UDP socket. */
const UNSENT_MAX = 212_992;
