/** Lines on their way from a terminal to whoever asks for them one by one: a task, or another process. */

import { suspend, type Task } from "../net/index.ts";

export class LineQueue {
  /** Called when a full queue has room again. */
  onRoom: () => void = () => {};
  readonly #lines: string[] = [];
  #reader: ((line: string | null) => void) | undefined;
  #ended = false;
  #full = false;

  /** Adds a line; false: it is taken, but the next ones should wait for `onRoom`. */
  push(line: string): boolean {
    if (this.#ended) return true;
    this.#lines.push(line);
    this.#full = this.#lines.length >= LINES_MAX;
    this.#serve();
    return !this.#full;
  }

  /** Whether the next lines should wait. */
  get isFull(): boolean {
    return this.#full;
  }

  /** No more lines will come. */
  end(): void {
    this.#ended = true;
    this.#serve();
  }

  /** Calls back once with the next line, null after the last; the result gives up. One reader at a time. */
  read(reader: (line: string | null) => void): () => void {
    this.#reader = reader;
    this.#serve();
    return () => {
      if (this.#reader === reader) this.#reader = undefined;
    };
  }

  *readLine(): Task<string | null> {
    return yield* suspend<string | null>((resolve) => this.read(resolve));
  }

  #serve(): void {
    const reader = this.#reader;
    if (reader === undefined || (this.#lines.length === 0 && !this.#ended)) return;
    this.#reader = undefined;
    const line = this.#lines.shift() ?? null;
    if (this.#full && this.#lines.length <= LINES_MAX / 2) {
      this.#full = false;
      this.onRoom();
    }
    reader(line);
  }
}

/** Lines that come in ahead of who wants them: a pipe's worth. */
const LINES_MAX = 1024;
