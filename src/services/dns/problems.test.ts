import assert from "node:assert/strict";
import { test } from "node:test";
import { dnsProblems } from "./problems.ts";

test("a right configuration has no problems", () => {
  const zones = {
    "crepes.fr": ["@ NS ns1", "ns1 A 10.1.0.54"],
    ".": "@ NS a.root-servers.net.\na.root-servers.net. A 198.41.0.4\n@ SOA a.root-servers.net. x. 1 2 3 4 5\n",
  };
  const recursive = { rootHints: ["a.root-servers.net 198.41.0.4"], allow: ["10.0.0.0/8", "::1"] };
  assert.deepEqual(dnsProblems({ zones, recursive, ttlSeconds: 60 }), []);
});

test("each mistake has its place", () => {
  const problems = dnsProblems({
    zones: {
      "crepes.fr": ["@ NS ns1", "mail A 10.1.0", "www AA 10.1.0.2", "ns1 A 10.1.0.54"],
      "bad..name": ["@ NS x."],
      "none.fr": ["x A 10.0.0.1"],
      "text.fr": "@ NS q\ny Q\n",
    },
    recursive: { rootHints: ["a.root"], allow: ["10.0.0.0/33"] },
  });
  assert.deepEqual(
    problems.map(({ path }) => path.join(" ")),
    [
      "zones crepes.fr 1",
      "zones crepes.fr 2",
      "zones bad..name",
      "zones none.fr",
      "zones text.fr",
      "recursive rootHints 0",
      "recursive allow 0",
    ],
  );
  assert.match(problems[0].message, /expected an IPv4 address, found "10\.1\.0"/);
  assert.match(problems[4].message, /line 2, column 3/);
});
