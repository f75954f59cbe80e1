/** The report of `hamlet run` for a person. The same run gives the same text: no clock, no path, no chance goes in. */

import {
  Analysis,
  conversationsText,
  type Dialogue,
  dialogueText,
  hierarchyOf,
  hierarchyText,
  packetRows,
  packetTableText,
  secondsText,
  summaryOf,
  summaryText,
} from "../../dissect/index.ts";
import { messageOf } from "../../net/index.ts";
import type { ExpectationResult, LinkQuality, StepAction, StepResult } from "../../topology/index.ts";
import { count, formatDuration, type Paint, visibleText } from "../format.ts";
import type { Lookup, Observations } from "./observations.ts";

export interface ReportOptions {
  readonly packets: boolean;
  readonly summary: boolean;
  readonly paint: Paint;
}

/** The whole report, in pieces that each end with a line end. */
export function* reportText(seen: Observations, options: ReportOptions): Generator<string> {
  const { paint } = options;
  const { lab, report } = seen;
  yield `${paint.bold(lab.file.name)}, seed ${lab.seed}\n`;
  if (lab.file.description !== "") yield `${lab.file.description.trim()}\n`;
  if (seen.lookups.length > 0) yield* lookupSection(seen.lookups, paint);
  yield* dialogueSection(seen, paint);
  if (report.steps.length > 0) yield* storySection(report.steps, paint);
  if (options.packets) {
    yield heading("Packets", paint);
    yield packetTableText(packetRows(seen.contents.packets, seen.names));
  }
  if (options.summary) yield* summarySection(seen, paint);
  if (report.failures.length > 0) {
    yield heading("Failures", paint);
    for (const { timeNs, host, task, error } of report.failures) {
      yield `${paint.red("FAIL")}  ${secondsText(timeNs)} s  ${host}, ${task}: ${visibleText(messageOf(error))}\n`;
    }
  }
  if (report.expectations.length > 0) yield* expectationSection(report.expectations, paint);
  yield `\n${conclusion(seen, paint)}\n`;
}

function* lookupSection(lookups: readonly Lookup[], paint: Paint): Generator<string> {
  yield heading("DNS look-ups", paint);
  for (const { timeNs, from, to, text } of lookups.slice(0, LOOKUPS_MAX)) {
    yield `${secondsText(timeNs).padStart(12)} s  ${from} -> ${to}: ${text}\n`;
  }
  yield* omitted(lookups.length - LOOKUPS_MAX, "DNS message");
}

function* dialogueSection({ dialogues, names }: Observations, paint: Paint): Generator<string> {
  for (const dialogue of dialogues.slice(0, DIALOGUES_MAX)) {
    const [title, ...lines] = dialogueText(dialogue, names).split("\n");
    yield heading(dialogueTitle(dialogue, title), paint);
    const shown = lines.slice(0, DIALOGUE_LINES_MAX).map((line) => paintLine(line, paint));
    yield shown.join("\n");
    const omittedCount = lines.length - shown.length - 1;
    if (omittedCount > 0) yield "\n";
    yield* omitted(omittedCount, "line");
  }
  yield* omitted(dialogues.length - DIALOGUES_MAX, "dialogue");
}

/** "SMTP: mail.crepes.fr … -> mail.hamburger.edu …" */
function dialogueTitle({ conversation }: Dialogue, title: string): string {
  const { application, protocol } = conversation;
  const name = application ?? protocol;
  return `${name.toUpperCase()}: ${title.endsWith(`, ${name}`) ? title.slice(0, -name.length - 2) : title}`;
}

function paintLine(line: string, paint: Paint): string {
  const match = /^( *[\d.]+ s {2})(C:|S:|--)(.*)$/s.exec(line);
  if (match === null) return line;
  const [, time, mark, text] = match;
  if (mark === "--") return paint.dim(line);
  return paint.dim(time) + (mark === "C:" ? paint.cyan(mark + text) : paint.green(mark + text));
}

function* storySection(steps: readonly StepResult[], paint: Paint): Generator<string> {
  yield heading("Story", paint);
  for (const { step, startedAtNs, endedAtNs, exit, output } of steps) {
    const begun = startedAtNs === undefined ? "not begun" : `${secondsText(startedAtNs)} s`;
    const { action } = step;
    const what = action.kind === "run" ? `${action.host}$ ${action.command}` : describeAction(action);
    const name = step.name === "" ? "" : ` (${step.name})`;
    yield `${begun.padStart(14)}  ${paint.bold(what)}${paint.dim(name)}\n`;
    const text = output.map((line) => line.text).join("");
    for (const line of linesOf(text)) yield `${`${" ".repeat(16)}${visibleText(line)}`.trimEnd()}\n`;
    if (startedAtNs !== undefined && endedAtNs === undefined)
      yield `${" ".repeat(16)}${paint.red("did not end")}\n`;
    else if (exit !== undefined && exit !== 0) yield `${" ".repeat(16)}exit status ${exit}\n`;
  }
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function describeAction(action: Exclude<StepAction, { kind: "run" }>): string {
  if ("host" in action) return `${action.host}: power ${action.kind === "powerOff" ? "off" : "on"}`;
  const way = action.kind === "heal" || action.direction === "both" ? "" : `, ${action.direction} only`;
  if (action.kind === "change") return `link ${action.link}: ${qualityText(action.quality)}${way}`;
  return `link ${action.link}: ${action.kind}${way}`;
}

/** "loss 1 %, delay 20 ms": what changes. */
function qualityText(quality: LinkQuality): string {
  const percent = (name: string, share: number | undefined): string[] =>
    share === undefined ? [] : [`${name} ${Number((share * 100).toPrecision(6))} %`];
  const number = (name: string, value: number | undefined, unit: string): string[] =>
    value === undefined ? [] : [`${name} ${value}${unit}`];
  return [
    ...number("delay", quality.delayMs, " ms"),
    ...number("jitter", quality.jitterMs, " ms"),
    ...number("bandwidth", quality.bandwidthBps, " bit/s"),
    ...number("queue", quality.queuePackets, ""),
    ...percent("loss", quality.loss),
    ...number("burst", quality.burstPackets, ""),
    ...percent("reorder", quality.reorder),
    ...number("reorderBy", quality.reorderMs, " ms"),
    ...percent("duplicate", quality.duplicate),
    ...percent("corrupt", quality.corrupt),
  ].join(", ");
}

function* summarySection({ contents, names }: Observations, paint: Paint): Generator<string> {
  yield heading("Capture summary", paint);
  const packets = [...contents.packets];
  yield summaryText(summaryOf(packets));
  yield "\n";
  yield hierarchyText(hierarchyOf(packets));
  const analysis = new Analysis();
  for (const packet of packets) analysis.handle(packet);
  yield heading("Conversations", paint);
  yield conversationsText([...analysis.conversations], names);
  if (contents.lostCount > 0)
    yield `${count(contents.lostCount, "packet")} more did not fit into the capture\n`;
}

function* expectationSection(results: readonly ExpectationResult[], paint: Paint): Generator<string> {
  yield heading("Expectations", paint);
  for (const { passed, description, found, expectation } of results) {
    const mark = passed ? paint.green("ok  ") : paint.red("FAIL");
    yield `${mark}  ${visibleText(description)}\n`;
    if (!passed) yield `      found: ${visibleText(found)} (line ${expectation.line} of the file)\n`;
  }
}

function conclusion({ lab, report, contents }: Observations, paint: Paint): string {
  const passed = report.expectations.filter((result) => result.passed).length;
  const parts = [
    report.expectations.length === 0
      ? `no expectations${failedCommands(report.steps)}`
      : `${passed} of ${count(report.expectations.length, "expectation")} met`,
    `${formatDuration(report.endedAtNs)} of virtual time`,
  ];
  if (contents.lostCount > 0) parts.push("not all packets were kept");
  if (report.end === "limit" && lab.storyEnded === false)
    parts.push("the time limit came before the end of the story");
  return `${report.passed ? paint.green("passed") : paint.red("failed")}: ${parts.join(", ")}`;
}

/** Where nothing was expected of them, a person should hear of commands that failed. */
function failedCommands(steps: readonly StepResult[]): string {
  const commands = steps.filter(({ step }) => step.action.kind === "run");
  const failed = commands.filter(({ exit }) => exit !== undefined && exit !== 0);
  return failed.length === 0 ? "" : ` (${failed.length} of ${count(commands.length, "command")} failed)`;
}

function heading(text: string, paint: Paint): string {
  return `\n${paint.bold(text)}\n`;
}

function* omitted(number: number, what: string): Generator<string> {
  if (number > 0) yield `${" ".repeat(16)}... and ${count(number, `more ${what}`)} (--json has all)\n`;
}

/** A report is read by a person; a story of a thousand hosts would make books of it. */
const LOOKUPS_MAX = 1000;
const DIALOGUES_MAX = 100;
/** A mail of some pages; a stream of voice has no end. */
const DIALOGUE_LINES_MAX = 120;
