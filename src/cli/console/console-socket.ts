/**
 * One console at the other end of a WebSocket: its messages go to a session of the engine, what the session says goes
 * back. What must stay true: whoever does not read, answer or make sense costs a bounded amount of memory and time.
 */

import type { RawData, WebSocket } from "ws";
import type { Engine } from "../../engine/engine.ts";
import type { EngineMessage } from "../../engine/protocol/index.ts";

export interface SocketLimits {
  readonly pingEveryMs: number;
  /** Octets that may wait to be read before the console is cut off. */
  readonly unreadMax: number;
}

export function serveConsole(socket: WebSocket, engine: Engine, limits: SocketLimits): void {
  const console = new ConsoleSocket(socket, engine, limits.unreadMax);
  const pings = setInterval(() => console.ping(), limits.pingEveryMs);
  socket.on("message", (data, isBinary) => console.handle(data, isBinary));
  socket.on("pong", () => console.handlePong());
  // What was wrong is told to the console by ws; "close" follows.
  socket.on("error", () => {});
  socket.on("close", () => {
    clearInterval(pings);
    console.close();
  });
}

class ConsoleSocket {
  readonly #socket: WebSocket;
  readonly #engine: Engine;
  readonly #unreadMax: number;
  readonly #session: ReturnType<Engine["connect"]>;
  #isBehind = false;
  /** What came in one piece with what was answered last; at most what fits into a piece, for no more is read then. */
  #waiting: string[] = [];
  #hasPonged = true;

  constructor(socket: WebSocket, engine: Engine, unreadMax: number) {
    this.#socket = socket;
    this.#engine = engine;
    this.#unreadMax = unreadMax;
    this.#session = engine.connect(
      (message) => this.#send(message),
      () => this.#isBehind,
    );
  }

  handle(data: RawData, isBinary: boolean): void {
    // RFC 6455 section 7.4.1.
    if (isBinary) this.#socket.close(UNSUPPORTED_DATA, "a message is text");
    else if (this.#isBehind) this.#waiting.push(String(data));
    else this.#session.handle(parseJson(String(data)));
  }

  ping(): void {
    if (!this.#hasPonged) this.#socket.terminate();
    this.#hasPonged = false;
    this.#socket.ping();
  }

  handlePong(): void {
    this.#hasPonged = true;
  }

  close(): void {
    this.#waiting = [];
    this.#session.close();
  }

  #send(message: EngineMessage): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    socket.send(JSON.stringify(message), () => this.#handleSent());
    if (socket.bufferedAmount > this.#unreadMax) socket.terminate();
    else if (socket.bufferedAmount > BEHIND_OCTETS) {
      this.#isBehind = true;
      // Who does not read what he asked for is not asked what else he wants.
      socket.pause();
    }
  }

  #handleSent(): void {
    if (!this.#isBehind || this.#socket.bufferedAmount > BEHIND_OCTETS) return;
    this.#isBehind = false;
    while (!this.#isBehind && this.#waiting.length > 0)
      this.#session.handle(parseJson(this.#waiting.shift()!));
    if (this.#isBehind) return;
    this.#socket.resume();
    this.#engine.tickSoon();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const UNSUPPORTED_DATA = 1003;
/** Some hundred events: a console that has not read them is told how things are when it has. */
const BEHIND_OCTETS = 1024 * 1024;
