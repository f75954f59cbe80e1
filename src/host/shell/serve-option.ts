/**
 * `NAME --serve ADDRESS:PORT`: every protocol's server started by hand, with one set of rules for where it listens.
 * A command adds `SERVE_OPTIONS` to its own and calls `serveHere` when `isServer` says so.
 */

import {
  type Endpoint,
  formatEndpoint,
  LocalError,
  lastly,
  NetworkError,
  stopAll,
  suspend,
  type Task,
  type TcpAndUdpService,
} from "../../net/index.ts";
import type { Command, CommandInput, CommandOption, Shell } from "./command.ts";
import {
  exclusiveOption,
  hasOption,
  optionInteger,
  optionText,
  parseListenAddresses,
} from "./option-values.ts";

export const SERVE_OPTIONS: readonly CommandOption[] = [
  {
    name: "serve",
    value: "[ADDRESS]:PORT",
    help: "be the server until interrupted; :PORT is for this machine only, *:PORT for all (IPv4 and IPv6)",
  },
  { name: "limit", value: "N", help: "with --serve: TCP clients at once, at each of its addresses" },
];

/** What a protocol's server is told. */
export interface ServePlace {
  readonly address: string;
  readonly port: number;
  /** Absent: the protocol's own limit. */
  readonly connectionsMax?: number;
}

/**
 * Whether the command is to be the server. Throws LocalError "usage" where the words are of both: a server has no HOST and
 * none of a client's options, a client none of a server's. `own` are the server's options besides SERVE_OPTIONS, `both`
 * those that client and server have.
 */
export function isServer(
  command: Command,
  input: CommandInput,
  { own = [], both = [] }: { readonly own?: readonly string[]; readonly both?: readonly string[] } = {},
): boolean {
  const isGiven = hasOption(input, "serve");
  const servers = ["serve", "limit", ...own];
  const excluded = isGiven
    ? ({ name }: CommandOption) => !servers.includes(name) && !both.includes(name)
    : ({ name }: CommandOption) => servers.includes(name);
  const stray = command.options.filter(excluded).find(({ name }) => hasOption(input, name));
  if (stray !== undefined)
    throw new LocalError("usage", `--${stray.name} ${isGiven ? "does not go with" : "goes with"} --serve`);
  if (isGiven && input.operands.length > 0)
    throw new LocalError("usage", `--serve asks nobody: "${input.operands[0]}" is one word too many`);
  return isGiven;
}

/** --udp or --tcp of a server: the one of the two that it is for; absent, both. */
export function optionTransports(input: CommandInput): { readonly transports?: readonly ("tcp" | "udp")[] } {
  const only = exclusiveOption(input, ["tcp", "udp"]);
  return only === undefined ? {} : { transports: [only] };
}

/**
 * Starts a server at each address of `--serve`, says so in one line, and serves until the command is cancelled
 * (Ctrl-C). `verb` is what it does there: "echoes". Throws NetworkError when it cannot listen, and LocalError "usage".
 */
export function* serveHere(
  shell: Shell,
  input: CommandInput,
  verb: string,
  start: (place: ServePlace) => Task<TcpAndUdpService>,
): Task<number> {
  const { addresses, port } = parseListenAddresses(optionText(input, "serve") ?? "", "--serve");
  const limit = optionInteger(input, "limit", { least: 1, most: LIMIT_MAX }, undefined);
  const servers: TcpAndUdpService[] = [];
  try {
    yield* startAll(addresses, port, limit, start, servers, shell);
    announce(shell, verb, servers);
    return yield* suspend<number>(() => () => {});
  } finally {
    yield* lastly(stopAll(servers, GRACE_MS));
  }
}

/** At the first address and, with the port that it got there, at the others. */
function* startAll(
  addresses: readonly string[],
  wanted: number,
  limit: number | undefined,
  start: (place: ServePlace) => Task<TcpAndUdpService>,
  servers: TcpAndUdpService[],
  shell: Shell,
): Task {
  let port = wanted;
  for (const address of addresses) {
    try {
      const server = yield* start({
        address,
        port,
        ...(limit === undefined ? {} : { connectionsMax: limit }),
      });
      servers.push(server);
      port = (server.tcp ?? server.udp)?.port ?? port;
    } catch (error) {
      // A machine without IPv6 has no ::1; its IPv4 is still served.
      if (!isMissingAddress(error) || servers.length === 0) throw withAdvice(error);
      shell.printError(`${(error as NetworkError).message}; the rest is served\n`);
    }
  }
}

function announce(shell: Shell, verb: string, servers: readonly TcpAndUdpService[]): void {
  const [tcp, udp] = (["tcp", "udp"] as const).map((key) => servers.flatMap((server) => server[key] ?? []));
  if (shell.json) shell.print(`${JSON.stringify({ tcp, udp })}\n`);
  else shell.print(`${verb} on ${describePlaces(tcp, udp)}; Ctrl-C ends it\n`);
}

/** "TCP and UDP 127.0.0.1:7 and [::1]:7" */
function describePlaces(tcp: readonly Endpoint[], udp: readonly Endpoint[]): string {
  const list = (ends: readonly Endpoint[]): string => ends.map(formatEndpoint).join(" and ");
  if (list(tcp) === list(udp)) return `TCP and UDP ${list(tcp)}`;
  const parts = [
    ...(tcp.length === 0 ? [] : [`TCP ${list(tcp)}`]),
    ...(udp.length === 0 ? [] : [`UDP ${list(udp)}`]),
  ];
  return parts.join(", ");
}

function isMissingAddress(error: unknown): boolean {
  return error instanceof NetworkError && error.code === "address-not-available";
}

function withAdvice(error: unknown): unknown {
  if (!(error instanceof NetworkError)) return error;
  const advice = ADVICE[error.code];
  if (advice === undefined) return error;
  return new LocalError(error.code, `${error.message}: ${advice}`, { cause: error });
}

const ADVICE: Readonly<Record<string, string>> = {
  "address-in-use": "choose another port with --serve :PORT, or 0 for any that is free",
  permission: "choose a port above 1023 with --serve :PORT",
  "address-not-available": "--serve takes an address of this machine",
};
/** Clients of a server that is interrupted are not kept waiting. */
const GRACE_MS = 0;
/** A process has file descriptors for no more. */
const LIMIT_MAX = 100_000;
