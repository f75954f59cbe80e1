/** Where the program prints and what it reads: the process's own streams, or a test's. */

import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { LineQueue } from "../host/line-queue.ts";

export interface TerminalStreams {
  readonly stdin: Readable;
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export class Terminal {
  /** May text on the standard output carry ANSI colours? */
  readonly colour: boolean;
  readonly #streams: TerminalStreams;
  #hasPrinted = false;
  #input: LineQueue | undefined;
  #reader: Interface | undefined;

  /** `onBroken` hears that nothing can be printed any more: nobody reads it (`hamlet run | head`), the disk is full. */
  constructor(streams: TerminalStreams, onBroken: (error: NodeJS.ErrnoException) => void) {
    this.#streams = streams;
    const { stdout, stderr, environment } = streams;
    // https://no-color.org: present and not empty, whatever its value.
    this.colour = stdout.isTTY === true && !environment.NO_COLOR && environment.TERM !== "dumb";
    for (const stream of [stdout, stderr]) stream.on("error", onBroken);
  }

  get environment(): Readonly<Record<string, string | undefined>> {
    return this.#streams.environment;
  }

  /** How wide it is, where a person looks at both the output and the remarks beside it; else undefined. */
  get columns(): number | undefined {
    const { stdout, stderr } = this.#streams;
    return stdout.isTTY && stderr.isTTY ? (stderr.columns ?? COLUMNS_DEFAULT) : undefined;
  }

  /** Whether anything went to the standard output. */
  get hasPrinted(): boolean {
    return this.#hasPrinted;
  }

  print(text: string): void {
    this.#hasPrinted = true;
    this.#streams.stdout.write(text);
  }

  printError(text: string): void {
    this.#streams.stderr.write(text);
  }

  /** The lines of the standard input, which is not touched before this is called. */
  get input(): LineQueue {
    this.#input ??= this.#readInput();
    return this.#input;
  }

  /** Waits until all that was printed has left the process, and lets go of the input. */
  async finish(): Promise<void> {
    this.#reader?.close();
    const { stdout, stderr } = this.#streams;
    await Promise.all([stdout, stderr].map((stream) => flushed(stream)));
  }

  #readInput(): LineQueue {
    const { stdin } = this.#streams;
    const reader = createInterface({ input: stdin, terminal: false, crlfDelay: Number.POSITIVE_INFINITY });
    const lines = new LineQueue();
    reader.on("line", (line) => {
      if (!lines.push(line)) reader.pause();
    });
    lines.onRoom = () => reader.resume();
    reader.on("close", () => lines.end());
    stdin.on("error", () => reader.close());
    this.#reader = reader;
    return lines;
  }
}

function flushed(stream: Writable): Promise<void> {
  if (stream.destroyed || stream.writableNeedDrain === undefined) return Promise.resolve();
  // The callback of an empty write comes after all before it, or with the error that ended the stream.
  return new Promise((resolve) => stream.write("", () => resolve()));
}

/** As wide as terminals have been since punched cards. */
const COLUMNS_DEFAULT = 80;
