/** The offers that a client has got in SELECTING, and which of them it takes. */

import type { Offer } from "./client-types.ts";
import { isHostAddress } from "./lease.ts";
import type { DhcpMessage } from "./wire.ts";

export interface ReceivedOffer {
  readonly address: string;
  readonly serverIdentifier: string;
  readonly atNs: number;
}

export class Offers {
  #received: ReceivedOffer[] = [];

  get count(): number {
    return this.#received.length;
  }

  /** Whether it is one that can be taken. */
  add({ yourAddress: address, options }: DhcpMessage, serverIdentifier: string, atNs: number): boolean {
    if (!isHostAddress(address) || options.leaseTime === undefined) return false;
    if (this.#received.length >= OFFERS_MAX) return false;
    this.#received.push({ address, serverIdentifier, atNs });
    return true;
  }

  /** The first one, unless another has the address that the client had last. */
  best(lastAddress: string | undefined): ReceivedOffer {
    return this.#received.find(({ address }) => address === lastAddress) ?? this.#received[0];
  }

  /** All of them, with the one that was taken; the list is empty then. */
  take(taken: ReceivedOffer): readonly Offer[] {
    return this.#received.splice(0).map((each) => ({ ...each, taken: each === taken }));
  }

  clear(): void {
    this.#received = [];
  }
}

/** Nobody has more servers on a link: a bound against a forger. */
const OFFERS_MAX = 16;
