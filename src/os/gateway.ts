/**
 * The way from the machine's sockets into a simulated world: a host of the world at which clients come in.
 *
 * A client's socket is lifted into the world (`liftSocket`): from then on it is a device of that world, used by the
 * tasks of the gateway, with the world's clock; whatever the operating system has to say of it passes `enter`.
 */

import type { Endpoint, Log, Network, StreamSocket } from "../net/index.ts";

export interface Gateway {
  /** The host at which clients come in: its addresses are what the servers inside see. */
  readonly network: Network;
  /** Touches the world: `RealTimeDriver.enter`. */
  enter<T>(action: () => T): T;
  readonly log: Log;
}

/** A port of the machine that leads into the world. */
export interface Forward {
  /** What it is for a person: "smtp". */
  readonly name: string;
  readonly protocol: "tcp" | "udp";
  /** Where the machine listens. */
  readonly local: Endpoint;
  /** Clients that are being served now. */
  readonly clientCount: number;
  /** Stops listening and breaks off what is going on. */
  close(): void;
}

/** The same socket, for use inside the world: its news come through `gateway.enter`. */
export function liftSocket(socket: StreamSocket, gateway: Gateway): StreamSocket {
  return new LiftedSocket(socket, gateway);
}

class LiftedSocket implements StreamSocket {
  readonly #socket: StreamSocket;
  readonly #gateway: Gateway;
  #onChange: () => void = () => {};

  constructor(socket: StreamSocket, gateway: Gateway) {
    this.#socket = socket;
    this.#gateway = gateway;
    socket.onChange = () => this.#gateway.enter(() => this.#onChange());
  }

  get onChange(): () => void {
    return this.#onChange;
  }

  set onChange(callback: () => void) {
    this.#onChange = callback;
  }

  get local(): Endpoint {
    return this.#socket.local;
  }

  get remote(): Endpoint {
    return this.#socket.remote;
  }

  get unsentBytes(): number {
    return this.#socket.unsentBytes;
  }

  receive(maxBytes: number): Uint8Array | null | undefined {
    return this.#socket.receive(maxBytes);
  }

  send(bytes: Uint8Array): number {
    return this.#socket.send(bytes);
  }

  shutdown(): void {
    this.#socket.shutdown();
  }

  close(): void {
    this.#socket.close();
  }

  abort(): void {
    this.#socket.abort();
  }
}
