/**
 * What lies between the lab and the machine's half of a client: arrivals go in by an Entrance, and what the lab has to
 * say goes out to an Outside. What must stay true: an Outside throws nothing, and never lets anything arrive from inside
 * its methods, for these are called in the middle of a step of the world.
 */

import type { Endpoint } from "../../net/index.ts";
import type { Arrival } from "./arrival.ts";

/** Where programs of the machine come into a lab; closed for good when another lab has taken its place. */
export interface Entrance {
  /** Whether who comes now is let in. */
  readonly isOpen: boolean;
  /** The number of a visit that is about to begin. */
  newVisit(): number;
  /** It has come, now. `outside` comes with the beginning of a visit; a datagram brings it each time. */
  arrive(arrival: Arrival, outside?: Outside): void;
}

export type Outside = OutsideStream | OutsidePort | OutsideTerminal;

/** A client's TCP connection. */
export interface OutsideStream {
  /** Octets for the client, never more than there is room for; they will not change. */
  write(bytes: Uint8Array): void;
  /** The lab has taken so many of the octets that came. */
  handleTaken(octets: number): void;
  /** Nothing more comes from the lab, once everything written has gone. */
  end(): void;
  /** The lab is done with both directions; what was written is still delivered. */
  close(): void;
  /** The lab resets the connection. */
  abort(): void;
  /** Why the visit has failed, for the log. */
  explain(text: string): void;
}

/** A UDP port: of all its clients together. */
export interface OutsidePort {
  send(bytes: Uint8Array, client: Endpoint): void;
  explain(text: string): void;
}

/** Where a command was typed. */
export interface OutsideTerminal {
  print(text: string): void;
  printError(text: string): void;
  /** The command waits for a line. */
  askLine(): void;
  /** The command has ended: with a status, or because it could not go on. */
  end(outcome: { readonly status: number } | { readonly problem: string }): void;
}

/** Octets that may be on their way from the lab to a client that has not taken them: more does not make it faster. */
export const ROOM_MAX = 512 * 1024;
