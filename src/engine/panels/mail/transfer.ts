/** The mail client at work: its dialogues with the incoming and the outgoing server, through the host's network. */

import type { MailAccount } from "../../../host/shell/index.ts";
import { type Connection, type Network, NetworkError, RemoteError, type Task } from "../../../net/index.ts";
import { type Download, download, Pop3Client, Pop3RefusedError } from "../../../protocols/pop3/index.ts";
import {
  addressLiteral,
  describeReply,
  formatMailbox,
  isDomainOrLiteral,
  type RecipientOutcome,
  SmtpClient,
  SmtpRefusedError,
} from "../../../protocols/smtp/index.ts";
import { incomingServerOf, outgoingServerOf } from "./account.ts";
import type { Outgoing } from "./letter.ts";
import { connectProblem, MailProblem, type ServerInQuestion, serverProblem } from "./problem.ts";
import type { RecipientResult } from "./view.ts";

/** Hears how far it has come: what is being done, and which share is done. */
export type Progress = (text: string, share?: number) => void;

export interface Retrieval {
  readonly keep: boolean;
  readonly known: ReadonlySet<string>;
  /** Keeps one message; only then may the server forget it. */
  take(message: Download): void;
}

/** Downloads what is new; returns the unique names of what the server still has. Throws MailProblem. */
export function* retrieve(
  network: Network,
  account: MailAccount,
  { keep, known, take }: Retrieval,
  progress: Progress,
): Task<Set<string>> {
  const server = incomingServerOf(account);
  return yield* withConnection(network, server, progress, function* (connection) {
    const client = yield* login(connection, account, server, progress);
    const { count } = yield* client.stat();
    let done = 0;
    const seen = yield* download(client, {
      keep,
      known,
      *take(message) {
        progress(`retrieving message ${message.number} of ${count}`, done / count);
        take(message);
        done++;
      },
    });
    progress("ending the session", 1);
    yield* client.quit();
    return seen;
  });
}

/** Only logs in: whether server, user and password are right. Throws MailProblem. */
export function* checkIncoming(network: Network, account: MailAccount, progress: Progress): Task {
  const server = incomingServerOf(account);
  yield* withConnection(network, server, progress, function* (connection) {
    const client = yield* login(connection, account, server, progress);
    yield* client.quit();
  });
}

/** Sends a letter; says for each recipient what became of it. Throws MailProblem. */
export function* submit(
  network: Network,
  account: MailAccount,
  outgoing: Outgoing,
  progress: Progress,
): Task<RecipientResult[]> {
  const server = outgoingServerOf(account);
  return yield* withConnection(network, server, progress, function* (connection) {
    const client = yield* hello(network, connection);
    progress(`sending ${outgoing.content.length} octets to ${client.serverName}`);
    const { from, recipients, content } = outgoing;
    const outcomes = yield* client.send({ reversePath: from, recipients, content });
    // The mail is where it should be: a goodbye that fails changes nothing.
    try {
      yield* client.quit();
    } catch (error) {
      if (!(error instanceof RemoteError || error instanceof NetworkError)) throw error;
    }
    return outcomes.map(resultOf);
  });
}

/** Only says hello. Throws MailProblem. */
export function* checkOutgoing(network: Network, account: MailAccount, progress: Progress): Task {
  yield* withConnection(network, outgoingServerOf(account), progress, function* (connection) {
    const client = yield* hello(network, connection);
    yield* client.quit();
  });
}

/** Errors of the connection and of the dialogue become problems of that server's field. */
function* withConnection<T>(
  network: Network,
  server: ServerInQuestion,
  progress: Progress,
  talk: (connection: Connection) => Task<T>,
): Task<T> {
  progress(`connecting to ${server.host}`);
  let connection: Connection;
  try {
    connection = yield* network.connect(server.host, server.port, { timeoutMs: CONNECT_TIMEOUT_MS });
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    throw connectProblem(server, error);
  }
  try {
    return yield* talk(connection);
  } catch (error) {
    if (error instanceof SmtpRefusedError) {
      throw MailProblem.at(
        "outgoingServer",
        `The outgoing server ${server.host} refused: ${describeReply(error.smtpReply)}`,
        { cause: error },
      );
    }
    const isExpected = error instanceof RemoteError || error instanceof NetworkError;
    if (isExpected && error.code !== "cancelled") throw serverProblem(server, error);
    throw error;
  } finally {
    connection.abort();
  }
}

function* login(
  connection: Connection,
  account: MailAccount,
  server: ServerInQuestion,
  progress: Progress,
): Task<Pop3Client> {
  const client = yield* Pop3Client.start(connection);
  progress(`logging in as ${account.userName}`);
  try {
    yield* client.login(account.userName ?? "", account.password ?? "");
    return client;
  } catch (error) {
    if (!(error instanceof Pop3RefusedError)) throw error;
    throw loginProblem(server, account, error);
  }
}

function loginProblem(server: ServerInQuestion, account: MailAccount, error: Pop3RefusedError): MailProblem {
  const words = (error.reply ?? "").replace(/[^ -~]/g, "?") || "-ERR";
  if (error.code === "maildrop-in-use") {
    return MailProblem.at(undefined, `The mailbox is being read by somebody else right now: ${words}`);
  }
  // RFC 2449 section 8.1.2 and common sense: a server does not tell which of the two is wrong.
  return new MailProblem(
    [
      { field: "userName", message: `${server.host} knows no user ${account.userName} with this password` },
      { field: "password", message: `${server.host} refused the login: ${words}` },
    ],
    { cause: error },
  );
}

function* hello(network: Network, connection: Connection): Task<SmtpClient> {
  const { hostName } = network;
  const helloName = isDomainOrLiteral(hostName) ? hostName : addressLiteral(connection.local.address);
  return yield* SmtpClient.start(connection, { helloName });
}

function resultOf({ recipient, outcome, reply }: RecipientOutcome): RecipientResult {
  return { address: formatMailbox(recipient), outcome, reply: describeReply(reply) };
}

/** As long as a person waits for a server that does not answer. */
const CONNECT_TIMEOUT_MS = 10_000;
