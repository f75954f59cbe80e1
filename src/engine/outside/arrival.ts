/**
 * What has come from a program of the machine: all that the lab ever hears of it. Given the same arrivals at the same
 * places, a lab does the same again, so an arrival is data, and says nothing of sockets. Read next: visits.ts.
 */

import type { Endpoint, NetworkErrorCode } from "../../net/index.ts";

/** A port of the machine that leads into the lab. */
export interface Way {
  /** What it is for a person: "smtp". */
  readonly name: string;
  /** The host of the lab at which clients come in: servers see its address. */
  readonly from: string;
  /** An address inside; undefined for SOCKS, where the client says. */
  readonly to: Endpoint | undefined;
  /** Where it leads, in words: "mail.hamburger.edu:25", "any host". */
  readonly label: string;
}

export type Arrival = Beginning | News;

/** A visit begins; a datagram may be the first of its client, or one of many. */
export type Beginning =
  | {
      readonly kind: "connect";
      readonly visit: number;
      readonly way: Way;
      readonly local: Endpoint;
      readonly client: Endpoint;
    }
  | {
      readonly kind: "datagram";
      readonly way: Way & { readonly to: Endpoint };
      readonly client: Endpoint;
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: "exec";
      readonly visit: number;
      readonly host: string;
      readonly words: readonly string[];
      readonly json: boolean;
      readonly colour: boolean;
    };

/** A visit goes on. */
export type News =
  | { readonly kind: "octets"; readonly visit: number; readonly bytes: Uint8Array }
  /** So many octets of the lab's were taken: there is room for as many again. */
  | { readonly kind: "room"; readonly visit: number; readonly octets: number }
  | { readonly kind: "line"; readonly visit: number; readonly text: string }
  /** The client's direction, or a command's input, has ended. */
  | { readonly kind: "end"; readonly visit: number }
  /** A reset; to a command: Ctrl-C, or its terminal is gone. */
  | {
      readonly kind: "break";
      readonly visit: number;
      readonly code: NetworkErrorCode;
      readonly message: string;
    };

/** What it takes to keep it, at the least. */
export function octetsOf(arrival: Arrival): number {
  switch (arrival.kind) {
    case "octets":
    case "datagram":
      return ENTRY_OCTETS + arrival.bytes.length;
    case "line":
      return ENTRY_OCTETS + 2 * arrival.text.length;
    case "exec":
      return ENTRY_OCTETS + arrival.words.reduce((sum, word) => sum + 2 * word.length, 0);
    default:
      return ENTRY_OCTETS;
  }
}

/** An entry of the journal and what it refers to, measured with V8: some 200 octets. */
const ENTRY_OCTETS = 256;
