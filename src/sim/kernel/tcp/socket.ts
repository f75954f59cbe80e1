/** A connection's end as the code above TCP holds it: the StreamSocket of src/net, plus how connecting ended. */

import type { Endpoint, NetworkError, StreamSocket } from "../../../net/index.ts";
import type { TcpConnection } from "./connection.ts";
import type { TcpState } from "./state.ts";

export class TcpSocket implements StreamSocket {
  readonly #connection: TcpConnection;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** See StreamSocket. Called at the end of handling a packet or a timer, never from inside a method of this. */
  onChange: () => void = doNothing;
  /** Called once when the handshake is complete (as `onChange` is: never from inside `connect`). */
  onEstablished: () => void = doNothing;
  /** Called once, instead of `onEstablished`, when connecting has failed: refused, unreachable, timed-out, reset. */
  onFailure: (error: NetworkError) => void = doNothing;

  constructor(connection: TcpConnection) {
    this.#connection = connection;
    this.local = { address: connection.local.text, port: connection.localPort };
    this.remote = { address: connection.remote.text, port: connection.remotePort };
  }

  get state(): TcpState {
    return this.#connection.state;
  }

  /** Whether the handshake was completed (and stays true afterwards). */
  get established(): boolean {
    return this.#connection.wasEstablished;
  }

  /** Why the connection broke or was never made; undefined while nothing is wrong. */
  get failure(): NetworkError | undefined {
    return this.#connection.failure;
  }

  get unsentBytes(): number {
    return this.#connection.unsentBytes;
  }

  receive(maxBytes: number): Uint8Array | null | undefined {
    return this.#connection.receive(maxBytes);
  }

  send(bytes: Uint8Array): number {
    return this.#connection.send(bytes);
  }

  shutdown(): void {
    this.#connection.shutdown();
  }

  close(): void {
    this.#connection.close();
  }

  abort(): void {
    this.#connection.abort();
  }
}

function doNothing(): void {}
