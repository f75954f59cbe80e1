/** Stores that live as long as their host does: for the lab and for tests. Touches nothing of the platform. */

import type { HostStores } from "../../services/service.ts";
import { MemoryMailStore } from "./mail-store.ts";

export { MemoryMailStore } from "./mail-store.ts";

/** The stores of one host, each made on first use. They outlive its services, as a disk does. */
export function memoryStores(): HostStores {
  let mail: MemoryMailStore | undefined;
  return {
    mail() {
      mail ??= new MemoryMailStore();
      return mail;
    },
    close() {
      mail?.close();
    },
  };
}
