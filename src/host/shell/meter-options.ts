/** What the words after `meter` ask for. */

import { type AddressFamily, LocalError } from "../../net/index.ts";
import {
  BLOCK_SIZE_MAX,
  DATAGRAM_SIZE_MAX,
  DATAGRAM_SIZE_MIN,
  METER_PORT,
  PARALLEL_MAX,
} from "../../protocols/meter/index.ts";
import {
  exclusiveOption,
  type HostAndPort,
  hasOption,
  optionDurationMs,
  optionInteger,
  optionText,
  parseHostAndPort,
} from "./arguments.ts";
import type { CommandInput, CommandOption } from "./command.ts";
import { FAMILY_OPTIONS, optionFamily } from "./shared-options.ts";

export const METER_OPTIONS: readonly CommandOption[] = [
  { name: "time", short: "t", value: "TIME", help: "how long to measure (10s)" },
  { name: "size", short: "s", value: "OCTETS", help: "of a write (128K), a datagram (1400), a request (64)" },
  {
    name: "rate",
    short: "b",
    value: "BITS/S",
    help: "of each stream, e.g. 10M; 0 for all that goes (TCP 0, UDP 1M)",
  },
  { name: "tcp", help: "over TCP (the default)" },
  { name: "udp", help: "over UDP" },
  { name: "reverse", short: "R", help: "the server sends" },
  { name: "parallel", short: "P", value: "N", help: "streams beside each other (1)" },
  { name: "octets", short: "n", value: "OCTETS", help: "end when so many have gone, instead of --time" },
  { name: "round-trips", help: "request and response in turn, against a meter or an echo server" },
  { name: "interval", short: "i", value: "TIME", help: "time between two rows (1s)" },
  { name: "csv", help: "rows as comma-separated values" },
  { name: "plot", value: "FILE", help: "save throughput and delay over time as a figure, .svg or .png" },
  {
    name: "timeout",
    short: "W",
    value: "TIME",
    help: "how long the server may be silent (30s; round trips 1s)",
  },
  ...FAMILY_OPTIONS,
];

export interface MeterPlan extends HostAndPort {
  readonly protocol: "tcp" | "udp";
  readonly roundTrips: boolean;
  /** 0: until `octets` have gone. */
  readonly durationMs: number;
  readonly octets: number;
  readonly size: number;
  readonly rateBps: number;
  readonly reverse: boolean;
  readonly parallel: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly family: { readonly family?: AddressFamily };
  readonly csv: boolean;
  readonly plot: { readonly name: string; readonly kind: "svg" | "png" } | undefined;
}

/** Throws LocalError "usage". */
export function readMeterPlan(input: CommandInput): MeterPlan {
  const [host] = input.operands;
  if (host === undefined) throw new LocalError("usage", "meter: HOST is missing, or --serve");
  const roundTrips = hasOption(input, "round-trips");
  if (roundTrips) refuseTogether(input, ["reverse", "parallel", "rate", "octets"]);
  if (hasOption(input, "octets")) refuseOption(input, "time", "--octets");
  if (hasOption(input, "json")) refuseOption(input, "csv", "--json");
  const protocol = exclusiveOption(input, ["tcp", "udp"]) ?? "tcp";
  const octets = quantity(input, "octets", 1024, { least: 1, most: OCTETS_MAX }, 0);
  const times = { leastMs: 1, mostMs: 86_400_000 };
  return {
    ...parseHostAndPort(host, "HOST", METER_PORT),
    protocol,
    roundTrips,
    durationMs: octets > 0 ? 0 : optionDurationMs(input, "time", times, DURATION_MS_DEFAULT),
    octets,
    size: readSize(input, protocol, roundTrips),
    rateBps: quantity(input, "rate", 1000, { least: 0, most: 1e12 }, protocol === "udp" ? UDP_RATE : 0),
    reverse: hasOption(input, "reverse"),
    parallel: optionInteger(input, "parallel", { least: 1, most: PARALLEL_MAX }, 1),
    intervalMs: optionDurationMs(input, "interval", { leastMs: 10, mostMs: 3_600_000 }, 1000),
    timeoutMs: optionDurationMs(input, "timeout", times, roundTrips ? 1000 : 30_000),
    family: optionFamily(input),
    csv: hasOption(input, "csv"),
    plot: readPlot(optionText(input, "plot")),
  };
}

function readSize(input: CommandInput, protocol: "tcp" | "udp", roundTrips: boolean): number {
  const most = protocol === "udp" ? DATAGRAM_SIZE_MAX : BLOCK_SIZE_MAX;
  const least = protocol === "udp" && !roundTrips ? DATAGRAM_SIZE_MIN : 1;
  const usual = roundTrips ? 64 : protocol === "udp" ? 1400 : 128 * 1024;
  return quantity(input, "size", 1024, { least, most }, usual);
}

/** "10M": a number with k, M or G, each of which is `base` times the one before. */
function quantity(
  input: CommandInput,
  name: string,
  base: number,
  range: { least: number; most: number },
  fallback: number,
): number {
  const text = optionText(input, name);
  if (text === undefined) return fallback;
  const match = /^(\d{1,15}(?:\.\d{1,6})?)([kmg]?)$/i.exec(text);
  const power = match === null ? 0 : ["", "k", "m", "g"].indexOf(match[2].toLowerCase());
  const value = match === null ? Number.NaN : Math.round(Number(match[1]) * base ** power);
  if (value >= range.least && value <= range.most) return value;
  const example = `e.g. 1400 or 10M (k, M, G: ${base} of the one before)`;
  throw new LocalError(
    "usage",
    `--${name} must be a number from ${range.least} to ${inUnits(range.most, base)}, ${example}, not "${text}"`,
  );
}

/** As short as it can be typed. */
function inUnits(value: number, base: number): string {
  const power = [3, 2, 1].find((each) => value % base ** each === 0) ?? 0;
  return `${value / base ** power}${["", "k", "M", "G"][power]}`;
}

function readPlot(name: string | undefined): MeterPlan["plot"] {
  if (name === undefined) return undefined;
  const kind = /\.(svg|png)$/i.exec(name)?.[1].toLowerCase();
  if (kind === "svg" || kind === "png") return { name, kind };
  throw new LocalError("usage", `--plot must be the name of an .svg or a .png file, not "${name}"`);
}

function refuseTogether(input: CommandInput, names: readonly string[]): void {
  for (const name of names) refuseOption(input, name, "--round-trips");
}

function refuseOption(input: CommandInput, name: string, other: string): void {
  if (hasOption(input, name)) throw new LocalError("usage", `${other} and --${name} exclude each other`);
}

/** As iperf3's. */
const DURATION_MS_DEFAULT = 10_000;
const UDP_RATE = 1_000_000;
/** More than an hour of 1 Tbit/s. */
const OCTETS_MAX = 1_000_000 * 1024 ** 3;
