/**
 * The lease table: which address is whose. What must stay true: an address belongs to one client at a time, and nobody
 * else gets it before that time is over. No timer runs: a binding that is over is found to be so when it is looked at.
 */

import type { StoredLease } from "./store.ts";
import { type ClientName, isInPool, poolAddress, poolSize, type Subnet, subnetKey } from "./subnets.ts";

export interface Binding {
  readonly address: string;
  /** `ClientName.key` of who has it, or had it last. */
  readonly client: string;
  readonly hardwareAddress: string;
  readonly hostName: string;
  /** "offered": promised for a moment, and not written down. */
  readonly state: StoredLease["state"] | "offered";
  /** Infinity: never. */
  readonly expiresAtNs: number;
}

export class Bindings {
  readonly #byAddress = new Map<string, Binding>();
  /** The addresses that a client has or had, the latest last, by network and client. */
  readonly #ofClient = new Map<string, readonly string[]>();
  /** What nobody has any more, longest first. */
  readonly #free = new Set<string>();
  /** Up to which place of a pool every address was given at least once. */
  readonly #used = new WeakMap<Subnet, number>();
  #sweptAtNs = Number.NEGATIVE_INFINITY;

  at(address: string): Binding | undefined {
    return this.#byAddress.get(address);
  }

  all(): Binding[] {
    return [...this.#byAddress.values()];
  }

  /** What the client has in this network, or had last. */
  ofClient(subnet: Subnet, client: ClientName): Binding | undefined {
    return this.#all(`${subnetKey(subnet)} ${client.key}`, client.key).at(-1);
  }

  /** What else the client has in this network. */
  othersOf(subnet: Subnet, client: ClientName, address: string): Binding[] {
    const all = this.#all(`${subnetKey(subnet)} ${client.key}`, client.key);
    return all.filter((each) => each.address !== address);
  }

  put(subnet: Subnet | undefined, binding: Binding): void {
    this.#byAddress.set(binding.address, binding);
    if (subnet !== undefined) {
      const key = `${subnetKey(subnet)} ${binding.client}`;
      const others = this.#all(key, binding.client).map(({ address }) => address);
      this.#ofClient.set(key, [...others.filter((each) => each !== binding.address), binding.address]);
    }
    this.#free.delete(binding.address);
    if (binding.state === "free") this.#free.add(binding.address);
  }

  /**
   * An address of the pool that nobody has: one that nobody ever had, else the one that was given back longest ago, so that
   * who returns finds his old one (RFC 2131 section 4.3.1).
   */
  choose(subnet: Subnet, nowNs: number, mayGive: (address: string) => boolean): string | undefined {
    const size = poolSize(subnet);
    const at = (place: number): string => poolAddress(subnet, place) as string;
    let place = this.#used.get(subnet) ?? 0;
    while (place < size && this.#byAddress.has(at(place))) place++;
    this.#used.set(subnet, place);
    for (; place < size; place++) if (!this.#byAddress.has(at(place)) && mayGive(at(place))) return at(place);
    this.#sweep(nowNs);
    for (const address of this.#free) {
      if (isInPool(subnet, address) && mayGive(address)) return address;
    }
    return undefined;
  }

  /** Those of the addresses under `key` that are still the client's. */
  #all(key: string, client: string): Binding[] {
    const addresses = this.#ofClient.get(key) ?? [];
    return addresses.flatMap((address) => {
      const binding = this.#byAddress.get(address);
      return binding?.client === client ? [binding] : [];
    });
  }

  /** Finds what is over, at most once a second. */
  #sweep(nowNs: number): void {
    if (nowNs - this.#sweptAtNs < SWEEP_NS) return;
    this.#sweptAtNs = nowNs;
    const over = this.all().filter((each) => !isLive(each, nowNs) && !this.#free.has(each.address));
    over.sort((a, b) => a.expiresAtNs - b.expiresAtNs);
    for (const { address } of over) this.#free.add(address);
  }
}

/** Whether it keeps its address from others. */
export function isLive({ state, expiresAtNs }: Binding, nowNs: number): boolean {
  return state !== "free" && expiresAtNs > nowNs;
}

const SWEEP_NS = 1e9;
