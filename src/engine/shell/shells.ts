/** The command lines that run on the hosts of one lab, by number. Numbers count up, so a repeated run gives the same. */

import type { Host } from "../../host/index.ts";
import { LineQueue } from "../../host/line-queue.ts";
import { splitWords } from "../../host/shell/index.ts";
import { LocalError, messageOf, type TaskHandle } from "../../net/index.ts";
import type { ShellOutput } from "../protocol/index.ts";

interface RunningShell {
  readonly input: LineQueue;
  readonly handle: TaskHandle<number>;
}

export class Shells {
  readonly #listeners: ((shell: number, output: ShellOutput) => void)[] = [];
  readonly #running = new Map<number, RunningShell>();
  #count = 0;

  /** Begins a command. Throws LocalError. */
  start(host: Host, line: string): number {
    if (this.#running.size >= RUNNING_MAX) {
      throw new LocalError("too-many-shells", `${RUNNING_MAX} commands run already: end one of them first`);
    }
    const words = splitWords(line);
    const shell = ++this.#count;
    const input = new LineQueue();
    let octets = 0;
    const say = (kind: "print" | "error", text: string): void => {
      octets += text.length;
      if (octets <= OUTPUT_MAX) this.#tell(shell, { kind, text });
      else if (octets - text.length <= OUTPUT_MAX) this.#tell(shell, { kind: "error", text: TOO_MUCH });
    };
    const told = (): void => this.#tell(shell, { kind: "read-line" });
    const handle = host.exec(words, {
      print: (text) => say("print", text),
      printError: (text) => say("error", text),
      colour: true,
      *readLine() {
        told();
        return yield* input.readLine();
      },
    });
    this.#running.set(shell, { input, handle });
    handle.whenDone((outcome) => {
      this.#running.delete(shell);
      const status = "value" in outcome ? outcome.value : EXIT_BROKEN_OFF;
      if ("error" in outcome) this.#tell(shell, { kind: "error", text: `${messageOf(outcome.error)}\n` });
      this.#tell(shell, { kind: "exit", status });
    });
    return shell;
  }

  /** Tells what every command says, until the lab is closed. */
  listen(listener: (shell: number, output: ShellOutput) => void): void {
    this.#listeners.push(listener);
  }

  isRunning(shell: number): boolean {
    return this.#running.has(shell);
  }

  /** A line was typed. Nothing happens when the command has ended meanwhile. */
  input(shell: number, line: string): void {
    this.#running.get(shell)?.input.push(line);
  }

  /** Ctrl-D. */
  end(shell: number): void {
    this.#running.get(shell)?.input.end();
  }

  /** Ctrl-C. */
  interrupt(shell: number): void {
    this.#running.get(shell)?.handle.cancel();
  }

  /** Nobody is told anything any more. */
  close(): void {
    this.#listeners.length = 0;
  }

  #tell(shell: number, output: ShellOutput): void {
    for (const listener of this.#listeners) listener(shell, output);
  }
}

/** More than anybody watches. */
const RUNNING_MAX = 256;
/** What one command may print, in characters; a flood would fill the memory of the page. */
const OUTPUT_MAX = 16 * 1024 * 1024;
const TOO_MUCH = "\n(what comes after this is not shown: the command prints too much)\n";
/** As a shell reports what a signal has ended. */
const EXIT_BROKEN_OFF = 130;
