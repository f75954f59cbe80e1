/** Base subjects as the standard has them; threads: every message once, also of what refers in circles. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromByteString, type Task } from "../../net/index.ts";
import { MemoryWorld } from "../../net/testing/memory-world.ts";
import { Letter } from "./letter.ts";
import type { Numbered, SelectedFolder } from "./selected.ts";
import { baseSubject } from "./sort.ts";
import { threads } from "./thread.ts";

test("the base subject: RFC 5256 section 2.1", () => {
  for (const [subject, base, isReply] of [
    ["Ketchup", "KETCHUP", false],
    ["Re: Ketchup", "KETCHUP", true],
    ["RE: Fwd: [list] re[2]: Ketchup (fwd) ", "KETCHUP", true],
    ["[list] Ketchup", "KETCHUP", false],
    ["[list]", "[LIST]", false],
    ["[Fwd: Re: Ketchup]", "KETCHUP", true],
    ["=?utf-8?q?Re=3A_cr=C3=AApes?=", "CR\u00caPES", true],
    ["Re:", "", true],
    ["Regards", "REGARDS", false],
  ] as const) {
    assert.deepEqual(baseSubject([{ name: "Subject", value: subject }]), { text: base, isReply }, subject);
  }
});

interface Mail {
  readonly id?: string | undefined;
  readonly references?: readonly string[];
  readonly subject?: string;
}

function threadsOf(mails: readonly Mail[], algorithm = "REFERENCES"): string {
  const found = mails.map((_, i) => ({
    number: i + 1,
    message: { uid: i + 1, arrivedAtMs: i },
  })) as Numbered[];
  const letters = mails.map(({ id, references = [], subject = "" }) => {
    const fields = [
      `Subject: ${subject}`,
      `References: ${references.map((each) => `<${each}@x>`).join(" ")}`,
    ];
    if (id !== undefined) fields.push(`Message-ID: <${id}@x>`);
    return new Letter(fromByteString(`${fields.join("\r\n")}\r\n\r\n`));
  });
  const selected = {
    *letter({ uid }: { uid: number }): Task<Letter> {
      return letters[uid - 1];
    },
  } as unknown as SelectedFolder;
  return new MemoryWorld().run(threads(selected, found, algorithm, false));
}

test("threads by what is referred to", () => {
  assert.equal(
    threadsOf([{ id: "a" }, { id: "b", references: ["a"] }, { id: "c", references: ["a", "b"] }]),
    "(1 2 3)",
  );
  assert.equal(
    threadsOf([{ id: "a" }, { id: "b", references: ["a"] }, { id: "c", references: ["a"] }]),
    "(1 (2)(3))",
  );
  assert.equal(threadsOf([{ references: ["gone"] }, { references: ["gone"] }]), "((1)(2))");
  assert.equal(
    threadsOf([
      { id: "a", references: ["b"] },
      { id: "b", references: ["a"] },
    ]),
    "(2 1)",
  );
  assert.equal(
    threadsOf([
      { id: "a", subject: "x" },
      { id: "b", subject: "Re: x" },
    ]),
    "(1 2)",
  );
  assert.equal(threadsOf([{ subject: "x" }, { subject: "y" }, { subject: "x" }]), "((1)(3))(2)");
  assert.equal(
    threadsOf([{ subject: "x" }, { subject: "y" }, { subject: "re: x" }], "ORDEREDSUBJECT"),
    "(1 3)(2)",
  );
});

test("every message is in the threads once, whatever it refers to", () => {
  const id = fc.constantFrom("a", "b", "c", "d", "e");
  const mail = fc.record({
    id: fc.option(id, { nil: undefined }),
    references: fc.array(id, { maxLength: 4 }),
    subject: fc.constantFrom("", "x", "Re: x", "y", "Fwd: y"),
  });
  fc.assert(
    fc.property(
      fc.array(mail, { maxLength: 12 }),
      fc.constantFrom("REFERENCES", "ORDEREDSUBJECT"),
      (mails, algorithm) => {
        const numbers = (threadsOf(mails, algorithm).match(/\d+/g) ?? []).map(Number).sort((a, b) => a - b);
        assert.deepEqual(
          numbers,
          mails.map((_, i) => i + 1),
        );
      },
    ),
    { numRuns: 500 },
  );
});

test("five thousand in one line, and below one another", () => {
  const line = Array.from({ length: 5000 }, (_, i) => ({ id: `${i}`, references: [`${i - 1}`] }));
  const star = Array.from({ length: 5000 }, (_, i) => ({
    id: `${i}`,
    references: ["root", `${(i * 7) % 5000}`],
  }));
  for (const mails of [line, star]) assert.equal(threadsOf(mails).match(/\d+/g)?.length, 5000);
});
