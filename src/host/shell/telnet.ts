/**
 * `telnet`: a TCP connection by hand. Lines that are typed go out with CR LF, what comes is shown as it comes: enough
 * to speak SMTP, POP3 or HTTP oneself. Telnet's options are refused (network-virtual-terminal.ts).
 */

import { encodeUtf8 } from "../../bytes/index.ts";
import { type Connection, formatEndpoint, LocalError, NetworkError, type Task } from "../../net/index.ts";
import { type HostAndPort, optionDurationMs, parseHostAndPort, parseInteger } from "./arguments.ts";
import type { Command, CommandInput, Shell } from "./command.ts";
import { eachLine, TEXT_OPTION } from "./line-exchange.ts";
import { NetworkVirtualTerminal } from "./network-virtual-terminal.ts";
import { printable } from "./printable.ts";
import { FAMILY_OPTIONS, optionFamily } from "./shared-options.ts";

export const telnet: Command = {
  name: "telnet",
  summary: "talk to a TCP server by hand, line by line",
  operands: "HOST[:PORT] [PORT]",
  options: [
    ...FAMILY_OPTIONS,
    TEXT_OPTION,
    { name: "timeout", short: "W", value: "TIME", help: "how long the connection may take (10s)" },
  ],
  examples: ["telnet mail.hamburger.edu 25", "telnet www.crepes.fr 80", "telnet [2001:db8::25]:110"],
  *run(shell, input): Task<number> {
    const { host, port } = readPlace(input);
    const timeoutMs = optionDurationMs(input, "timeout", { leastMs: 1, mostMs: 3_600_000 }, CONNECT_MS);
    const connection = yield* shell.network.connect(host, port, { timeoutMs, ...optionFamily(input) });
    shell.printError(`connected to ${formatEndpoint(connection.remote)}\n`);
    const typing = shell.network.spawn("telnet input", sendLines(shell, input, connection));
    try {
      yield* showAll(shell, connection);
      shell.printError(`${formatEndpoint(connection.remote)} has closed the connection\n`);
      return 0;
    } finally {
      typing.cancel();
      connection.close();
    }
  },
};

/** HOST and PORT as everybody's telnet takes them, or together as the other commands do. */
function readPlace(input: CommandInput): HostAndPort {
  const [host, port] = input.operands;
  if (host === undefined) throw new LocalError("usage", "telnet: HOST is missing");
  if (port === undefined) return parseHostAndPort(host, "HOST", TELNET_PORT);
  // An IPv6 address needs no brackets where the port stands apart.
  const bare = host.includes("::") && !host.startsWith("[") ? `[${host}]` : host;
  return {
    ...parseHostAndPort(bare, "HOST", TELNET_PORT),
    port: parseInteger(port, "PORT", 1, 65_535),
  };
}

function* showAll(shell: Shell, connection: Connection): Task {
  const terminal = new NetworkVirtualTerminal();
  for (;;) {
    const bytes = yield* connection.read(READ_OCTETS_MAX, IDLE_MS);
    if (bytes === null) return;
    const { text, reply } = terminal.receive(bytes);
    if (text !== "") shell.print(printable(text));
    if (reply.length > 0) yield* connection.write(reply, WRITE_MS);
  }
}

/** After the last line the server hears the end of our direction, and may still answer. */
function* sendLines(shell: Shell, input: CommandInput, connection: Connection): Task {
  try {
    // RFC 854, "The NVT printer and keyboard": the end of a line is CR LF.
    yield* eachLine(shell, input, (line) => connection.write(encodeUtf8(`${line}\r\n`), WRITE_MS));
    connection.end();
  } catch (error) {
    // Who reads hears of a broken connection, too; one that takes nothing any more is given up.
    connection.abort();
    if (!(error instanceof NetworkError)) throw error;
  }
}

/** RFC 854; IANA's registry of ports. */
const TELNET_PORT = 23;
const CONNECT_MS = 10_000;
/** A person may think for a while. */
const IDLE_MS = 3_600_000;
const WRITE_MS = 30_000;
const READ_OCTETS_MAX = 16_384;
