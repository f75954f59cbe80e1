/** The mail client of a host: its folders, what it is busy with, and what went wrong the last time. */

import type { Host } from "../../../host/host.ts";
import type { MailAccount } from "../../../host/shell/index.ts";
import { LocalError, type Task, type TaskHandle } from "../../../net/index.ts";
import { perHost } from "../per-host.ts";
import { draftOf, outgoingOf } from "./letter.ts";
import { Messages } from "./messages.ts";
import { MailProblem, problemsOf } from "./problem.ts";
import { checkIncoming, checkOutgoing, type Progress, retrieve, submit } from "./transfer.ts";
import type {
  AccountResult,
  FieldProblem,
  Letter,
  MailActivity,
  MailView,
  ReceiveResult,
  RecipientResult,
  SendResult,
} from "./view.ts";

export class MailClient {
  readonly host: Host;
  readonly messages: Messages;
  leaveOnServer = true;
  activity: MailActivity | undefined;
  problems: readonly FieldProblem[] = [];
  /** Unique names of the messages that were retrieved, by mailbox. */
  readonly #known = new Map<string, Set<string>>();
  #work: TaskHandle | undefined;
  #revision = 0;

  constructor(host: Host) {
    this.host = host;
    this.messages = new Messages(host.name);
  }

  /** Counts changes of all that the panel shows. */
  get revision(): number {
    return this.#revision + this.messages.revision;
  }

  get view(): Omit<MailView, "account"> {
    const { leaveOnServer, messages, activity, problems } = this;
    return { leaveOnServer, folders: messages.counts(), revision: messages.revision, activity, problems };
  }

  changed(): void {
    this.#revision++;
  }

  setAccount(account: MailAccount | undefined): void {
    this.host.mailAccount = account;
    this.problems = [];
    this.changed();
  }

  /** Asks both servers; every mistake is found, not only the first. */
  *check(): Task<AccountResult> {
    const account = this.host.mailAccount;
    if (account === undefined) return { problems: [NO_ACCOUNT] };
    const { network } = this.host;
    const problems: FieldProblem[] = [];
    yield* this.#busy("check", function* (progress) {
      for (const check of [checkIncoming, checkOutgoing]) {
        problems.push(...(yield* problemsIn(check(network, account, progress))));
      }
    });
    this.#note(problems);
    return { problems };
  }

  *receive(): Task<ReceiveResult> {
    const account = this.host.mailAccount;
    if (account === undefined) return { received: 0, problems: [NO_ACCOUNT] };
    const { network } = this.host;
    const { messages, leaveOnServer: keep } = this;
    const mailbox = `${account.userName}@${account.incomingServer}`;
    const known = this.#known.get(mailbox) ?? new Set<string>();
    this.#known.set(mailbox, known);
    let received = 0;
    const take = ({ uniqueId, content }: { uniqueId: string | undefined; content: Uint8Array }): void => {
      messages.add("inbox", content, true);
      if (uniqueId !== undefined) known.add(uniqueId);
      received++;
    };
    const problems = yield* problemsIn(
      this.#busy("receive", (progress) =>
        rememberSeen(retrieve(network, account, { keep, known, take }, progress), known),
      ),
    );
    this.#note(problems);
    return { received, problems };
  }

  /** Sends a letter and keeps a copy; one that nobody took is kept as a draft. */
  *send(letter: Letter): Task<SendResult> {
    const { network, mailAccount: account } = this.host;
    let outgoing: ReturnType<typeof outgoingOf>;
    let recipients: RecipientResult[] = [];
    try {
      if (account === undefined) throw new MailProblem([NO_ACCOUNT]);
      outgoing = outgoingOf(network, account, this.messages, letter);
    } catch (error) {
      return { sent: false, recipients, problems: problemsOf(error), draft: letter.draft };
    }
    const { messages } = this;
    const problems = yield* problemsIn(
      this.#busy("send", function* (progress) {
        recipients = yield* submit(network, account, outgoing, progress);
      }),
    );
    this.#note(problems);
    const refused = recipients.filter(({ outcome }) => outcome !== "delivered").map(refusal);
    if (recipients.every(({ outcome }) => outcome !== "delivered")) {
      const draft = this.keepDraft(letter);
      return { sent: false, recipients, problems: [...problems, ...refused], draft };
    }
    const full = this.#keepCopy(outgoing.copy);
    if (letter.draft !== undefined) messages.remove(letter.draft);
    this.#mark(letter.answers, "answered");
    this.#mark(letter.forwards, "forwarded");
    return { sent: true, recipients, problems: [...problems, ...refused, ...full], draft: undefined };
  }

  /** Keeps a letter as a draft, in the place of the one that it was; returns its number. */
  keepDraft(letter: Letter): number {
    const content = draftOf(this.host.network, this.host.mailAccount, this.messages, letter);
    const { id } = this.messages.add("drafts", content);
    if (letter.draft !== undefined) this.messages.remove(letter.draft);
    return id;
  }

  /** Breaks off what it is busy with. */
  stop(): void {
    this.#work?.cancel();
  }

  *#busy<T>(kind: MailActivity["kind"], work: (progress: Progress) => Task<T>): Task<T> {
    if (this.#work !== undefined) throw new LocalError("busy", "the mail client is busy: wait, or stop it");
    const progress: Progress = (text, share) => {
      this.activity = { kind, text, progress: share };
      this.changed();
    };
    progress(BEGINNINGS[kind]);
    const handle = this.host.network.spawn(`mail: ${kind}`, work(progress));
    this.#work = handle;
    try {
      return yield* handle.join();
    } finally {
      handle.cancel();
      this.#work = undefined;
      this.activity = undefined;
      this.changed();
    }
  }

  /** It is sent already: that there is no room for the copy is only said. */
  #keepCopy(content: Uint8Array): readonly FieldProblem[] {
    try {
      this.messages.add("sent", content);
      return [];
    } catch (error) {
      return problemsOf(error);
    }
  }

  #note(problems: readonly FieldProblem[]): void {
    this.problems = problems;
    this.changed();
  }

  #mark(id: number | undefined, mark: "answered" | "forwarded"): void {
    if (id !== undefined && this.messages.has(id)) this.messages.change(id, { [mark]: true });
  }
}

export const mailClientOf = perHost((host) => new MailClient(host));

/** What the work ran into, none when it went well. */
function* problemsIn(work: Task<unknown>): Task<readonly FieldProblem[]> {
  try {
    yield* work;
    return [];
  } catch (error) {
    return problemsOf(error);
  }
}

/** What is gone from the server need not be known any more. */
function* rememberSeen(work: Task<Set<string>>, known: Set<string>): Task {
  const seen = yield* work;
  known.clear();
  for (const uniqueId of seen) known.add(uniqueId);
}

function refusal({ address, outcome, reply }: RecipientResult): FieldProblem {
  const words = outcome === "failed" ? "was refused" : "was not accepted for now";
  return { field: "to", message: `${address} ${words}: ${reply}` };
}

const NO_ACCOUNT: FieldProblem = { field: "account", message: "No mail account is set up on this host" };
const BEGINNINGS = { receive: "receiving", send: "sending", check: "asking the servers" } as const;
