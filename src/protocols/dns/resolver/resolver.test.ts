import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../answer.ts";
import { parseName } from "../name.ts";
import { SmallInternet } from "../testing/small-internet.ts";
import { formatRecord } from "../wire/record.ts";
import type { RecordType } from "../wire/record-types.ts";

function ask(internet: SmallInternet, name: string, type: RecordType = "A"): Answer {
  return internet.net.run(internet.resolver.resolve({ name: parseName(name), type, class: "IN" }));
}

function texts(answer: Answer): string[] {
  return answer.answers.map((record) => formatRecord(record).replaceAll("\t", " "));
}

test("the chain from the root to the authoritative server, message by message", () => {
  const internet = new SmallInternet();
  const answer = ask(internet, "mail.hamburger.edu");
  assert.deepEqual(texts(answer), ["mail.hamburger.edu. 3600 IN A 10.2.0.10"]);
  console.log(internet.takeTrace(["asked", "answered", "failed", "rejected", "cached"]));
});
