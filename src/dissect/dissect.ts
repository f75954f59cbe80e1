/**
 * Frame in, layers out: runs one dissector after the other, each telling which comes next. Never throws: a
 * layer that cannot be understood is marked as malformed and ends the dissection. Read first: dissection.ts,
 * registry.ts.
 */

import { FormatError } from "../bytes/index.ts";
import type { Dissection, Field, Layer, PacketContext } from "./dissection.ts";
import type { Dissector, Next, Packet } from "./dissector.ts";
import { ethernet } from "./layers/ethernet.ts";
import { applicationOf, dissectorByEtherType, dissectorByIpProtocol } from "./registry.ts";
import { hexOf } from "./show.ts";
import { Walk } from "./walk.ts";

/** Dissects an Ethernet frame without its check sequence. */
export function dissect(frame: Uint8Array, context: PacketContext = {}): Dissection {
  const packet = newPacket(context, false);
  const layers = dissectLayers(frame, 0, frame.length, ethernet, packet);
  const { protocol, source, destination } = packet;
  const labels = (context.tcp?.labels ?? []).map((label) => `[${label}] `).join("");
  const info = labels + packet.info;
  return { layers, protocol, source, destination, info, problems: problemsOf(layers) };
}

/** The layers of [start, end) of `frame`, beginning with `first`; they cover it without gap or overlap. */
function dissectLayers(
  frame: Uint8Array,
  start: number,
  end: number,
  first: Dissector | undefined,
  packet: Packet,
): Layer[] {
  const layers: Layer[] = [];
  let at = start;
  let layerEnd = end;
  for (let dissector = first; dissector !== undefined && layers.length < LAYERS_MAX; ) {
    const walk = new Walk(frame, at, layerEnd, dissector.key, dissector.title, dissector.standard);
    const next = dissectLayer(dissector, walk, packet);
    layers.push(walk.finish());
    at = walk.at;
    layerEnd = Math.min(layerEnd, Math.max(at, next?.end ?? layerEnd));
    dissector = at < layerEnd ? successor(next, packet, frame.subarray(at, layerEnd)) : undefined;
  }
  if (at < layerEnd) layers.push(opaqueLayer(frame, at, layerEnd, "data", "Data"));
  if (layerEnd < end) layers.push(opaqueLayer(frame, layerEnd, end, "eth.padding", "Padding"));
  return layers;
}

function dissectLayer(dissector: Dissector, walk: Walk, packet: Packet): Next | undefined {
  try {
    return dissector.dissect(walk, packet);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    walk.giveUp(error, packet.isQuoted);
    if (packet.isQuoted) return undefined;
    if (packet.protocol === "") packet.protocol = dissector.key.toUpperCase();
    packet.info = `${packet.info} [Malformed packet: ${dissector.title}]`.trimStart();
    return undefined;
  }
}

function successor(next: Next | undefined, packet: Packet, data: Uint8Array): Dissector | undefined {
  if (next === undefined) return undefined;
  if (next.by === "ethertype") return dissectorByEtherType(next.number ?? 0);
  if (next.by === "ip.protocol") return dissectorByIpProtocol(next.number ?? 0);
  return packet.transport && applicationOf(packet.transport, packet.context, data);
}

function newPacket(context: PacketContext, isQuoted: boolean): Packet {
  const columns = { protocol: "", source: "", destination: "", info: "" };
  const facts = { network: undefined, transport: undefined, pseudoHeaderSum: 0 };
  return { context, isQuoted, ...columns, ...facts, quote };
}

function quote(walk: Walk, etherType: number): void {
  const packet = newPacket({}, true);
  const layers = dissectLayers(walk.frame, walk.at, walk.end, dissectorByEtherType(etherType), packet);
  const fields = layers.map(({ protocol, title, start, end, reference, fields: children }) => {
    return { key: protocol, name: title, value: "", start, end, reference, children };
  });
  walk.adopt(fields);
}

function opaqueLayer(frame: Uint8Array, start: number, end: number, protocol: string, title: string): Layer {
  const length = end - start;
  const shown = hexOf(frame.subarray(start, Math.min(end, start + OPAQUE_SHOWN_OCTETS)), "");
  const value = length > OPAQUE_SHOWN_OCTETS ? `${shown}…` : shown;
  const field = { key: `${protocol}.data`, name: title, value, start, end };
  return { protocol, title: `${title} (${length} octets)`, start, end, reference: "", fields: [field] };
}

function problemsOf(layers: readonly Layer[]): string[] {
  const problems: string[] = [];
  const visit = (layer: Layer, fields: readonly Field[]): void => {
    for (const field of fields) {
      if (field.problem !== undefined) problems.push(`${layer.protocol}: ${field.name}: ${field.problem}`);
      if (field.children !== undefined) visit(layer, field.children);
    }
  };
  for (const layer of layers) visit(layer, layer.fields);
  return problems;
}

/** Nothing that we dissect nests deeper; a forged packet of tiny headers must not make a long list. */
const LAYERS_MAX = 32;
const OPAQUE_SHOWN_OCTETS = 32;
