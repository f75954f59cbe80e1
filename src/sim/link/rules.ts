/**
 * Rules see each packet that is put on a link and decide about it. They are asked in the order in which they were
 * installed; the first answer that is not "pass" wins. With no answer the link's own options decide.
 */

import type { LinkEnd } from "./link.ts";

/** A packet that is being put on a link. */
export interface LinkPacket {
  /** The link's name. */
  readonly link: string;
  readonly from: LinkEnd;
  readonly to: LinkEnd;
  readonly timeNs: number;
  readonly packetId: number;
  /** The Ethernet frame; must not be changed. */
  readonly bytes: Uint8Array;
}

export type Verdict =
  /** Ask the next rule, at last the link. */
  | "pass"
  /** Deliver it exactly then, past the link's queue, delay and faults. */
  | { readonly deliverAfterNs: number }
  /** It ends here, for this reason: "the story drops the first SYN". */
  | { readonly drop: string };

export interface Rule {
  onPacket(packet: LinkPacket): Verdict;
}

export class Rules {
  #rules: readonly Rule[] = [];

  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /** Returns how to take the rule out again. */
  add(rule: Rule): () => void {
    this.#rules = [...this.#rules, rule];
    return () => {
      this.#rules = this.#rules.filter((other) => other !== rule);
    };
  }

  decide(packet: LinkPacket): Verdict {
    for (const rule of this.#rules) {
      const verdict = rule.onPacket(packet);
      if (verdict !== "pass") return verdict;
    }
    return "pass";
  }
}
