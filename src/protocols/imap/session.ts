/** What one client's session is made of; the commands work on it. Read first: `ImapSession`, `Answer`. */

import type { Clock, Connection, Log, Task, TaskHandle } from "../../net/index.ts";
import { ResponseWriter } from "./output.ts";
import type { News, Numbered, SeenMessage, SelectedFolder } from "./selected.ts";
import type { MailAccount, MailAccounts } from "./store.ts";

export interface ImapServerOptions {
  readonly clock: Clock;
  /** Runs a task beside the dialogue: who waits in IDLE is told at once. */
  readonly spawn: (name: string, task: Task) => TaskHandle;
  /** Hears of trouble with the store, of which the client hears only that it does not work now. */
  readonly log?: Log;
  /** Capabilities that are neither announced nor served, to see how clients get along without. */
  readonly withoutCapabilities?: readonly ImapCapability[];
  /** Octets of one APPEND. Absent: MESSAGE_MAX_DEFAULT. */
  readonly messageMax?: number;
}

export const SWITCHABLE_CAPABILITIES = [
  "IDLE",
  "MOVE",
  "UIDPLUS",
  "LITERAL+",
  "SASL-IR",
  "ESEARCH",
  "SPECIAL-USE",
  "NAMESPACE",
  "ENABLE",
  "UNSELECT",
] as const;
export type ImapCapability = (typeof SWITCHABLE_CAPABILITIES)[number];

/** The last line of a command's answer. */
export interface Answer {
  readonly status: "OK" | "NO" | "BAD";
  /** Without brackets: "APPENDUID 38505 3955". */
  readonly code?: string | undefined;
  readonly text: string;
}

export class ImapSession {
  readonly connection: Connection;
  readonly options: ImapServerOptions;
  readonly accounts: MailAccounts;
  readonly out: ResponseWriter;
  account: MailAccount | undefined;
  selected: SelectedFolder | undefined;
  /** RFC 5161: what the client has said that it understands. */
  rev2 = false;
  utf8 = false;
  condstore = false;
  failedLogins = 0;

  constructor(connection: Connection, options: ImapServerOptions, accounts: MailAccounts) {
    this.connection = connection;
    this.options = options;
    this.accounts = accounts;
    this.out = new ResponseWriter(connection, AUTOLOGOUT_MS);
  }

  get messageMax(): number {
    return this.options.messageMax ?? MESSAGE_MAX_DEFAULT;
  }

  has(capability: ImapCapability): boolean {
    return !(this.options.withoutCapabilities ?? []).includes(capability);
  }

  /** Leaves the folder, and forgets what was not told of it. */
  unselect(): void {
    this.selected?.close();
    this.selected = undefined;
  }

  /** Tells what has happened in the folder. Not with numbers that still count: `mayExpunge` (RFC 9051 section 5.5). */
  *tellNews(mayExpunge: boolean): Task {
    if (this.selected === undefined || !this.selected.hasNews) return;
    this.tell(yield* this.selected.takeNews(mayExpunge));
    yield* this.out.drain();
  }

  tell({ changed, expunged, exists }: News): void {
    for (const { number, message } of changed) this.tellFlags({ number, message });
    for (const number of expunged) this.out.add(`* ${number} EXPUNGE`);
    if (exists === undefined || this.selected === undefined) return;
    this.out.add(`* ${exists} EXISTS`);
    if (!this.rev2) this.out.add(`* ${this.selected.recentCount} RECENT`);
  }

  /** A message's flags, unasked. */
  tellFlags({ number, message }: Numbered, withUid = true): void {
    this.learnFlags(message.flags);
    const words = [`FLAGS ${this.flagList(message)}`];
    if (withUid) words.unshift(`UID ${message.uid}`);
    if (this.condstore) words.push(`MODSEQ (${message.modSeq})`);
    this.out.add(`* ${number} FETCH (${words.join(" ")})`);
  }

  flagList({ flags, isRecent }: SeenMessage): string {
    return `(${(isRecent && !this.rev2 ? [...flags, "\\Recent"] : flags).join(" ")})`;
  }

  /** RFC 9051 section 7.3.5: FLAGS again when there is a new one. */
  learnFlags(flags: readonly string[]): void {
    const known = this.selected?.knownFlags;
    if (known === undefined) return;
    const before = known.size;
    for (const flag of flags) known.add(flag);
    if (known.size > before) this.tellKnownFlags();
  }

  /** The flags that are in use, and that any more may be made (`\*`). */
  tellKnownFlags(): void {
    if (this.selected === undefined) return;
    const flags = [...this.selected.knownFlags].slice(0, KNOWN_FLAGS_MAX);
    this.out.add(`* FLAGS (${flags.join(" ")})`);
    const permanent = this.selected.readOnly ? "" : [...flags, "\\*"].join(" ");
    this.out.add(`* OK [PERMANENTFLAGS (${permanent})] ${permanent === "" ? "Read-only" : "Flags are kept"}`);
  }
}

export function ok(text: string, code?: string): Answer {
  return { status: "OK", text, code };
}

export function no(text: string, code?: string): Answer {
  return { status: "NO", text, code };
}

export function bad(text: string, code?: string): Answer {
  return { status: "BAD", text, code };
}

/** Flags that one line tells of; a folder has more only by mistake. */
const KNOWN_FLAGS_MAX = 1000;
/** RFC 9051 section 5.4: at least 30 minutes. */
export const AUTOLOGOUT_MS = 30 * 60_000;
/** As long as SMTP's largest mail. */
const MESSAGE_MAX_DEFAULT = 35 * 1024 * 1024;
