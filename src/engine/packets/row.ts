/** A row of the packet list. */

import type { Dissection, Names } from "../../dissect/index.ts";
import { TcpFlag } from "../../sim/wire/tcp.ts";
import type { PacketRowView } from "../protocol/packets.ts";
import { type PacketBlock, RowFlag } from "./block.ts";
import type { PacketStore } from "./store.ts";

export function rowOf(store: PacketStore, block: PacketBlock, at: number, names: Names): PacketRowView {
  return rowOfDissection(store, block, at, names, store.dissection(block, at));
}

export function rowOfDissection(
  store: PacketStore,
  block: PacketBlock,
  at: number,
  names: Names,
  dissection: Dissection,
): PacketRowView {
  const { source, destination, protocol, info, problems } = dissection;
  const conversation = block.conversations[at];
  return {
    number: block.firstNumber + at,
    timeNs: block.timesNs[at],
    source: shown(source, names),
    destination: shown(destination, names),
    ...{ protocol, length: block.lengthOf(at), info, comment: store.comment(block, at), problems },
    mark: markOf(block.flags[at], dissection),
    conversation: conversation === 0 ? undefined : conversation,
  };
}

/** What is most worth a look about it. */
function markOf(flags: number, { layers, problems }: Dissection): PacketRowView["mark"] {
  if ((flags & RowFlag.lost) !== 0) return "lost";
  if (problems.length > 0) return "problem";
  const tcp = layers.find(({ protocol }) => protocol === "tcp");
  const bits = Number(tcp?.fields.find(({ key }) => key === "tcp.flags")?.value ?? 0);
  if ((bits & TcpFlag.reset) !== 0) return "reset";
  if ((flags & RowFlag.again) !== 0) return "again";
  if ((bits & TcpFlag.synchronize) !== 0) return "opens";
  return (bits & TcpFlag.finish) !== 0 ? "closes" : undefined;
}

function shown(address: string, names: Names): string {
  return names.get(address) ?? (address === "ff:ff:ff:ff:ff:ff" ? "Broadcast" : address);
}
