/**
 * The mail client of a host: what it is busy with, and what went wrong the last time. Where folders and messages are, is
 * the matter of its access (access.ts): its own by POP3, the server's by IMAP.
 */

import type { Host } from "../../../host/host.ts";
import type { MailAccount } from "../../../host/shell/index.ts";
import { LocalError, Signal, type Task, type TaskHandle } from "../../../net/index.ts";
import { perHost } from "../per-host.ts";
import type { MailAccess, Progress } from "./access.ts";
import { ImapAccess } from "./imap-access.ts";
import { draftOf, envelopeOf, type KeptFile, missingFiles, type Outgoing, outgoingOf } from "./letter.ts";
import { Messages } from "./messages.ts";
import { PopAccess, type PopStore } from "./pop-access.ts";
import { MailProblem, problemsOf } from "./problem.ts";
import { checkOutgoing, submit } from "./transfer.ts";
import type {
  AccountResult,
  DraftResult,
  FieldProblem,
  Letter,
  MailActivity,
  MailView,
  ReceiveResult,
  RecipientResult,
  SearchField,
  SearchResult,
  SendResult,
  WorkResult,
} from "./view.ts";

type Kind = MailActivity["kind"];

class MailClient {
  readonly host: Host;
  readonly #store: PopStore;
  readonly #onMessages = (): void => {
    this.#messagesRevision++;
    this.changed();
  };
  readonly #idle = new Signal();
  #access: { readonly of: string; readonly access: MailAccess } | undefined;
  #activity: MailActivity | undefined;
  #problems: readonly FieldProblem[] = [];
  #work: { readonly kind: Kind; readonly task: TaskHandle } | undefined;
  #waiting = 0;
  #revision = 0;
  #messagesRevision = 0;

  constructor(host: Host) {
    this.host = host;
    const messages = new Messages(host.name, this.#onMessages);
    this.#store = { messages, known: new Map(), leaveOnServer: true };
  }

  /** Counts changes of all that the panel shows. */
  get revision(): number {
    return this.#revision;
  }

  get view(): Omit<MailView, "account"> {
    const { isRemote } = this.access;
    return {
      isRemote,
      leaveOnServer: this.#store.leaveOnServer,
      folders: this.access.folders(),
      revision: this.#messagesRevision,
      activity: this.#activity,
      problems: this.#problems,
    };
  }

  /** To look: with an account that is another one since the last work, nothing is known yet. */
  get access(): MailAccess {
    const { mailAccount } = this.host;
    return this.#access?.of === keyOf(mailAccount) ? this.#access.access : this.#accessFor(mailAccount);
  }

  changed(): void {
    this.#revision++;
  }

  setAccount(account: MailAccount | undefined): void {
    this.host.mailAccount = account;
    this.#forWork();
    this.#note([]);
  }

  leaveOnServer(isLeft: boolean): void {
    this.#store.leaveOnServer = isLeft;
    this.changed();
  }

  /** Asks both servers; every mistake is found, not only the first. */
  *check(): Task<AccountResult> {
    const { network, mailAccount: account } = this.host;
    if (account === undefined) return { problems: [NO_ACCOUNT] };
    const access = this.#forWork();
    const problems: FieldProblem[] = [];
    yield* this.#busy("check", function* (progress) {
      for (const check of [access.check(progress), checkOutgoing(network, account, progress)])
        problems.push(...(yield* problemsIn(check)));
    });
    this.#note(problems);
    return { problems };
  }

  *receive(): Task<ReceiveResult> {
    if (this.host.mailAccount === undefined) return { received: 0, problems: [NO_ACCOUNT] };
    const access = this.#forWork();
    let received = 0;
    const problems = yield* problemsIn(
      this.#busy("receive", function* (progress) {
        received = yield* access.receive(progress);
      }),
    );
    this.#note(problems);
    return { received, problems };
  }

  *search(folder: string, field: SearchField, words: string): Task<SearchResult> {
    let found = 0;
    const result = yield* this.work("open", function* (access, progress) {
      found = yield* access.search(folder, field, words, progress);
    });
    return { found, ...result };
  }

  /** The answer to a letter for which nothing is done: it cannot be sent as it is. */
  refusal(letter: Letter): SendResult | undefined {
    try {
      this.#accountFor(letter);
      return undefined;
    } catch (error) {
      return unsent(letter, error);
    }
  }

  /** Sends a letter and keeps a copy; one that nobody took is kept as a draft. */
  *send(letter: Letter): Task<SendResult> {
    const { network } = this.host;
    const access = this.#forWork();
    let account: MailAccount;
    let outgoing: Outgoing;
    let recipients: RecipientResult[] = [];
    try {
      account = this.#accountFor(letter);
      yield* this.#fetchMissing(letter);
      outgoing = outgoingOf(network, account, access, letter);
    } catch (error) {
      return unsent(letter, error);
    }
    const problems = yield* problemsIn(
      this.#busy("send", function* (progress) {
        recipients = yield* submit(network, account, outgoing, progress);
      }),
    );
    const refused = recipients.filter(({ outcome }) => outcome !== "delivered").map(refusal);
    if (recipients.every(({ outcome }) => outcome !== "delivered")) {
      const kept = yield* this.keepDraft(letter);
      this.#note([...problems, ...kept.problems]);
      return {
        sent: false,
        recipients,
        problems: [...problems, ...refused, ...kept.problems],
        draft: kept.id,
      };
    }
    // It is sent already: that there is no room for the copy, say, is only told.
    const kept = [
      ...(yield* problemsIn(this.#atOnceOrInTurn("change", (to) => to.keepSent(outgoing.copy)))),
      ...(yield* problemsIn(this.#atOnceOrInTurn("change", (to) => settle(to, letter)))),
    ];
    this.#note([...problems, ...kept]);
    return { sent: true, recipients, problems: [...problems, ...refused, ...kept], draft: undefined };
  }

  /** Keeps a letter as a draft, in the place of the one that it was. */
  *keepDraft(letter: Letter): Task<DraftResult> {
    const { network, mailAccount } = this.host;
    let id: number | undefined;
    const result = yield* this.work("change", function* (access, progress) {
      yield* fetchFiles(access, missingFiles(access, letter), progress);
      id = yield* access.keepDraft(draftOf(network, mailAccount, access, letter));
      if (letter.draft !== undefined) yield* access.discard(letter.draft);
    });
    return { id, ...result };
  }

  /** Works with folders and messages; on the server, where they are there, one work after the other. */
  *work(kind: Kind, work: (access: MailAccess, progress: Progress) => Task): Task<WorkResult> {
    const done = this.#atOnceOrInTurn(kind, work);
    if (!this.access.isRemote) {
      yield* done;
      return { problems: [] };
    }
    const problems = yield* problemsIn(done);
    this.#note(problems);
    return { problems };
  }

  /** Breaks off what it is busy with. */
  stop(): void {
    this.#work?.task.cancel();
  }

  /** Throws MailProblem where it cannot go out as it is. */
  #accountFor(letter: Letter): MailAccount {
    const { mailAccount } = this.host;
    if (mailAccount === undefined) throw new MailProblem([NO_ACCOUNT]);
    envelopeOf(mailAccount, letter);
    return mailAccount;
  }

  /** What goes along of other messages has to be here. */
  *#fetchMissing(letter: Letter): Task {
    const missing = missingFiles(this.access, letter);
    if (missing.length === 0) return;
    const { problems } = yield* this.work("open", (access, progress) =>
      fetchFiles(access, missing, progress),
    );
    if (problems.length > 0) throw new MailProblem(problems);
  }

  *#atOnceOrInTurn(kind: Kind, work: (access: MailAccess, progress: Progress) => Task): Task {
    const access = this.#forWork();
    if (access.isRemote) yield* this.#busy(kind, (progress) => work(access, progress));
    else yield* work(access, () => {});
  }

  /** One thing at a time: what a person asks for while he waits for another is refused, small things wait in line. */
  *#busy<T>(kind: Kind, work: (progress: Progress) => Task<T>): Task<T> {
    yield* this.#turn(kind);
    const progress: Progress = (text, share) => {
      this.#activity = { kind, text, progress: share };
      this.changed();
    };
    progress(BEGINNINGS[kind]);
    const task = this.host.network.spawn(`mail: ${kind}`, work(progress));
    this.#work = { kind, task };
    try {
      return yield* task.join();
    } finally {
      task.cancel();
      this.#work = undefined;
      this.#activity = undefined;
      this.changed();
      this.#idle.notify();
    }
  }

  *#turn(kind: Kind): Task {
    const { clock } = this.host.network;
    while (this.#work !== undefined) {
      const isRefused = LONG.includes(kind) && LONG.includes(this.#work.kind);
      if (isRefused || this.#waiting >= WAITING_MAX) throw busy();
      this.#waiting++;
      try {
        if (!(yield* this.#idle.wait(clock, WAIT_MS))) throw busy();
      } finally {
        this.#waiting--;
      }
    }
  }

  /** The access of the account as it is now; that of another account is closed. */
  #forWork(): MailAccess {
    const { mailAccount } = this.host;
    const of = keyOf(mailAccount);
    if (this.#access?.of !== of) {
      this.#access?.access.close();
      this.#access = { of, access: this.#accessFor(mailAccount) };
      this.#onMessages();
    }
    return this.#access.access;
  }

  #accessFor(account: MailAccount | undefined): MailAccess {
    const { network } = this.host;
    return account?.incomingProtocol === "IMAP"
      ? new ImapAccess(network, account, this.#onMessages)
      : new PopAccess(network, account, this.#store);
  }

  #note(problems: readonly FieldProblem[]): void {
    this.#problems = problems;
    this.changed();
  }
}

export const mailClientOf = perHost((host) => new MailClient(host));

/** What is true of other messages when a letter is sent. */
function* settle(access: MailAccess, { draft, answers, forwards }: Letter): Task {
  if (draft !== undefined) yield* access.discard(draft);
  if (answers !== undefined) yield* access.mark([answers], "answered", true);
  if (forwards !== undefined) yield* access.mark([forwards], "forwarded", true);
}

function* fetchFiles(access: MailAccess, files: readonly KeptFile[], progress: Progress): Task {
  for (const { message, index } of files) yield* access.fetchFile(message, index, progress);
}

/** What the work ran into, none when it went well. */
function* problemsIn(work: Task<unknown>): Task<readonly FieldProblem[]> {
  try {
    yield* work;
    return [];
  } catch (error) {
    return problemsOf(error);
  }
}

function unsent({ draft }: Letter, error: unknown): SendResult {
  return { sent: false, recipients: [], problems: problemsOf(error), draft };
}

function keyOf(account: MailAccount | undefined): string {
  return JSON.stringify(account ?? null);
}

function busy(): LocalError {
  return new LocalError("busy", "the mail client is busy: wait, or stop it");
}

function refusal({ address, outcome, reply }: RecipientResult): FieldProblem {
  const words = outcome === "failed" ? "was refused" : "was not accepted for now";
  return { field: "to", message: `${address} ${words}: ${reply}` };
}

const NO_ACCOUNT: FieldProblem = { field: "account", message: "No mail account is set up on this host" };
const BEGINNINGS: Readonly<Record<Kind, string>> = {
  receive: "receiving",
  send: "sending",
  check: "asking the servers",
  open: "opening",
  change: "telling the server",
};
/** Those that a person waits for. */
const LONG: readonly Kind[] = ["receive", "send", "check"];
/** Clicks that wait for those before them. */
const WAITING_MAX = 20;
/** Longer than the longest time limit of a dialogue. */
const WAIT_MS = 15 * 60_000;
