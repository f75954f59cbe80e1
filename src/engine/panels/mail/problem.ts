/** What can go wrong between the mail client and its servers, in words that lead to the right field of the form. */

import { HamletError, LocalError, messageOf, type NetworkError, RemoteError } from "../../../net/index.ts";
import type { FieldProblem, ProblemField } from "./view.ts";

/** An expected failure that belongs to fields. */
export class MailProblem extends LocalError {
  readonly problems: readonly FieldProblem[];

  constructor(problems: readonly FieldProblem[], options?: ErrorOptions) {
    super("mail-problem", problems.map(({ message }) => message).join("; "), options);
    this.problems = problems;
  }

  static at(field: ProblemField | undefined, message: string, options?: ErrorOptions): MailProblem {
    return new MailProblem([{ field, message }], options);
  }
}

export interface ServerInQuestion {
  readonly field: "incomingServer" | "outgoingServer";
  readonly protocol: "POP3" | "IMAP" | "SMTP";
  readonly host: string;
  readonly port: number;
}

/** What it means for the form that there is no connection. */
export function connectProblem(server: ServerInQuestion, error: NetworkError): MailProblem {
  return MailProblem.at(server.field, connectSentence(server, error), { cause: error });
}

/** What it means that the server, once reached, does not do what it should. */
export function serverProblem(server: ServerInQuestion, error: RemoteError | NetworkError): MailProblem {
  const { field, host, protocol } = server;
  const isMute = error instanceof RemoteError && error.code === "bad-reply";
  const message = isMute
    ? `What answers at ${host}:${server.port} does not speak ${protocol}: ${error.message}`
    : `The ${wordsOf(field)} ${host} broke off: ${error.message}`;
  return MailProblem.at(field, message, { cause: error });
}

/** RFC 2449 section 8.1.2, RFC 5530 and common sense: a server does not tell which of the two is wrong. */
export function loginProblem(
  { host }: ServerInQuestion,
  user: string | undefined,
  error: RemoteError,
): MailProblem {
  const words = (error.reply ?? "").replace(/[^ -~]/g, "?") || "no reason given";
  return new MailProblem(
    [
      { field: "userName", message: `${host} knows no user ${user} with this password` },
      { field: "password", message: `${host} refused the login: ${words}` },
    ],
    { cause: error },
  );
}

/** The problems of any expected failure; a mistake of ours is thrown on. */
export function problemsOf(error: unknown): readonly FieldProblem[] {
  if (error instanceof MailProblem) return error.problems;
  if (!(error instanceof HamletError)) throw error;
  if (error.code === "cancelled") return [{ field: undefined, message: "It was stopped." }];
  return [{ field: undefined, message: messageOf(error) }];
}

function connectSentence(server: ServerInQuestion, error: NetworkError): string {
  const { host, port, field, protocol } = server;
  const what = `The ${wordsOf(field)} ${host}`;
  switch (error.code) {
    case "name-not-found":
      return `${what} was not found: ${error.message}`;
    case "name-server-failed":
      return `${what} could not be looked up: ${error.message}`;
    case "refused":
      return `${what} refuses connections to port ${port}: no ${protocol} server runs there`;
    case "timed-out":
      return `${what} does not answer at port ${port}: it is off, or the way there is cut`;
    case "unreachable":
      return `${what} cannot be reached: ${error.message}`;
    default:
      return `${what}: ${error.message}`;
  }
}

function wordsOf(field: ServerInQuestion["field"]): string {
  return field === "incomingServer" ? "incoming server" : "outgoing server";
}
