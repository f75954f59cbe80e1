import assert from "node:assert/strict";
import { test } from "node:test";
import type { ShellCompletion } from "../../../engine/protocol/index.ts";
import { TerminalSession } from "./terminal-session.ts";

function bench() {
  const calls: string[] = [];
  let [screen, history] = ["", [] as readonly string[]];
  let completion: ShellCompletion = { from: 0, options: [] };
  let started: ((shell: number) => void) | undefined;
  const session = new TerminalSession({
    screen: {
      columns: 80,
      write: (text) => {
        screen += text;
      },
      clear: () => {
        screen = "";
      },
    },
    port: {
      start: (line) => {
        calls.push(`start ${line}`);
        return new Promise((resolve) => {
          started = resolve;
        });
      },
      input: (shell, line) => calls.push(`input ${shell} ${line}`),
      end: (shell) => calls.push(`end ${shell}`),
      interrupt: (shell) => calls.push(`interrupt ${shell}`),
      complete: async () => completion,
    },
    prompt: "alice@pc",
    history: ["arp"],
    onHistory: (lines) => {
      history = lines;
    },
  });
  session.begin();
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    session,
    calls,
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal shows, without its colours and moves.
    shown: () => screen.replace(/\x1b\[[0-9;]*[A-Za-z]/g, "").replace(/\r/g, ""),
    history: () => history,
    started: async (shell: number) => {
      started?.(shell);
      await settle();
    },
    offer: (offered: ShellCompletion) => {
      completion = offered;
    },
    settle,
  };
}

test("a command is started, its output shown, and the prompt comes back; what was typed ahead is next", async () => {
  const { session, calls, shown, history, started } = bench();
  session.type("ping x\rarp\r");
  assert.deepEqual(calls, ["start ping x"]);
  session.hear(7, { kind: "print", text: "early\n" });
  await started(7);
  session.hear(7, { kind: "print", text: "reply" });
  session.hear(8, { kind: "print", text: "of another shell" });
  session.hear(7, { kind: "exit", status: 0 });
  assert.deepEqual(calls, ["start ping x", "start arp"]);
  assert.match(shown(), /alice@pc \$ ping x\n/);
  assert.match(shown(), /early\nreply\nalice@pc \$ .*alice@pc \$ arp\n$/);
  assert.doesNotMatch(shown(), /another/);
  assert.deepEqual(history(), ["arp", "ping x", "arp"]);
});

test("a command reads lines until Ctrl-D; Ctrl-C breaks it off", async () => {
  const { session, calls, started } = bench();
  session.type("mail send\r");
  await started(1);
  session.type("held until it is asked for\r");
  assert.equal(calls.length, 1);
  session.hear(1, { kind: "read-line" });
  assert.equal(calls.at(-1), "input 1 held until it is asked for");
  session.hear(1, { kind: "read-line" });
  session.type("\x04");
  assert.equal(calls.at(-1), "end 1");
  session.type("\x03");
  assert.equal(calls.at(-1), "interrupt 1");
  session.hear(1, { kind: "exit", status: 130 });
  session.type("abc\x03def");
  assert.equal(calls.at(-1), "interrupt 1", "at the prompt only the line goes");
});

test("Tab takes what is certain and lists the rest", async () => {
  const { session, calls, shown, offer, settle } = bench();
  offer({ from: 5, options: [{ text: "mail.crepes.fr", detail: "host" }] });
  session.type("ping m\t");
  await settle();
  session.type("\r");
  assert.equal(calls.at(-1), "start ping mail.crepes.fr ");
  const other = bench();
  other.offer({
    from: 0,
    options: [
      { text: "ping", detail: "measure" },
      { text: "pop", detail: "read mail" },
    ],
  });
  other.session.type("p\t");
  await other.settle();
  assert.match(other.shown(), /ping {2}measure\npop {3}read mail\nalice@pc \$ p$/);
  assert.equal(shown().includes("measure"), false);
});

test("a lost connection ends what ran", async () => {
  const { session, shown, started } = bench();
  session.type("ping x\r");
  await started(3);
  session.lose("The connection is gone.");
  assert.match(shown(), /The connection is gone\.\nalice@pc \$ $/);
});
