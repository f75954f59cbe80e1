/** Which name server to ask next and how long to wait: round-trip times seen, failures, back-off. */

import { type AddressFamily, familyOf, type Random } from "../../../net/index.ts";
import { type Name, nameKey } from "../name.ts";
import { TtlCache } from "../ttl-cache.ts";

interface ServerState {
  readonly roundTripMs: number;
  /** Time-outs in a row. */
  readonly timeouts: number;
  /** Until then others are asked first. */
  readonly avoidUntilNs: number;
}

export class ServerTable {
  readonly #states = new TtlCache<ServerState>(SERVERS_MAX);
  readonly #lame = new TtlCache<true>(SERVERS_MAX);

  /** The servers of `zone` in the order to ask; lame ones are left out. */
  ordered(addresses: Iterable<string>, zone: Name, nowNs: number, random: Random): string[] {
    const rated: { address: string; cost: number }[] = [];
    for (const address of addresses) {
      if (this.#lame.get(lameKey(address, zone), nowNs)) continue;
      const state = this.#states.get(address, nowNs);
      const family = familyOf(address) as AddressFamily;
      rated.push({ address, cost: costOf(state, family, nowNs, random) });
    }
    return rated.sort((a, b) => a.cost - b.cost).map(({ address }) => address);
  }

  /** How long to wait for an answer, in the `round`-th round through the servers (from 0). */
  timeoutMs(address: string, nowNs: number, round: number): number {
    const known = this.#states.get(address, nowNs);
    const base = known === undefined ? UNKNOWN_TIMEOUT_MS : TIMEOUT_FACTOR * known.roundTripMs;
    return Math.min(Math.max(base, TIMEOUT_MIN_MS) * 2 ** round, TIMEOUT_MAX_MS);
  }

  handleAnswer(address: string, roundTripMs: number, nowNs: number): void {
    const known = this.#states.get(address, nowNs)?.roundTripMs ?? roundTripMs;
    // As TCP smooths its round-trip times (RFC 6298 section 2), with a quicker hand.
    const smoothed = known + (roundTripMs - known) / 4;
    this.#put(address, { roundTripMs: smoothed, timeouts: 0, avoidUntilNs: 0 }, nowNs);
  }

  handleTimeout(address: string, waitedMs: number, nowNs: number): void {
    const known = this.#states.get(address, nowNs);
    const timeouts = (known?.timeouts ?? 0) + 1;
    const backOffMs = Math.min(BACK_OFF_MS * 2 ** (timeouts - 1), BACK_OFF_MAX_MS);
    const roundTripMs = Math.max(known?.roundTripMs ?? 0, waitedMs / TIMEOUT_FACTOR);
    this.#put(address, { roundTripMs, timeouts, avoidUntilNs: nowNs + backOffMs * 1e6 }, nowNs);
  }

  /** It answers, but not for this zone. */
  handleLame(address: string, zone: Name, nowNs: number): void {
    this.#lame.put(lameKey(address, zone), true, nowNs, LAME_SECONDS);
  }

  clear(): void {
    this.#states.clear();
    this.#lame.clear();
  }

  #put(address: string, state: ServerState, nowNs: number): void {
    this.#states.put(address, state, nowNs, STATE_SECONDS);
  }
}

/**
 * Policy: the quickest first. A server without history draws a small cost, so that each is tried some day; one in
 * back-off comes last but is not given up, for it may be the only one.
 */
function costOf(
  state: ServerState | undefined,
  family: AddressFamily,
  nowNs: number,
  random: Random,
): number {
  if (state === undefined) return random.below(UNKNOWN_COST_MS) + (family === 6 ? IPV6_COST_MS : 0);
  return state.avoidUntilNs > nowNs ? AVOIDED_COST_MS + state.roundTripMs : state.roundTripMs;
}

function lameKey(address: string, zone: Name): string {
  return `${address} ${nameKey(zone)}`;
}

const SERVERS_MAX = 4096;
/** What was seen longer ago says little. */
const STATE_SECONDS = 900;
/** BIND's lame-ttl is 600; here whoever mends a server wants to see it soon. */
const LAME_SECONDS = 60;
/** Less than most round trips, so that servers without history are tried before known ones. */
const UNKNOWN_COST_MS = 10;
/** Many hosts have no way to IPv6: of servers without history those with IPv4 come first. */
const IPV6_COST_MS = 20;
const AVOIDED_COST_MS = 1e6;
/** Long enough for the other side of the world, twice. */
const UNKNOWN_TIMEOUT_MS = 800;
const TIMEOUT_FACTOR = 4;
/** A loaded server or a queue on the way takes a little. */
const TIMEOUT_MIN_MS = 300;
const TIMEOUT_MAX_MS = 3000;
/** After a first time-out, doubled by each further one. */
const BACK_OFF_MS = 5000;
const BACK_OFF_MAX_MS = 300_000;
