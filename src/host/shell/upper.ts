/** `upper`: sends lines to an upper-casing server and prints their capitals; with `--serve` it is that server. */

import { addressesOf, type Endpoint, formatEndpoint, NetworkError, type Task } from "../../net/index.ts";
import { startUpperServer, UPPER_PORT, UpperClient, upperDatagram } from "../../protocols/upper/index.ts";
import type { Command, CommandInput, Shell } from "./command.ts";
import { eachLine, type LineExchange, readLineExchange, TEXT_OPTION } from "./line-exchange.ts";
import { printable } from "./printable.ts";
import { isServer, optionTransports, SERVE_OPTIONS, serveHere } from "./serve-option.ts";
import { FAMILY_OPTIONS } from "./shared-options.ts";

export const upper: Command = {
  name: "upper",
  summary: "send lines to an upper-casing server and print their capitals",
  operands: "[HOST[:PORT]]",
  options: [
    { name: "tcp", help: "over TCP (the default; with --serve, both unless one is named)" },
    { name: "udp", help: `over UDP, one datagram per line, sent three times before it is lost` },
    ...FAMILY_OPTIONS,
    TEXT_OPTION,
    { name: "timeout", short: "W", value: "TIME", help: "how long an answer may take (TCP 5s, UDP 1s)" },
    ...SERVE_OPTIONS,
  ],
  examples: [
    "upper server.test --text hello",
    "upper 127.0.0.1:12000 --udp",
    "upper --serve :12000",
    "upper --serve '*:12000' --limit 10",
  ],
  *run(shell, input): Task<number> {
    if (isServer(upper, input, { both: ["tcp", "udp"] })) {
      return yield* serveHere(shell, input, "answers in capitals", (place) =>
        startUpperServer(shell.network, { ...place, ...optionTransports(input) }),
      );
    }
    const exchange = readLineExchange(input, DEFAULTS);
    const results = exchange.isUdp
      ? yield* overUdp(shell, input, exchange)
      : yield* overTcp(shell, input, exchange);
    if (shell.json) shell.print(`${JSON.stringify(results)}\n`);
    return results.lines.every(({ capitals }) => capitals !== null) ? 0 : 1;
  },
};

/** What `--json` prints. */
interface Results {
  readonly server: Endpoint | undefined;
  readonly transport: "tcp" | "udp";
  readonly lines: { readonly text: string; readonly capitals: string | null }[];
}

function* overTcp(shell: Shell, input: CommandInput, exchange: LineExchange): Task<Results> {
  const { host, port, timeoutMs, family } = exchange;
  const client = new UpperClient(shell.network, host, port, { timeoutMs, ...family });
  try {
    yield* client.connect();
    const results: Results = { server: client.server, transport: "tcp", lines: [] };
    yield* eachLine(shell, input, function* (text) {
      const capitals = yield* client.ask(text);
      results.lines.push({ text, capitals });
      if (!shell.json) shell.print(`${printable(capitals)}\n`);
    });
    yield* client.finish();
    return results;
  } finally {
    client.close();
  }
}

function* overUdp(shell: Shell, input: CommandInput, exchange: LineExchange): Task<Results> {
  const [address] = yield* addressesOf(shell.network.resolver, exchange.host, exchange.family.family);
  const server = { address, port: exchange.port };
  const results: Results = { server, transport: "udp", lines: [] };
  yield* eachLine(shell, input, function* (text) {
    results.lines.push({ text, capitals: yield* askDatagram(shell, server, text, exchange.timeoutMs) });
  });
  return results;
}

/** Null, and said so, when the line or each of its answers was lost. */
function* askDatagram(shell: Shell, server: Endpoint, text: string, timeoutMs: number): Task<string | null> {
  try {
    const options = { timeoutMs, triesMax: UDP_TRIES_MAX };
    const capitals = yield* upperDatagram(shell.network, server, text, options);
    if (capitals !== undefined) {
      if (!shell.json) shell.print(`${printable(capitals)}\n`);
      return capitals;
    }
    const tries = `no answer from ${formatEndpoint(server)} to ${UDP_TRIES_MAX} datagrams, ${timeoutMs} ms each`;
    shell.printError(`"${text}" is lost: ${tries}\n`);
  } catch (error) {
    if (!(error instanceof NetworkError && error.code === "refused")) throw error;
    shell.printError(`"${text}" is lost: connection refused: ${error.message}\n`);
  }
  return null;
}

/** A path around the world takes 0.3 s; with TCP's first retransmission 1.3 s. */
const DEFAULTS = { command: "upper", port: UPPER_PORT, tcpMs: 5000, udpMs: 1000 };
/** Of ten lines over a link that loses a tenth each way, all come back in 93 of 100 runs. */
const UDP_TRIES_MAX = 3;
