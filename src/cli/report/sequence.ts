/** `hamlet run --sequence OUT`: which conversation is drawn, and the file that it is drawn into. */

import { closeSync, openSync } from "node:fs";
import {
  type Conversation,
  type Names,
  namesOf,
  type Sequence,
  sequenceSvg,
  sequencesOf,
  sequenceText,
} from "../../dissect/index.ts";
import type { CommandInput } from "../../host/shell/command.ts";
import { optionText } from "../../host/shell/option-values.ts";
import { formatEndpoint, LocalError } from "../../net/index.ts";
import { fileProblem } from "../../os/index.ts";
import { type CaptureContents, Journal } from "../../sim/capture/index.ts";
import { writeAll } from "../files.ts";

export interface Diagram {
  /** What must hear the world from its begin. */
  readonly taps: readonly Journal[];
  /** Draws what was chosen; returns a remark for the person. */
  write(contents: CaptureContents): string | undefined;
  close(): void;
}

/** Opens the file before anything runs: a wrong path must not cost a long run. */
export function openDiagram(input: CommandInput): Diagram | undefined {
  const path = optionText(input, "sequence");
  const wanted = optionText(input, "conversation");
  if (path === undefined) {
    if (wanted === undefined) return undefined;
    throw new LocalError(
      "usage",
      "--conversation says what --sequence OUT.svg or OUT.txt draws: it is missing",
    );
  }
  const isSvg = path.endsWith(".svg");
  if (!isSvg && !path.endsWith(".txt"))
    throw new LocalError("usage", `--sequence must be a file that ends in .svg or .txt, not "${path}"`);
  let descriptor: number;
  try {
    descriptor = openSync(path, "w");
  } catch (error) {
    const text = `the sequence diagram cannot be written to ${path}: ${fileProblem(error)}`;
    throw new LocalError("no-sequence-file", text, { cause: error });
  }
  const journal = new Journal();
  return {
    taps: [journal],
    write(contents) {
      const { sequences, listed } = chosen(contents, journal, wanted);
      const shown = sequences.slice(0, isSvg ? 1 : TEXTS_MAX);
      const text = isSvg ? sequenceSvg(shown[0]) : shown.map(sequenceText).join("\n\n");
      writeAll(descriptor, Buffer.from(text));
      if (shown.length === sequences.length) return undefined;
      const drawn = isSvg ? inWords(listed[0]) : `the first ${shown.length}`;
      const what = wanted === undefined ? "conversations" : `conversations that are "${wanted}"`;
      const head = `${path} shows ${drawn}, of ${sequences.length} ${what}; --conversation NUMBER chooses:`;
      return [head, ...shortList(listed)].join("\n");
    },
    close: () => closeSync(descriptor),
  };
}

interface Choice {
  readonly sequences: readonly Sequence[];
  /** One line for each of them: "  3  smtp (tcp) …". */
  readonly listed: readonly string[];
}

function chosen(contents: CaptureContents, journal: Journal, wanted: string | undefined): Choice {
  const names = namesOf(contents.hostNames);
  const source = { packets: contents.packets, journal, interfaces: contents.interfaces, names };
  const all: Conversation[] = [];
  const packets = [...contents.packets];
  const line = (index: number): string => `${String(index + 1).padStart(5)}  ${describe(all[index], names)}`;
  const draw = (isWanted: (conversation: Conversation, index: number) => boolean): Choice => {
    const listed: string[] = [];
    const sequences = sequencesOf({ ...source, packets }, (conversation, index) => {
      all[index] = conversation;
      const isDrawn = isWanted(conversation, index);
      if (isDrawn) listed.push(line(index));
      return isDrawn;
    });
    return { sequences, listed };
  };
  if (wanted === undefined) {
    const overTcp = draw(({ protocol }) => protocol === "tcp");
    const choice = overTcp.sequences.length > 0 ? overTcp : draw(() => true);
    if (choice.sequences.length > 0) return choice;
    throw new LocalError(
      "no-conversation",
      "there is no sequence to draw: nobody has talked over TCP or UDP",
    );
  }
  const choice = draw((conversation, index) => matches(conversation, index, wanted, names));
  if (choice.sequences.length > 0) return choice;
  // An error is one line.
  const list = shortList(all.map((_, index) => line(index))).map(inWords);
  const there = list.length === 0 ? "nobody talked" : `there is ${list.join(", ")}`;
  throw new LocalError("no-conversation", `no conversation is "${wanted}": ${there}`);
}

/** A line of the list within a sentence. */
function inWords(line: string): string {
  return line.trim().replace("  ", " ");
}

function shortList(lines: readonly string[]): string[] {
  const rest = lines.length - LISTED_MAX;
  return [
    ...lines.slice(0, LISTED_MAX),
    ...(rest > 0 ? [`       and ${rest} more; --summary lists all`] : []),
  ];
}

/** A number alone is its place; else each word must be its protocol, or a name, an address or a port of its ends. */
function matches(conversation: Conversation, index: number, wanted: string, names: Names): boolean {
  if (/^\d+$/.test(wanted)) return index + 1 === Number(wanted);
  const { protocol, application, client, server } = conversation;
  const known: string[] = [protocol, application ?? ""];
  for (const { address, port } of [client, server])
    known.push(address, names.get(address) ?? "", `:${port}`, `${address}:${port}`);
  return wanted.split(/\s+/).every((word) => word === "" || known.includes(word.toLowerCase()));
}

function describe({ protocol, application, client, server }: Conversation, names: Names): string {
  const [from, to] = [client, server].map((end) => {
    const name = names.get(end.address);
    return name === undefined ? formatEndpoint(end) : `${name}:${end.port}`;
  });
  return `${application ?? protocol} (${protocol}) ${from} -> ${to}`;
}

/** As many as a person turns over. */
const TEXTS_MAX = 50;
const LISTED_MAX = 20;
