/**
 * What a Telnet server sends (RFC 854): text, and commands behind IAC. A terminal that wants nothing special refuses
 * whatever is offered or asked, once, and shows the text. Pure; the dialogue is telnet.ts.
 */

import { decodeUtf8Lossy } from "../../bytes/index.ts";

export interface Received {
  readonly text: string;
  /** To be sent back; perhaps empty. */
  readonly reply: Uint8Array;
}

export class NetworkVirtualTerminal {
  #state: "data" | "command" | "option" | "subnegotiation" | "subnegotiation-command" = "data";
  #verb = 0;
  /** Options that were refused already: a second refusal could be answered for ever. */
  readonly #refused = new Set<number>();
  /** The beginning of a character whose end has not come yet. */
  #unfinished: readonly number[] = [];

  receive(bytes: Uint8Array): Received {
    const data = [...this.#unfinished];
    const reply: number[] = [];
    for (const octet of bytes) this.#take(octet, data, reply);
    const whole = data.length - unfinishedLength(data);
    this.#unfinished = data.slice(whole);
    return { text: decodeUtf8Lossy(Uint8Array.from(data.slice(0, whole))), reply: Uint8Array.from(reply) };
  }

  #take(octet: number, data: number[], reply: number[]): void {
    switch (this.#state) {
      case "data":
        if (octet === IAC) this.#state = "command";
        // RFC 854, "The NVT printer and keyboard": CR comes with LF or NUL; the line's end is LF to us.
        else if (octet !== CR && octet !== NUL) data.push(octet);
        return;
      case "command":
        this.#command(octet, data);
        return;
      case "option":
        this.#state = "data";
        this.#refuse(octet, reply);
        return;
      case "subnegotiation":
        if (octet === IAC) this.#state = "subnegotiation-command";
        return;
      case "subnegotiation-command":
        this.#state = octet === SE ? "data" : "subnegotiation";
    }
  }

  #command(octet: number, data: number[]): void {
    this.#state = "data";
    // RFC 854: IAC IAC is the octet 255 itself.
    if (octet === IAC) data.push(octet);
    else if (octet === SB) this.#state = "subnegotiation";
    else if (octet >= WILL && octet <= DONT) {
      this.#verb = octet;
      this.#state = "option";
    }
  }

  /** RFC 854: WILL is refused by DONT, DO by WONT; WONT and DONT say what is so already, and need no answer. */
  #refuse(option: number, reply: number[]): void {
    const answer = this.#verb === WILL ? DONT : this.#verb === DO ? WONT : undefined;
    if (answer === undefined) return;
    const key = answer * 256 + option;
    if (this.#refused.has(key)) return;
    this.#refused.add(key);
    reply.push(IAC, answer, option);
  }
}

/** How many octets at the end begin a UTF-8 character (RFC 3629 section 3) without ending it. */
function unfinishedLength(data: readonly number[]): number {
  for (let length = 1; length <= Math.min(3, data.length); length++) {
    const octet = data[data.length - length];
    if (octet < 0x80) return 0;
    if (octet >= 0xc0) return length < (octet < 0xe0 ? 2 : octet < 0xf0 ? 3 : 4) ? length : 0;
  }
  return 0;
}

const NUL = 0;
const CR = 13;
/** RFC 854, "TELNET command structure". */
const SE = 240;
const SB = 250;
const WILL = 251;
const WONT = 252;
const DO = 253;
const DONT = 254;
const IAC = 255;
