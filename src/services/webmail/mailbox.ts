/** A user's mailbox as web mail shows it: summaries for the list, whole messages for reading. */

import type { Task } from "../../net/index.ts";
import { type ReadHeaders, type ReadMessage, readMessage } from "../../protocols/message/index.ts";
import type { MailStore, StoredMessage } from "../mail/store.ts";
import { textOfHtml } from "./text-of-html.ts";

export interface Summary {
  readonly id: string;
  readonly headers: ReadHeaders;
  readonly hasAttachments: boolean;
  readonly octets: number;
  readonly arrivedAtMs: number;
}

export interface Page {
  readonly summaries: readonly Summary[];
  /** Counted from 1; one that is not there is the last one. */
  readonly number: number;
  readonly count: number;
  readonly messageCount: number;
}

export interface OpenedMessage extends ReadMessage {
  readonly id: string;
  readonly content: Uint8Array;
  /** What a person reads: the text, or that of the HTML. */
  readonly shownText: string;
  readonly isFromHtml: boolean;
}

export class Mailboxes {
  readonly #store: MailStore;
  /** By mailbox and id; what is in a message never changes. */
  readonly #summaries = new Map<string, Summary>();

  constructor(store: MailStore) {
    this.#store = store;
  }

  /** A page of the list, newest first. Throws LocalError as the store does. */
  *page(mailbox: string, wanted: number): Task<Page> {
    const messages = [...(yield* this.#store.messages(mailbox))].reverse();
    const count = Math.max(1, Math.ceil(messages.length / PAGE_SIZE));
    const number = Math.min(Math.max(1, wanted), count);
    const summaries: Summary[] = [];
    for (const message of messages.slice((number - 1) * PAGE_SIZE, number * PAGE_SIZE)) {
      const summary = yield* this.#summary(mailbox, message);
      if (summary !== undefined) summaries.push(summary);
    }
    return { summaries, number, count, messageCount: messages.length };
  }

  /** The message, undefined when there is none of that id (any more). */
  *open(mailbox: string, id: string): Task<OpenedMessage | undefined> {
    const [message] = yield* this.#find(mailbox, [id]);
    const content = message && (yield* this.#store.readMessage(mailbox, message.uid));
    if (content === undefined) return undefined;
    const read = readMessage(content);
    const isFromHtml = read.text === undefined && read.html !== undefined;
    const shownText = read.text ?? textOfHtml(read.html ?? "");
    return { ...read, id, content, shownText, isFromHtml };
  }

  /** Deletes for good; how many there were. */
  *delete(mailbox: string, ids: readonly string[]): Task<number> {
    const found = yield* this.#find(mailbox, ids);
    yield* this.#store.deleteMessages(
      mailbox,
      found.map(({ uid }) => uid),
    );
    for (const message of found) this.#summaries.delete(keyOf(mailbox, message));
    return found.length;
  }

  *#find(mailbox: string, ids: readonly string[]): Task<StoredMessage[]> {
    return (yield* this.#store.messages(mailbox)).filter((message) => ids.includes(idOf(message)));
  }

  *#summary(mailbox: string, message: StoredMessage): Task<Summary | undefined> {
    const key = keyOf(mailbox, message);
    const known = this.#summaries.get(key);
    if (known !== undefined) return known;
    const content = yield* this.#store.readMessage(mailbox, message.uid);
    if (content === undefined) return undefined;
    const { headers, hasAttachments } = readMessage(content);
    const { octets, arrivedAtMs } = message;
    const summary = { id: idOf(message), headers, hasAttachments, octets, arrivedAtMs };
    if (this.#summaries.size >= SUMMARIES_MAX) this.#summaries.clear();
    this.#summaries.set(key, summary);
    return summary;
  }
}

/** Unique for ever, as POP3's and IMAP's are. */
function idOf({ uidValidity, uid }: StoredMessage): string {
  return `${uidValidity}.${uid}`;
}

function keyOf(mailbox: string, message: StoredMessage): string {
  return `${idOf(message)} ${mailbox}`;
}

/** As many as one looks over at once. */
const PAGE_SIZE = 25;
/** Some hundred octets each; all of them go at once, and are read again. */
const SUMMARIES_MAX = 5000;
