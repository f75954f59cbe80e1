/** `voice`: a call to a UDP echo service, as to the echo test of a telephone company, and what became of the speech. */

import { addressesOf, type Task } from "../../net/index.ts";
import { ECHO_PORT } from "../../protocols/echo/index.ts";
import { type CallReport, call } from "../../protocols/voice/index.ts";
import { optionDurationMs, parseHostAndPort } from "./arguments.ts";
import type { Command } from "./command.ts";
import { noteResult, type ResultRow } from "./results.ts";
import { FAMILY_OPTIONS, optionFamily } from "./shared-options.ts";

export const voice: Command = {
  name: "voice",
  summary: "call an echo service with a voice-like stream: delay, jitter and what could not be played",
  operands: "HOST[:PORT]",
  options: [
    { name: "time", short: "t", value: "TIME", help: "how long the call takes (10s)" },
    { name: "playout", value: "TIME", help: "how long the fastest packet waits before it is played (100ms)" },
    { name: "timeout", short: "W", value: "TIME", help: "how long the last packets may take (2s)" },
    ...FAMILY_OPTIONS,
  ],
  examples: ["voice server.test", "voice server.test -t 30s --playout 40ms"],
  *run(shell, input): Task<number> {
    const { network } = shell;
    const { host, port } = parseHostAndPort(input.operands[0], "HOST", ECHO_PORT);
    const durationMs = optionDurationMs(input, "time", { leastMs: INTERVAL_MS, mostMs: 3_600_000 }, 10_000);
    const playoutMs = optionDurationMs(input, "playout", { leastMs: 0, mostMs: 10_000 }, PLAYOUT_MS);
    const timeoutMs = optionDurationMs(input, "timeout", { leastMs: 1, mostMs: 60_000 }, TIMEOUT_MS);
    const { family } = optionFamily(input);
    const [address] = yield* addressesOf(network.resolver, host, family);
    const socket = yield* network.bind({ port: 0, peer: { address, port } });
    try {
      const options = { durationMs, intervalMs: INTERVAL_MS, playoutMs, timeoutMs };
      const report = yield* call(network, socket, { address, port }, options);
      if (shell.json) shell.print(`${JSON.stringify({ host, address, port, ...options, ...report })}\n`);
      else shell.print(formatReport(report, playoutMs));
      noteResult(shell, resultRow(report, durationMs));
      return report.received === 0 ? 1 : 0;
    } finally {
      socket.close();
    }
  },
};

function formatReport(report: CallReport, playoutMs: number): string {
  const { sent, received, lost, duplicates, reordered, late, roundTripMs, jitterMs, jitterMaxMs } = report;
  const share = ((100 * lost) / sent).toFixed(1);
  const ms = (value: number): string => value.toFixed(1);
  const odd = [
    ...(duplicates === 0 ? [] : [`${duplicates} twice`]),
    ...(reordered === 0 ? [] : [`${reordered} out of order`]),
  ];
  const times =
    roundTripMs === undefined
      ? ""
      : `there and back ${ms(roundTripMs.min)}/${ms(roundTripMs.average)}/${ms(roundTripMs.max)} ms (min/avg/max), jitter ${ms(jitterMs)} ms (at most ${ms(jitterMaxMs)})\n`;
  return [
    `${sent} packets of ${OCTETS} octets sent, ${received} came back, ${[`${lost} lost (${share} %)`, ...odd].join(", ")}\n`,
    times,
    `${late} too late for a playout buffer of ${playoutMs} ms; ${(100 * report.missing).toFixed(1)} % of the speech is missing: ${feltOf(report)}\n`,
  ].join("");
}

function resultRow(report: CallReport, durationMs: number): ResultRow {
  const { received, late, missing, roundTripMs, jitterMs } = report;
  const goodputBps = ((received - late) * OCTETS * 8 * 1000) / durationMs;
  const common = { application: "voice over UDP", missing, durationMs, goodputBps, jitterMs, late };
  const delay = roundTripMs === undefined ? {} : { delayMs: roundTripMs.average / 2 };
  return { ...common, ...delay, felt: feltOf(report) };
}

/** Rules of thumb for speech without concealment of losses. */
function feltOf({ received, missing }: CallReport): string {
  if (received === 0) return "silence";
  if (missing <= 0.01) return "clear";
  return missing <= 0.05 ? "clicks" : "gaps, hard to follow";
}

/** 160 samples of a telephone: RFC 3551 section 4.2, 20 ms a packet. */
const INTERVAL_MS = 20;
const OCTETS = 160;
/** What a telephone over the Internet waits at most before speech becomes talk by turns. */
const PLAYOUT_MS = 100;
const TIMEOUT_MS = 2000;
