/**
 * A connection's end as the code above TCP holds it: the StreamSocket of src/net, plus how connecting ended.
 * Its methods are the user's calls of RFC 9293 section 3.10: SEND, RECEIVE, CLOSE, ABORT.
 */

import { type Endpoint, formatEndpoint, NetworkError, type StreamSocket } from "../../../net/index.ts";
import type { TcpConnection } from "./connection.ts";
import { noteRead, transmit } from "./output.ts";
import { sendReset } from "./segments.ts";
import type { TcpState } from "./state.ts";
import { FIN_WAIT_2_NS, Timer } from "./timers.ts";

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
    const connection = this.#connection;
    const bytes = connection.received.read(maxBytes);
    if (bytes !== undefined) {
      noteRead(connection);
      return bytes;
    }
    // A complete stream stays complete, whatever happens to the connection afterwards.
    if (connection.finishReceived && connection.received.length === 0) return null;
    if (connection.failure !== undefined) throw connection.failure;
    if (connection.abandoned) throw this.#closedError();
    return undefined;
  }

  send(bytes: Uint8Array): number {
    const connection = this.#connection;
    if (connection.failure !== undefined) throw connection.failure;
    if (connection.finishQueued || connection.abandoned) throw this.#closedError();
    const taken = connection.sendBuffer.append(bytes);
    connection.sendBlocked = taken < bytes.length;
    if (taken > 0) transmit(connection);
    return taken;
  }

  /** RFC 9293 section 3.10.4, CLOSE: "I have no more data to send". */
  shutdown(): void {
    const connection = this.#connection;
    if (connection.finishQueued || connection.state === "CLOSED") return;
    connection.finishQueued = true;
    // In SYN-SENT and SYN-RECEIVED it waits for the handshake (`establish`).
    if (connection.state === "ESTABLISHED" || connection.state === "CLOSE-WAIT") {
      connection.move("finish");
      transmit(connection);
    }
  }

  close(): void {
    const connection = this.#connection;
    if (connection.abandoned) return;
    connection.abandoned = true;
    switch (connection.state) {
      case "CLOSED":
        return;
      case "SYN-SENT":
        connection.delete(this.#closedError());
        break;
      case "ESTABLISHED":
      case "CLOSE-WAIT":
      case "FIN-WAIT-1":
      case "FIN-WAIT-2":
        // RFC 2525 section 2.17, RFC 1122 section 4.2.2.13: the peer must learn that its data were not read.
        if (connection.received.length > 0) {
          sendReset(connection, "reset: closed with unread data");
          connection.delete(this.#closedError());
        } else if (connection.state === "FIN-WAIT-2") connection.timers.start(Timer.linger, FIN_WAIT_2_NS);
        else this.shutdown();
        break;
      default:
        this.shutdown();
    }
    connection.tellUserSoon();
  }

  /** RFC 9293 section 3.10.5, ABORT. */
  abort(): void {
    const connection = this.#connection;
    connection.abandoned = true;
    switch (connection.state) {
      case "CLOSED":
        return;
      case "SYN-RECEIVED":
      case "ESTABLISHED":
      case "FIN-WAIT-1":
      case "FIN-WAIT-2":
      case "CLOSE-WAIT":
        sendReset(connection, "reset: aborted");
        break;
    }
    connection.received.clear();
    connection.delete(this.#closedError());
    connection.tellUserSoon();
  }

  #closedError(): NetworkError {
    return new NetworkError("closed", `the connection to ${formatEndpoint(this.remote)} is closed`);
  }
}

function doNothing(): void {}
