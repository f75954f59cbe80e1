/** Mail by POP3: messages are fetched from the server into folders of the client's own. */

import type { MailAccount } from "../../../host/shell/index.ts";
import { type Connection, LocalError, type Network, type Task } from "../../../net/index.ts";
import {
  type Attachment,
  parseMessage,
  type ReadHeaders,
  readHeaders,
  readMessage,
} from "../../../protocols/message/index.ts";
import { download, Pop3Client, Pop3RefusedError } from "../../../protocols/pop3/index.ts";
import type { ListQuery, MailAccess, Mark, Progress } from "./access.ts";
import { incomingServerOf } from "./account.ts";
import { bccOf, type Messages } from "./messages.ts";
import { loginProblem, MailProblem, type ServerInQuestion } from "./problem.ts";
import { withConnection } from "./transfer.ts";
import type { FolderRole, FolderView, MessageList, MessageRow, MessageView } from "./view.ts";

/** What stays when the account is another. */
export interface PopStore {
  readonly messages: Messages;
  /** Unique names of the messages that were retrieved, by mailbox. */
  readonly known: Map<string, Set<string>>;
  leaveOnServer: boolean;
}

export class PopAccess implements MailAccess {
  readonly isRemote = false;
  readonly #network: Network;
  readonly #account: MailAccount | undefined;
  readonly #store: PopStore;

  constructor(network: Network, account: MailAccount | undefined, store: PopStore) {
    this.#network = network;
    this.#account = account;
    this.#store = store;
  }

  folders(): FolderView[] {
    return this.#store.messages
      .counts()
      .map(({ folder, ...counts }) => ({ folder, role: folder, name: NAMES[folder], depth: 0, ...counts }));
  }

  list({ folder, search, from, count }: ListQuery): MessageList {
    const rows = this.#store.messages.list(folder, search);
    return { isKnown: true, total: rows.length, rows: rows.slice(from, from + count) };
  }

  row(id: number): MessageRow | undefined {
    const { messages } = this.#store;
    return messages.has(id) ? messages.get(id).row : undefined;
  }

  message(id: number): MessageView {
    const { row, content } = this.#store.messages.get(id);
    const { headers, text, html, attachments } = readMessage(content);
    const { cc, replyTo, date } = headers;
    const files = attachments.map(({ name, type, bytes, contentId }, index) => ({
      index,
      name,
      type,
      octets: bytes.length,
      contentId,
      isHere: true,
    }));
    return { ...row, cc, replyTo, date, bcc: bccOf(content), text, html, files, sourceIsHere: true };
  }

  headers(id: number): ReadHeaders | undefined {
    const { messages } = this.#store;
    return messages.has(id) ? readHeaders(parseMessage(messages.get(id).content).fields) : undefined;
  }

  file(id: number, index: number): Attachment | undefined {
    const { messages } = this.#store;
    return messages.has(id) ? readMessage(messages.get(id).content).attachments[index] : undefined;
  }

  source(id: number): Uint8Array {
    return this.#store.messages.get(id).content;
  }

  *check(progress: Progress): Task {
    yield* this.#session(progress, function* (client) {
      yield* client.quit();
    });
  }

  /** Downloads what is new. */
  *receive(progress: Progress): Task<number> {
    const { messages, known: knownOf, leaveOnServer: keep } = this.#store;
    const mailbox = `${this.#account?.userName}@${this.#account?.incomingServer}`;
    const known = knownOf.get(mailbox) ?? new Set<string>();
    knownOf.set(mailbox, known);
    let received = 0;
    const seen = yield* this.#session(progress, function* (client) {
      const { count } = yield* client.stat();
      const found = yield* download(client, {
        keep,
        known,
        *take({ number, uniqueId, content }) {
          progress(`retrieving message ${number} of ${count}`, received / count);
          messages.add("inbox", content, true);
          if (uniqueId !== undefined) known.add(uniqueId);
          received++;
        },
      });
      progress("ending the session", 1);
      yield* client.quit();
      return found;
    });
    // What is gone from the server need not be known any more.
    knownOf.set(mailbox, seen);
    return received;
  }

  *openFolder(): Task {}

  *createFolder(): Task {
    throw ownFoldersOnly();
  }

  *renameFolder(): Task {
    throw ownFoldersOnly();
  }

  *removeFolder(): Task {
    throw ownFoldersOnly();
  }

  *search(folder: string, _field: unknown, words: string): Task<number> {
    return this.#store.messages.list(folder, words).length;
  }

  *open(id: number): Task {
    yield* this.mark([id], "read", true);
  }

  *fetchFile(): Task {}

  *fetchSource(): Task {}

  *mark(ids: readonly number[], mark: Mark, isSet: boolean): Task {
    this.#forEach(ids, (messages, id) => {
      messages.change(id, mark === "read" ? { unread: !isSet } : { [mark]: isSet });
    });
  }

  *move(ids: readonly number[], folder: string): Task {
    if (!isOwn(folder)) throw new LocalError("no-folder", `there is no folder "${folder}"`);
    this.#forEach(ids, (messages, id) => messages.change(id, { folder, role: folder }));
  }

  *delete(ids: readonly number[]): Task {
    this.#forEach(ids, (messages, id) => {
      if (messages.get(id).row.folder === "trash") messages.remove(id);
      else messages.change(id, { folder: "trash", role: "trash" });
    });
  }

  *emptyTrash(): Task {
    const { messages } = this.#store;
    for (const { id } of messages.list("trash", "")) messages.remove(id);
  }

  *keepSent(content: Uint8Array): Task {
    this.#store.messages.add("sent", content);
  }

  *keepDraft(content: Uint8Array): Task<number> {
    return this.#store.messages.add("drafts", content).id;
  }

  *discard(id: number): Task {
    this.#store.messages.remove(id);
  }

  close(): void {}

  #forEach(ids: readonly number[], act: (messages: Messages, id: number) => void): void {
    const { messages } = this.#store;
    for (const id of ids) if (messages.has(id)) act(messages, id);
  }

  *#session<T>(progress: Progress, work: (client: Pop3Client) => Task<T>): Task<T> {
    const account = this.#account;
    if (account === undefined) throw MailProblem.at("account", "No mail account is set up on this host");
    const server = incomingServerOf(account);
    return yield* withConnection(this.#network, server, progress, function* (connection) {
      return yield* work(yield* login(connection, account, server, progress));
    });
  }
}

function* login(
  connection: Connection,
  account: MailAccount,
  server: ServerInQuestion,
  progress: Progress,
): Task<Pop3Client> {
  const client = yield* Pop3Client.start(connection);
  progress(`logging in as ${account.userName}`);
  try {
    yield* client.login(account.userName ?? "", account.password ?? "");
    return client;
  } catch (error) {
    if (!(error instanceof Pop3RefusedError)) throw error;
    if (error.code !== "maildrop-in-use") throw loginProblem(server, account.userName, error);
    const words = (error.reply ?? "").replace(/[^ -~]/g, "?") || "-ERR";
    throw MailProblem.at(undefined, `The mailbox is being read by somebody else right now: ${words}`);
  }
}

function isOwn(folder: string): folder is FolderRole {
  return Object.hasOwn(NAMES, folder);
}

function ownFoldersOnly(): LocalError {
  return new LocalError(
    "own-folders",
    "POP3 knows no folders but the inbox: with IMAP they are on the server",
  );
}

const NAMES: Readonly<Record<FolderRole, string>> = {
  inbox: "Inbox",
  sent: "Sent",
  drafts: "Drafts",
  trash: "Trash",
};
