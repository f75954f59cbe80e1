/** The command lines that run on the hosts of one lab, by number. Numbers count up, so a repeated run gives the same. */

import type { ExecOptions, Host } from "../../host/index.ts";
import { LineQueue } from "../../host/line-queue.ts";
import { splitWords } from "../../host/shell/index.ts";
import { LocalError, messageOf, type TaskHandle } from "../../net/index.ts";
import type { ShellOutput } from "../protocol/index.ts";

/** A command that was begun. */
interface ShellRecord {
  readonly input: LineQueue;
  handle: TaskHandle<number> | undefined;
  /** What it has printed, up to a bound. */
  text: string;
  isWaiting: boolean;
  /** Once it has ended. */
  status: number | undefined;
}

export class Shells {
  readonly #listeners: ((shell: number, output: ShellOutput) => void)[] = [];
  readonly #records = new Map<number, ShellRecord>();
  #count = 0;

  /** Begins a command, in a terminal so many characters wide. Throws LocalError. */
  start(host: Host, line: string, columns: number): number {
    const running = [...this.#records.values()].filter(({ status }) => status === undefined).length;
    if (running >= RUNNING_MAX) {
      throw new LocalError("too-many-shells", `${RUNNING_MAX} commands run already: end one of them first`);
    }
    const words = splitWords(line);
    const shell = ++this.#count;
    const record: ShellRecord = {
      ...{ input: new LineQueue(), handle: undefined, text: "" },
      ...{ isWaiting: false, status: undefined },
    };
    this.#remember(shell, record);
    record.handle = host.exec(words, { ...this.#io(shell, record), columns });
    record.handle.whenDone((outcome) => {
      record.status = "value" in outcome ? outcome.value : EXIT_BROKEN_OFF;
      if ("error" in outcome) this.#print(shell, record, "error", `${messageOf(outcome.error)}\n`);
      this.#tell(shell, { kind: "exit", status: record.status });
    });
    return shell;
  }

  /** Tells what every command says, until the lab is closed. */
  listen(listener: (shell: number, output: ShellOutput) => void): void {
    this.#listeners.push(listener);
  }

  /** What became of a command; undefined when it was not begun, or is forgotten. */
  record(shell: number): Readonly<Pick<ShellRecord, "text" | "isWaiting" | "status">> | undefined {
    return this.#records.get(shell);
  }

  isRunning(shell: number): boolean {
    const record = this.#records.get(shell);
    return record !== undefined && record.status === undefined;
  }

  /** A line was typed. Nothing happens when the command has ended meanwhile. Throws LocalError. */
  input(shell: number, line: string): void {
    const record = this.#records.get(shell);
    if (record === undefined || record.status !== undefined) return;
    if (record.input.isFull)
      throw new LocalError("too-many-lines", "the command has not read what was typed before");
    record.input.push(line);
  }

  /** Ctrl-D. */
  end(shell: number): void {
    this.#records.get(shell)?.input.end();
  }

  /** Ctrl-C. */
  interrupt(shell: number): void {
    this.#records.get(shell)?.handle?.cancel();
  }

  /** Nobody is told anything any more. */
  close(): void {
    this.#listeners.length = 0;
  }

  #io(shell: number, record: ShellRecord): ExecOptions {
    const tell = (output: ShellOutput): void => this.#tell(shell, output);
    return {
      print: (text) => this.#print(shell, record, "print", text),
      printError: (text) => this.#print(shell, record, "error", text),
      colour: true,
      *readLine() {
        record.isWaiting = true;
        tell({ kind: "read-line" });
        try {
          return yield* record.input.readLine();
        } finally {
          record.isWaiting = false;
        }
      },
    };
  }

  #print(shell: number, record: ShellRecord, kind: "print" | "error", text: string): void {
    if (record.text.length < TEXT_MAX) record.text += text;
    this.#tell(shell, { kind, text });
  }

  /** The oldest that have ended are forgotten. */
  #remember(shell: number, record: ShellRecord): void {
    this.#records.set(shell, record);
    for (const [number, { status }] of this.#records) {
      if (this.#records.size <= RECORDS_MAX) break;
      if (status !== undefined) this.#records.delete(number);
    }
  }

  #tell(shell: number, output: ShellOutput): void {
    for (const listener of this.#listeners) listener(shell, output);
  }
}

/** More than anybody watches. */
const RUNNING_MAX = 128;
const RECORDS_MAX = 256;
/** What is kept of one command's output, in characters, for who goes to another moment. */
const TEXT_MAX = 256 * 1024;
/** As a shell reports what a signal has ended. */
const EXIT_BROKEN_OFF = 130;
