/**
 * The bottom of a connection: a non-blocking stream socket, as `os/` and `sim/` implement it.
 * `Connection` builds the waiting, the lines and the limits on top, once for both.
 */

import type { Endpoint } from "./address.ts";

export interface StreamSocket {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /**
   * At least one received octet, at most `maxBytes`; null at the peer's end of stream; undefined when nothing is
   * there yet. The bytes belong to the caller and never change. Throws NetworkError ("reset", "timed-out") when
   * the connection has broken and everything that arrived before has been taken.
   */
  receive(maxBytes: number): Uint8Array | null | undefined;
  /**
   * As `receive` of all that is there, for who wants no octets but their number. Nothing can be received afterwards:
   * what still comes need not even be kept. Absent where that would save nothing.
   */
  skip?(): number | null | undefined;
  /**
   * Takes octets for sending, as many as the send buffer has room for, and says how many (0: full). What was taken
   * must not be changed any more: the socket may keep the bytes themselves.
   * Throws NetworkError ("reset", "timed-out", "closed").
   */
  send(bytes: Uint8Array): number;
  /** Octets taken by `send` that the peer has not acknowledged (sim) or the kernel has not taken (os). */
  readonly unsentBytes: number;
  /** End of our stream once everything taken has gone (half-close); the peer may go on sending. */
  shutdown(): void;
  /** Both directions done: what was taken is still delivered; what arrives now is refused with a reset. */
  close(): void;
  /** Resets the connection at once. */
  abort(): void;
  /**
   * Set by the user of the socket. Called, never from inside one of the methods above, when `receive` or `send`
   * may answer differently now: bytes, end of stream, room in the buffer, breakage.
   */
  onChange: () => void;
}
