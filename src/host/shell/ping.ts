/**
 * `ping`: round-trip times to a host, by ICMP echo where the host may send it (in the lab), else by UDP echo.
 * When they leave and what becomes of each: protocols/echo/probe.ts; how it is said: ping-report.ts.
 */

import {
  addressesOf,
  type EchoRequest,
  type EchoSocket,
  familyOf,
  LocalError,
  type Network,
  type Task,
} from "../../net/index.ts";
import {
  ECHO_PORT,
  PROBE_SIZE_MIN,
  type ProbeAnswer,
  type ProbePath,
  probe,
  UdpProbes,
} from "../../protocols/echo/index.ts";
import {
  exclusiveOption,
  hasOption,
  optionDurationMs,
  optionInteger,
  parseHostAndPort,
} from "./arguments.ts";
import type { Command, CommandInput, Shell } from "./command.ts";
import { formatOutcome, formatStatistics, OrderWatch, type PingOutcome, summarize } from "./ping-report.ts";
import { FAMILY_OPTIONS, optionFamily } from "./shared-options.ts";

export const ping: Command = {
  name: "ping",
  summary: "measure round-trip times to a host, and what is lost",
  operands: "HOST[:PORT]",
  options: [
    { name: "count", short: "c", value: "N", help: "how many requests (4)" },
    { name: "interval", short: "i", value: "TIME", help: "time between two requests (1s)" },
    { name: "size", short: "s", value: "OCTETS", help: "payload of a request (56)" },
    { name: "timeout", short: "W", value: "TIME", help: "an answer that takes longer is lost (1s)" },
    { name: "ttl", short: "t", value: "HOPS", help: "time to live of the requests (64; ICMP only)" },
    { name: "udp", help: "UDP echo (port 7, or the one that is given) instead of ICMP" },
    { name: "icmp", help: "ICMP echo (the default where this host may send it: in the lab)" },
    ...FAMILY_OPTIONS,
  ],
  examples: ["ping mail.hamburger.edu", "ping -c 10 -i 200ms -s 1000 10.2.0.10", "ping 127.0.0.1:7007 --udp"],
  *run(shell, input): Task<number> {
    const { host, port } = parseHostAndPort(input.operands[0], "HOST", NO_PORT);
    const plan = readPlan(shell, input, port);
    const { family } = optionFamily(input);
    const addresses = yield* addressesOf(shell.network.resolver, host, family);
    return yield* pingAddress(shell, plan, host, addresses[0]);
  },
};

interface PingPlan {
  readonly count: number;
  readonly intervalMs: number;
  readonly size: number;
  readonly timeoutMs: number;
  readonly ttl: number | undefined;
  /** Undefined: ICMP. */
  readonly udpPort: number | undefined;
}

function readPlan(shell: Shell, input: CommandInput, port: number): PingPlan {
  const udpPort = readUdpPort(shell, input, port);
  const sizes = { least: udpPort === undefined ? 0 : PROBE_SIZE_MIN, most: SIZE_MAX };
  const times = { leastMs: 1, mostMs: 3_600_000 };
  const plan = {
    count: optionInteger(input, "count", { least: 1, most: COUNT_MAX }, COUNT_DEFAULT),
    intervalMs: optionDurationMs(input, "interval", times, 1000),
    size: optionInteger(input, "size", sizes, SIZE_DEFAULT),
    timeoutMs: optionDurationMs(input, "timeout", times, 1000),
    ttl: optionInteger(input, "ttl", { least: 1, most: 255 }, undefined),
    udpPort,
  };
  if (udpPort !== undefined && hasOption(input, "ttl")) {
    throw new LocalError("usage", "--ttl works with ICMP only, and these requests go over UDP");
  }
  return plan;
}

/** A port means UDP, for ICMP has none; undefined: ICMP. */
function readUdpPort(shell: Shell, input: CommandInput, port: number): number | undefined {
  const kind = exclusiveOption(input, ["udp", "icmp"]) ?? (port === NO_PORT ? undefined : "udp");
  if (kind === "icmp" && port !== NO_PORT) throw new LocalError("usage", "ICMP has no ports; --udp has");
  if (kind === "icmp" && shell.network.pinger === undefined) throw new LocalError("no-icmp", NO_ICMP);
  if (kind === "icmp" || (kind === undefined && shell.network.pinger !== undefined)) return undefined;
  if (kind === undefined) shell.printError(`ping: ${NO_ICMP}; asking UDP port ${ECHO_PORT} (echo) instead\n`);
  return port === NO_PORT ? ECHO_PORT : port;
}

function* pingAddress(shell: Shell, plan: PingPlan, host: string, address: string): Task<number> {
  const { clock } = shell.network;
  // First of all: where there is no route, that is all there is to say.
  const path = yield* openPath(shell.network, plan, address);
  const by = plan.udpPort === undefined ? "ICMP" : `UDP port ${plan.udpPort}`;
  if (!shell.json) shell.print(`PING ${host} (${address}): ${plan.size} octets of data, ${by}\n`);
  const outcomes: PingOutcome[] = [];
  const order = new OrderWatch();
  const beganNs = clock.nowNs();
  try {
    yield* probe(clock, path, plan, (raw) => {
      const outcome = order.mark(raw);
      outcomes.push(outcome);
      if (!shell.json) shell.print(`${formatOutcome(outcome, plan.size + HEADER_SIZE)}\n`);
    });
  } finally {
    path.close();
    // Also when it is interrupted: what was measured is worth knowing.
    const durationMs = (clock.nowNs() - beganNs) / 1e6;
    const statistics = summarize(outcomes);
    const result = {
      host,
      address,
      udpPort: plan.udpPort,
      size: plan.size,
      durationMs,
      ...statistics,
      outcomes,
    };
    shell.print(shell.json ? `${JSON.stringify(result)}\n` : formatStatistics(host, statistics, durationMs));
  }
  return outcomes.some((outcome) => outcome.kind === "answered") ? 0 : 1;
}

function* openPath(network: Network, plan: PingPlan, address: string): Task<ProbePath> {
  if (plan.udpPort === undefined) {
    if (network.pinger === undefined) throw new LocalError("no-icmp", NO_ICMP);
    return new IcmpProbes(network.pinger.open(address), plan);
  }
  const to = { address, port: plan.udpPort };
  const any = familyOf(address) === 4 ? "0.0.0.0" : "::";
  const socket = yield* network.bind({ port: 0, address: any, peer: to });
  return new UdpProbes(network, socket, to, plan.size);
}

/** Probes over ICMP. */
class IcmpProbes implements ProbePath {
  readonly #socket: EchoSocket;
  readonly #request: Omit<EchoRequest, "sequence">;
  #last = 0;

  constructor(socket: EchoSocket, { size, ttl }: PingPlan) {
    this.#socket = socket;
    const payload = Uint8Array.from({ length: size }, (_, i) => i & 0xff);
    this.#request = ttl === undefined ? { payload } : { payload, ttl };
  }

  send(sequence: number): void {
    this.#last = sequence;
    this.#socket.send({ ...this.#request, sequence });
  }

  *receive(timeoutMs: number): Task<ProbeAnswer | undefined> {
    const answer = yield* this.#socket.receive(timeoutMs);
    if (answer === undefined) return undefined;
    // The packet has 16 bits of it: the latest request is meant that has the same.
    return { ...answer, sequence: this.#last - ((this.#last - answer.sequence) & 0xffff) };
  }

  close(): void {
    this.#socket.close();
  }
}

/** No port was given. */
const NO_PORT = 0;
const NO_ICMP = "Node.js offers no ICMP";
/** As ping has it: 64 octets with the header. */
const SIZE_DEFAULT = 56;
/** The header of ICMP echo, and that of UDP. */
const HEADER_SIZE = 8;
/** RFC 791: 65,535 octets less the headers of IPv4 and ICMP (or UDP). */
const SIZE_MAX = 65_507;
/** As on Windows; without an end a story could not go on. */
const COUNT_DEFAULT = 4;
/** The outcomes are kept until the end. */
const COUNT_MAX = 100_000;
