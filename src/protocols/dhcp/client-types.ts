/** What goes into the client's machine, what comes out, and the states between. */

import type { HostParameters, Lease } from "./lease.ts";

/** RFC 2131 figure 5; PROBING is the check of the address before BOUND, STOPPED what follows RELEASE. */
export type ClientState =
  | "INIT"
  | "SELECTING"
  | "REQUESTING"
  | "INIT-REBOOT"
  | "REBOOTING"
  | "PROBING"
  | "BOUND"
  | "RENEWING"
  | "REBINDING"
  | "INFORMING"
  | "STOPPED";

export type ClientInput =
  | { readonly kind: "message"; readonly bytes: Uint8Array }
  /** What came of a `probe`: whether somebody else has the address. */
  | { readonly kind: "probed"; readonly address: string; readonly inUse: boolean }
  /** Gives the lease back, and stops. */
  | { readonly kind: "release" }
  /** Renews the lease now, or asks for one. */
  | { readonly kind: "renew" }
  /** Asks what the server knows, for a host with an address of its own. */
  | { readonly kind: "inform"; readonly address: string };

export type ClientOutput =
  | { readonly kind: "send"; readonly bytes: Uint8Array; readonly to: string | "broadcast" }
  /** Asks the link whether somebody has that address. */
  | { readonly kind: "probe"; readonly address: string }
  /** The host has this lease from now on; it may be the one it had, with other times and parameters. */
  | { readonly kind: "bound"; readonly lease: Lease }
  /** The host has no address any more. */
  | { readonly kind: "unbound"; readonly reason: string }
  | { readonly kind: "informed"; readonly parameters: HostParameters }
  /** What happened, for the log. */
  | { readonly kind: "note"; readonly text: string };

/** What a server offered. */
export interface Offer {
  readonly serverIdentifier: string;
  readonly address: string;
  readonly atNs: number;
  /** Whether it was the one that was taken. */
  readonly taken: boolean;
}
