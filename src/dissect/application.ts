/** What an application protocol tells of itself: a dissector, its ports, and how its dialogue reads. */

import type { Dissector } from "./dissector.ts";

export interface Application extends Dissector {
  /** Its name in headings and services: "smtp". */
  readonly name: string;
  readonly tcpPorts: readonly number[];
  readonly udpPorts: readonly number[];
  /** Knows the first data of a conversation on another port; absent: only the ports tell. */
  recognize?(data: Uint8Array, fromClient: boolean): boolean;
  /** Follows one TCP conversation, so that each packet can be understood by itself. */
  track?(): Tracker;
  /** The messages of a stream or datagram, for the dialogue view; absent: lines of text. */
  readonly messages?: MessageFormat;
  /** One line for a datagram in the dialogue view; absent: as `messages` says, else its text. Never throws. */
  describeDatagram?(datagram: Uint8Array): string;
  /** What stands between two such lines of one side is content: the dialogue view only counts it. */
  readonly content?: { readonly begins: RegExp; readonly ends: RegExp };
}

export interface Tracker {
  /**
   * Takes the data of the next packet; returns what the dissector should know of it, see
   * `PacketContext.state`.
   */
  handle(fromClient: boolean, data: Uint8Array): string | undefined;
}

/** How messages that are not lines of text are cut and read. */
export interface MessageFormat {
  /** The length of the first message in `stream`, undefined while it is incomplete. */
  lengthInStream(stream: Uint8Array): number | undefined;
  /** How many octets of a message in a stream come before what a datagram would hold. */
  readonly streamPrefix: number;
  /** One line for a whole message (without the prefix); never throws. */
  describe(message: Uint8Array): string;
}
