/** The capture, or what the display filter shows, fetched piece by piece and saved as a file. */

import type { EngineClient } from "../engine/client.ts";
import { bytesOf, saveFile } from "../panels/parts/octets.ts";

export async function exportPackets(
  engine: EngineClient,
  view: number | undefined,
  name: string,
  onProgress: (octets: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let octets = 0;
  let next: number | undefined;
  do {
    const asked = { ...(view === undefined ? {} : { view }), ...(next === undefined ? {} : { next }) };
    const answer = await engine.request("packets.export", asked);
    if (signal.aborted) return;
    const piece = bytesOf(answer.octets);
    pieces.push(piece);
    octets += piece.length;
    onProgress(octets);
    next = answer.next;
  } while (next !== undefined);
  saveFile(name, new Blob(pieces, { type: "application/vnd.tcpdump.pcap" }));
}
