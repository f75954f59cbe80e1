/** What the analysis says of a packet, into the columns of its block and out again: nothing is lost on the way. */

import type { PacketContext, TcpContext } from "../../dissect/index.ts";
import { type PacketBlock, RowFlag } from "./block.ts";
import { Vocabulary } from "./vocabulary.ts";

export class ContextColumns {
  readonly #labels = new Vocabulary<readonly string[]>(65_535, ["TCP (a label that is not kept)"]);
  readonly #applications = new Vocabulary(255, "");
  readonly #states = new Vocabulary(255, "");

  write(block: PacketBlock, at: number, context: PacketContext, conversation: number): void {
    block.conversations[at] = conversation;
    let flags = block.flags[at] | RowFlag.analyzed;
    if (context.fromClient !== undefined) flags |= RowFlag.hasRole;
    if (context.fromClient === true) flags |= RowFlag.fromClient;
    const { application, state, tcp } = context;
    if (application !== undefined) block.applications[at] = this.#applications.idOf(application, application);
    if (state !== undefined) block.states[at] = this.#states.idOf(state, state);
    if (tcp !== undefined) {
      flags |= RowFlag.tcp;
      block.sequenceBases[at] = tcp.sequenceBase;
      block.acknowledgmentBases[at] = tcp.acknowledgmentBase;
      block.windowShifts[at] = tcp.windowShift ?? -1;
      if (tcp.labels.length > 0) this.#writeLabels(block, at, tcp.labels);
      if (tcp.labels.some((label) => label.endsWith("Retransmission"))) flags |= RowFlag.again;
    }
    if (SENT_AGAIN.test(block.reasons.get(at) ?? "")) flags |= RowFlag.again;
    block.flags[at] = flags;
  }

  read(block: PacketBlock, at: number): PacketContext {
    const flags = block.flags[at];
    const application = this.#applications.at(block.applications[at]);
    const state = this.#states.at(block.states[at]);
    return {
      ...((flags & RowFlag.hasRole) === 0 ? {} : { fromClient: (flags & RowFlag.fromClient) !== 0 }),
      ...((flags & RowFlag.tcp) === 0 ? {} : { tcp: this.#tcp(block, at) }),
      ...(application === undefined ? {} : { application }),
      ...(state === undefined ? {} : { state }),
    };
  }

  /** The labels but for the numbers in them, by the column: for filters. */
  labelsAt(id: number): readonly string[] {
    return this.#labels.at(id) ?? NONE;
  }

  applicationAt(id: number): string | undefined {
    return this.#applications.at(id);
  }

  #tcp(block: PacketBlock, at: number): TcpContext {
    const shift = block.windowShifts[at];
    const numbers = block.labelNumbers;
    const labels = this.labelsAt(block.labels[at]).map((label) =>
      label === DUPLICATE && numbers !== undefined
        ? `${DUPLICATE} ${numbers[2 * at]}#${numbers[2 * at + 1]}`
        : label,
    );
    return {
      sequenceBase: block.sequenceBases[at],
      acknowledgmentBase: block.acknowledgmentBases[at],
      windowShift: shift < 0 ? undefined : shift,
      labels,
    };
  }

  #writeLabels(block: PacketBlock, at: number, labels: readonly string[]): void {
    const known = labels.map((label) => {
      if (!label.startsWith(DUPLICATE)) return label;
      const [, packet, times] = /(\d+)#(\d+)$/.exec(label) ?? ["", "0", "0"];
      block.labelNumbers ??= new Uint32Array(2 * block.labels.length);
      block.labelNumbers[2 * at] = Number(packet);
      block.labelNumbers[2 * at + 1] = Number(times);
      return DUPLICATE;
    });
    block.labels[at] = this.#labels.idOf(known.join("\n"), known);
  }
}

/** The one label that has numbers in it: it would make a new word each time. */
const DUPLICATE = "TCP Dup ACK";
const NONE: readonly string[] = [];
/** How our hosts begin the reason of what they send once more. */
const SENT_AGAIN = /^(retransmi|fast retransmi)/;
