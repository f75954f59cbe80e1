/**
 * A command that a person types: on a simulated host (a story, `hamlet exec`, the console's terminal) or on the
 * machine's own network (`hamlet dig ...`). The same function does both; only the `Network` in the shell differs.
 */

import type { Network, Task } from "../../net/index.ts";
import type { FileSink, FileStore } from "../../protocols/fetch/index.ts";

export interface Command {
  /** What is typed first: "dig", or two words: "mail send". */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Operands after the name, e.g. "NAME [TYPE]". */
  readonly operands: string;
  readonly options: readonly CommandOption[];
  /** Examples shown by --help. */
  readonly examples: readonly string[];
  /** Runs it; the number is the exit status (0: it worked). Expected failures are thrown as HamletError. */
  run(shell: Shell, input: CommandInput): Task<number>;
}

export interface CommandOption {
  /** Long name without dashes: "server". */
  readonly name: string;
  readonly short?: string;
  /** Name of its value in the help, e.g. "ADDRESS"; absent: a switch. */
  readonly value?: string;
  readonly help: string;
  /** May be given more than once. */
  readonly repeatable?: boolean;
}

/** What the parser made of the words (see arguments.ts). */
export interface CommandInput {
  readonly operands: readonly string[];
  /** Each option's values in order; a switch has the value "true". */
  readonly options: ReadonlyMap<string, readonly string[]>;
}

export interface Shell {
  readonly network: Network;
  /** Addresses of the name servers this host asks, best first. */
  readonly nameServers: readonly string[];
  /** Prints for the person; the text carries its own line ends. */
  print(text: string): void;
  /** Prints a problem or a remark beside the result. */
  printError(text: string): void;
  /** One structured result instead of text (`--json`). */
  readonly json: boolean;
  /** May text carry ANSI colours? */
  readonly colour: boolean;
  /** As many characters as a line of the output has room for; absent: any. */
  readonly columns?: number;
  /** The next line of input without its end; null when there is no more. */
  readLine(): Task<string | null>;
  /** The mail account of who types, where one is set up: saves `mail send` and `pop` their options. */
  readonly mailAccount?: MailAccount;
  /** What commands keep between two runs on this host (which messages were downloaded); absent: nothing is kept. */
  readonly memory?: ShellMemory;
  /** Where fetched files go, and what can be served: the disk, or the memory of a lab host; absent: neither. */
  readonly files?: ShellFiles;
  /** What a person looks at; absent: the output goes into a file, a pipe, a story. */
  readonly terminal?: ShellTerminal;
}

export interface ShellFiles {
  /** Begins a file that stands under its name only when it is saved. Throws LocalError. */
  create(name: string): FileDraft;
  /** The files below a folder, for a server. Throws LocalError when there is no such folder. */
  openFolder(name: string): FileStore;
}

/** A file that is being written, under another name. Its methods throw LocalError, for a full disk say. */
export interface FileDraft extends FileSink {
  /** Puts it in place of what had the name, at once and for good. */
  save(): void;
  /** Removes what was written; does nothing after `save`. */
  discard(): void;
}

export interface ShellTerminal {
  readonly columns: number;
  /** Environment variables, by which terminals tell what they are. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What a mail client is configured with. Servers are HOST or HOST:PORT. */
export interface MailAccount {
  /** "Bob" */
  readonly name?: string;
  /** "bob@hamburger.edu" */
  readonly address: string;
  readonly incomingServer?: string;
  /** How the mailbox there is read; absent: POP3. */
  readonly incomingProtocol?: "POP3" | "IMAP";
  readonly outgoingServer?: string;
  readonly userName?: string;
  readonly password?: string;
}

export interface ShellMemory {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
}
