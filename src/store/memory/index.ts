/** Stores that live as long as their host does: for the lab and for tests. Touches nothing of the platform. */

import type { HostStores } from "../../services/service.ts";
import { MemoryLeaseStore } from "./lease-store.ts";
import { MemoryMailStore } from "./mail-store.ts";

export { MemoryLeaseStore } from "./lease-store.ts";
export { MemoryMailStore } from "./mail-store.ts";

/** The stores of one host, each made on first use. They outlive its services, as a disk does. */
export function memoryStores(): HostStores {
  let mail: MemoryMailStore | undefined;
  let leases: MemoryLeaseStore | undefined;
  return {
    mail() {
      mail ??= new MemoryMailStore();
      return mail;
    },
    leases() {
      leases ??= new MemoryLeaseStore();
      return leases;
    },
    close() {
      mail?.close();
      leases?.close();
    },
  };
}
