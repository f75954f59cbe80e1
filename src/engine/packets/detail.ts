/** A packet opened: its layers with the place of every field, its octets, its way, and what belongs to it. */

import { encodeBase64 } from "../../bytes/index.ts";
import type { Field } from "../../dissect/index.ts";
import { LocalError } from "../../net/index.ts";
import type { PacketDetail, WaypointView } from "../protocol/packets.ts";
import { learnField } from "./filter/index.ts";
import { relatedTo } from "./related.ts";
import { rowOfDissection } from "./row.ts";
import { nextOf, previousOf } from "./select.ts";
import type { PacketStore } from "./store.ts";

/** Throws LocalError "no-packet". */
export function detailOf(store: PacketStore, number: number): PacketDetail {
  const block = store.recorder.blockOf(number);
  if (block === undefined) {
    const isForgotten = number >= 1 && number < store.firstNumber;
    const why = isForgotten ? "is forgotten: there were too many after it" : "has not been sent yet";
    throw new LocalError("no-packet", `packet ${number} ${why}`);
  }
  store.analyzeUpTo(number);
  const at = number - block.firstNumber;
  const dissection = store.dissection(block, at);
  for (const { fields } of dissection.layers) learnFields(fields);
  const conversation = block.conversations[at];
  return {
    row: rowOfDissection(store, block, at, store.names(), dissection),
    layers: dissection.layers,
    bytes: encodeBase64(block.bytesOf(at)),
    journey: journeyOf(store, number),
    previous: conversation === 0 ? undefined : previousOf(store, conversation, number),
    next: conversation === 0 ? undefined : nextOf(store, conversation, number),
    related: [...relatedTo(store, block, at, dissection), ...fragmentsOf(store, number)],
  };
}

/** Where it was seen, in order; where the middle is forgotten, its begin and its losses. */
export function journeyOf(store: PacketStore, number: number): WaypointView[] {
  const packet = store.packet(number);
  const block = store.recorder.blockOf(number);
  if (packet === undefined || block === undefined) return [];
  const { interfaces } = store;
  const waypoint = (
    kind: WaypointView["kind"],
    timeNs: number,
    interfaceId: number,
    reason: string | undefined,
  ): WaypointView => {
    const place = interfaces[interfaceId];
    return {
      timeNs,
      kind,
      node: place?.hostName ?? "?",
      interface: place?.name ?? String(interfaceId),
      reason,
    };
  };
  const reason = block.reasons.get(number - block.firstNumber);
  const origin = waypoint("origin", packet.timeNs, packet.interfaceId, reason);
  const { events, isWhole } = store.events(number);
  if (isWhole)
    return [
      origin,
      ...events.map((event) => waypoint(event.kind, event.timeNs, event.interfaceId, event.reason)),
    ];
  const drops = store.recorder.dropsOf(number);
  return [origin, ...drops.map((drop) => waypoint("drop", drop.timeNs, drop.interfaceId, drop.reason))];
}

function fragmentsOf(store: PacketStore, number: number): PacketDetail["related"] {
  const others = store.recorder.fragmentsWith(number).filter((other) => other !== number);
  return others.map((other) => ({ text: "another fragment is packet", number: other }));
}

/** What a detail shows can be asked for, too. */
function learnFields(fields: readonly Field[]): void {
  for (const { key, children } of fields) {
    learnField(key);
    if (children !== undefined) learnFields(children);
  }
}
