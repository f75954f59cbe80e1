/** What an OsDatagramSocket stands on: a bound UDP socket of the operating system, however it is reached. */

import type { Endpoint } from "../net/index.ts";

export interface UdpPort {
  readonly local: Endpoint;
  readonly family: 4 | 6;
  /** Called once: where what arrives, and what fails, is to go. */
  start(handler: UdpHandler): void;
  /** `to` fits the family, `bytes` into a datagram. Takes a copy, for the caller may change them at once. */
  send(bytes: Uint8Array, to: Endpoint): void;
  /** Whether what is sent now has to wait for the kernel. */
  readonly isFull: boolean;
  close(): void;
  /** Calls back when the operating system's socket is gone. */
  whenGone(callback: () => void): void;
}

export interface UdpHandler {
  handleDatagram(bytes: Uint8Array, from: Endpoint): void;
  handleError(error: unknown, to?: Endpoint): void;
  /** It is not full any more. */
  handleRoom(): void;
}
