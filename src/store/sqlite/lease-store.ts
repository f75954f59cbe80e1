/** The lease table of a DHCP server in a SQLite file: what was acknowledged is there after a crash. */

import type { Task } from "../../net/index.ts";
import type { LeaseStore, StoredLease, StoredLeaseState } from "../../protocols/dhcp/index.ts";
import { Database, type DatabaseKind, type Row } from "./database.ts";

export class SqliteLeaseStore implements LeaseStore {
  readonly #database: Database;

  /** Throws LocalError: store-in-use, store-foreign, store-failed. */
  constructor(path: string) {
    this.#database = new Database(path, leaseDatabase);
  }

  *leases(): Task<StoredLease[]> {
    return this.#database.all("SELECT * FROM leases ORDER BY sequence").map(leaseOf);
  }

  *save(leases: readonly StoredLease[]): Task {
    this.#database.transaction(() => {
      for (const { address, client, hardwareAddress, hostName, state, expiresAtMs } of leases) {
        this.#database.run(
          `INSERT INTO leases (address, client, hardware_address, host_name, state, expires_at_ms)
           VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (address) DO UPDATE SET
           client = excluded.client, hardware_address = excluded.hardware_address, host_name = excluded.host_name,
           state = excluded.state, expires_at_ms = excluded.expires_at_ms`,
          address,
          client,
          hardwareAddress,
          hostName,
          state,
          expiresAtMs ?? null,
        );
      }
    });
  }

  close(): void {
    this.#database.close();
  }
}

function leaseOf(row: Row): StoredLease {
  return {
    address: String(row.address),
    client: String(row.client),
    hardwareAddress: String(row.hardware_address),
    hostName: String(row.host_name),
    state: String(row.state) as StoredLeaseState,
    expiresAtMs: row.expires_at_ms === null ? undefined : Number(row.expires_at_ms),
  };
}

const leaseDatabase: DatabaseKind = {
  what: "lease store",
  // "HMdh"
  applicationId: 0x484d_6468,
  migrations: [
    `
    CREATE TABLE leases (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      address TEXT NOT NULL UNIQUE,
      client TEXT NOT NULL,
      hardware_address TEXT NOT NULL,
      host_name TEXT NOT NULL,
      state TEXT NOT NULL,
      expires_at_ms REAL
    ) STRICT;
    `,
  ],
};
