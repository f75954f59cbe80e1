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
import { count } from "../format.ts";

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
      const sequences = chosen(contents, journal, wanted);
      const shown = sequences.slice(0, isSvg ? 1 : TEXTS_MAX);
      const text = isSvg ? sequenceSvg(shown[0]) : shown.map(sequenceText).join("\n\n");
      writeAll(descriptor, Buffer.from(text));
      const rest = sequences.length - shown.length;
      if (rest === 0) return undefined;
      const advice = "--conversation chooses, e.g. by its number";
      return `${path} has ${count(shown.length, "conversation")} of ${sequences.length}: ${advice}`;
    },
    close: () => closeSync(descriptor),
  };
}

function chosen(contents: CaptureContents, journal: Journal, wanted: string | undefined): Sequence[] {
  const names = namesOf(contents.hostNames);
  const source = { packets: contents.packets, journal, interfaces: contents.interfaces, names };
  const all: Conversation[] = [];
  const packets = [...contents.packets];
  const draw = (isWanted: (conversation: Conversation, index: number) => boolean): Sequence[] =>
    sequencesOf({ ...source, packets }, (conversation, index) => {
      all[index] = conversation;
      return isWanted(conversation, index);
    });
  if (wanted === undefined) {
    const overTcp = draw(({ protocol }) => protocol === "tcp");
    const sequences = overTcp.length > 0 ? overTcp : draw(() => true);
    if (sequences.length > 0) return sequences;
    throw new LocalError(
      "no-conversation",
      "there is no sequence to draw: nobody has talked over TCP or UDP",
    );
  }
  const sequences = draw((conversation, index) => matches(conversation, index, wanted, names));
  if (sequences.length > 0) return sequences;
  const list = all.slice(0, LISTED_MAX).map((each, index) => `${index + 1} is ${describe(each, names)}`);
  const more = all.length > LISTED_MAX ? [`and ${all.length - LISTED_MAX} more`] : [];
  throw new LocalError(
    "no-conversation",
    `no conversation is "${wanted}": ${[...list, ...more].join(", ") || "nobody talked"}`,
  );
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
const LISTED_MAX = 12;
