/** What every LeaseStore must do: one suite, run for each implementation. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { LeaseStore, StoredLease } from "../../protocols/dhcp/index.ts";
import { run } from "./mail-store-suite.ts";

export function leaseStoreSuite(name: string, open: () => LeaseStore): void {
  describe(`the lease store ${name}`, () => {
    test("holds what was saved last for each address, in the order of the first time", () => {
      const store = open();
      assert.deepEqual(run(store.leases()), []);
      run(store.save([lease("10.0.0.9"), lease("10.0.0.5", { expiresAtMs: undefined })]));
      run(store.save([lease("10.0.0.9", { state: "free", hostName: "später" })]));
      assert.deepEqual(run(store.leases()), [
        lease("10.0.0.9", { state: "free", hostName: "später" }),
        lease("10.0.0.5", { expiresAtMs: undefined }),
      ]);
      store.close();
    });

    test("any history of saves leaves the last of each", () => {
      const anyLease = fc.record(
        {
          address: fc.constantFrom("10.0.0.1", "10.0.0.2", "10.0.0.3"),
          client: fc.string(),
          hardwareAddress: fc.string(),
          hostName: fc.string({ unit: "grapheme" }),
          state: fc.constantFrom("bound" as const, "declined" as const, "free" as const),
          expiresAtMs: fc.option(fc.integer({ min: 0, max: 2 ** 48 }), { nil: undefined }),
        },
        { noNullPrototype: true },
      ) as fc.Arbitrary<StoredLease>;
      fc.assert(
        fc.property(fc.array(fc.array(anyLease, { maxLength: 4 }), { maxLength: 5 }), (saves) => {
          const store = open();
          const expected = new Map<string, StoredLease>();
          for (const leases of saves) {
            run(store.save(leases));
            for (const each of leases) expected.set(each.address, each);
          }
          assert.deepEqual(run(store.leases()), [...expected.values()]);
          store.close();
        }),
        { numRuns: 30 },
      );
    });

    test("a closed store says so", () => {
      const store = open();
      store.close();
      store.close();
      assert.throws(() => run(store.save([lease("10.0.0.1")])), { code: "store-closed" });
      assert.throws(() => run(store.leases()), { code: "store-closed" });
    });
  });
}

export function lease(address: string, more: Partial<StoredLease> = {}): StoredLease {
  return {
    address,
    client: "id:01020000000005",
    hardwareAddress: "02:00:00:00:00:05",
    hostName: "pc",
    state: "bound",
    expiresAtMs: 1_000_000,
    ...more,
  };
}
