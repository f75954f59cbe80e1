import assert from "node:assert/strict";
import { test } from "node:test";
import { addressProblem, isAddress, prefixProblem } from "./addresses.ts";

test("addresses of both families, and what is none", () => {
  for (const text of ["10.1.0.10", "0.0.0.0", "2001:db8::1", "::", "fe80::1:2"])
    assert.ok(isAddress(text), text);
  for (const text of ["10.1.0", "10.1.0.256", "01.2.3.4", "x", "", "1:2", ":::", "10.1.0.1/24", "[::1]"])
    assert.ok(!isAddress(text), text);
});

test("what is wrong with a prefix is said", () => {
  assert.equal(prefixProblem("10.1.0.10/24"), undefined);
  assert.equal(prefixProblem("2001:db8::1/64"), undefined);
  assert.match(prefixProblem("10.1.0.10") ?? "", /missing: 10\.1\.0\.10\/24/);
  assert.match(prefixProblem("10.1.0.10/33") ?? "", /1 to 32/);
  assert.match(prefixProblem("10.1.0.10/x") ?? "", /1 to 32/);
  assert.match(prefixProblem("pc/24") ?? "", /no address/);
  assert.match(addressProblem("pc") ?? "", /no IP address/);
});
