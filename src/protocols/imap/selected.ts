/**
 * A folder as one session sees it: which number means which message, and what the client has not been told yet.
 * What must stay true: numbers change only when the client is told (RFC 9051 section 7.5.1), whatever others do meanwhile.
 */

import { type Clock, Signal, type Task } from "../../net/index.ts";
import { type Letter, LetterReader } from "./letter.ts";
import { SYSTEM_FLAGS } from "./parse.ts";
import { normalRanges, type SequenceRange, type SequenceSet } from "./sequence-set.ts";
import type { FolderChange, FolderMessage, MailAccount, OpenFolder } from "./store.ts";

export interface SeenMessage extends FolderMessage {
  readonly isRecent: boolean;
}

/** A message with its number of now. */
export interface Numbered {
  readonly number: number;
  readonly message: SeenMessage;
}

/** What the client must be told, in this order. */
export interface News {
  readonly changed: readonly Numbered[];
  /** Each as it is after those before it. */
  readonly expunged: readonly number[];
  /** How many there are now, when some came. */
  readonly exists: number | undefined;
}

export class SelectedFolder {
  readonly name: string;
  readonly readOnly: boolean;
  readonly folder: OpenFolder;
  /** Number 1 stands at place 0. */
  messages: SeenMessage[];
  /** The UIDs of "$": RFC 9051 section 6.4.4.1. */
  saved: readonly number[] = [];
  /** Flags that the client knows to exist. */
  readonly knownFlags = new Set<string>(SYSTEM_FLAGS);
  readonly #signal = new Signal();
  readonly #letters: LetterReader;
  #arrived: FolderMessage[] = [];
  readonly #changed = new Map<number, FolderMessage>();
  readonly #expunged = new Set<number>();

  static *open(account: MailAccount, name: string, readOnly: boolean): Task<SelectedFolder | undefined> {
    let selected: SelectedFolder | undefined;
    const folder = yield* account.open(name, (change) => {
      if (selected !== undefined) selected.#hear(change);
    });
    if (folder === undefined) return undefined;
    selected = new SelectedFolder(name, readOnly, folder);
    let isReady = false;
    try {
      yield* selected.#takeRecent();
      isReady = true;
      return selected;
    } finally {
      if (!isReady) folder.close();
    }
  }

  private constructor(name: string, readOnly: boolean, folder: OpenFolder) {
    this.name = name;
    this.readOnly = readOnly;
    this.folder = folder;
    this.messages = folder.messages.map((message) => ({ ...message, isRecent: false }));
    this.#letters = new LetterReader(folder);
  }

  close(): void {
    this.folder.close();
  }

  get recentCount(): number {
    return this.messages.filter(({ isRecent }) => isRecent).length;
  }

  /** The message's octets, undefined when somebody has deleted it. */
  *letter({ uid }: FolderMessage): Task<Letter | undefined> {
    return yield* this.#letters.read(uid);
  }

  /** The messages of a set, in their order. UIDs that do not exist are left out; "out-of-range": a number that does not. */
  find(set: SequenceSet, byUid: boolean): Numbered[] | "out-of-range" {
    if (set === "$") {
      const saved = new Set(this.saved);
      return this.all().filter(({ message }) => saved.has(message.uid));
    }
    const count = this.messages.length;
    const ranges = byUid ? set : withinCount(set, count);
    if (ranges === undefined) return "out-of-range";
    if (count === 0) return [];
    const largest = byUid ? this.messages[count - 1].uid : count;
    const found: Numbered[] = [];
    for (const { first, last } of normalRanges(ranges, largest)) {
      for (let at = byUid ? this.#placeOf(first) : Math.max(0, first - 1); at < count; at++) {
        const message = this.messages[at];
        if ((byUid ? message.uid : at + 1) > last) break;
        found.push({ number: at + 1, message });
      }
    }
    return found;
  }

  all(): Numbered[] {
    return this.messages.map((message, place) => ({ number: place + 1, message }));
  }

  /** Puts the changes that were heard of into the messages of these UIDs, whose client hears of them by other ways. */
  takeChanges(uids: readonly number[]): void {
    for (const uid of uids) {
      const change = this.#changed.get(uid);
      this.#changed.delete(uid);
      if (change !== undefined) this.#apply(change);
    }
  }

  /** The message as it is now, by its UID. */
  now(uid: number): SeenMessage | undefined {
    const message = this.messages[this.#placeOf(uid)];
    return message?.uid === uid ? message : undefined;
  }

  get hasNews(): boolean {
    return this.#changed.size > 0 || this.#expunged.size > 0 || this.#arrived.length > 0;
  }

  /** Takes over what has happened since, for the client to be told. */
  *takeNews(mayExpunge: boolean): Task<News> {
    const changes = [...this.#changed.values()];
    this.#changed.clear();
    const changed = changes.flatMap((change) => {
      const place = this.#apply(change);
      return place === undefined || this.#expunged.has(change.uid)
        ? []
        : [{ number: place + 1, message: this.messages[place] }];
    });
    const expunged = mayExpunge ? this.#takeExpunged() : [];
    if (this.#arrived.length === 0) return { changed, expunged, exists: undefined };
    for (const message of this.#arrived) this.messages.push({ ...message, isRecent: false });
    this.#arrived = [];
    yield* this.#takeRecent();
    return { changed, expunged, exists: this.messages.length };
  }

  /** Waits until something happens in the folder; false when nothing did. */
  *wait(clock: Clock, timeoutMs: number): Task<boolean> {
    return this.hasNews || (yield* this.#signal.wait(clock, timeoutMs));
  }

  /** Wakes who waits. */
  wake(): void {
    this.#signal.notify();
  }

  #hear(change: FolderChange): void {
    if ("uids" in change) {
      const gone = new Set(change.uids);
      for (const uid of gone) if (this.now(uid) !== undefined) this.#expunged.add(uid);
      this.#arrived = this.#arrived.filter(({ uid }) => !gone.has(uid));
    } else if (change.kind === "arrived") this.#arrived.push(...change.messages);
    else for (const message of change.messages) this.#hearChange(message);
    this.#signal.notify();
  }

  #hearChange(message: FolderMessage): void {
    const place = this.#arrived.findIndex(({ uid }) => uid === message.uid);
    if (place === -1) this.#changed.set(message.uid, message);
    else this.#arrived[place] = message;
  }

  #apply(change: FolderMessage): number | undefined {
    const place = this.#placeOf(change.uid);
    const before = this.messages[place];
    if (before?.uid !== change.uid) return undefined;
    this.messages[place] = { ...change, isRecent: before.isRecent };
    return place;
  }

  #takeExpunged(): number[] {
    if (this.#expunged.size === 0) return [];
    const numbers: number[] = [];
    this.messages = this.messages.filter(({ uid }, place) => {
      if (!this.#expunged.has(uid)) return true;
      numbers.push(place + 1 - numbers.length);
      return false;
    });
    this.saved = this.saved.filter((uid) => !this.#expunged.has(uid));
    this.#expunged.clear();
    return numbers;
  }

  /** RFC 3501 section 2.3.2: the first session that is told of a message, and may change the folder, takes it. */
  *#takeRecent(): Task {
    const first = yield* this.folder.firstRecent(!this.readOnly);
    for (let at = this.#placeOf(first); at < this.messages.length; at++) {
      this.messages[at] = { ...this.messages[at], isRecent: true };
    }
  }

  /** The place of the first message whose UID is not smaller. */
  #placeOf(uid: number): number {
    let [low, high] = [0, this.messages.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.messages[middle].uid < uid) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** "7:*" is no mistake where there are fewer: clients ask so for what is new. Undefined: a number that does not exist. */
function withinCount(ranges: readonly SequenceRange[], count: number): SequenceRange[] | undefined {
  const clipped = ranges.map(({ first, last }) => {
    const isOpen = first === Number.POSITIVE_INFINITY || last === Number.POSITIVE_INFINITY;
    return isOpen ? { first: Math.min(first, last, count), last: Number.POSITIVE_INFINITY } : { first, last };
  });
  const isOutside = (end: number): boolean => end !== Number.POSITIVE_INFINITY && end > count;
  return clipped.some(({ first, last }) => isOutside(first) || isOutside(last)) ? undefined : clipped;
}
