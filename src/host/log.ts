/** The log of a host: its newest lines, for whoever looks at the host, and handed on to another log if there is one. */

import type { Clock, Log } from "../net/index.ts";

export interface LogLine {
  /** Virtual time in the lab. */
  readonly timeNs: number;
  readonly level: "debug" | "info" | "warn" | "error";
  readonly text: string;
}

export class HostLog implements Log {
  readonly #clock: Clock;
  readonly #next: Log | undefined;
  #lines: LogLine[] = [];
  #count = 0;

  constructor(clock: Clock, next?: Log) {
    this.#clock = clock;
    this.#next = next;
  }

  /** The newest lines, oldest first. */
  get lines(): readonly LogLine[] {
    return this.#lines.slice(-LINES_MAX);
  }

  /** How many lines there have been, for who wants to know whether there are new ones. */
  get count(): number {
    return this.#count;
  }

  debug(text: string): void {
    this.#add("debug", text);
  }

  info(text: string): void {
    this.#add("info", text);
  }

  warn(text: string): void {
    this.#add("warn", text);
  }

  error(text: string): void {
    this.#add("error", text);
  }

  #add(level: LogLine["level"], text: string): void {
    this.#next?.[level](text);
    this.#count++;
    this.#lines.push({ timeNs: this.#clock.nowNs(), level, text: shorten(text) });
    // Moved once per so many lines, not with each.
    if (this.#lines.length >= 2 * LINES_MAX) this.#lines = this.#lines.slice(-LINES_MAX);
  }
}

function shorten(text: string): string {
  return text.length <= TEXT_LENGTH_MAX ? text : `${text.slice(0, TEXT_LENGTH_MAX)}…`;
}

/** As many as a person scrolls back; a thousand hosts of a lab then keep some 100 MB at the very most. */
const LINES_MAX = 500;
/** A line for a person; what peers put into it may be longer. */
const TEXT_LENGTH_MAX = 500;
