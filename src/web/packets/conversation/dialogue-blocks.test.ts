import assert from "node:assert/strict";
import { test } from "node:test";
import { dialogueBlocks } from "./dialogue-blocks.ts";

const DIALOGUE = `pc:49152 -> mail:25, smtp
    0.000000 s  -- connected
    0.010000 s  S: 220 mail
    0.011000 s  S: really
    0.020000 s  C: HELO pc
                -- 8 more lines
`;

test("lines of one side stand together, and nothing is lost", () => {
  const blocks = dialogueBlocks(DIALOGUE);
  assert.deepEqual(
    blocks.map(({ from, lines }) => `${from} ${lines}`),
    ["title 1", "note 1", "server 2", "client 1", "note 1"],
  );
  assert.equal(`${blocks.map(({ text }) => text).join("\n")}\n`, DIALOGUE);
});
