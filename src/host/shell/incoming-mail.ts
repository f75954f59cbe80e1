/** What the commands that read a mailbox share: which server, who logs in, and the connection. */

import { type Connection, LocalError, messageOf, NetworkError, type Task } from "../../net/index.ts";
import { optionText, parseHostAndPort } from "./arguments.ts";
import type { CommandInput, CommandOption, Shell } from "./command.ts";

export interface IncomingProtocol {
  readonly name: "POP3" | "IMAP";
  readonly port: number;
}

export interface IncomingLogin {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

export function incomingOptions({ port }: IncomingProtocol): CommandOption[] {
  return [
    { name: "server", value: "HOST[:PORT]", help: `the incoming mail server (port ${port})` },
    { name: "user", short: "u", value: "NAME", help: "who logs in" },
    {
      name: "password",
      short: "p",
      value: "TEXT",
      help: "the password; absent: the first line of the input",
    },
  ];
}

/** From the options, else from the mail account; the password else from the input. */
export function* incomingLogin(
  shell: Shell,
  input: CommandInput,
  protocol: IncomingProtocol,
): Task<IncomingLogin> {
  const account = shell.mailAccount;
  const { host, port } = serverOf(shell, input, protocol);
  const user = optionText(input, "user") ?? account?.userName;
  if (user === undefined) throw new LocalError("usage", "who logs in? say --user NAME");
  const password = optionText(input, "password") ?? account?.password ?? (yield* shell.readLine());
  if (password === null) throw new LocalError("usage", "no password: say --password TEXT");
  return { host, port, user, password };
}

export function* connectIncoming(shell: Shell, { host, port }: IncomingLogin): Task<Connection> {
  try {
    return yield* shell.network.connect(host, port, { timeoutMs: CONNECT_TIMEOUT_MS });
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    throw new NetworkError(
      error.code,
      `the incoming mail server ${host} does not answer: ${messageOf(error)}`,
    );
  }
}

function serverOf(
  shell: Shell,
  input: CommandInput,
  { name, port }: IncomingProtocol,
): { host: string; port: number } {
  const account = shell.mailAccount;
  const given = optionText(input, "server");
  const text = given ?? account?.incomingServer;
  if (text === undefined) throw new LocalError("usage", "which server? say --server HOST[:PORT]");
  const server = parseHostAndPort(text, "--server", port);
  // The port of an account is that of its own protocol.
  const isOther = given === undefined && (account?.incomingProtocol ?? "POP3") !== name;
  return isOther ? { ...server, port } : server;
}

/** As long as a person waits for a server that does not answer. */
const CONNECT_TIMEOUT_MS = 10_000;
