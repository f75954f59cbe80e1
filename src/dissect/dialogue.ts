/**
 * Conversations as dialogues: the lines that client and server exchange, in their order, with the time of
 * each. What travels as messages (DNS) is one line per message. Retransmissions and the order of segments do
 * not show.
 */

import type { CapturedPacket } from "../sim/capture/packet.ts";
import { Analysis } from "./analysis.ts";
import type { Conversation } from "./conversations.ts";
import { DialogueRecorder } from "./dialogue-recorder.ts";

export interface Dialogue {
  readonly conversation: Conversation;
  readonly lines: readonly DialogueLine[];
  /** Lines that are not in `lines` because there were too many. */
  readonly omittedCount: number;
}

export interface DialogueLine {
  readonly timeNs: number;
  /** "note": what happens to the connection itself. */
  readonly from: "client" | "server" | "note";
  readonly text: string;
  /** The packet that completed the line. */
  readonly packetNumber: number;
}

export interface DialogueOptions {
  /** Names of application protocols; absent: all conversations that carry data. */
  readonly applications?: readonly string[];
  /** Per dialogue. */
  readonly linesMax?: number;
  /** For a person who reads it all: of messages and datagrams that one side sends in a row, most are only counted. */
  readonly isBrief?: boolean;
}

/** The dialogues of a capture, in the order of their first packets. */
export function dialoguesOf(packets: Iterable<CapturedPacket>, options: DialogueOptions = {}): Dialogue[] {
  const analysis = new Analysis();
  const recorders = new Map<Conversation, DialogueRecorder>();
  for (const packet of packets) {
    const analyzed = analysis.handle(packet);
    const { conversation } = analyzed;
    if (conversation === undefined) continue;
    let recorder = recorders.get(conversation);
    if (recorder === undefined) {
      recorder = new DialogueRecorder(conversation, options.linesMax ?? LINES_MAX, options.isBrief ?? false);
      recorders.set(conversation, recorder);
    }
    recorder.handle(analyzed);
  }
  const isWanted = ({ application }: Conversation): boolean =>
    options.applications === undefined || options.applications.includes(application ?? "");
  return [...recorders.values()]
    .map((recorder) => recorder.finish())
    .filter((dialogue) => {
      return isWanted(dialogue.conversation) && dialogue.lines.some(({ from }) => from !== "note");
    });
}

/** A whole mail of some pages; who wants more asks for it. */
const LINES_MAX = 1000;
