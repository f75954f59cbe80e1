/** The session of a mail client with its IMAP server: kept between two acts, begun anew when it has ended meanwhile. */

import type { MailAccount } from "../../../host/shell/index.ts";
import {
  type Connection,
  HamletError,
  LocalError,
  type Network,
  NetworkError,
  RemoteError,
  type Task,
  withTimeLimit,
} from "../../../net/index.ts";
import { ImapClient, ImapRefusedError } from "../../../protocols/imap/index.ts";
import type { Progress } from "./access.ts";
import { incomingServerOf } from "./account.ts";
import { loginProblem, MailProblem, type ServerInQuestion, serverProblem } from "./problem.ts";
import { connectTo } from "./transfer.ts";

export class ImapSession {
  readonly #network: Network;
  readonly #account: MailAccount;
  #kept: { readonly client: ImapClient; readonly connection: Connection } | undefined;
  #usedAtNs = 0;

  constructor(network: Network, account: MailAccount) {
    this.#network = network;
    this.#account = account;
  }

  /** Works with the server, logged in. Throws MailProblem. */
  *use<T>(progress: Progress, work: (client: ImapClient) => Task<T>): Task<T> {
    const server = incomingServerOf(this.#account);
    const client = (yield* this.#alive()) ?? (yield* this.#begin(server, progress));
    const result = yield* this.#whole(server, work(client));
    this.#usedAtNs = this.#network.clock.nowNs();
    return result;
  }

  close(): void {
    this.#kept?.connection.close();
    this.#kept = undefined;
  }

  /** The kept session, if it lives: the server may have ended it, or its machine may have been off. */
  *#alive(): Task<ImapClient | undefined> {
    const kept = this.#kept;
    if (kept === undefined) return undefined;
    if (this.#network.clock.nowNs() - this.#usedAtNs < FRESH_NS) return kept.client;
    let isAlive = false;
    try {
      yield* withTimeLimit(this.#network.clock, ALIVE_TIMEOUT_MS, kept.client.noop(), silent);
      isAlive = true;
    } catch (error) {
      if (!(error instanceof HamletError)) throw error;
    } finally {
      if (!isAlive) this.#abort();
    }
    return isAlive ? kept.client : undefined;
  }

  *#begin(server: ServerInQuestion, progress: Progress): Task<ImapClient> {
    const connection = yield* connectTo(this.#network, server, progress);
    return yield* this.#whole(server, this.#login(connection, server, progress));
  }

  *#login(connection: Connection, server: ServerInQuestion, progress: Progress): Task<ImapClient> {
    const { userName = "", password = "" } = this.#account;
    let isIn = false;
    try {
      const client = yield* ImapClient.start(connection);
      progress(`logging in as ${userName}`);
      yield* client.login(userName, password);
      this.#kept = { client, connection };
      isIn = true;
      return client;
    } catch (error) {
      if (error instanceof ImapRefusedError && error.status === "NO")
        throw loginProblem(server, userName, error);
      throw error;
    } finally {
      if (!isIn) connection.abort();
    }
  }

  /** What is broken off in the middle, by the network or by the person, leaves no session behind. */
  *#whole<T>(server: ServerInQuestion, work: Task<T>): Task<T> {
    let isWhole = false;
    try {
      const result = yield* work;
      isWhole = true;
      return result;
    } catch (error) {
      isWhole = error instanceof LocalError || (error instanceof ImapRefusedError && error.status !== "BYE");
      throw problemOf(server, error);
    } finally {
      if (!isWhole) this.#abort();
    }
  }

  #abort(): void {
    this.#kept?.connection.abort();
    this.#kept = undefined;
  }
}

function problemOf(server: ServerInQuestion, error: unknown): unknown {
  if (error instanceof ImapRefusedError && error.status !== "BYE") {
    const words = (error.reply ?? "").replace(/[^ -~]/g, "?") || error.status;
    return MailProblem.at(undefined, `The incoming server ${server.host} refused: ${words}`, {
      cause: error,
    });
  }
  const isExpected = error instanceof RemoteError || error instanceof NetworkError;
  return isExpected && error.code !== "cancelled" ? serverProblem(server, error) : error;
}

function silent(): NetworkError {
  return new NetworkError("timed-out", "the session is silent");
}

/** As long as a person waits; then a new connection tells what is the matter. */
const ALIVE_TIMEOUT_MS = 5_000;
/** Who has just answered is there: one act of a person is often several works. */
const FRESH_NS = 1e9;
