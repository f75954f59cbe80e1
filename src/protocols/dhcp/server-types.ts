/** What goes into the server's machine, what comes out, and what it can be asked. */

import type { StoredLease } from "./store.ts";
import type { Subnet } from "./subnets.ts";

export interface DhcpServerConfiguration {
  readonly subnets: readonly Subnet[];
  /** The only clients that are served, named as in `Reservation`; undefined: everybody. */
  readonly only: readonly string[] | undefined;
  /** Whether an address is pinged before it is offered. */
  readonly ping: boolean;
}

export type ServerInput =
  | { readonly kind: "message"; readonly bytes: Uint8Array; readonly arrival: Arrival }
  /** What came of a `ping`. */
  | { readonly kind: "pinged"; readonly address: string; readonly answered: boolean };

/** How a message came. */
export interface Arrival {
  /** "eth0" */
  readonly interface: string;
  /** The server's address on that link: its server identifier there. */
  readonly local: string;
}

export type ServerOutput =
  /** To be written down before anything that comes behind it is sent. */
  | { readonly kind: "save"; readonly lease: StoredLease }
  | {
      readonly kind: "send";
      readonly bytes: Uint8Array;
      readonly interface: string;
      readonly to: ReplyAddress;
    }
  | { readonly kind: "ping"; readonly address: string }
  /** What happened, for the log. */
  | { readonly kind: "note"; readonly level: "info" | "warn"; readonly text: string };

/** RFC 2131 section 4.1: whereto a reply goes. */
export type ReplyAddress =
  | { readonly kind: "broadcast" }
  /** To the relay agent, at the server's port. */
  | { readonly kind: "relay"; readonly address: string }
  /** The client has that address. */
  | { readonly kind: "unicast"; readonly address: string }
  /** The client does not have it yet: nobody would answer ARP for it. */
  | { readonly kind: "link"; readonly address: string; readonly hardwareAddress: string };

/** Who asked in vain, and why. */
export interface Refusal {
  readonly hardwareAddress: string;
  readonly hostName: string;
  readonly reason: string;
  readonly count: number;
  readonly atNs: number;
}

/** Another server on the link, known by clients that chose it. */
export interface OtherServer {
  readonly serverIdentifier: string;
  /** How often a client chose it. */
  readonly count: number;
  /** The last one. */
  readonly hardwareAddress: string;
  readonly hostName: string;
  readonly atNs: number;
}
