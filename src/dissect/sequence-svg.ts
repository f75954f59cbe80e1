/**
 * A sequence diagram as SVG, by itself in a file: no script, no outside font, light or dark as the reader's screen.
 * Time runs downwards; long silences are drawn shorter (by the logarithm), so slopes compare only nearby.
 */

import { formatEndpoint } from "../net/index.ts";
import type { Arrow, Sequence, SequenceEvent } from "./sequence.ts";
import { arrowSvg, barSvg, callSvg, phaseSvg, timeSvg } from "./sequence-svg-parts.ts";
import { escapeXml, LEFT, RIGHT, STYLE, WIDTH } from "./sequence-svg-style.ts";
import { secondsText } from "./text.ts";

export function sequenceSvg(sequence: Sequence): string {
  const { conversation, lifelines, events } = sequence;
  const places = placesOf(events);
  const bottom = (places.at(-1) ?? TOP) + 36;
  const height = bottom + 44;
  const name = (conversation.application ?? conversation.protocol).toUpperCase();
  const [client, server] = lifelines;
  const title = `${name}: ${client.name} and ${server.name}`;
  const description = `Sequence diagram of a ${conversation.protocol.toUpperCase()} conversation: socket calls and packets, ${events.length} events.`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="desc">${escapeXml(description)}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${WIDTH}" height="${height}"/>`,
    `<text class="heading" x="${WIDTH / 2}" y="34">${escapeXml(title)}</text>`,
    headSvg(LEFT, client.name, formatEndpoint(client.endpoint), "client"),
    headSvg(RIGHT, server.name, formatEndpoint(server.endpoint), "server"),
    ...[LEFT, RIGHT].map((x) => `<path class="life" d="M${x} ${TOP - 14}V${bottom}"/>`),
    ...barsSvg(events, places, bottom),
    ...events.map((event, i) => eventSvg(event, i, events, places)),
    `<text class="foot" x="${WIDTH / 2}" y="${height - 16}">seconds of virtual time at the left; a bar is a call that waits; long silences are drawn shorter</text>`,
    "</svg>",
    "",
  ].join("\n");
}

/** Where each event stands. */
function placesOf(events: readonly SequenceEvent[]): number[] {
  const places: number[] = [];
  let y = TOP;
  let lastNs = events[0]?.timeNs ?? 0;
  /** What has a label of its own keeps its distance from the last that had one. */
  let labelled = y - 40;
  let arrived = y - 40;
  for (const event of events) {
    const gapMs = Math.max(0, event.timeNs - lastNs) / 1e6;
    y += Math.min(GAP_MAX, GAP_SCALE * Math.log2(1 + gapMs));
    if (event.kind !== "arrive") {
      // Words stand above their arrow: the tip of another must not end in them.
      const clear = event.kind === "send" ? arrived + CLEARANCE : 0;
      y = Math.max(y, labelled + DISTANCE[event.kind], clear);
      labelled = y;
    } else {
      y += ARRIVE_STEP;
      arrived = y;
    }
    places.push(y);
    lastNs = event.timeNs;
  }
  return places;
}

function headSvg(x: number, name: string, endpoint: string, role: string): string {
  const text = escapeXml(name);
  return [
    `<rect class="head" x="${x - 130}" y="56" width="260" height="52" rx="10"/>`,
    `<text class="name" x="${x}" y="79">${text}</text>`,
    `<text class="address" x="${x}" y="97">${role}, ${escapeXml(endpoint)}</text>`,
  ].join("");
}

/** From where a call begins to wait to where it returns. */
function barsSvg(events: readonly SequenceEvent[], places: readonly number[], bottom: number): string[] {
  return events.flatMap((event, i) => {
    if (event.kind !== "call" || event.role !== "begin") return [];
    const end = events.findIndex((other) => {
      return other.kind === "call" && other.role === "return" && other.callId === event.callId;
    });
    return [barSvg(event, places[i], end === -1 ? bottom : places[end], end !== -1)];
  });
}

function eventSvg(
  event: SequenceEvent,
  i: number,
  events: readonly SequenceEvent[],
  places: readonly number[],
): string {
  const y = places[i];
  switch (event.kind) {
    case "phase":
      return phaseSvg(event.text, y);
    case "gap":
      return `<text class="gap" x="${(LEFT + RIGHT) / 2}" y="${y + 4}">${escapeXml(event.text)}</text>`;
    case "call":
      return timeSvg(secondsText(event.timeNs), y, isNewTime(events, i)) + callSvg(event, y);
    case "send": {
      const end = arrivalOf(event.arrow, i, events, places);
      return timeSvg(secondsText(event.timeNs), y, isNewTime(events, i)) + arrowSvg(event.arrow, y, end);
    }
    case "arrive":
      return "";
  }
}

/** Where the arrow ends; one whose end is left out ends in the gap. */
function arrivalOf(
  arrow: Arrow,
  i: number,
  events: readonly SequenceEvent[],
  places: readonly number[],
): number {
  for (let j = i + 1; j < events.length; j++) {
    const event = events[j];
    if (event.kind === "gap" || (event.kind === "arrive" && event.arrow === arrow)) return places[j];
  }
  return places[i];
}

/** A time is written once, where it is new. */
function isNewTime(events: readonly SequenceEvent[], i: number): boolean {
  for (let j = i - 1; j >= 0; j--) {
    const { kind, timeNs } = events[j];
    if (kind === "send" || kind === "call") return timeNs !== events[i].timeNs;
  }
  return true;
}

/** Below the heads. */
const TOP = 140;
/** Pixels for each doubling of a silence in milliseconds, and at most. */
const GAP_SCALE = 7;
const GAP_MAX = 70;
const ARRIVE_STEP = 6;
const CLEARANCE = 24;
/** Pixels below what came before. */
const DISTANCE = { phase: 40, send: 34, call: 22, gap: 44 } as const;
