/** Stores on the disk: what `hamlet serve` has. */

import { join } from "node:path";
import type { HostStores } from "../../services/service.ts";
import { SqliteLeaseStore } from "./lease-store.ts";
import { SqliteMailStore } from "./mail-store.ts";

export { makeFolder } from "./folder.ts";
export { SqliteLeaseStore } from "./lease-store.ts";
export { SqliteMailStore } from "./mail-store.ts";

/** The stores of one host as files in `folder`, each opened on first use. */
export function sqliteStores(folder: string): HostStores {
  let mail: SqliteMailStore | undefined;
  let leases: SqliteLeaseStore | undefined;
  return {
    mail() {
      mail ??= new SqliteMailStore(join(folder, "mail.sqlite"));
      return mail;
    },
    leases() {
      leases ??= new SqliteLeaseStore(join(folder, "leases.sqlite"));
      return leases;
    },
    close() {
      mail?.close();
      leases?.close();
    },
  };
}
