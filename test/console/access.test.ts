/** Who may use the console: in a real browser, with its own ideas of origins and tokens. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { browser, hasChromium, openConsole, openPage } from "./testing/browser.ts";
import { cleanUp } from "./testing/clean-up.ts";
import { hamletUp } from "./testing/hamlet-up.ts";

test("beyond the loopback: with the token of the address, which is then kept out of it; without it a clear word", async (t) => {
  if (!hasChromium(t)) return;
  const url = new URL(await hamletUp(t, "ketchup", "--http", "0.0.0.0:0"));
  const token = /token=([\w-]+)/.exec(url.hash)?.[1];
  assert.ok(token !== undefined);
  const console = await openConsole(t, `http://127.0.0.1:${url.port}/#token=${token}&view=both`);
  await console.node("paris").waitFor();
  assert.ok(!console.page.url().includes(token), "it is not shared with a link");
  await console.page.reload();
  await console.node("paris").waitFor();
  const stranger = await openPage(t, `http://127.0.0.1:${url.port}/`, {});
  await stranger
    .getByRole("alert")
    .getByText(/token is missing or wrong/)
    .waitFor();
});

test("a page of another origin cannot read the console, frame it, or talk to its engine", async (t) => {
  if (!hasChromium(t)) return;
  const { origin, host } = new URL(await hamletUp(t, "ketchup"));
  const foreign = createServer((_, response) =>
    response.setHeader("Content-Type", "text/html").end("<!doctype html>"),
  );
  await new Promise<void>((resolve) => foreign.listen(0, "127.0.0.1", resolve));
  cleanUp(t, () => foreign.close());
  const page = await (await browser()).newPage();
  cleanUp(t, () => page.close());
  await page.goto(`http://127.0.0.1:${(foreign.address() as { port: number }).port}/`);
  // As text: it runs in the page, whose types are not those of here.
  const tried = await page.evaluate(`(async () => {
    const read = await fetch("${origin}/").then(() => "read", () => "refused");
    const talked = await new Promise((resolve) => {
      const socket = new WebSocket("ws://${host}/engine", "hamlet");
      socket.onopen = () => resolve("open");
      socket.onerror = () => resolve("refused");
    });
    const frame = document.createElement("iframe");
    frame.src = "${origin}/";
    document.body.append(frame);
    await new Promise((resolve) => (frame.onload = resolve));
    return { read, talked };
  })()`);
  assert.deepEqual(tried, { read: "refused", talked: "refused" });
  const framed = page.frames().find((frame) => frame.parentFrame() !== null);
  assert.ok(!(await framed?.content())?.includes("hamlet-engine"), "a frame stays empty");
});
