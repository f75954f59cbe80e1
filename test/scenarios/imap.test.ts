/** The service imap on the operating system's sockets, with memory and with SQLite, and on the simulated network: one suite. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { osHosts } from "../../src/os/testing/os-hosts.ts";
import { imapSuite } from "../../src/services/mail/testing/imap-suite.ts";
import { memoryStores, sqliteStores } from "../../src/store/index.ts";
import { twoHosts } from "./two-hosts.ts";

const folder = mkdtempSync(join(tmpdir(), "hamlet-imap-"));
after(() => rmSync(folder, { recursive: true }));
let stores = 0;

imapSuite("the operating system", osHosts, memoryStores);
imapSuite("the operating system, kept in SQLite", osHosts, () => sqliteStores(join(folder, `${++stores}`)));
imapSuite("two simulated hosts", () => twoHosts({ delayMs: 5 }), memoryStores);
imapSuite(
  "two simulated hosts over a line that loses, repeats and mixes up packets",
  () => twoHosts({ delayMs: 5, jitterMs: 2, loss: 0.02, duplicate: 0.02, reorder: 0.05 }),
  memoryStores,
);
