/**
 * A client's socket as the lab sees it. Its answers depend on arrivals alone; what it is told to do goes outside, where
 * there is one. A ghost has none, and nobody inside can tell.
 */

import { type Endpoint, formatEndpoint, NetworkError, type StreamSocket } from "../../net/index.ts";
import { type OutsideStream, ROOM_MAX } from "./outside.ts";

export class VisitorSocket implements StreamSocket {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  onChange: () => void = () => {};
  readonly #outside: OutsideStream | undefined;
  /** What has come and was not taken, oldest first. */
  readonly #received: Uint8Array[] = [];
  #hasEnded = false;
  #room = ROOM_MAX;
  #isShut = false;
  #isClosed = false;
  #failure: NetworkError | undefined;

  constructor(local: Endpoint, remote: Endpoint, outside: OutsideStream | undefined) {
    this.local = local;
    this.remote = remote;
    this.#outside = outside;
  }

  // ---- What arrives.

  handleOctets(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    this.#received.push(bytes);
    this.onChange();
  }

  handleRoom(octets: number): void {
    this.#room += octets;
    this.onChange();
  }

  handleEnd(): void {
    this.#hasEnded = true;
    this.onChange();
  }

  handleBreak(failure: NetworkError): void {
    this.#failure ??= failure;
    this.onChange();
  }

  // ---- StreamSocket.

  get unsentBytes(): number {
    return ROOM_MAX - this.#room;
  }

  receive(maxBytes: number): Uint8Array | null | undefined {
    const first = this.#received[0];
    if (first !== undefined) return this.#take(first, maxBytes);
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isClosed) throw this.#closedError();
    return this.#hasEnded ? null : undefined;
  }

  send(bytes: Uint8Array): number {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isShut) throw this.#closedError();
    const length = Math.min(bytes.length, this.#room);
    if (length === 0) return 0;
    this.#room -= length;
    this.#outside?.write(length === bytes.length ? bytes : bytes.subarray(0, length));
    return length;
  }

  shutdown(): void {
    if (this.#isShut) return;
    this.#isShut = true;
    this.#outside?.end();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#leave();
    this.#outside?.close();
  }

  abort(): void {
    this.#leave();
    this.#outside?.abort();
  }

  // ---- Helpers.

  #take(first: Uint8Array, maxBytes: number): Uint8Array {
    const taken = first.length <= maxBytes ? first : first.subarray(0, maxBytes);
    if (taken === first) this.#received.shift();
    else this.#received[0] = first.subarray(maxBytes);
    this.#outside?.handleTaken(taken.length);
    return taken;
  }

  #leave(): void {
    this.#isClosed = true;
    this.#isShut = true;
    this.#received.length = 0;
  }

  #closedError(): NetworkError {
    return new NetworkError(
      "closed",
      `the connection to ${formatEndpoint(this.remote)} was closed on our side`,
    );
  }
}
