/**
 * Listens to one conversation and writes its dialogue down: lines and messages of each side as they are
 * completed.
 */

import { decodeUtf8Lossy, joinBytes } from "../bytes/index.ts";
import { TcpFlag } from "../sim/wire/tcp.ts";
import type { AnalyzedPacket } from "./analysis.ts";
import type { Application } from "./application.ts";
import { visible } from "./applications/text-lines.ts";
import type { Conversation } from "./conversations.ts";
import type { Dialogue, DialogueLine } from "./dialogue.ts";
import { StreamAssembler, type StreamChunk } from "./reassembly.ts";
import { applicationByName } from "./registry.ts";

/** When and by which packet something was sent. */
interface Mark {
  readonly timeNs: number;
  readonly number: number;
}

/** What one side says in a row; "note": both, once enough was shown. */
interface Run {
  from?: DialogueLine["from"];
  count: number;
  hidden: number;
  octets: number;
  mark?: Mark;
}

export class DialogueRecorder {
  readonly #conversation: Conversation;
  readonly #lines: DialogueLine[] = [];
  readonly #linesMax: number;
  readonly #isBrief: boolean;
  readonly #client = new Side("client");
  readonly #server = new Side("server");
  #omitted = 0;
  /** Messages and datagrams that stand in a line of their own. */
  #messages = 0;
  /** Those of one side since the other spoke, and how many of them are only counted. */
  #run: Run = NO_RUN;
  #synAtNs: number | undefined;
  #isConnected = false;
  #finCount = 0;
  #isOver = false;

  constructor(conversation: Conversation, linesMax: number, isBrief = false) {
    this.#conversation = conversation;
    this.#linesMax = linesMax;
    this.#isBrief = isBrief;
  }

  handle({ packet, flow, context }: AnalyzedPacket): void {
    if (flow === undefined) return;
    const side = context.fromClient ? this.#client : this.#server;
    const mark = { timeNs: packet.timeNs, number: packet.number };
    if (flow.tcp === undefined) {
      const application = this.#application();
      const text =
        application?.describeDatagram?.(flow.payload) ??
        application?.messages?.describe(flow.payload) ??
        textOf(flow.payload).replaceAll("\n", "\\n");
      this.#addMessage(side.role, text, flow.payload.length, mark);
      return;
    }
    const { flags, sequence } = flow.tcp;
    if ((flags & TcpFlag.synchronize) !== 0) side.stream.begin(sequence + 1);
    this.#noteBegin(flags, context.fromClient === true, mark);
    this.#take(side, side.stream.add(sequence, flow.payload, mark));
    this.#noteEnd(flags, side.role, mark, context.tcp?.labels ?? []);
  }

  finish(): Dialogue {
    for (const side of [this.#client, this.#server]) {
      this.#take(side, side.stream.finish());
      const last = side.last;
      if (last === undefined) continue;
      if (side.pending.length > 0) this.#addLine(side, side.pending, last);
      this.#endContent(side, last);
    }
    this.#endRun();
    // Gaps and cut lines come last here but belong to their time.
    const lines = this.#lines.sort((a, b) => a.timeNs - b.timeNs || a.packetNumber - b.packetNumber);
    return { conversation: this.#conversation, lines, omittedCount: this.#omitted };
  }

  #take(side: Side, chunks: readonly StreamChunk<Mark>[]): void {
    for (const chunk of chunks) {
      // What came early is said when what belongs before it has come.
      const mark = side.last !== undefined && side.last.number > chunk.mark.number ? side.last : chunk.mark;
      side.last = mark;
      if (chunk.gap > 0) {
        side.pending = NOTHING;
        this.#add("note", `${chunk.gap} octets from the ${side.role} are not in the capture`, mark);
      }
      side.pending = side.pending.length === 0 ? chunk.bytes : joinBytes([side.pending, chunk.bytes]);
      this.#cut(side, mark);
    }
  }

  /** Takes the complete messages or lines off what the side has sent. */
  #cut(side: Side, mark: Mark): void {
    const format = this.#application()?.messages;
    for (;;) {
      const length = format === undefined ? lineLength(side.pending) : format.lengthInStream(side.pending);
      if (length === undefined) return;
      const message = side.pending.subarray(0, length);
      side.pending = side.pending.subarray(length);
      if (format === undefined) this.#addLine(side, message, mark);
      else this.#addMessage(side.role, format.describe(message.subarray(format.streamPrefix)), length, mark);
    }
  }

  /** A line of text; content between such lines is only counted. */
  #addLine(side: Side, line: Uint8Array, mark: Mark): void {
    const content = this.#application()?.content;
    if (side.contentOctets === undefined || content === undefined) {
      const text = textOf(line);
      this.#add(side.role, text, mark);
      if (content?.begins.test(text)) side.contentOctets = 0;
      return;
    }
    // The content's last line may have no end of its own.
    const end = content.ends.exec(textOf(line))?.[0];
    side.contentOctets += line.length - (end === undefined ? 0 : end.length + 1);
    if (end === undefined) return;
    this.#endContent(side, mark);
    this.#add(side.role, end, mark);
  }

  #endContent(side: Side, mark: Mark): void {
    if (side.contentOctets !== undefined)
      this.#add(side.role, `(${side.contentOctets} octets of content)`, mark);
    side.contentOctets = undefined;
  }

  #addMessage(from: "client" | "server", text: string, octets: number, mark: Mark): void {
    const isEnough = this.#messages >= MESSAGES_SHOWN_MAX;
    if (this.#run.from !== from && !(isEnough && this.#run.hidden > 0)) {
      this.#endRun();
      this.#run = { ...NO_RUN, from };
    }
    const run = this.#run;
    run.count++;
    if (!this.#isBrief || (!isEnough && run.count <= RUN_SHOWN_MAX)) {
      this.#messages++;
      this.#add(from, text, mark);
      return;
    }
    if (run.from !== from) run.from = "note";
    run.hidden++;
    run.octets += octets;
    run.mark = mark;
  }

  #endRun(): void {
    const { from, hidden, octets, mark } = this.#run;
    if (from !== undefined && mark !== undefined) this.#add(from, `(${hidden} more, ${octets} octets)`, mark);
    this.#run = NO_RUN;
  }

  #noteBegin(flags: number, fromClient: boolean, mark: Mark): void {
    if ((flags & TcpFlag.synchronize) !== 0 && fromClient) this.#synAtNs ??= mark.timeNs;
    else if (
      this.#synAtNs !== undefined &&
      fromClient &&
      !this.#isConnected &&
      (flags & TcpFlag.reset) === 0
    ) {
      this.#isConnected = true;
      const tookMs = (mark.timeNs - this.#synAtNs) / 1e6;
      this.#add("note", `connected by a handshake of ${Number(tookMs.toFixed(3))} ms`, mark);
    }
  }

  #noteEnd(flags: number, role: string, mark: Mark, labels: readonly string[]): void {
    if (this.#isOver) return;
    if ((flags & TcpFlag.reset) !== 0) {
      this.#isOver = true;
      this.#add("note", this.#isConnected ? `reset by the ${role}` : `refused by the ${role}`, mark);
    } else if ((flags & TcpFlag.finish) !== 0 && labels.length === 0) {
      this.#finCount++;
      this.#isOver = this.#finCount === 2;
      this.#add("note", this.#isOver ? `closed by the ${role} too` : `closed by the ${role}`, mark);
    }
  }

  #add(from: DialogueLine["from"], text: string, mark: Mark): void {
    if (this.#lines.length < this.#linesMax || from === "note") {
      this.#lines.push({ timeNs: mark.timeNs, from, text, packetNumber: mark.number });
    } else this.#omitted++;
  }

  #application(): Application | undefined {
    return applicationByName(this.#conversation.application ?? "");
  }
}

/** What one end has sent. */
class Side {
  readonly role: "client" | "server";
  readonly stream = new StreamAssembler<Mark>();
  /** In order, not yet a whole line or message. */
  pending: Uint8Array = new Uint8Array(0);
  last: Mark | undefined;
  /** Octets of content since the line that began it; undefined outside. */
  contentOctets: number | undefined;

  constructor(role: "client" | "server") {
    this.role = role;
  }
}

/** With the line's end; a line that does not end is cut. */
function lineLength(bytes: Uint8Array): number | undefined {
  const newline = bytes.indexOf(10);
  if (newline >= 0 && newline < LINE_MAX) return newline + 1;
  return bytes.length >= LINE_MAX ? LINE_MAX : undefined;
}

/** A line for people: without its end, what is no text only counted. */
function textOf(bytes: Uint8Array): string {
  let end = bytes.length;
  if (end > 0 && bytes[end - 1] === 10) end--;
  if (end > 0 && bytes[end - 1] === 13) end--;
  const content = bytes.subarray(0, end);
  const text = decodeUtf8Lossy(content);
  const odd = text.replace(/[^\ufffd\p{Cc}]/gu, "").length;
  return odd > text.length / 4 ? `(${bytes.length} octets of binary data)` : visible(content);
}

const NOTHING = new Uint8Array(0);
const NO_RUN: Run = { count: 0, hidden: 0, octets: 0 };
/** Of a person who reads: enough to see the pattern, of one side in a row and in all. */
const RUN_SHOWN_MAX = 4;
const MESSAGES_SHOWN_MAX = 16;

/** Far more than RFC 5321 section 4.5.3.1.6 allows (1,000 octets); what is longer is no line. */
const LINE_MAX = 8192;
