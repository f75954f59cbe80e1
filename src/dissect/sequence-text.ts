/**
 * A sequence diagram in 100 columns of text: time, calls of the client, its lifeline, packets, the server's lifeline,
 * its calls. A lifeline is double while a call waits.
 */

import { formatEndpoint } from "../net/index.ts";
import type { Arrow, Sequence, SequenceEvent, Side } from "./sequence.ts";
import { secondsText } from "./text.ts";

export function sequenceText(sequence: Sequence): string {
  const { conversation, lifelines, events } = sequence;
  const [client, server] = lifelines;
  const [from, to] = lifelines.map(({ endpoint }) => formatEndpoint(endpoint));
  const title = `${(conversation.application ?? conversation.protocol).toUpperCase()}: ${from} -> ${to}`;
  const drawer = new Drawer(events);
  const names = drawer.row("seconds", cut(client.name, CALLS), "", "", cut(server.name, CALLS));
  const lines = [title, "", names, ...events.flatMap((event) => drawer.rows(event))];
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

class Drawer {
  /** The calls that wait, of each side. */
  readonly #waiting: readonly [Set<number>, Set<number>] = [new Set(), new Set()];
  readonly #returned: ReadonlySet<number>;

  constructor(events: readonly SequenceEvent[]) {
    const returns = events.filter((event) => event.kind === "call" && event.role === "return");
    this.#returned = new Set(returns.map((event) => (event.kind === "call" ? event.callId : 0)));
  }

  rows(event: SequenceEvent): string[] {
    const time = secondsText(event.timeNs);
    switch (event.kind) {
      case "phase":
        return [this.row("", "", `- ${event.text} ${"-".repeat(MIDDLE)}`.slice(0, MIDDLE), "-", "")];
      case "gap":
        return [this.row("...", "", center(event.text), " ", "")];
      case "call": {
        const waiting = this.#waiting[event.side];
        if (event.role === "return") waiting.delete(event.callId);
        // One that never returns is no bar to the end of the page: its line says so.
        const isEndless = event.role === "begin" && !this.#returned.has(event.callId);
        if (event.role === "begin" && !isEndless) waiting.add(event.callId);
        const text = cut(isEndless ? `${event.text} waits` : event.text, CALLS);
        return [this.row(time, event.side === 0 ? text : "", "", " ", event.side === 1 ? text : "")];
      }
      case "send":
        return this.#packet(time, event.arrow);
      case "arrive":
        return [];
    }
  }

  row(time: string, left: string, middle: string, fill: string, right: string): string {
    const [a, b] = this.#waiting.map((calls) => (calls.size > 0 ? WAITS : LINE));
    const filled = middle.padEnd(MIDDLE, fill === "" ? " " : fill);
    return `${time.padStart(TIME)} ${left.padStart(CALLS)} ${a}${filled}${b} ${right}`;
  }

  #packet(time: string, arrow: Arrow): string[] {
    const marks = arrow.marks.map((mark) => `[${mark}] `).join("");
    const both = `${marks}${arrow.title} ${arrow.detail}`;
    const fits = both.length <= LABEL;
    const first = this.row(time, ...this.#ends(arrow, fits ? both : cut(marks + arrow.title, LABEL)));
    const more = fits ? [] : [arrow.detail];
    if (arrow.lost !== undefined) more.push(`lost: ${arrow.lost.reason.replace(/^lost /, "")}`);
    return [first, ...more.map((text) => this.row("", "", place(arrow.from, cut(text, LABEL)), " ", ""))];
  }

  /** What stands left of, between and right of the lifelines. */
  #ends(arrow: Arrow, label: string): [string, string, string, string] {
    const arrives = arrow.arrivedAtNs === undefined ? "" : `at ${secondsText(arrow.arrivedAtNs)}`;
    const length = arrow.lost === undefined ? MIDDLE : Math.max(label.length + 6, LOST);
    const head = arrow.lost === undefined ? (arrow.from === 0 ? ">" : "<") : "X";
    const shaft = "-".repeat(Math.max(0, length - label.length - 5));
    if (arrow.from === 0) return ["", `-- ${label} ${shaft}${head}`, " ", arrives];
    return [arrives, `${head}${shaft} ${label} --`.padStart(MIDDLE), " ", ""];
  }
}

function place(from: Side, text: string): string {
  return from === 0 ? `   ${text}` : `${text}   `.padStart(MIDDLE);
}

function center(text: string): string {
  return cut(text, MIDDLE).padStart(Math.floor((MIDDLE + text.length) / 2));
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 3)}...`;
}

/** 100 columns in all. */
const TIME = 10;
const CALLS = 20;
const MIDDLE = 43;
/** With the shaft's ends around it. */
const LABEL = MIDDLE - 6;
/** How far an arrow comes that is lost. */
const LOST = 30;
const LINE = "|";
const WAITS = "#";
