import { mailFoldersSuite } from "../testing/mail-folders-suite.ts";
import { mailStoreSuite } from "../testing/mail-store-suite.ts";
import { MemoryMailStore } from "./mail-store.ts";

mailStoreSuite("in memory", (limits) => new MemoryMailStore(limits));
mailFoldersSuite("in memory", (limits) => new MemoryMailStore(limits));
