/**
 * A port that waits for connections: those whose handshake is under way (bounded, as a flood of SYNs would
 * otherwise fill the memory) and those that wait for `accept` (bounded by the backlog).
 */

import type { AddressFamily, Endpoint } from "../../../net/index.ts";
import type { IpAddress } from "../ip-address.ts";
import type { TcpConnection } from "./connection.ts";
import type { TcpOptions } from "./options.ts";
import type { TcpSocket } from "./socket.ts";

export interface ListenerOwner {
  removeListener(listener: TcpListener): void;
}

export interface ListenerAddress {
  /** Undefined: every local address. */
  readonly local: IpAddress | undefined;
  /** Undefined: both families. */
  readonly family: AddressFamily | undefined;
  readonly port: number;
}

export class TcpListener {
  readonly address: ListenerAddress;
  readonly options: TcpOptions;
  readonly backlog: number;
  /** Called when `accept` has something to give, at the end of handling a packet. */
  onConnection: () => void = doNothing;
  /** SYNs that found no room, for the console. */
  refusedCount = 0;
  readonly #owner: ListenerOwner;
  readonly #handshaking = new Set<TcpConnection>();
  readonly #waiting: TcpConnection[] = [];
  #closed = false;

  constructor(owner: ListenerOwner, address: ListenerAddress, backlog: number, options: TcpOptions) {
    this.#owner = owner;
    this.address = address;
    this.backlog = Math.max(1, backlog);
    this.options = options;
  }

  get local(): Endpoint {
    const { local, family, port } = this.address;
    return { address: local?.text ?? (family === 4 ? "0.0.0.0" : "::"), port };
  }

  /** The oldest connection that waits, or undefined. */
  accept(): TcpSocket | undefined {
    return this.#waiting.shift()?.socket;
  }

  /** Stops listening and resets the connections that nobody has accepted. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#owner.removeListener(this);
    for (const connection of [...this.#waiting, ...this.#handshaking]) connection.socket.abort();
    this.#waiting.length = 0;
    this.#handshaking.clear();
  }

  get handshakingCount(): number {
    return this.#handshaking.size;
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** For input: whether a new SYN may begin a handshake. */
  get hasRoomForHandshake(): boolean {
    return this.hasRoomForConnection && this.#handshaking.size < Math.max(this.backlog, HANDSHAKES_MIN);
  }

  /** For input: whether a handshake may complete; else its last ACK is ignored and our SYN,ACK repeated. */
  get hasRoomForConnection(): boolean {
    return this.#waiting.length < this.backlog;
  }

  /** For the layer: a SYN has come. */
  handleSyn(connection: TcpConnection): void {
    this.#handshaking.add(connection);
  }

  /** For the connection: its handshake is complete. */
  handleEstablished(connection: TcpConnection): void {
    this.#handshaking.delete(connection);
    this.#waiting.push(connection);
    this.onConnection();
  }

  /** For the connection: it ended. One that has sent data before it broke is still accepted, as everywhere. */
  handleClosed(connection: TcpConnection): void {
    this.#handshaking.delete(connection);
  }
}

function doNothing(): void {}

/** Handshakes that may always be under way; RFC 4987 section 3: the table that a SYN flood fills must be bounded. */
const HANDSHAKES_MIN = 128;
