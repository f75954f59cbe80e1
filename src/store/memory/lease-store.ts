/** The lease table of a DHCP server in memory: it outlives the server, as a disk does. */

import { LocalError, type Task } from "../../net/index.ts";
import type { LeaseStore, StoredLease } from "../../protocols/dhcp/index.ts";

export class MemoryLeaseStore implements LeaseStore {
  readonly #byAddress = new Map<string, StoredLease>();
  #open = true;

  *leases(): Task<StoredLease[]> {
    this.#checkOpen();
    return [...this.#byAddress.values()];
  }

  *save(leases: readonly StoredLease[]): Task {
    this.#checkOpen();
    for (const lease of leases) this.#byAddress.set(lease.address, { ...lease });
  }

  close(): void {
    this.#open = false;
  }

  #checkOpen(): void {
    if (!this.#open) throw new LocalError("store-closed", "the lease store is closed");
  }
}
