/** The side of the network that is up: runs commands on its hosts for `hamlet exec`. Read first: messages.ts. */

import { chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Entrance, OutsideTerminal } from "../../engine/outside/index.ts";
import { didYouMean } from "../../host/suggest.ts";
import { NetworkError } from "../../net/index.ts";
import { prepareControlPath } from "./location.ts";
import {
  type ClientMessage,
  type ExecRequest,
  isClientMessage,
  LINE_LENGTH_MAX,
  REQUEST_LENGTH_MAX,
  receiveMessages,
  type ServerMessage,
  sendMessage,
} from "./messages.ts";

/** What commands are run in; which world that is may change (`breakOff`). */
export interface ControlledWorld {
  readonly hosts: ReadonlyMap<string, unknown>;
  /** Why no command can begin now; undefined: one can. */
  readonly problem?: string | undefined;
  entrance(): Entrance;
}

export interface ControlServer {
  readonly path: string;
  /** Ends what runs, and says why: its world is gone. */
  breakOff(reason: string): void;
  close(): Promise<void>;
}

/** Listens at `path`; throws NetworkError "address-in-use" when another network is up there. */
export async function openControlServer(
  path: string,
  world: ControlledWorld,
  requestTimeoutMs = REQUEST_TIMEOUT_MS,
): Promise<ControlServer> {
  prepareControlPath(path);
  if (await isAlive(path)) throw new NetworkError("address-in-use", `a network is up already at ${path}`);
  // What a process left behind that was killed.
  if (process.platform !== "win32") rmSync(path, { force: true });
  const sessions = new Map<Socket, Session>();
  const server = createServer((socket) => {
    sessions.set(socket, serveClient(socket, world, requestTimeoutMs));
    socket.on("close", () => sessions.delete(socket));
  });
  server.maxConnections = CLIENTS_MAX;
  await listenAt(server, path);
  return {
    path,
    breakOff(reason) {
      for (const session of sessions.values()) session.breakOff(reason);
    },
    async close() {
      for (const socket of sessions.keys()) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** One connection: one command. */
function serveClient(socket: Socket, world: ControlledWorld, requestTimeoutMs: number): Session {
  const session = new Session(socket, world);
  const timer = setTimeout(() => session.handleTimeout(), requestTimeoutMs);
  receiveMessages(socket, {
    isMessage: isClientMessage,
    lengthMax: () => (session.hasBegun ? LINE_LENGTH_MAX : REQUEST_LENGTH_MAX),
    onMessage: (message) => session.handle(message),
    onNonsense: (problem) => session.refuse(problem),
  });
  // Whatever was wrong with the connection, it is gone: "close" follows.
  socket.on("error", () => {});
  socket.on("close", () => {
    clearTimeout(timer);
    session.cancel();
  });
  return session;
}

class Session implements OutsideTerminal {
  readonly #socket: Socket;
  readonly #world: ControlledWorld;
  /** Where its command came in, once it has. */
  #visit: { readonly entrance: Entrance; readonly number: number } | undefined;
  /** The command has ended. */
  #isDone = false;
  #hasEnded = false;

  constructor(socket: Socket, world: ControlledWorld) {
    this.#socket = socket;
    this.#world = world;
  }

  /** Whether the request has come. */
  get hasBegun(): boolean {
    return this.#visit !== undefined;
  }

  handle(message: ClientMessage): void {
    if (this.#hasEnded) return;
    if ((message.type === "exec") === this.hasBegun)
      this.refuse(
        this.hasBegun ? "one connection is for one command" : "the first message must be of type exec",
      );
    else if (message.type === "exec") this.#begin(message);
    else if (message.type === "cancel") this.cancel();
    else if (this.#visit !== undefined) {
      const { entrance, number: visit } = this.#visit;
      if (message.type === "input") entrance.arrive({ kind: "line", visit, text: message.text });
      else entrance.arrive({ kind: "end", visit });
    }
  }

  cancel(): void {
    if (this.#visit === undefined || this.#isDone) return;
    const { entrance, number: visit } = this.#visit;
    this.#isDone = true;
    entrance.arrive({ kind: "break", visit, code: "cancelled", message: "hamlet exec was ended" });
  }

  handleTimeout(): void {
    if (!this.hasBegun) this.refuse("no request came in time");
  }

  /** Its world is gone, and what ran there with it. */
  breakOff(reason: string): void {
    if (!this.hasBegun) return;
    this.#isDone = true;
    this.#endWith({ type: "failure", message: reason });
  }

  /** Says what is wrong, and ends what runs. */
  refuse(problem: string): void {
    this.#endWith({ type: "failure", message: problem });
    this.cancel();
  }

  // ---- What the lab says.

  print(text: string): void {
    this.#send({ type: "print", text });
  }

  printError(text: string): void {
    this.#send({ type: "print-error", text });
  }

  askLine(): void {
    this.#send({ type: "read-line" });
  }

  end(outcome: Parameters<OutsideTerminal["end"]>[0]): void {
    this.#isDone = true;
    if ("problem" in outcome) this.#endWith({ type: "failure", message: outcome.problem });
    else this.#endWith({ type: "exit", status: outcome.status });
  }

  // ---- Helpers.

  #begin({ host, words, json, colour }: ExecRequest): void {
    const { hosts, problem } = this.#world;
    if (problem !== undefined || !hosts.has(host)) {
      this.#endWith({ type: "failure", message: problem ?? unknownHost(host, [...hosts.keys()]) });
      return;
    }
    const entrance = this.#world.entrance();
    const visit = entrance.newVisit();
    this.#visit = { entrance, number: visit };
    entrance.arrive({ kind: "exec", visit, host, words, json, colour }, this);
  }

  #send(message: ServerMessage): void {
    sendMessage(this.#socket, message);
    // Who does not read what he asked for must not fill our memory.
    if (this.#socket.writableLength > UNREAD_MAX) this.#socket.destroy();
  }

  #endWith(message: ServerMessage): void {
    if (this.#hasEnded || this.#socket.destroyed) return;
    this.#hasEnded = true;
    this.#send(message);
    this.#socket.end();
    // Who does not close their side must not keep it.
    const timer = setTimeout(() => this.#socket.destroy(), LINGER_MS);
    this.#socket.on("close", () => clearTimeout(timer));
  }
}

function unknownHost(name: string, known: readonly string[]): string {
  const shown = known.slice(0, NAMES_SHOWN).join(", ") + (known.length > NAMES_SHOWN ? ", …" : "");
  return `there is no host "${name}"${didYouMean(name, known) || `; there is ${shown}`}`;
}

function listenAt(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const problem = error.code === "EADDRINUSE" ? "is in use" : `cannot be opened (${error.code})`;
      const code = error.code === "EADDRINUSE" ? "address-in-use" : "failed";
      reject(new NetworkError(code, `the control socket ${path} ${problem}`, { cause: error }));
    });
    server.listen({ path }, () => {
      // The folder keeps others out already; this does where the folder is shared.
      if (process.platform !== "win32") chmodSync(path, 0o600);
      resolve();
    });
  });
}

/** Whether somebody answers there. */
function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

/** `hamlet exec` sends its request as soon as it is connected. */
const REQUEST_TIMEOUT_MS = 10_000;
/** As long as a reader on the same machine may need for the last words. */
const LINGER_MS = 10_000;
/** Commands at once: more than anybody types. */
const CLIENTS_MAX = 64;
const UNREAD_MAX = 64 * 1024 * 1024;
/** Names of hosts in a message of one line. */
const NAMES_SHOWN = 8;
