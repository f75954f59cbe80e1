/**
 * The selected mailbox as the server's untagged responses tell of it, whenever they come: RFC 3501 section 7. What must
 * stay true: sequence numbers are positions, so an EXPUNGE moves all that stand behind it.
 */

import type { Response } from "./response.ts";

export class SelectedMailbox {
  readonly name: string;
  /** Messages in it. */
  exists = 0;
  recent = 0;
  /** Flags that messages here can have, and those of them that last (with "\*": any keyword). */
  flags: readonly string[] = [];
  permanentFlags: readonly string[] | undefined;
  /** RFC 3501 section 2.3.1.1: with another number no UID means what it meant before. */
  uidValidity: number | undefined;
  uidNext: number | undefined;
  isReadOnly = false;
  /** Counts news. */
  revision = 0;
  /** By sequence number less one; what nobody has asked for is not there. */
  readonly #messages: ({ readonly uid?: number; readonly flags?: readonly string[] } | undefined)[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** The UID of a message, when it was told. */
  uidOf(number: number): number | undefined {
    return this.#messages[number - 1]?.uid;
  }

  flagsOf(number: number): readonly string[] | undefined {
    return this.#messages[number - 1]?.flags;
  }

  /** Learns from a response; whatever is not about the mailbox is passed over. */
  observe(response: Response): void {
    switch (response.kind) {
      case "exists":
        if (this.exists === response.number) return;
        this.exists = response.number;
        if (this.#messages.length > this.exists) this.#messages.length = this.exists;
        break;
      case "recent":
        if (this.recent === response.number) return;
        this.recent = response.number;
        break;
      case "expunge":
        if (response.number < 1 || response.number > this.exists) return;
        this.exists--;
        this.#messages.splice(response.number - 1, 1);
        break;
      case "fetch": {
        const { number, uid, flags } = response.message;
        if (number < 1 || number > Math.min(this.exists, KNOWN_MAX)) return;
        this.#messages[number - 1] = {
          ...this.#messages[number - 1],
          ...(uid !== undefined && { uid }),
          ...(flags !== undefined && { flags }),
        };
        break;
      }
      case "flags":
        this.flags = response.flags;
        break;
      case "status":
        if (!this.#observeCode(response.code?.name, response.code?.argument ?? "")) return;
        break;
      default:
        return;
    }
    this.revision++;
  }

  #observeCode(name: string | undefined, argument: string): boolean {
    const number = /^\d{1,15}$/.test(argument) ? Number(argument) : undefined;
    switch (name) {
      case "UIDVALIDITY":
        this.uidValidity = number;
        return true;
      case "UIDNEXT":
        this.uidNext = number;
        return true;
      case "PERMANENTFLAGS":
        this.permanentFlags = argument
          .replace(/^\(|\)$/g, "")
          .split(" ")
          .filter(Boolean);
        return true;
      case "READ-ONLY":
      case "READ-WRITE":
        this.isReadOnly = name === "READ-ONLY";
        return true;
      default:
        return false;
    }
  }
}

/** Messages whose UIDs and flags are kept. */
const KNOWN_MAX = 1_000_000;
