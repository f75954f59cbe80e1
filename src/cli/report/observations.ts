/** What a run has to show, put together from its capture: look-ups message by message, and dialogues. */

import { type Dialogue, dialoguesOf, type Names, namesOf } from "../../dissect/index.ts";
import { type Endpoint, formatEndpoint } from "../../net/index.ts";
import { type Capture, type CaptureContents, hostNamesOf } from "../../sim/capture/index.ts";
import type { Lab, LabReport } from "../../topology/index.ts";

export interface Observations {
  readonly lab: Lab;
  readonly report: LabReport;
  readonly contents: CaptureContents;
  readonly names: Names;
  /** DNS messages of all conversations, in the order of time. */
  readonly lookups: readonly Lookup[];
  /** All other conversations that carried data, in the order of their first packets. */
  readonly dialogues: readonly Dialogue[];
}

/** One DNS message on its way. */
export interface Lookup {
  readonly timeNs: number;
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** `isBrief`: for a person, who wants to see neither each of a thousand datagrams nor each octet of a file. */
export function observe(lab: Lab, report: LabReport, capture: Capture, isBrief: boolean): Observations {
  const contents = captureContents(lab, capture);
  const names = namesOf(contents.hostNames);
  const all = dialoguesOf(capture.packets(), { isBrief });
  const isLookup = (dialogue: Dialogue): boolean => dialogue.conversation.application === "dns";
  return {
    ...{ lab, report, contents, names },
    lookups: all
      .filter(isLookup)
      .flatMap((dialogue) => lookupsOf(dialogue, names))
      .sort((a, b) => a.timeNs - b.timeNs),
    dialogues: all.filter((dialogue) => !isLookup(dialogue)),
  };
}

/** A capture of the lab's world, as the pcapng writer takes it. */
export function captureContents(lab: Lab, capture: Capture): CaptureContents {
  const { world } = lab;
  return {
    startUnixMs: world.startUnixMs,
    interfaces: world.interfaces,
    hostNames: hostNamesOf(world.interfaces),
    // Each reader of the contents gets the packets from the first one on.
    packets: { [Symbol.iterator]: () => capture.packets()[Symbol.iterator]() },
    lostCount: capture.forgottenCount + capture.refusedCount,
  };
}

/** "mail.crepes.fr", or the address where it has no name. */
export function nameOf(endpoint: Endpoint, names: Names): string {
  return names.get(endpoint.address) ?? formatEndpoint(endpoint);
}

function lookupsOf({ conversation, lines }: Dialogue, names: Names): Lookup[] {
  const client = nameOf(conversation.client, names);
  const server = nameOf(conversation.server, names);
  return lines.flatMap(({ timeNs, from, text }) => {
    if (from === "note") return [];
    return [
      from === "client"
        ? { timeNs, from: client, to: server, text }
        : { timeNs, from: server, to: client, text },
    ];
  });
}
