/** Stores on the disk: what `hamlet serve` has. */

import { join } from "node:path";
import type { HostStores } from "../../services/service.ts";
import { SqliteMailStore } from "./mail-store.ts";

export { makeFolder } from "./folder.ts";
export { SqliteMailStore } from "./mail-store.ts";

/** The stores of one host as files in `folder`, each opened on first use. */
export function sqliteStores(folder: string): HostStores {
  let mail: SqliteMailStore | undefined;
  return {
    mail() {
      mail ??= new SqliteMailStore(join(folder, "mail.sqlite"));
      return mail;
    },
    close() {
      mail?.close();
    },
  };
}
