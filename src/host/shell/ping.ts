/**
 * `ping`: round-trip times to a host, by ICMP echo where the host may send it (in the lab), else by UDP echo.
 * Requests leave at their interval whether answers come or not; sending and receiving go on beside each other.
 */

import {
  addressesOf,
  familyOf,
  LocalError,
  NetworkError,
  type Pinger,
  sleep,
  type Task,
  type TaskHandle,
} from "../../net/index.ts";
import { ECHO_PORT, PROBE_SIZE_MIN, probe } from "../../protocols/echo/index.ts";
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
  const { network } = shell;
  const by = plan.udpPort === undefined ? "ICMP" : `UDP port ${plan.udpPort}`;
  if (!shell.json) shell.print(`PING ${host} (${address}): ${plan.size} octets of data, ${by}\n`);
  const outcomes: PingOutcome[] = [];
  const order = new OrderWatch();
  const report = (raw: PingOutcome): void => {
    const outcome = order.mark(raw);
    outcomes.push(outcome);
    if (!shell.json) shell.print(`${formatOutcome(outcome, plan.size + HEADER_SIZE)}\n`);
  };
  const beganNs = network.clock.nowNs();
  try {
    if (plan.udpPort !== undefined) yield* pingByUdp(shell, plan, { address, port: plan.udpPort }, report);
    else if (network.pinger !== undefined) yield* pingByIcmp(shell, network.pinger, plan, address, report);
  } finally {
    // Also when it is interrupted: what was measured is worth knowing.
    const durationMs = (network.clock.nowNs() - beganNs) / 1e6;
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

type Report = (outcome: PingOutcome) => void;

function* pingByUdp(
  shell: Shell,
  plan: PingPlan,
  to: { address: string; port: number },
  report: Report,
): Task {
  const any = familyOf(to.address) === 4 ? "0.0.0.0" : "::";
  const socket = yield* shell.network.bind({ port: 0, address: any, peer: to });
  try {
    yield* probe(shell.network, socket, to, plan, ({ kind, sequence, roundTripNs }) => {
      report({ kind, sequence, roundTripNs, from: kind === "lost" ? undefined : to.address, ttl: undefined });
    });
  } finally {
    socket.close();
  }
}

function* pingByIcmp(shell: Shell, pinger: Pinger, plan: PingPlan, address: string, report: Report): Task {
  const { network } = shell;
  const requests: TaskHandle[] = [];
  try {
    for (let sequence = 1; sequence <= plan.count; sequence++) {
      if (sequence > 1) yield* sleep(network.clock, plan.intervalMs);
      const request = network.spawn(`ping ${sequence}`, pingOnce(pinger, plan, address, sequence, report));
      // One that fails before it is joined is no failure that nobody hears of.
      request.whenDone(() => {});
      requests.push(request);
    }
    for (const request of requests) yield* request.join();
  } finally {
    for (const request of requests) request.cancel();
  }
}

function* pingOnce(pinger: Pinger, plan: PingPlan, address: string, sequence: number, report: Report): Task {
  const payload = Uint8Array.from({ length: plan.size }, (_, i) => i & 0xff);
  const { timeoutMs, ttl } = plan;
  try {
    const reply = yield* pinger.ping(address, {
      sequence,
      payload,
      timeoutMs,
      ...(ttl === undefined ? {} : { ttl }),
    });
    report({ ...reply, sequence, kind: reply.kind === "reply" ? "answered" : reply.kind });
  } catch (error) {
    if (!(error instanceof NetworkError && error.code === "timed-out")) throw error;
    report({ kind: "lost", sequence, from: undefined, roundTripNs: undefined, ttl: undefined });
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
