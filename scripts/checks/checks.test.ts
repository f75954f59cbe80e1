/** The checks find what they are for: each is shown code that breaks its rule, and code that keeps it. */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { checkImports } from "./imports.ts";
import { checkSize } from "./size.ts";
import { type Finding, type Source, withSources } from "./source.ts";
import { checkTasks } from "./tasks.ts";

type Check = (sources: readonly Source[], checker: Parameters<typeof checkTasks>[1]) => Finding[];

const taskModule = "export type Task<T = void> = Generator<number, T, unknown>;\n";

function findingsIn(files: Record<string, string>, check: Check): string[] {
  const base = mkdtempSync(join(tmpdir(), "hamlet-checks-"));
  try {
    const config = {
      compilerOptions: {
        target: "es2024",
        module: "nodenext",
        noEmit: true,
        allowImportingTsExtensions: true,
      },
    };
    writeFileSync(join(base, "tsconfig.json"), JSON.stringify({ ...config, include: ["src"] }));
    for (const [name, text] of Object.entries({ "src/net/task.ts": taskModule, ...files })) {
      mkdirSync(dirname(join(base, name)), { recursive: true });
      writeFileSync(join(base, name), text);
    }
    return withSources(base, { config: "tsconfig.json", folders: ["src"] }, check).map(
      ({ file, line }) => `${file}:${line}`,
    );
  } finally {
    rmSync(base, { recursive: true });
  }
}

test("a Task that nobody runs is found, one that is run or handed on is not", () => {
  const code = `import type { Task } from "./task.ts";
export interface Stream { write(text: string): Task }
export function* talk(stream: Stream, spawn: (task: Task) => void): Task {
  stream.write("lost");
  yield* stream.write("sent");
  spawn(stream.write("handed on"));
  const kept = stream.write("kept");
  yield stream.write("not run either") as never;
  yield* kept;
  [1].push(2);
}
`;
  assert.deepEqual(findingsIn({ "src/net/talk.ts": code }, checkTasks), ["src/net/talk.ts:4"]);
});

test("a finally that waits is found, unless it does so by lastly, at its end", () => {
  const code = `import type { Task } from "./task.ts";
export declare function lastly(task: Task): Task;
export function* talk(rest: () => Task, done: boolean): Task {
  try {
    try {
      yield* rest();
    } finally {
      yield* rest();
    }
    try {
      yield* rest();
    } finally {
      if (!done) yield* lastly(rest());
    }
  } finally {
    yield* lastly(rest());
    const later = function* (): Task { yield* rest(); };
    void later;
  }
}
`;
  assert.deepEqual(findingsIn({ "src/net/talk.ts": code }, checkTasks), [
    // The outer one first.
    "src/net/talk.ts:16",
    "src/net/talk.ts:8",
  ]);
});

test("a yield of a Task without its star is found", () => {
  const code = `import type { Task } from "./task.ts";
export declare function rest(): Task;
export function* talk(): Generator<unknown, void, unknown> {
  yield rest();
}
`;
  assert.deepEqual(findingsIn({ "src/net/talk.ts": code }, checkTasks), ["src/net/talk.ts:4"]);
});

test("an import against the table is found, also of a type, and node: in a pure folder", () => {
  const files = {
    "src/net/bad.ts": `import type { x } from "../sim/x.ts";\nimport "node:fs";\nexport type y = typeof x;\n`,
    "src/sim/x.ts": `export const x = 1;\nexport * from "../net/task.ts";\n`,
    "src/protocols/a/index.ts": `export * from "../b/index.ts";\n`,
    "src/protocols/b/index.ts": `export * from "../../net/task.ts";\n`,
    "src/elsewhere/index.ts": "export const z = 1;\n",
    "src/os/index.ts": `import "node:fs";\nexport * from "../sim/x.ts";\n`,
  };
  assert.deepEqual(findingsIn(files, checkImports), [
    "src/elsewhere/index.ts:1",
    "src/net/bad.ts:1",
    "src/net/bad.ts:2",
    "src/protocols/a/index.ts:1",
  ]);
});

test("the platform's clock, randomness and promises are found in pure folders", () => {
  const code = `export const at = Date.now();
export const when = new Date();
export const dice = Math.random();
export async function later(): Promise<void> {}
export const fine = { Date: 1 };
export const alsoFine = fine.Date;
`;
  const lines = [1, 2, 3, 4, 4].map((line) => `src/net/bad.ts:${line}`);
  assert.deepEqual(findingsIn({ "src/net/bad.ts": code, "src/cli/fine.ts": code }, checkImports), lines);
});

test("a function of over 70 lines and a file of over 400 are found", () => {
  const body = "  call();\n".repeat(70);
  const code = `declare function call(): void;\nexport function long(): void {\n${body}}\n`;
  const file = "export const a = 1;\n".replace("a", "b") + "// line\n".repeat(400);
  assert.deepEqual(findingsIn({ "src/net/long.ts": code, "src/net/file.ts": file }, checkSize), [
    "src/net/file.ts:1",
    "src/net/long.ts:2",
  ]);
});
