/**
 * The session of a mail client with its IMAP server: kept between two acts, begun anew when it has ended meanwhile. While
 * nobody works with it, it waits for what the server tells by itself (IDLE).
 */

import type { MailAccount } from "../../../host/shell/index.ts";
import {
  type Connection,
  HamletError,
  type Network,
  NetworkError,
  RemoteError,
  sleep,
  type Task,
  type TaskHandle,
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
  readonly #onNews: (client: ImapClient) => Task;
  #kept: { readonly client: ImapClient; readonly connection: Connection } | undefined;
  #usedAtNs = 0;
  #watch: { readonly task: TaskHandle; isReading: boolean; isWanted: boolean } | undefined;

  /** `onNews` looks what is new in INBOX, which is selected. */
  constructor(network: Network, account: MailAccount, onNews: (client: ImapClient) => Task) {
    this.#network = network;
    this.#account = account;
    this.#onNews = onNews;
  }

  /** Works with the server, logged in. Throws MailProblem. */
  *use<T>(progress: Progress, work: (client: ImapClient) => Task<T>): Task<T> {
    const server = incomingServerOf(this.#account);
    yield* this.#endWatch();
    try {
      const client = (yield* this.#alive()) ?? (yield* this.#begin(server, progress));
      const result = yield* work(client);
      this.#usedAtNs = this.#network.clock.nowNs();
      this.#startWatch();
      return result;
    } catch (error) {
      this.#dropBroken();
      this.#startWatch();
      throw problemOf(server, error);
    } finally {
      this.#dropBroken();
    }
  }

  close(): void {
    this.#watch?.task.cancel();
    this.#watch = undefined;
    this.#kept?.connection.close();
    this.#kept = undefined;
  }

  /** The kept session, if it lives: the server may have ended it, or its machine may have been off. */
  *#alive(): Task<ImapClient | undefined> {
    const { clock } = this.#network;
    const client = this.#kept?.client;
    if (client === undefined || clock.nowNs() - this.#usedAtNs < FRESH_NS) return client;
    yield* quietly(withTimeLimit(clock, ALIVE_TIMEOUT_MS, client.noop(), silent));
    this.#dropBroken();
    return this.#kept?.client;
  }

  *#begin(server: ServerInQuestion, progress: Progress): Task<ImapClient> {
    const { userName = "", password = "" } = this.#account;
    const connection = yield* connectTo(this.#network, server, progress);
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

  /** What was broken off in the middle, by the network or by the person, leaves no session behind. */
  #dropBroken(): void {
    if (this.#kept === undefined || this.#kept.client.isReady) return;
    this.#kept.connection.abort();
    this.#kept = undefined;
  }

  #startWatch(): void {
    const client = this.#kept?.client;
    if (client === undefined) return;
    const task = this.#network.spawn("mail: idle", quietly(this.#listen(client)));
    this.#watch = { task, isReading: false, isWanted: true };
  }

  /** One act of a person is often several works: after them the server is listened to. */
  *#listen(client: ImapClient): Task {
    const { clock } = this.#network;
    yield* sleep(clock, FRESH_NS / 1e6);
    if (!(yield* client.can("IDLE"))) return;
    for (;;) {
      yield* this.#reading(function* () {
        if (client.mailbox?.name !== "INBOX") yield* client.select("INBOX");
      });
      if (this.#watch?.isWanted !== true) return;
      const isNews = yield* client.idle(clock, IDLE_MS);
      if (isNews) yield* this.#reading(() => this.#onNews(client));
    }
  }

  /** What must not be broken off. */
  *#reading(work: () => Task): Task {
    const watch = this.#watch;
    if (watch === undefined) return;
    watch.isReading = true;
    yield* work();
    watch.isReading = false;
  }

  /** The session is wanted: IDLE ends, or what it has led to is awaited. */
  *#endWatch(): Task {
    const watch = this.#watch;
    if (watch === undefined) return;
    const { clock } = this.#network;
    const isIdle = !watch.task.done && !watch.isReading;
    watch.isWanted = false;
    if (isIdle) watch.task.cancel();
    yield* quietly(withTimeLimit(clock, ALIVE_TIMEOUT_MS, watch.task.join(), silent));
    this.#watch = undefined;
    this.#dropBroken();
    // The server has answered the end of IDLE.
    if (isIdle) this.#usedAtNs = clock.nowNs();
  }
}

/** Whatever is expected to go wrong is found out by the next act. */
function* quietly(work: Task<unknown>): Task {
  try {
    yield* work;
  } catch (error) {
    if (!(error instanceof HamletError)) throw error;
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
/** Then it is begun again. */
const IDLE_MS = 24 * 3600_000;
/** Who has just answered is there: one act of a person is often several works. */
const FRESH_NS = 1e9;
