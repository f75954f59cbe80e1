/**
 * Ctrl-C (SIGINT), SIGTERM, SIGHUP, and a reader of our output that has gone: the program is asked to end. It closes
 * what it has opened and ends; asked a second time, or too slow, the process ends at once.
 */

export interface Interruption {
  /** What a person is told: "interrupted". */
  readonly text: string;
  /** The status by which shells know such an end: 128 and the number of the signal. */
  readonly exitStatus: number;
}

export class Interrupt {
  #reason: Interruption | undefined;
  readonly #listeners = new Set<(reason: Interruption) => void>();
  readonly #endProcess: (exitStatus: number) => void;

  /** `endProcess` ends the process at once. */
  constructor(endProcess: (exitStatus: number) => void) {
    this.#endProcess = endProcess;
  }

  /** Set once the program was asked to end. */
  get reason(): Interruption | undefined {
    return this.#reason;
  }

  /** Listens to the process's signals. */
  watchSignals(): void {
    for (const [name, reason] of SIGNALS) process.on(name, () => this.trigger(reason));
  }

  trigger(reason: Interruption): void {
    if (this.#reason !== undefined) {
      this.#endProcess(reason.exitStatus);
      return;
    }
    this.#reason = reason;
    setTimeout(() => this.#endProcess(reason.exitStatus), CLOSING_MAX_MS).unref();
    for (const listener of [...this.#listeners]) listener(reason);
  }

  /** Calls back when the program is asked to end, at once if it was; the result undoes it. */
  onInterrupt(listener: (reason: Interruption) => void): () => void {
    if (this.#reason !== undefined) listener(this.#reason);
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Waits for it. */
  wait(): Promise<Interruption> {
    return new Promise((resolve) => this.onInterrupt(resolve));
  }
}

export const OUTPUT_CLOSED: Interruption = { text: "nobody reads the output", exitStatus: 128 + 13 };

const SIGNALS: readonly (readonly [NodeJS.Signals, Interruption])[] = [
  ["SIGINT", { text: "interrupted", exitStatus: 128 + 2 }],
  ["SIGTERM", { text: "asked to end", exitStatus: 128 + 15 }],
  ["SIGHUP", { text: "the terminal has gone", exitStatus: 128 + 1 }],
];

/** Services get 2 s to end their dialogues; what takes longer than this hangs. */
const CLOSING_MAX_MS = 10_000;
