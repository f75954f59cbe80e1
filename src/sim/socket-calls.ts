/**
 * Tells the subscribers of a world what its sockets are asked to do. Without a subscriber there is no `SocketLog`,
 * and nothing is told, kept or wrapped.
 */

import { type Endpoint, NetworkError, type StreamSocket } from "../net/index.ts";
import type { CallTap, SocketCall, SocketCallName } from "./capture/socket-call.ts";
import type { Schedule } from "./schedule.ts";

export class SocketCalls {
  readonly #schedule: Schedule;
  #taps: readonly CallTap[] = [];
  #callCount = 0;
  #socketCount = 0;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  get nowNs(): number {
    return this.#schedule.nowNs;
  }

  /** Returns how to stop listening. */
  add(tap: CallTap): () => void {
    this.#taps = [...this.#taps, tap];
    return () => {
      this.#taps = this.#taps.filter((other) => other !== tap);
    };
  }

  /** The log of a new socket; undefined while nobody listens. */
  open(hostName: string, transport: SocketCall["transport"]): SocketLog | undefined {
    if (this.#taps.length === 0) return undefined;
    return new SocketLog(this, hostName, transport, ++this.#socketCount);
  }

  nextCallId(): number {
    return ++this.#callCount;
  }

  tell(call: SocketCall): void {
    for (const tap of this.#taps) tap.handleCall(call);
  }
}

type Details = Partial<Pick<SocketCall, "remote" | "octets" | "backlog" | "error">>;

/** The calls on one socket. */
export class SocketLog {
  /** Known once the socket is bound or connected. */
  local: Endpoint | undefined;
  remote: Endpoint | undefined;
  readonly #calls: SocketCalls;
  readonly #hostName: string;
  readonly #transport: SocketCall["transport"];
  readonly #socketId: number;

  constructor(calls: SocketCalls, hostName: string, transport: SocketCall["transport"], socketId: number) {
    this.#calls = calls;
    this.#hostName = hostName;
    this.#transport = transport;
    this.#socketId = socketId;
  }

  /** A call that returns at once. */
  tell(call: SocketCallName, details: Details = {}): void {
    const { nowNs } = this.#calls;
    this.#tell(this.#calls.nextCallId(), call, nowNs, nowNs, details);
  }

  /** A call that may wait. */
  begin(call: SocketCallName, begun: Details = {}): OpenCall {
    const id = this.#calls.nextCallId();
    let startNs = 0;
    const begin = (): void => {
      startNs = this.#calls.nowNs;
      this.#tell(id, call, startNs, undefined, begun);
    };
    begin();
    const end = (returned: Details = {}): void =>
      this.#tell(id, call, startNs, this.#calls.nowNs, { ...begun, ...returned });
    return { begin, end };
  }

  /** The log of a connection that this listening socket has accepted. */
  accepted(local: Endpoint, remote: Endpoint): SocketLog | undefined {
    const log = this.#calls.open(this.#hostName, this.#transport);
    if (log !== undefined) Object.assign(log, { local, remote });
    return log;
  }

  #tell(id: number, call: SocketCallName, startNs: number, endNs: number | undefined, more: Details): void {
    const { local, remote } = this;
    const nothing = { octets: undefined, backlog: undefined, error: undefined };
    const socket = { hostName: this.#hostName, socketId: this.#socketId, transport: this.#transport };
    this.#calls.tell({ id, ...socket, call, startNs, endNs, local, remote, ...nothing, ...more });
  }
}

/** A call that has not returned. */
export interface OpenCall {
  /** It begins now instead of then: it was only a look whether it would have to wait. */
  begin(): void;
  end(returned?: Details): void;
}

/**
 * A stream socket whose calls are told. `receive` that finds nothing is a read that waits until a later one finds
 * something; `send` that takes only a part is a write that waits until the rest is taken.
 */
export class HeardSocket implements StreamSocket {
  readonly #socket: StreamSocket;
  readonly #log: SocketLog;
  #read: OpenCall | undefined;
  /** Whether the user did something else since `receive` found nothing: then it was not waiting. */
  #hasWritten = false;
  #write: { left: number; readonly call: OpenCall } | undefined;
  #isClosed = false;

  constructor(socket: StreamSocket, log: SocketLog) {
    this.#socket = socket;
    this.#log = log;
  }

  get local(): Endpoint {
    return this.#socket.local;
  }

  get remote(): Endpoint {
    return this.#socket.remote;
  }

  get unsentBytes(): number {
    return this.#socket.unsentBytes;
  }

  get onChange(): () => void {
    return this.#socket.onChange;
  }

  set onChange(listener: () => void) {
    this.#socket.onChange = listener;
  }

  receive(maxBytes: number): Uint8Array | null | undefined {
    if (this.#hasWritten) this.#read?.begin();
    this.#hasWritten = false;
    const read = this.#read ?? this.#log.begin("read");
    this.#read = undefined;
    try {
      const bytes = this.#socket.receive(maxBytes);
      if (bytes === undefined) this.#read = read;
      else read.end({ octets: bytes === null ? 0 : bytes.length });
      return bytes;
    } catch (error) {
      read.end({ error: errorCode(error) });
      throw error;
    }
  }

  send(bytes: Uint8Array): number {
    this.#hasWritten = true;
    let write = this.#write;
    if (write?.left !== bytes.length) {
      const octets = bytes.length;
      write = { left: octets, call: this.#log.begin("write", { octets }) };
    }
    try {
      const taken = this.#socket.send(bytes);
      write.left -= taken;
      this.#write = write.left > 0 ? write : undefined;
      if (write.left === 0) write.call.end();
      return taken;
    } catch (error) {
      this.#write = undefined;
      write.call.end({ error: errorCode(error) });
      throw error;
    }
  }

  shutdown(): void {
    this.#log.tell("shutdown");
    this.#socket.shutdown();
  }

  close(): void {
    this.#end("close");
    this.#socket.close();
  }

  abort(): void {
    this.#end("abort");
    this.#socket.abort();
  }

  #end(call: "close" | "abort"): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#log.tell(call);
  }
}

/** What a log says of an error. */
export function errorCode(error: unknown): string {
  return error instanceof NetworkError ? error.code : "failed";
}
