/**
 * The client's side of IMAP: RFC 3501 (IMAP4rev1), which every server of IMAP4rev2 (RFC 9051) speaks too until it is told
 * otherwise. One `ImapClient` is one session. Messages are named by their UIDs, which last. Every method throws
 * ImapRefusedError when the server says NO or BAD, RemoteError when it does not speak IMAP, NetworkError when the
 * connection breaks; the caller closes it then.
 */

import { encodeBase64, encodeUtf8 } from "../../bytes/index.ts";
import { type Clock, type Connection, LocalError, RemoteError, type Task } from "../../net/index.ts";
import {
  astring,
  type FetchRequest,
  fetchItems,
  flagList,
  mailbox,
  type SearchCriteria,
  searchWords,
  uidSets,
  words,
} from "./client-command.ts";
import { type Command, Dialogue } from "./client-dialogue.ts";
import { SelectedMailbox } from "./client-mailbox.ts";
import { waitForNews } from "./client-waiting.ts";
import { isInbox } from "./mailbox-name.ts";
import type { ListedMailbox, Response, StatusResponse } from "./response.ts";
import type { FetchedMessage } from "./response-fetch.ts";
import { emitDateTime } from "./wire.ts";

export interface ImapClientOptions {
  /** Octets of the largest answer that is taken. Absent: ANSWER_MAX_DEFAULT. */
  readonly answerMax?: number;
  /** Hears every line of the dialogue except the content of literals. */
  readonly onLine?: (from: "C" | "S", line: string) => void;
}

export interface AppendOptions {
  readonly flags?: readonly string[];
  /** When it came; absent: now. */
  readonly internalDateMs?: number;
}

export interface MailboxWithStatus {
  readonly mailbox: ListedMailbox;
  /** "MESSAGES", "UNSEEN" and their like. */
  readonly status: ReadonlyMap<string, number> | undefined;
}

export class ImapClient {
  readonly #dialogue: Dialogue;
  #capabilities: ReadonlySet<string> | undefined;
  #mailbox: SelectedMailbox | undefined;
  #isAuthenticated = false;

  /** Waits for the greeting; the caller closes the connection when this or anything else throws. */
  static *start(connection: Connection, options: ImapClientOptions = {}): Task<ImapClient> {
    const client = new ImapClient(connection, options);
    const greeting = yield* client.#dialogue.read(GREETING_TIMEOUT_MS);
    if (greeting.kind !== "status" || greeting.tag !== undefined)
      throw client.#dialogue.bad("does not greet as an IMAP server");
    if (greeting.status === "BYE") throw client.#dialogue.refused("the connection", greeting);
    client.#isAuthenticated = greeting.status === "PREAUTH";
    return client;
  }

  private constructor(connection: Connection, { answerMax = ANSWER_MAX_DEFAULT, onLine }: ImapClientOptions) {
    const observe = (response: Response): void => this.#observe(response);
    this.#dialogue = new Dialogue(connection, { answerMax, responseMax: answerMax, onLine, observe });
  }

  /** The mailbox that is selected, as the server tells of it. */
  get mailbox(): SelectedMailbox | undefined {
    return this.#mailbox;
  }

  /** Whether the session can go on: no command waits for its answer, as one does that was broken off. */
  get isReady(): boolean {
    return this.#dialogue.isReady;
  }

  /** Octets that the server has sent in this session. */
  get octetsReceived(): number {
    return this.#dialogue.octetsReceived;
  }

  /** In capitals; asked for where the server has not said them by itself. */
  *capabilities(): Task<ReadonlySet<string>> {
    if (this.#capabilities === undefined) yield* this.#ask({ parts: ["CAPABILITY"] });
    if (this.#capabilities === undefined) throw this.#dialogue.bad("does not say what it can do");
    return this.#capabilities;
  }

  *can(capability: string): Task<boolean> {
    return (yield* this.capabilities()).has(capability);
  }

  /** By AUTHENTICATE PLAIN (RFC 4616) where the server offers it, else by LOGIN. */
  *login(user: string, password: string): Task {
    if (this.#isAuthenticated) return;
    if (/[\r\n\0]/.test(user + password))
      throw new LocalError("bad-argument", "a line end is not part of a name or password");
    const capabilities = yield* this.capabilities();
    const what = `the login of ${user}`;
    // RFC 3501 section 6.2: what the server can do may be another thing afterwards.
    this.#capabilities = undefined;
    if (capabilities.has("AUTH=PLAIN")) {
      const response = encodeBase64(encodeUtf8(`\0${user}\0${password}`));
      const isInitial = capabilities.has("SASL-IR");
      // RFC 3501 section 6.2.2: "*" cancels, for a server that asks for more than there is.
      const rest = isInitial ? [] : [response];
      yield* this.#ask({
        parts: [`AUTHENTICATE PLAIN${isInitial ? ` ${response}` : ""}`],
        what,
        onContinuation: () => rest.pop() ?? "*",
      });
    } else if (capabilities.has("LOGINDISABLED")) {
      throw new RemoteError(
        "login-disabled",
        `${this.#dialogue.server} takes no password on this connection`,
      );
    } else yield* this.#ask({ parts: words("LOGIN", astring(user), astring(password)), what });
    this.#isAuthenticated = true;
    this.#dialogue.freeLiteralMax = freeLiteralMax(yield* this.capabilities());
  }

  /** Mailboxes, INBOX first and the others by their names; "*" is any text, "%" any text of one level. */
  *list(pattern = "*"): Task<ListedMailbox[]> {
    return yield* this.#list(pattern, []);
  }

  /**
   * Mailboxes with what STATUS says of each, undefined of what cannot be selected: in one answer (RFC 5819) where the
   * server can, else one after the other.
   */
  *listWithStatus(items: readonly string[]): Task<MailboxWithStatus[]> {
    const told = new Map<string, ReadonlyMap<string, number>>();
    const isOne = yield* this.can("LIST-STATUS");
    const mailboxes = yield* this.#list("*", isOne ? [`STATUS (${items.join(" ")})`] : [], (response) => {
      if (response.kind === "mailboxStatus") told.set(response.name, response.items);
    });
    for (const { name, attributes } of isOne ? [] : mailboxes) {
      const isReal = !attributes.some((attribute) => /^\\(?:Noselect|NonExistent)$/i.test(attribute));
      if (isReal) told.set(name, yield* this.status(name, items));
    }
    return mailboxes.map((mailbox) => ({ mailbox, status: told.get(mailbox.name) }));
  }

  /** RFC 3501 section 6.3.10: "MESSAGES", "UNSEEN" and their like, of a mailbox that need not be selected. */
  *status(name: string, items: readonly string[]): Task<ReadonlyMap<string, number>> {
    let found: ReadonlyMap<string, number> = new Map();
    yield* this.#ask({
      parts: words("STATUS", mailbox(name), `(${items.join(" ")})`),
      onResponse: (response) => {
        if (response.kind === "mailboxStatus") found = response.items;
      },
    });
    return found;
  }

  *create(name: string): Task {
    yield* this.#ask({ parts: words("CREATE", mailbox(name)) });
  }

  *delete(name: string): Task {
    yield* this.#ask({ parts: words("DELETE", mailbox(name)) });
  }

  *rename(name: string, newName: string): Task {
    yield* this.#ask({ parts: words("RENAME", mailbox(name), mailbox(newName)) });
  }

  *subscribe(name: string): Task {
    yield* this.#ask({ parts: words("SUBSCRIBE", mailbox(name)) });
  }

  *unsubscribe(name: string): Task {
    yield* this.#ask({ parts: words("UNSUBSCRIBE", mailbox(name)) });
  }

  /** Opens a mailbox: for reading only with "EXAMINE". */
  *select(name: string, how: "SELECT" | "EXAMINE" = "SELECT"): Task<SelectedMailbox> {
    // RFC 3501 section 6.3.1: what was selected is so no more, also when this fails.
    const opened = new SelectedMailbox(name);
    this.#mailbox = opened;
    try {
      yield* this.#ask({ parts: words(how, mailbox(name)) });
      return opened;
    } catch (error) {
      this.#mailbox = undefined;
      throw error;
    }
  }

  /** Leaves the mailbox; what is marked as deleted stays (RFC 3691), by EXAMINE and CLOSE where there is no UNSELECT. */
  *unselect(): Task {
    const { name } = this.#selected();
    if (yield* this.can("UNSELECT")) yield* this.#ask({ parts: ["UNSELECT"] });
    else {
      yield* this.select(name, "EXAMINE");
      yield* this.#ask({ parts: ["CLOSE"] });
    }
    this.#mailbox = undefined;
  }

  /** UIDs of the messages for which all criteria are true, in the server's order. */
  *search(criteria: SearchCriteria): Task<number[]> {
    const found: number[] = [];
    yield* this.#ask({
      parts: searchWords(criteria),
      onResponse: (response) => {
        if (response.kind === "search") for (const uid of response.numbers) found.push(uid);
      },
    });
    return found;
  }

  /** What is asked for of these messages, as far as they are there: by UIDs, or by a set such as "1:*". */
  *fetch(uids: Iterable<number> | string, request: FetchRequest): Task<FetchedMessage[]> {
    const found = new Map<number, FetchedMessage>();
    for (const set of typeof uids === "string" ? [uids] : uidSets(uids))
      yield* this.#fetch(`UID FETCH ${set} ${fetchItems(request)}`, found);
    return [...found.values()];
  }

  /** The same of the messages that came last, `count` at most. */
  *fetchNewest(count: number, request: FetchRequest): Task<FetchedMessage[]> {
    const { exists } = this.#selected();
    const found = new Map<number, FetchedMessage>();
    // RFC 3501 section 2.3.1.2: the numbers of messages follow the order in which they came.
    if (exists > 0)
      yield* this.#fetch(`FETCH ${Math.max(1, exists - count + 1)}:* ${fetchItems(request)}`, found);
    return [...found.values()];
  }

  /** Adds, takes away or sets flags. Without answers (.SILENT) but those that tell what others did. */
  *store(uids: Iterable<number>, how: "+" | "-" | "", flags: readonly string[]): Task {
    const list = flagList(flags);
    for (const set of uidSets(uids)) {
      yield* this.#ask({ parts: [`UID STORE ${set} ${how}FLAGS.SILENT ${list}`] });
    }
  }

  *copy(uids: Iterable<number>, name: string): Task {
    for (const set of uidSets(uids)) yield* this.#ask({ parts: words("UID COPY", set, mailbox(name)) });
  }

  /** RFC 6851; by COPY, STORE and EXPUNGE where the server has no MOVE. */
  *move(uids: Iterable<number>, name: string): Task {
    const moved = [...uids];
    if (!(yield* this.can("MOVE"))) {
      yield* this.copy(moved, name);
      yield* this.store(moved, "+", ["\\Deleted"]);
      return yield* this.expunge(moved);
    }
    for (const set of uidSets(moved)) yield* this.#ask({ parts: words("UID MOVE", set, mailbox(name)) });
  }

  /**
   * Removes for good what is marked with \Deleted: of these messages (RFC 4315; without that extension of all, for
   * there is no other way), or of all.
   */
  *expunge(uids?: Iterable<number>): Task {
    if (uids === undefined || !(yield* this.can("UIDPLUS"))) yield* this.#ask({ parts: ["EXPUNGE"] });
    else for (const set of uidSets(uids)) yield* this.#ask({ parts: [`UID EXPUNGE ${set}`] });
  }

  /** Puts a message into a mailbox; its UID there, where the server tells it (RFC 4315). */
  *append(name: string, content: Uint8Array, options: AppendOptions = {}): Task<number | undefined> {
    const { flags = [], internalDateMs } = options;
    const parts = words(
      "APPEND",
      mailbox(name),
      ...(flags.length > 0 ? [flagList(flags)] : []),
      ...(internalDateMs === undefined ? [] : [emitDateTime(internalDateMs)]),
      content,
    );
    const { code } = yield* this.#ask({ parts, what: `the message for ${name}` });
    const uid = code?.name === "APPENDUID" ? /^\d{1,10} (\d{1,10})$/.exec(code.argument) : null;
    return uid === null ? undefined : Number(uid[1]);
  }

  /** A chance for the server to tell what is new; whether the session lives. */
  *noop(): Task {
    yield* this.#ask({ parts: ["NOOP"] });
  }

  /**
   * Waits until the mailbox is another, at most `timeoutMs`; whether it is. By IDLE (RFC 2177), else by asking. Who is
   * cancelled meanwhile ends IDLE first, so that the session can go on.
   */
  *idle(clock: Clock, timeoutMs: number): Task<boolean> {
    const opened = this.#selected();
    const isPushed = yield* this.can("IDLE");
    return yield* waitForNews(this.#dialogue, opened, { isPushed, clock, timeoutMs });
  }

  /** Ends the session. */
  *logout(): Task {
    yield* this.#ask({ parts: ["LOGOUT"] });
    yield* this.#dialogue.finish();
  }

  *#list(
    pattern: string,
    wanted: readonly string[],
    onResponse: (response: Response) => void = () => {},
  ): Task<ListedMailbox[]> {
    const found: ListedMailbox[] = [];
    // RFC 6154 section 2: which mailbox is for what is said when it is asked for.
    const isSpecial = (yield* this.can("SPECIAL-USE")) && (yield* this.can("LIST-EXTENDED"));
    const returned = [...(isSpecial ? ["SPECIAL-USE"] : []), ...wanted];
    yield* this.#ask({
      parts: words(
        'LIST ""',
        mailbox(pattern),
        ...(returned.length > 0 ? [`RETURN (${returned.join(" ")})`] : []),
      ),
      onResponse: (response) => {
        if (response.kind === "list") found.push(response.mailbox);
        else onResponse(response);
      },
    });
    return found.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  }

  *#fetch(command: string, found: Map<number, FetchedMessage>): Task {
    yield* this.#ask({
      parts: [command],
      onResponse: (response) => {
        if (response.kind === "fetch") this.#collect(found, response.message);
      },
    });
  }

  *#ask(command: Command): Task<StatusResponse> {
    return yield* this.#dialogue.ask(command);
  }

  #selected(): SelectedMailbox {
    if (this.#mailbox === undefined) throw new LocalError("not-selected", "no mailbox is selected");
    return this.#mailbox;
  }

  /** A server may tell of one message in several responses. */
  #collect(found: Map<number, FetchedMessage>, message: FetchedMessage): void {
    const uid = message.uid ?? this.#mailbox?.uidOf(message.number);
    if (uid === undefined) return;
    const before = found.get(uid);
    if (before === undefined && found.size >= MESSAGES_MAX)
      throw this.#dialogue.bad(`answered with over ${MESSAGES_MAX} messages`);
    const sections = new Map([...(before?.sections ?? []), ...message.sections]);
    found.set(uid, { ...before, ...message, uid, sections });
  }

  #observe(response: Response): void {
    if (response.kind === "capability") this.#capabilities = new Set(response.capabilities);
    if (response.kind === "status" && response.code?.name === "CAPABILITY")
      this.#capabilities = new Set(response.code.argument.toUpperCase().split(" "));
    this.#mailbox?.observe(response);
  }
}

function rank({ name }: ListedMailbox): number {
  return isInbox(name) ? 0 : 1;
}

/** RFC 7888: which literals go out without leave. */
function freeLiteralMax(capabilities: ReadonlySet<string>): number {
  if (capabilities.has("LITERAL+")) return Number.POSITIVE_INFINITY;
  return capabilities.has("LITERAL-") ? SMALL_LITERAL_MAX : -1;
}

/** RFC 7888 section 5. */
const SMALL_LITERAL_MAX = 4096;
const GREETING_TIMEOUT_MS = 60_000;
/** As large as the largest message that POP3's client takes. */
const ANSWER_MAX_DEFAULT = 64 * 1024 * 1024;
/** A mailbox with more messages than this is not read in one piece. */
const MESSAGES_MAX = 1_000_000;
