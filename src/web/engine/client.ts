/**
 * The one way from the page to its engine: typed requests, events, and a connection that comes back by itself.
 * After each (re)connection `connection` has another `epoch`; whoever watches something asks for it again then.
 */

import {
  type EngineMessage,
  type EventName,
  type Events,
  type MethodName,
  type Parameters,
  PROTOCOL_VERSION,
  type Problem,
  type Request,
  type Results,
  type Welcome,
} from "../../engine/protocol/index.ts";
import { Store } from "./store.ts";
import type { OpenTransport, Transport } from "./transport.ts";

export type Connection =
  | { readonly state: "connecting" }
  | {
      readonly state: "open";
      readonly place: Welcome["place"];
      readonly savesTo: string | undefined;
      readonly epoch: number;
    }
  | { readonly state: "lost"; readonly reason: string; readonly attempt: number }
  | { readonly state: "refused"; readonly reason: string };

/** Why a request was not fulfilled. `code` "no-connection" is of the console's own making. */
export class EngineError extends Error {
  readonly code: string;

  constructor({ code, message }: Problem) {
    super(message);
    this.name = "EngineError";
    this.code = code;
  }
}

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: EngineError) => void;
}

export class EngineClient {
  readonly connection = new Store<Connection>({ state: "connecting" });
  readonly #open: OpenTransport;
  readonly #listeners = new Map<EventName, Set<(data: never) => void>>();
  readonly #welcomed = new Set<(welcome: Welcome) => void>();
  readonly #waiting = new Map<number, Waiting>();
  #transport: Transport | undefined;
  #lastId = 0;
  #epoch = 0;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(open: OpenTransport) {
    this.#open = open;
  }

  /** Begins to connect, or tries again at once. */
  connect(): void {
    clearTimeout(this.#timer);
    this.#transport?.close();
    this.#timer = setTimeout(() => this.#lose("The engine does not answer."), HELLO_TIMEOUT_MS);
    this.#transport = this.#open({
      onOpen: () => this.#greet(),
      onMessage: (message) => this.#receive(message),
      onClose: (reason, final) => this.#lose(reason, final),
    });
  }

  request<Method extends MethodName>(method: Method, params: Parameters<Method>): Promise<Results[Method]> {
    if (this.connection.get().state !== "open") return Promise.reject(new EngineError(NO_CONNECTION));
    return this.#send(method, params);
  }

  /** Until the returned function is called. */
  on<Name extends EventName>(event: Name, listener: (data: Events[Name]) => void): () => void {
    let listeners = this.#listeners.get(event);
    if (listeners === undefined) this.#listeners.set(event, (listeners = new Set()));
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** What each connection begins with, before anybody learns that it is open. */
  onWelcome(listener: (welcome: Welcome) => void): void {
    this.#welcomed.add(listener);
  }

  #send<Method extends MethodName>(method: Method, params: Parameters<Method>): Promise<Results[Method]> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#transport!.send({ id, method, params } as Request);
    });
  }

  async #greet(): Promise<void> {
    try {
      const welcome = await this.#send("hello", { version: PROTOCOL_VERSION });
      clearTimeout(this.#timer);
      this.#attempt = 0;
      if (welcome.version !== PROTOCOL_VERSION) {
        this.#refuse(`The page speaks version ${PROTOCOL_VERSION}, the engine version ${welcome.version}.`);
        return;
      }
      for (const listener of this.#welcomed) listener(welcome);
      const { place, savesTo } = welcome;
      this.connection.set({ state: "open", place, savesTo, epoch: ++this.#epoch });
    } catch (error) {
      // The transport closed meanwhile: #lose has seen to it. Anything else the engine itself said.
      if (error instanceof EngineError && error.code !== NO_CONNECTION.code) this.#refuse(error.message);
    }
  }

  #receive(message: EngineMessage): void {
    if ("event" in message) {
      const listeners = this.#listeners.get(message.event);
      for (const listener of [...(listeners ?? [])]) listener(message.data as never);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ("error" in message) waiting?.reject(new EngineError(message.error));
    else waiting?.resolve(message.result as never);
  }

  #refuse(reason: string): void {
    clearTimeout(this.#timer);
    this.#transport?.close();
    this.#transport = undefined;
    this.connection.set({ state: "refused", reason });
  }

  #lose(reason: string, final = false): void {
    if (final) this.#refuse(reason);
    else {
      clearTimeout(this.#timer);
      this.#transport?.close();
      this.#transport = undefined;
      this.#attempt += 1;
      this.connection.set({ state: "lost", reason, attempt: this.#attempt });
      this.#timer = setTimeout(() => this.connect(), retryAfterMs(this.#attempt));
    }
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new EngineError(NO_CONNECTION));
  }
}

/** Doubles from a quarter of a second to eight seconds. */
export function retryAfterMs(attempt: number): number {
  return Math.min(LONGEST_PAUSE_MS, 250 * 2 ** Math.min(attempt - 1, 10));
}

const NO_CONNECTION: Problem = { code: "no-connection", message: "There is no connection to the engine." };
/** Somebody who starts `hamlet up` again sees the page come back before reaching for the reload key. */
const LONGEST_PAUSE_MS = 8_000;
/** A worker must load and compile the engine first, on a slow machine. */
const HELLO_TIMEOUT_MS = 30_000;
