/** The mail client and its servers, through the host's network: connections, and the dialogue with the outgoing server. */

import type { MailAccount } from "../../../host/shell/index.ts";
import { type Connection, type Network, NetworkError, RemoteError, type Task } from "../../../net/index.ts";
import {
  addressLiteral,
  describeReply,
  formatMailbox,
  isDomainOrLiteral,
  type RecipientOutcome,
  SmtpClient,
  SmtpRefusedError,
} from "../../../protocols/smtp/index.ts";
import type { Progress } from "./access.ts";
import { outgoingServerOf } from "./account.ts";
import type { Outgoing } from "./letter.ts";
import { connectProblem, MailProblem, type ServerInQuestion, serverProblem } from "./problem.ts";
import type { RecipientResult } from "./view.ts";

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

/** Throws MailProblem of that server's field. */
export function* connectTo(network: Network, server: ServerInQuestion, progress: Progress): Task<Connection> {
  progress(`connecting to ${server.host}`);
  try {
    return yield* network.connect(server.host, server.port, { timeoutMs: CONNECT_TIMEOUT_MS });
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    throw connectProblem(server, error);
  }
}

/** Errors of the connection and of the dialogue become problems of that server's field. */
export function* withConnection<T>(
  network: Network,
  server: ServerInQuestion,
  progress: Progress,
  talk: (connection: Connection) => Task<T>,
): Task<T> {
  const connection = yield* connectTo(network, server, progress);
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
