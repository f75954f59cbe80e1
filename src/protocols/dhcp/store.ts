/**
 * What a server keeps so that it gives no address twice: the lease table. Implemented in memory and in SQLite
 * (`src/store`), one shared suite for both.
 *
 * What must stay true: `save` is one transaction and durable when it returns (synced, where there is a disk), for a lease is
 * acknowledged only then. Every method throws LocalError: "store-closed", "store-failed" (disk full, corrupt).
 */

import type { Task } from "../../net/index.ts";

export interface LeaseStore {
  /** All that was saved, in the order in which addresses were first saved. */
  leases(): Task<StoredLease[]>;
  /** Puts each in the place of what was there for its address. */
  save(leases: readonly StoredLease[]): Task;
  close(): void;
}

export interface StoredLease {
  readonly address: string;
  /** Which client: see `clientKey`. */
  readonly client: string;
  /** "02:00:00:00:00:05" */
  readonly hardwareAddress: string;
  /** What it calls itself; empty: nothing. */
  readonly hostName: string;
  readonly state: StoredLeaseState;
  /** Wall-clock time; undefined: never. */
  readonly expiresAtMs: number | undefined;
}

export type StoredLeaseState =
  /** The client has it until it expires. */
  | "bound"
  /** Somebody has it who has no lease; it is left alone until then. */
  | "declined"
  /** Given back: who had it may get it again. */
  | "free";
