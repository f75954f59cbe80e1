import { mailStoreSuite } from "../testing/mail-store-suite.ts";
import { MemoryMailStore } from "./mail-store.ts";

mailStoreSuite("in memory", (limits) => new MemoryMailStore(limits));
