/**
 * A long list is the list of all its packets, wherever one looks: by keys, wheel and bar, filtered, and opened at the end.
 * How fast it moves with a million of them is measured by bench/console.ts.
 */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { hasChromium, openConsole } from "./testing/browser.ts";
import { cleanUp } from "./testing/clean-up.ts";
import type { ConsolePage } from "./testing/console-page.ts";
import { floodFile } from "./testing/flood.ts";
import { hamletUp } from "./testing/hamlet-up.ts";

test("tens of thousands of packets: every row is its packet, in the middle, at both ends, and filtered", async (t) => {
  if (!hasChromium(t)) return;
  const folder = mkdtempSync(join(tmpdir(), "hamlet-flood-"));
  cleanUp(t, () => rmSync(folder, { recursive: true }));
  const flood = floodFile(folder, 40_000);
  const url = await hamletUp(t, flood.path, "--story", "--speed", "Infinity");
  const console = await openConsole(t, url);
  const { packets, page } = console;
  await console.show("Packets");
  // Some more packets begin and end the transfer.
  await page.getByRole("button", { name: "Story again" }).waitFor();
  await console.until(async () => (await total(console)) > flood.packets);
  await packets.focus();
  await page.keyboard.press("Home");
  await console.until(async () => (await shown(console))[0] === 1);
  await page.keyboard.press("End");
  await console.until(async () => (await shown(console)).at(-1) === (await total(console)));
  const area = await packets.boundingBox();
  assert.ok(area !== null);
  await page.mouse.move(area.x + area.width / 2, area.y + area.height / 2);
  for (const pixels of [-2_000, -50_000, -100_000, 30_000]) {
    const [before] = await shown(console);
    await page.mouse.wheel(0, pixels);
    await console.until(async () => (await shown(console))[0] !== before);
    await shown(console);
  }
  await console.filter("tcp.flags.syn == 1");
  await console.until(async () => (await total(console)) < 100);
  await console.row("[SYN]").first().waitFor();
});

async function total({ page }: ConsolePage): Promise<number> {
  const text = await page
    .getByText(/^[\d,]+ (of|packets)\b/)
    .first()
    .innerText();
  return Number(/^[\d,]+/.exec(text)?.[0].replaceAll(",", ""));
}

/** The numbers of the rows that are seen, when all of them have their contents; each must stand where it belongs. */
async function shown(console: ConsolePage): Promise<number[]> {
  let numbers: number[] = [];
  await console.until(async () => {
    const texts = await console.rows.allInnerTexts();
    const rows = texts.map((text) => text.split(/\s+/));
    numbers = rows.map(([number]) => Number(number));
    return rows.length > 0 && rows.every((cells) => cells.length > 5);
  });
  numbers.sort((a, b) => a - b);
  assert.deepEqual(
    numbers,
    Array.from(numbers, (_, at) => numbers[0] + at),
    "one after the other, none twice",
  );
  return numbers;
}
