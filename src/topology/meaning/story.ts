/** The steps of the story: their hosts, links and commands exist, and each command would be understood. */

import { findCommand } from "../../host/exec.ts";
import { splitWords } from "../../host/shell/words.ts";
import { messageOf } from "../../net/index.ts";
import type { LinkQuality, StepAction, StepSpec, StepTime } from "../network-file.ts";
import type { Path } from "../source.ts";
import { parseDuration } from "../units.ts";
import type { NetworkDocument, StepDocument } from "./document.ts";
import { checkQuality, checkTime } from "./limits.ts";
import { readQuality } from "./links.ts";
import type { Reading } from "./reading.ts";

export function readStory(
  reading: Reading,
  document: NetworkDocument,
  hostNames: readonly string[],
  linkNames: readonly string[],
): StepSpec[] {
  const names = new Map<string, number>();
  return (document.story ?? []).flatMap((step, i) => {
    if (step === undefined) return [];
    const path = ["story", i];
    const name = step.name ?? `step ${i + 1}`;
    const line = names.get(name);
    if (line !== undefined)
      reading.report([...path, "name"], `a second step "${name}" (the first: line ${line})`);
    names.set(name, reading.line(path));
    const action = readAction(reading, path, step, hostNames, linkNames);
    return action === undefined ? [] : [{ name, when: readTime(reading, path, step), action }];
  });
}

function readTime(reading: Reading, path: Path, step: StepDocument): StepTime {
  if (step.at !== undefined && step.after !== undefined) {
    reading.report([...path, "after"], "at and after exclude each other: expected one of them");
  }
  checkTime(reading, [...path, "at"], step.at);
  checkTime(reading, [...path, "after"], step.after);
  if (step.at !== undefined) return { kind: "at", ms: parseDuration(step.at) ?? 0 };
  return { kind: "after", ms: parseDuration(step.after ?? "0 ms") ?? 0 };
}

function readAction(
  reading: Reading,
  path: Path,
  step: StepDocument,
  hostNames: readonly string[],
  linkNames: readonly string[],
): StepAction | undefined {
  for (const kind of ["cut", "heal", "change"] as const) {
    const link = step[kind];
    if (link === undefined) continue;
    if (!linkNames.includes(link)) reading.reportUnknown([...path, kind], "link", link, linkNames);
    if (kind === "heal") return { kind, link };
    const direction = step.direction ?? "both";
    if (kind === "cut") return { kind, link, direction };
    return { kind, link, direction, quality: readChange(reading, path, step) };
  }
  for (const kind of ["powerOff", "powerOn"] as const) {
    const host = step[kind];
    if (host === undefined) continue;
    if (!hostNames.includes(host)) reading.reportUnknown([...path, kind], "host", host, hostNames);
    return { kind, host };
  }
  if (step.on !== undefined && !hostNames.includes(step.on)) {
    reading.reportUnknown([...path, "on"], "host", step.on, hostNames);
  }
  if (step.run === undefined) return undefined;
  const words = readCommand(reading, [...path, "run"], step.run);
  return { kind: "run", host: step.on ?? "", command: step.run, words, input: step.input ?? "" };
}

function readChange(reading: Reading, path: Path, step: StepDocument): LinkQuality {
  checkQuality(reading, path, step);
  const quality = readQuality(step);
  if (Object.keys(quality).length === 0 && !reading.isDamaged(path))
    reading.report(path, "expected what changes, such as loss, delay or bandwidth: nothing is named");
  if (quality.burstPackets !== undefined && quality.loss === undefined)
    reading.report([...path, "burst"], "burst is the length of losses: expected loss beside it");
  return quality;
}

function readCommand(reading: Reading, path: Path, line: string): string[] {
  try {
    const words = splitWords(line);
    findCommand(reading.commands, words);
    return words;
  } catch (error) {
    reading.report(path, messageOf(error));
    return [];
  }
}
