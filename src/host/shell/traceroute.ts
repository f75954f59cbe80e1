/** `traceroute`: the routers on the way to a host, found by echo requests whose time to live runs out. */

import { LocalError, NetworkError, type PingReply, type Task } from "../../net/index.ts";
import { optionDurationMs, optionInteger } from "./arguments.ts";
import type { Command, Shell } from "./command.ts";
import { FAMILY_OPTIONS, optionFamily } from "./shared-options.ts";

export const traceroute: Command = {
  name: "traceroute",
  summary: "show the routers on the way to a host",
  operands: "HOST",
  options: [
    { name: "max-hops", short: "m", value: "N", help: "give up after N routers (default 30)" },
    { name: "timeout", short: "w", value: "TIME", help: "wait so long for each answer (default 1s)" },
    ...FAMILY_OPTIONS,
  ],
  examples: ["traceroute mail.hamburger.edu"],
  *run(shell, input): Task<number> {
    const [name] = input.operands;
    const hopsMax = optionInteger(input, "max-hops", { least: 1, most: 255 }, HOPS_DEFAULT);
    const timeoutMs = optionDurationMs(input, "timeout", { leastMs: 1, mostMs: 60_000 }, TIMEOUT_MS_DEFAULT);
    const [address] = yield* shell.network.resolver.addresses(name, optionFamily(input).family);
    if (!shell.json) shell.print(`traceroute to ${name} (${address}), at most ${hopsMax} hops\n`);
    const hops: Hop[] = [];
    for (let hop = 1; hop <= hopsMax && !hops.some(isLast); hop++) {
      const answer = { hop, ...(yield* probe(shell, address, hop, timeoutMs)) };
      hops.push(answer);
      if (!shell.json) shell.print(`${String(hop).padStart(2)}  ${describe(answer)}\n`);
    }
    if (shell.json) shell.print(`${JSON.stringify({ name, address, hops })}\n`);
    return hops.at(-1)?.kind === "reply" ? 0 : 1;
  },
};

interface Hop {
  readonly hop: number;
  readonly kind: PingReply["kind"] | "timed-out";
  readonly from: string | undefined;
  readonly roundTripNs: number | undefined;
}

function* probe(shell: Shell, address: string, hop: number, timeoutMs: number): Task<Omit<Hop, "hop">> {
  const { pinger } = shell.network;
  if (pinger === undefined) {
    throw new LocalError("no-ping", "traceroute works only in the lab: Node.js offers no ICMP");
  }
  try {
    const options = { sequence: hop, payload: new Uint8Array(PAYLOAD_LENGTH), timeoutMs, ttl: hop };
    const { kind, from, roundTripNs } = yield* pinger.ping(address, options);
    return { kind, from, roundTripNs };
  } catch (error) {
    const isSilence = error instanceof NetworkError && error.code === "timed-out";
    if (!isSilence) throw error;
    return { kind: "timed-out", from: undefined, roundTripNs: undefined };
  }
}

function isLast(hop: Hop): boolean {
  return hop.kind === "reply" || hop.kind === "unreachable";
}

function describe(hop: Hop): string {
  if (hop.roundTripNs === undefined) return "*";
  const time = `${hop.from}  ${(hop.roundTripNs / 1e6).toFixed(3)} ms`;
  return hop.kind === "unreachable" ? `${time}  unreachable` : time;
}

/** As everybody's traceroute has it: more than any path of the Internet. */
const HOPS_DEFAULT = 30;
const TIMEOUT_MS_DEFAULT = 1000;
/** As many octets as ping sends. */
const PAYLOAD_LENGTH = 56;
