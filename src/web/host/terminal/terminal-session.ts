/**
 * What stands between the keys of a terminal and the shells of the engine: a prompt, one command at a time, its input,
 * completion. Knows no browser: it writes text for a terminal, and asks through a port.
 */

import type { ShellCompletion, ShellOutput } from "../../../engine/protocol/index.ts";
import { applyCompletion, listOptions } from "./completion.ts";
import { LineEditor } from "./line-editor.ts";
import { PromptLine } from "./prompt-line.ts";

export interface TerminalScreen {
  readonly columns: number;
  write(text: string): void;
  clear(): void;
}

export interface ShellPort {
  start(line: string, columns: number): Promise<number>;
  input(shell: number, line: string): void;
  end(shell: number): void;
  interrupt(shell: number): void;
  complete(line: string, cursor: number): Promise<ShellCompletion>;
}

export class TerminalSession {
  readonly #screen: TerminalScreen;
  readonly #port: ShellPort;
  readonly #editor: LineEditor;
  readonly #line = new PromptLine();
  readonly #prompt: string;
  readonly #onHistory: (lines: readonly string[]) => void;
  /** "reading": the command has asked for a line. */
  #state: "prompt" | "starting" | "running" | "reading" = "prompt";
  #shell: number | undefined;
  /** What was typed while nobody wanted it. */
  #held = "";
  /** What shells said before their number was known. */
  #early: { readonly shell: number; readonly output: ShellOutput }[] = [];
  #atLineStart = true;
  #failed = false;

  /** `prompt` is plain text: "alice@pc.crepes.fr". */
  constructor(options: {
    readonly screen: TerminalScreen;
    readonly port: ShellPort;
    readonly prompt: string;
    readonly history: readonly string[];
    readonly onHistory: (lines: readonly string[]) => void;
  }) {
    this.#screen = options.screen;
    this.#port = options.port;
    this.#prompt = options.prompt;
    this.#onHistory = options.onHistory;
    this.#editor = new LineEditor(options.history);
  }

  begin(): void {
    this.#screen.write(
      `${dim("Type help for the commands of this host.\r\nTab completes, Ctrl-C breaks off.\r\nEscape and then Tab leaves the terminal.")}\r\n`,
    );
    this.#draw();
  }

  type(data: string): void {
    const isBusy = this.#state === "running" || this.#state === "starting";
    if (isBusy && data.includes("\x03")) {
      this.#held = "";
      this.#screen.write("^C");
      if (this.#shell !== undefined) this.#port.interrupt(this.#shell);
      return;
    }
    this.#held = (this.#held + data).slice(0, HELD_MAX);
    this.#drain();
  }

  /** A line as if somebody had typed it. */
  run(line: string): void {
    if (this.#state === "prompt") this.type(`\x15\x0b${line}\r`);
  }

  hear(shell: number, output: ShellOutput): void {
    if (this.#state === "starting") this.#early.push({ shell, output });
    else if (shell === this.#shell) this.#show(output);
  }

  /** The connection is gone, or the lab is another one: what ran is not there any more. */
  lose(reason: string): void {
    if (this.#state === "prompt") return;
    this.#show({ kind: "error", text: `${reason}\n` });
    this.#show({ kind: "exit", status: 1 });
  }

  /** The terminal has another width. */
  redraw(): void {
    if (this.#state === "prompt" || this.#state === "reading") this.#draw();
  }

  #drain(): void {
    while (this.#held !== "" && (this.#state === "prompt" || this.#state === "reading")) {
      const { text } = this.#editor;
      const { effect, rest } = this.#editor.feed(this.#held);
      this.#held = rest;
      if (effect === undefined) this.#draw();
      else if (effect.kind === "line") {
        // What was pasted or typed ahead is not on the screen yet.
        this.#drawLine(effect.line, effect.line.length);
        this.#leave(effect.line);
        this.#enter(effect.line);
      } else this.#obey(effect.kind, text);
    }
  }

  #obey(kind: "interrupt" | "end" | "complete" | "clear", text: string): void {
    if (kind === "complete") {
      if (this.#state === "prompt") this.#complete();
    } else if (kind === "clear") {
      this.#screen.clear();
      this.#line.forget();
      this.#draw();
    } else if (kind === "interrupt") {
      this.#screen.write("^C");
      this.#leave(this.#editor.text || text);
      this.#editor.clear();
      if (this.#state === "reading" && this.#shell !== undefined) {
        this.#state = "running";
        this.#port.interrupt(this.#shell);
      } else this.#draw();
    } else if (this.#state === "reading" && this.#shell !== undefined) {
      this.#leave("");
      this.#state = "running";
      this.#port.end(this.#shell);
    }
  }

  #enter(line: string): void {
    if (this.#state === "reading" && this.#shell !== undefined) {
      this.#state = "running";
      this.#port.input(this.#shell, line);
      return;
    }
    this.#editor.remember(line);
    this.#onHistory(this.#editor.history);
    const command = line.trim();
    if (command === "clear") {
      this.#screen.clear();
      this.#line.forget();
    } else if (command === "history") {
      const lines = this.#editor.history.map((each, i) => `${String(i + 1).padStart(4)}  ${each}\n`);
      this.#print(lines.join(""));
    } else if (command !== "") {
      this.#start(line);
      return;
    }
    this.#draw();
  }

  #start(line: string): void {
    this.#state = "starting";
    this.#port.start(line, this.#screen.columns).then(
      (shell) => {
        this.#state = "running";
        this.#shell = shell;
        const early = this.#early.filter((each) => each.shell === shell);
        this.#early = [];
        for (const { output } of early) this.#show(output);
      },
      (error: Error) => {
        this.#early = [];
        this.#show({ kind: "error", text: `${error.message}\n` });
        this.#show({ kind: "exit", status: 2 });
      },
    );
  }

  #show(output: ShellOutput): void {
    if (output.kind === "exit") this.#exit(output.status);
    else if (output.kind === "read-line") {
      this.#state = "reading";
      this.#draw();
      this.#drain();
    } else if (output.kind === "again") {
      this.#state = "running";
      if (!this.#atLineStart) this.#print("\n");
      this.#print(`${dim("(time went to another moment; so far)")}\n${output.text}`);
    } else this.#print(output.kind === "print" ? output.text : red(output.text));
  }

  #exit(status: number): void {
    this.#state = "prompt";
    this.#shell = undefined;
    this.#failed = status !== 0;
    if (!this.#atLineStart) this.#print("\n");
    this.#draw();
    this.#drain();
  }

  #print(text: string): void {
    if (text === "") return;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours do not move the cursor.
    this.#atLineStart = text.replace(/\x1b\[[0-9;]*m/g, "").endsWith("\n");
    this.#screen.write(text.replace(/\r?\n/g, "\r\n"));
  }

  #complete(): void {
    const { text, cursor } = this.#editor;
    this.#port.complete(text, cursor).then(
      (completion) => {
        // Somebody typed on meanwhile.
        if (this.#state !== "prompt" || this.#editor.text !== text) return;
        const applied = applyCompletion(text, cursor, completion);
        if (applied !== undefined) this.#editor.replace(completion.from, cursor, applied);
        else if (completion.options.length > 1) {
          this.#leave(text);
          this.#print(listOptions(completion.options, this.#screen.columns));
        }
        this.#draw();
      },
      () => {},
    );
  }

  #draw(): void {
    const { text, cursor } = this.#editor;
    this.#drawLine(text, cursor);
  }

  #drawLine(text: string, cursor: number): void {
    const { columns } = this.#screen;
    this.#screen.write(this.#line.draw(this.#colouredPrompt, this.#width, text, cursor, columns));
    this.#atLineStart = false;
  }

  #leave(text: string): void {
    this.#screen.write(this.#line.leave(this.#width, text, this.#screen.columns));
    this.#atLineStart = true;
  }

  get #width(): number {
    return this.#state === "reading" ? 0 : this.#prompt.length + 3;
  }

  get #colouredPrompt(): string {
    if (this.#state === "reading") return "";
    return `\x1b[1;34m${this.#prompt}\x1b[0m ${this.#failed ? "\x1b[31m$\x1b[0m" : "$"} `;
  }
}

function red(text: string): string {
  return `\x1b[31m${text.replace(/(\n*)$/, "\x1b[0m$1")}`;
}

function dim(text: string): string {
  return `\x1b[37m${text}\x1b[0m`;
}

/** What is typed ahead, or pasted. */
const HELD_MAX = 64 * 1024;
