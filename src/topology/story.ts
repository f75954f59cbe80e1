/**
 * Plays the story of a network file. Driven by the world's schedule and by the ends of commands, not by a task: a
 * host that loses its power takes its tasks with it, but never the story.
 */

import type { Host } from "../host/host.ts";
import { LocalError, messageOf } from "../net/index.ts";
import type { OutputLine, StepEvent, StepResult } from "./lab.ts";
import type { LinkDirection, LinkQuality, StepAction, StepSpec } from "./network-file.ts";

/** What the story acts on. */
export interface Stage {
  readonly nowNs: number;
  at(timeNs: number, action: () => void): void;
  host(name: string): Host;
  cut(link: string, direction: LinkDirection): void;
  heal(link: string): void;
  change(link: string, direction: LinkDirection, quality: LinkQuality): void;
  powerOff(host: string): void;
  powerOn(host: string): void;
}

export class Story {
  readonly steps: readonly StepResult[];
  readonly #records: readonly StepRecord[];
  readonly #stage: Stage;
  readonly #onStep: (event: StepEvent) => void;

  constructor(steps: readonly StepSpec[], stage: Stage, onStep: (event: StepEvent) => void) {
    this.#records = steps.map((step) => new StepRecord(step));
    this.steps = this.#records;
    this.#stage = stage;
    this.#onStep = onStep;
  }

  /** Whether every step has ended. */
  get ended(): boolean {
    return this.#records.every((record) => record.endedAtNs !== undefined);
  }

  /** Sets the story going: now is when a first step without a time begins. */
  start(): void {
    for (const [i, { step }] of this.#records.entries()) {
      if (step.when.kind === "at") this.#stage.at(toNs(step.when.ms), () => this.#begin(i));
    }
    this.#beginAfter(0);
  }

  /** Step `i` begins after what went before it has ended, unless it has an hour of its own. */
  #beginAfter(i: number): void {
    const when = this.#records[i]?.step.when;
    if (when?.kind !== "after") return;
    this.#stage.at(this.#stage.nowNs + toNs(when.ms), () => this.#begin(i));
  }

  #begin(i: number): void {
    const record = this.#records[i];
    const { step } = record;
    record.startedAtNs = this.#stage.nowNs;
    this.#onStep({ kind: "begin", timeNs: this.#stage.nowNs, step });
    try {
      this.#perform(i, record);
    } catch (error) {
      // What it names was taken away meanwhile.
      if (!(error instanceof LocalError)) throw error;
      this.#print(record, "error", `${error.message}\n`);
      this.#end(i, EXIT_IMPOSSIBLE);
    }
  }

  #perform(i: number, record: StepRecord): void {
    const { step } = record;
    if (step.action.kind !== "run") {
      this.#act(step.action);
      this.#end(i, 0);
      return;
    }
    const { host, words, input } = step.action;
    const lines = linesOf(input);
    const handle = this.#stage.host(host).exec(words, {
      print: (text) => this.#print(record, "print", text),
      printError: (text) => this.#print(record, "error", text),
      *readLine() {
        return lines.shift() ?? null;
      },
    });
    handle.whenDone((outcome) => {
      if ("value" in outcome) return this.#end(i, outcome.value);
      // Only a cancelled command (its host went dark) or a mistake of ours comes here.
      this.#print(record, "error", `${messageOf(outcome.error)}\n`);
      this.#end(i, EXIT_BROKEN_OFF);
    });
  }

  #act(action: Exclude<StepAction, { kind: "run" }>): void {
    if (action.kind === "cut") this.#stage.cut(action.link, action.direction);
    else if (action.kind === "heal") this.#stage.heal(action.link);
    else if (action.kind === "change") this.#stage.change(action.link, action.direction, action.quality);
    else if (action.kind === "powerOff" || action.kind === "powerOn") this.#stage[action.kind](action.host);
  }

  #end(i: number, exit: number): void {
    const record = this.#records[i];
    record.exit = exit;
    record.endedAtNs = this.#stage.nowNs;
    this.#onStep({ kind: "end", timeNs: record.endedAtNs, step: record.step, exit });
    this.#beginAfter(i + 1);
  }

  #print(record: StepRecord, kind: OutputLine["kind"], text: string): void {
    record.printedLength += text.length;
    // A command that prints for ever must not fill the memory.
    if (record.printedLength > OUTPUT_LENGTH_MAX) return;
    const line = { timeNs: this.#stage.nowNs, kind, text };
    record.output.push(line);
    this.#onStep({ kind: "output", timeNs: line.timeNs, step: record.step, line });
  }
}

/** Everything that a step printed (not its problems), as one text. */
export function printedText(result: StepResult): string {
  return result.output
    .filter((line) => line.kind === "print")
    .map((line) => line.text)
    .join("");
}

class StepRecord implements StepResult {
  readonly step: StepSpec;
  startedAtNs: number | undefined;
  endedAtNs: number | undefined;
  exit: number | undefined;
  readonly output: OutputLine[] = [];
  printedLength = 0;

  constructor(step: StepSpec) {
    this.step = step;
  }
}

function linesOf(text: string): string[] {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

function toNs(ms: number): number {
  return Math.round(ms * 1e6);
}

/** As commands report what did not work. */
const EXIT_IMPOSSIBLE = 1;
/** As a shell reports what a signal has ended. */
const EXIT_BROKEN_OFF = 130;
/** What is kept of a step's output, in characters. */
const OUTPUT_LENGTH_MAX = 1_000_000;
