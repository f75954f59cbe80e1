/** What a server has to say to a question, before it becomes a message. */

import type { ResponseCode } from "./wire/codes.ts";
import type { ResourceRecord } from "./wire/record.ts";
import type { RecordSet } from "./zone.ts";

export interface Answer {
  readonly responseCode: ResponseCode;
  readonly isAuthoritative: boolean;
  readonly recursionAvailable: boolean;
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
  readonly additionals: readonly ResourceRecord[];
}

/** An answer that is only a code: REFUSED, SERVFAIL ... */
export function bareAnswer(responseCode: ResponseCode): Answer {
  return {
    responseCode,
    isAuthoritative: false,
    recursionAvailable: false,
    answers: [],
    authorities: [],
    additionals: [],
  };
}

/**
 * Load distribution (RFC 1794): each time that a set of records is used, the next one stands first. The counts
 * hang on the sets themselves, so they end with them.
 */
export class Rotation {
  readonly #turns = new WeakMap<RecordSet, number>();

  next(records: RecordSet): ResourceRecord[] {
    const turn = this.#turns.get(records) ?? 0;
    this.#turns.set(records, (turn + 1) % records.length);
    return rotated(records, turn);
  }
}

export function rotated<T>(items: readonly T[], by: number): T[] {
  return [...items.slice(by), ...items.slice(0, by)];
}
