import { leaseStoreSuite } from "../testing/lease-store-suite.ts";
import { MemoryLeaseStore } from "./lease-store.ts";

leaseStoreSuite("in memory", () => new MemoryLeaseStore());
