/** The capture, or what a view shows, as a pcapng file in pieces of bounded size. */

import { joinBytes } from "../../bytes/index.ts";
import { type CapturedPacket, hostNamesOf, PcapngStream } from "../../sim/capture/index.ts";
import type { PacketStore } from "./store.ts";
import type { PacketView } from "./view.ts";

export interface ExportPiece {
  readonly octets: Uint8Array;
  /** What to ask for next; undefined: this was the last piece. */
  readonly next: number | undefined;
}

/**
 * The piece that begins with packet `next` (absent: the head of the file and the first packets). A view is exported as
 * far as its filter has looked. Packets that are forgotten between two pieces are missing in the file.
 */
export function exportPiece(store: PacketStore, view: PacketView | undefined, next?: number): ExportPiece {
  const interfaces = [...store.interfaces];
  const pieces: Uint8Array[] = [];
  let size = 0;
  const sink = (piece: Uint8Array): void => {
    pieces.push(piece);
    size += piece.length;
  };
  const stream = new PcapngStream(
    { startUnixMs: store.startUnixMs, interfaces, hostNames: hostNamesOf(interfaces) },
    sink,
  );
  stream.flush();
  // Each piece is written by its own stream; only the first has the head, unless there are new interfaces: then a
  // new section of the file begins, which may have packets of them.
  if (next !== undefined && heads.get(store) === interfaces.length) pieces.length = 0;
  heads.set(store, interfaces.length);
  size = 0;
  for (const packet of packetsFrom(store, view, next ?? 1)) {
    if (size >= PIECE_OCTETS) {
      stream.flush();
      return { octets: joinBytes(pieces), next: packet.number };
    }
    stream.write(packet);
  }
  stream.flush();
  return { octets: joinBytes(pieces), next: undefined };
}

function* packetsFrom(
  store: PacketStore,
  view: PacketView | undefined,
  first: number,
): Generator<CapturedPacket, void, undefined> {
  if (view === undefined) {
    for (let number = Math.max(first, store.firstNumber); number <= store.lastNumber; number++) {
      const packet = store.packet(number);
      if (packet !== undefined) yield packet;
    }
    return;
  }
  for (let index = view.find(first); ; index++) {
    const number = view.numberAt(index);
    if (number === undefined) return;
    const packet = store.packet(number);
    if (packet !== undefined) yield packet;
  }
}

/** How many interfaces the head of the file has that is being written. */
const heads = new WeakMap<PacketStore, number>();
/** Written within some milliseconds. */
const PIECE_OCTETS = 1024 * 1024;
