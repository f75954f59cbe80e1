import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { compileFilter } from "../packets/filter/index.ts";
import { networkText, TestConsole } from "../testing/test-console.ts";

function lessonText(id: string): string {
  return readFileSync(new URL(`../../../networks/lessons/${id}.md`, import.meta.url), "utf8");
}

function withLessons(): TestConsole {
  const shipped = {
    networks: new Map(["mail-lab", "ketchup"].map((name) => [name, networkText(name)])),
    lessons: new Map(["3-mail-lab", "4-broken"].map((id) => [id, lessonText(id)])),
  };
  return new TestConsole({ shipped });
}

const doneOf = ({ steps }: { readonly steps: readonly { readonly done: boolean }[] }): number =>
  steps.filter(({ done }) => done).length;

test("a lesson opens its network as it begins, ticks off what is done, and keeps that on the way back", () => {
  const console = withLessons();
  assert.deepEqual(
    console.ask("lesson.list", {}).map(({ id, title }) => `${id} ${title}`),
    ["3-mail-lab The mail lab", "4-broken When things break"],
  );
  const view = console.ask("lesson.open", { id: "3-mail-lab" });
  assert.equal(view.network, "mail-lab");
  assert.equal(doneOf(view), 0);
  assert.doesNotMatch(console.ask("network.text", {}).text, /mailAccount/);
  console.ask("shell.start", { host: "pc1", line: "ping -c 2 mail.gmail.com", columns: 80 });
  const latest = () => console.told("lesson").at(-1);
  console.until(() => doneOf(latest() ?? view) === 1, "the first tick");
  assert.match(latest()?.steps[1].expectations[0].found ?? "", /not set up/);
  console.ask("time.goTo", { to: { timeNs: 0 } });
  assert.equal(doneOf(console.engine.lessons.view() ?? view), 1);
  console.ask("time.restart", {});
  assert.equal(doneOf(console.engine.lessons.view() ?? view), 1);
  assert.equal(doneOf(console.ask("lesson.open", { id: "3-mail-lab" })), 0);
  console.ask("network.open", { source: { id: "ketchup" } });
  assert.equal(console.engine.lessons.view(), undefined);
  console.engine.close();
});

test("what a student switches off and cuts with the console is seen", () => {
  const console = withLessons();
  console.ask("lesson.open", { id: "4-broken" });
  const done = (): number => doneOf(console.engine.lessons.view() ?? { steps: [] });
  const host = "mail.hamburger.edu";
  console.ask("service.switch", { host, service: "smtp", on: false });
  assert.equal(done(), 1);
  const mail = "mail send --to bob@hamburger.edu --subject First --body Hello";
  console.ask("shell.start", { host: "pc.crepes.fr", line: mail, columns: 80 });
  console.until(() => done() === 2, "the refusal");
  // The queue takes note of it.
  console.machine.pass(2_000);
  console.ask("service.switch", { host, service: "smtp", on: true });
  console.ask("panel.act", {
    host: "mail.crepes.fr",
    panel: "mail-server",
    action: "queue.flush",
    value: {},
  });
  console.until(() => done() === 3, "the second attempt");
  console.ask("link.cut", { link: "ocean", direction: "both" });
  assert.equal(done(), 4);
  console.engine.close();
});

test("a lesson that is not there, or wrong, says so", () => {
  const console = withLessons();
  assert.equal(console.fail("lesson.open", { id: "9-nothing" }).code, "no-lesson");
  const lessons = new Map([["bad", lessonText("4-broken").replace("link: ocean", "link: oceans")]]);
  const wrong = new TestConsole({
    shipped: { networks: new Map([["ketchup", networkText("ketchup")]]), lessons },
  });
  assert.match(wrong.fail("lesson.open", { id: "bad" }).message, /^bad\.md:\d+: unknown link "oceans"/);
  for (const each of [console, wrong]) each.engine.close();
});

test("filters that lessons name can be used", () => {
  const names = readdirSync(new URL("../../../networks/lessons/", import.meta.url));
  const texts = names.map((name) => lessonText(name.replace(/\.md$/, "")));
  const inLinks = texts.flatMap((text) =>
    [...text.matchAll(/\]\(#filter=([^)]*)\)/g)].map(([, filter]) => filter),
  );
  const inWords = texts.flatMap((text) =>
    [...text.matchAll(/filter\s+`([^`]+)`/g)].map(([, filter]) => filter),
  );
  assert.ok(inLinks.length > 3 && inWords.length > 0);
  for (const filter of [...inLinks.map(decodeURIComponent), ...inWords]) compileFilter(filter);
});
