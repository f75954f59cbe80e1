/** The side of the network that is up: runs commands on its hosts for `hamlet exec`. Read first: messages.ts. */

import { chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { ExecOptions, Host } from "../../host/index.ts";
import { LineQueue } from "../../host/line-queue.ts";
import { didYouMean } from "../../host/suggest.ts";
import { messageOf, NetworkError, type TaskHandle } from "../../net/index.ts";
import { prepareControlFolder } from "./location.ts";
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
  readonly hosts: ReadonlyMap<string, Host>;
  /** Why no command can begin now; undefined: one can. */
  readonly problem?: string | undefined;
  enter<T>(action: () => T): T;
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
  prepareControlFolder(path);
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

class Session {
  readonly #socket: Socket;
  readonly #world: ControlledWorld;
  readonly #input = new LineQueue();
  #running: TaskHandle<number> | undefined;
  #hasEnded = false;

  constructor(socket: Socket, world: ControlledWorld) {
    this.#socket = socket;
    this.#world = world;
  }

  /** Whether the request has come. */
  get hasBegun(): boolean {
    return this.#running !== undefined;
  }

  handle(message: ClientMessage): void {
    if (this.#hasEnded) return;
    if ((message.type === "exec") === this.hasBegun)
      this.refuse(
        this.hasBegun ? "one connection is for one command" : "the first message must be of type exec",
      );
    else if (message.type === "exec") this.#begin(message);
    else if (message.type === "input") this.#world.enter(() => this.#input.push(message.text));
    else this.#world.enter(() => this.#input.end());
  }

  cancel(): void {
    const running = this.#running;
    if (running !== undefined && !running.done) this.#world.enter(() => running.cancel());
  }

  handleTimeout(): void {
    if (!this.hasBegun) this.refuse("no request came in time");
  }

  /** Its world is gone, and what ran there with it. */
  breakOff(reason: string): void {
    if (!this.hasBegun) return;
    this.#endWith({ type: "failure", message: reason });
    this.#running = undefined;
  }

  /** Says what is wrong, and ends what runs. */
  refuse(problem: string): void {
    this.#endWith({ type: "failure", message: problem });
    this.cancel();
  }

  #begin(request: ExecRequest): void {
    const { hosts, problem } = this.#world;
    const host = hosts.get(request.host);
    if (problem !== undefined || host === undefined) {
      this.#endWith({ type: "failure", message: problem ?? unknownHost(request.host, [...hosts.keys()]) });
      return;
    }
    this.#world.enter(() => {
      this.#running = host.exec(request.words, this.#io(request));
      this.#running.whenDone((outcome) => {
        if ("error" in outcome) this.#endWith({ type: "failure", message: messageOf(outcome.error) });
        else this.#endWith({ type: "exit", status: outcome.value });
      });
    });
  }

  #io(request: ExecRequest): ExecOptions {
    const session = this;
    return {
      print: (text) => session.#send({ type: "print", text }),
      printError: (text) => session.#send({ type: "print-error", text }),
      json: request.json,
      colour: request.colour,
      *readLine() {
        session.#send({ type: "read-line" });
        return yield* session.#input.readLine();
      },
    };
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
