/** UDP by way of node:dgram, which every platform has. */

import { createSocket, type Socket, type SocketType } from "node:dgram";
import { type Endpoint, familyOf, suspend, type Task } from "../net/index.ts";
import { addressOfNode, endpointOfNode, mappedAddress } from "./address.ts";
import type { UdpHandler, UdpPort } from "./udp-port.ts";

/** Binds a socket; throws the error of Node. */
export function* bindNodeUdp(address: string, port: number): Task<UdpPort> {
  return new NodeUdpPort(yield* openSocket(address, port));
}

class NodeUdpPort implements UdpPort {
  readonly local: Endpoint;
  readonly family: 4 | 6;
  readonly #socket: Socket;
  #handler: UdpHandler | undefined;

  constructor(socket: Socket) {
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

  send(bytes: Uint8Array, to: Endpoint): void {
    if (this.#socket.getSendQueueSize() > UNSENT_MAX) return;
    const isMapped = this.family === 6 && familyOf(to.address) === 4;
    // A copy, for the kernel may take it later than the caller changes it.
    this.#socket.send(
      Buffer.from(bytes),
      to.port,
      isMapped ? mappedAddress(to.address) : to.address,
      (error) => {
        if (error !== null) this.#handler?.handleError(error, to);
      },
    );
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
