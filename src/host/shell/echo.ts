/** `echo`: sends lines to an echo server (RFC 862) and prints what comes back; with `--serve` it is that server. */

import { encodeUtf8 } from "../../bytes/index.ts";
import {
  addressesOf,
  type Connection,
  type DatagramSocket,
  type Endpoint,
  formatEndpoint,
  NetworkError,
  type Task,
} from "../../net/index.ts";
import { ECHO_PORT, echoBytes, echoDatagram, startEchoServer } from "../../protocols/echo/index.ts";
import type { Command, CommandInput, Shell } from "./command.ts";
import { eachLine, type LineExchange, readLineExchange, TEXT_OPTION } from "./line-exchange.ts";
import { isServer, optionTransports, SERVE_OPTIONS, serveHere } from "./serve-option.ts";
import { FAMILY_OPTIONS } from "./shared-options.ts";

export const echo: Command = {
  name: "echo",
  summary: "send lines to an echo server and print what comes back",
  operands: "[HOST[:PORT]]",
  options: [
    { name: "tcp", help: "over TCP (the default; with --serve, both unless one is named)" },
    { name: "udp", help: "over UDP, one datagram per line" },
    ...FAMILY_OPTIONS,
    TEXT_OPTION,
    { name: "timeout", short: "W", value: "TIME", help: "how long an answer may take (5s)" },
    ...SERVE_OPTIONS,
  ],
  examples: [
    "echo server.test --text hello",
    "echo [2001:db8::7]:7007 --udp --text hello",
    "echo --serve :7007",
  ],
  *run(shell, input): Task<number> {
    if (isServer(echo, input, { both: ["tcp", "udp"] })) {
      return yield* serveHere(shell, input, "echoes", (place) =>
        startEchoServer(shell.network, { ...place, ...optionTransports(input) }),
      );
    }
    const exchange = readLineExchange(input, DEFAULTS);
    const results = exchange.isUdp
      ? yield* overUdp(shell, input, exchange)
      : yield* overTcp(shell, input, exchange);
    if (shell.json) shell.print(`${JSON.stringify(results)}\n`);
    return results.lines.every((line) => line.roundTripMs !== null) ? 0 : 1;
  },
};

/** What `--json` prints. */
interface Results {
  readonly server: Endpoint;
  readonly transport: "tcp" | "udp";
  readonly lines: { readonly text: string; readonly roundTripMs: number | null }[];
}

function* overTcp(shell: Shell, input: CommandInput, exchange: LineExchange): Task<Results> {
  const { host, port, timeoutMs, family } = exchange;
  const connection = yield* shell.network.connect(host, port, { timeoutMs, ...family });
  const results: Results = { server: connection.remote, transport: "tcp", lines: [] };
  try {
    yield* eachLine(shell, input, (text) => echoLine(shell, connection, text, timeoutMs, results));
    yield* connection.finish(timeoutMs);
  } finally {
    connection.close();
  }
  return results;
}

function* echoLine(
  shell: Shell,
  connection: Connection,
  text: string,
  timeoutMs: number,
  results: Results,
): Task {
  const { clock } = shell.network;
  const sentAtNs = clock.nowNs();
  yield* echoBytes(shell.network, connection, encodeUtf8(`${text}\r\n`), timeoutMs);
  results.lines.push({ text, roundTripMs: (clock.nowNs() - sentAtNs) / 1e6 });
  if (!shell.json) shell.print(`${text}\n`);
}

function* overUdp(shell: Shell, input: CommandInput, exchange: LineExchange): Task<Results> {
  const { network } = shell;
  const [address] = yield* addressesOf(network.resolver, exchange.host, exchange.family.family);
  const server = { address, port: exchange.port };
  const results: Results = { server, transport: "udp", lines: [] };
  const socket = yield* network.bind({ port: 0, peer: server });
  try {
    yield* eachLine(shell, input, (text) => echoInDatagram(shell, socket, text, exchange.timeoutMs, results));
  } finally {
    socket.close();
  }
  return results;
}

function* echoInDatagram(
  shell: Shell,
  socket: DatagramSocket,
  text: string,
  timeoutMs: number,
  results: Results,
): Task {
  const { server } = results;
  let problem = `no answer from ${formatEndpoint(server)} for ${timeoutMs} ms`;
  let roundTripNs: number | undefined;
  try {
    roundTripNs = yield* echoDatagram(shell.network, socket, server, encodeUtf8(text), timeoutMs);
  } catch (error) {
    if (!(error instanceof NetworkError && error.code === "refused")) throw error;
    problem = `connection refused: ${error.message}`;
  }
  results.lines.push({ text, roundTripMs: roundTripNs === undefined ? null : roundTripNs / 1e6 });
  if (roundTripNs === undefined) shell.printError(`"${text}" is lost: ${problem}\n`);
  else if (!shell.json) shell.print(`${text}\n`);
}

/** A path around the world takes 0.3 s; with TCP's first retransmission 1.3 s. */
const DEFAULTS = { command: "echo", port: ECHO_PORT, tcpMs: 5000, udpMs: 5000 };
