/** The SQLite store: the shared suite, and what it is there for: a file that outlives the process. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { lease, leaseStoreSuite } from "../testing/lease-store-suite.ts";
import { run } from "../testing/mail-store-suite.ts";
import { SqliteLeaseStore } from "./lease-store.ts";

const folder = mkdtempSync(join(tmpdir(), "hamlet-leases-"));
after(() => rmSync(folder, { recursive: true }));

leaseStoreSuite("in SQLite", () => new SqliteLeaseStore(":memory:"));

test("leases are there after it was closed and opened again; a second process cannot open it meanwhile", () => {
  const path = join(folder, "leases.sqlite");
  const first = new SqliteLeaseStore(path);
  run(first.save([lease("10.0.0.1")]));
  assert.throws(() => new SqliteLeaseStore(path), { code: "store-in-use" });
  first.close();
  const second = new SqliteLeaseStore(path);
  assert.deepEqual(run(second.leases()), [lease("10.0.0.1")]);
  second.close();
});
