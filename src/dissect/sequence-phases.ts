/** The phases of a TCP connection, put in front of what begins each: establishment, request, reply, end of file. */

import type { Arrow, SequenceEvent, Side } from "./sequence.ts";

export function withPhases(events: readonly SequenceEvent[]): SequenceEvent[] {
  const starts = phaseStarts(events);
  return events.flatMap((event, i) => {
    const text = starts.get(i);
    return text === undefined ? [event] : [{ kind: "phase" as const, timeNs: event.timeNs, text }, event];
  });
}

/** By the index of the event in front of which a phase is named. */
function phaseStarts(events: readonly SequenceEvent[]): ReadonlyMap<number, string> {
  const starts = new Map<number, string>();
  const turns = turnsOf(events);
  const isShort = turns.length > 0 && turns.length <= TURNS_NAMED_MAX;
  let isOpening = false;
  let isEnding = false;
  for (const [i, event] of events.entries()) {
    if (event.kind !== "send") continue;
    const { arrow } = event;
    if (arrow.role === "SYN" && !isOpening) {
      isOpening = true;
      starts.set(causeOf(events, i, arrow.from, ["socket", "connect"]), "connection establishment");
    } else if ((arrow.role === "FIN" || arrow.role === "RST") && !isEnding) {
      isEnding = true;
      const causes = ["shutdown", "close", "abort"];
      starts.set(
        causeOf(events, i, arrow.from, causes),
        arrow.role === "FIN" ? "end of file, close" : "reset",
      );
    } else {
      const turn = turns.findIndex(({ index }) => index === i);
      const text = isShort ? (arrow.from === 0 ? "request" : "reply") : turn === 0 ? "data" : undefined;
      if (turn >= 0 && text !== undefined)
        starts.set(causeOf(events, i, arrow.from, ["write", "sendto"]), text);
    }
  }
  return starts;
}

/** Where one side begins to send data after the other. */
function turnsOf(events: readonly SequenceEvent[]): { index: number; from: Side }[] {
  const turns: { index: number; from: Side }[] = [];
  for (const [index, event] of events.entries()) {
    if (event.kind !== "send" || event.arrow.role !== "data") continue;
    const { from, marks } = event.arrow;
    if (turns.at(-1)?.from !== from && !marks.some(isRepeated)) turns.push({ index, from });
  }
  return turns;
}

function isRepeated(mark: Arrow["marks"][number]): boolean {
  return mark.endsWith("Retransmission");
}

/**
 * The call of the same side that led to the packet at `index`, which may have had to wait for an address (ARP): the
 * first one back to the packet before it, for establishment has two; else the packet itself.
 */
function causeOf(
  events: readonly SequenceEvent[],
  index: number,
  side: Side,
  calls: readonly string[],
): number {
  let first = index;
  for (let i = index - 1; i >= 0; i--) {
    const event = events[i];
    if (event.kind === "send") break;
    if (event.kind === "call" && event.side === side && calls.includes(event.call)) first = i;
  }
  return first;
}

/** One question with its answer, or two; a dialogue of many turns is only "data". */
const TURNS_NAMED_MAX = 4;
