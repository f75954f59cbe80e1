/** What both ends of a conversation said: the octets in order, and the dialogue in lines. */

import { encodeBase64, joinBytes } from "../../bytes/index.ts";
import { DialogueRecorder } from "../../dissect/dialogue-recorder.ts";
import { conversationTitle, dialogueText, type Names, StreamAssembler } from "../../dissect/index.ts";
import { type Endpoint, formatEndpoint } from "../../net/index.ts";
import { TcpFlag } from "../../sim/wire/tcp.ts";
import type { StreamView } from "../protocol/packets.ts";
import { RowFlag } from "./block.ts";
import { dataLengthOf } from "./filter/header.ts";
import { conversationOf, numbersOf } from "./select.ts";
import type { PacketStore } from "./store.ts";

type Side = "client" | "server";

/** From octet `from` of both sides together; at most `octetsMax` of them. Throws LocalError "no-conversation". */
export function streamOf(
  store: PacketStore,
  id: number,
  { from = 0, octetsMax = OCTETS_MAX }: { readonly from?: number; readonly octetsMax?: number } = {},
): StreamView {
  const { conversation } = conversationOf(store, id);
  const names = store.names();
  const recorder = new DialogueRecorder(conversation, LINES_MAX);
  const parts = new Parts(from, from + octetsMax);
  const assemblers = { client: new StreamAssembler<number>(), server: new StreamAssembler<number>() };
  let rest = 0;
  for (const number of numbersOf(store, id)) {
    if (parts.isFull) {
      rest += newOctets(store, number);
      continue;
    }
    const analyzed = store.analyzed(number);
    if (analyzed?.flow === undefined) continue;
    recorder.handle(analyzed);
    const { flow, packet, context } = analyzed;
    const side: Side = context.fromClient === true ? "client" : "server";
    if (flow.tcp === undefined) {
      parts.add(side, packet.timeNs, flow.payload, false);
      continue;
    }
    const assembler = assemblers[side];
    if ((flow.tcp.flags & TcpFlag.synchronize) !== 0) assembler.begin(flow.tcp.sequence + 1);
    for (const { bytes, mark } of assembler.add(flow.tcp.sequence, flow.payload, packet.timeNs))
      parts.add(side, Math.max(mark, packet.timeNs), bytes, true);
  }
  for (const side of ["client", "server"] as const)
    for (const { bytes, mark } of assemblers[side].finish()) parts.add(side, mark, bytes, true);
  return {
    conversation: id,
    title: conversationTitle(conversation, names),
    client: endText(conversation.client, names),
    server: endText(conversation.server, names),
    parts: parts.finish(),
    omitted: parts.omitted + rest,
    dialogue: dialogueText(recorder.finish(), names),
  };
}

/** "mail.crepes.fr:25" */
export function endText(endpoint: Endpoint, names: Names): string {
  const name = names.get(endpoint.address);
  return name === undefined ? formatEndpoint(endpoint) : `${name}:${endpoint.port}`;
}

/** Pieces of both sides; what one side says without the other in between is one part. */
class Parts {
  omitted = 0;
  readonly #start: number;
  readonly #end: number;
  readonly #parts: { from: Side; timeNs: number; pieces: Uint8Array[] }[] = [];
  #at = 0;

  constructor(start: number, end: number) {
    this.#start = start;
    this.#end = end;
  }

  get isFull(): boolean {
    return this.#at >= this.#end;
  }

  add(from: Side, timeNs: number, bytes: Uint8Array, isStream: boolean): void {
    const skipped = Math.min(bytes.length, Math.max(0, this.#start - this.#at));
    const kept = bytes.subarray(skipped, Math.max(skipped, Math.min(bytes.length, this.#end - this.#at)));
    this.omitted += bytes.length - kept.length - skipped;
    this.#at += bytes.length;
    if (kept.length === 0) return;
    const last = this.#parts.at(-1);
    if (isStream && last?.from === from) last.pieces.push(kept);
    else this.#parts.push({ from, timeNs, pieces: [kept] });
  }

  finish(): StreamView["parts"] {
    return this.#parts.map(({ from, timeNs, pieces }) => ({
      from,
      timeNs,
      octets: encodeBase64(joinBytes(pieces)),
    }));
  }
}

/** Octets of a packet that no packet before it had, as far as its labels tell. */
function newOctets(store: PacketStore, number: number): number {
  const block = store.recorder.blockOf(number);
  if (block === undefined) return 0;
  const at = number - block.firstNumber;
  return (block.flags[at] & RowFlag.again) !== 0 ? 0 : Math.max(0, dataLengthOf(block, at));
}

/** Some hundred pages; a message of a megabyte and more can be opened in another program. */
const OCTETS_MAX = 512 * 1024;
const LINES_MAX = 2000;
