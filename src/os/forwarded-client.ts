/**
 * The machine's half of a TCP client that has come into a lab: turns what its socket does into arrivals, and does what
 * the lab says. What must stay true: the lab's words (OutsideStream) cause no arrival before the event loop has had a
 * turn; no more than UNREAD_MAX waits in the lab unread, no more than ROOM_MAX here unsent.
 */

import { type Entrance, type OutsideStream, ROOM_MAX, type Way } from "../engine/outside/index.ts";
import { formatEndpoint, NetworkError } from "../net/index.ts";
import type { OsStreamSocket } from "./stream-socket.ts";

export interface ForwardedClientContext {
  /** Why it has failed. */
  explain(text: string): void;
  /** The lab is done with it, or it is gone. */
  onEnd(): void;
}

export class ForwardedClient implements OutsideStream {
  readonly #socket: OsStreamSocket;
  readonly #entrance: Entrance;
  readonly #context: ForwardedClientContext;
  readonly #visit: number;
  /** Octets that have arrived and were not taken. */
  #unread = 0;
  #hasEnded = false;
  /** What the socket has had no room for, oldest first. */
  #unsent: Uint8Array[] = [];
  /** Octets that the socket has taken, and the lab has not heard of. */
  #untold = 0;
  /** What comes after the last octet. */
  #last: "nothing" | "end" | "close" = "nothing";
  /** Why the socket takes nothing any more. */
  #failure: NetworkError | undefined;
  #isOver = false;
  #looksSoon = false;

  constructor(socket: OsStreamSocket, entrance: Entrance, context: ForwardedClientContext) {
    this.#socket = socket;
    this.#entrance = entrance;
    this.#context = context;
    this.#visit = entrance.newVisit();
  }

  /** It comes in. */
  enter(way: Way): void {
    const { local, remote } = this.#socket;
    this.#socket.onChange = () => this.#look();
    this.#entrance.arrive({ kind: "connect", visit: this.#visit, way, local, client: remote }, this);
    this.#look();
  }

  /** Breaks it off on both sides. */
  cutOff(): void {
    this.#reset();
    this.#break(new NetworkError("reset", `${formatEndpoint(this.#socket.remote)} was cut off`));
  }

  // ---- What the lab says.

  write(bytes: Uint8Array): void {
    this.#unsent.push(bytes);
    if (this.#unsent.length === 1) this.#send();
  }

  handleTaken(octets: number): void {
    if (this.#unread >= UNREAD_MAX) this.#lookSoon();
    this.#unread -= octets;
  }

  end(): void {
    if (this.#last === "nothing") this.#last = "end";
    this.#send();
  }

  close(): void {
    this.#last = "close";
    this.#finish();
    this.#send();
    if (this.#unsent.length > 0) setTimeout(() => this.#reset(), DELIVERY_MAX_MS).unref();
  }

  abort(): void {
    this.#reset();
    this.#finish();
  }

  explain(text: string): void {
    this.#context.explain(text);
  }

  // ---- What the socket does.

  #look(): void {
    this.#receive();
    this.#send();
  }

  #receive(): void {
    try {
      while (!this.#isOver && this.#unread < UNREAD_MAX) {
        const bytes = this.#socket.receive(PIECE_MAX);
        if (bytes === undefined || (bytes === null && this.#hasEnded)) return;
        if (bytes === null) {
          this.#hasEnded = true;
          this.#entrance.arrive({ kind: "end", visit: this.#visit });
        } else {
          this.#unread += bytes.length;
          this.#entrance.arrive({ kind: "octets", visit: this.#visit, bytes });
        }
      }
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      this.#break(error);
    }
  }

  #send(): void {
    try {
      for (let first = this.#unsent[0]; first !== undefined; first = this.#unsent[0]) {
        const taken = this.#socket.send(first);
        this.#untold += taken;
        // A small dialogue never comes so far: the lab need not hear of each line that has gone.
        if (this.#untold >= ROOM_MAX / 2) this.#lookSoon();
        if (taken === first.length) this.#unsent.shift();
        else {
          this.#unsent[0] = first.subarray(taken);
          return;
        }
      }
      if (this.#last === "end") this.#socket.shutdown();
      else if (this.#last === "close") this.#socket.close();
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      this.#unsent = [];
      this.#last = "nothing";
      this.#failure = error;
      this.#lookSoon();
    }
  }

  /** Not from inside the lab; and a kernel that takes all at once must not keep the process to one client. */
  #lookSoon(): void {
    if (this.#looksSoon) return;
    this.#looksSoon = true;
    setImmediate(() => {
      this.#looksSoon = false;
      if (this.#failure !== undefined) this.#break(this.#failure);
      if (this.#untold >= ROOM_MAX / 2 && !this.#isOver) {
        const octets = this.#untold;
        this.#untold = 0;
        this.#entrance.arrive({ kind: "room", visit: this.#visit, octets });
      }
      this.#look();
    });
  }

  #break({ code, message }: NetworkError): void {
    if (this.#isOver) return;
    this.#finish();
    this.#entrance.arrive({ kind: "break", visit: this.#visit, code, message });
  }

  /** The lab has no word for it any more, nor anything to hear of it. */
  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#context.onEnd();
  }

  #reset(): void {
    this.#unsent = [];
    this.#socket.abort();
  }
}

/** As relays read. */
const PIECE_MAX = 64 * 1024;
/** Octets that wait for the lab: with as many in the socket, what one turn of the lab takes. */
const UNREAD_MAX = 256 * 1024;
/** A peer that does not take what it was sent before a close: TCP's own patience is minutes. */
const DELIVERY_MAX_MS = 120_000;
