/**
 * What a mail client knows of the folders and messages on its IMAP server: headers as they were listed, texts and files as
 * they were fetched. Bounded: of what was fetched the oldest is forgotten, for the server has it still.
 */

import { LocalError } from "../../../net/index.ts";
import { type FetchedMessage, isInbox, type ListedMailbox } from "../../../protocols/imap/index.ts";
import type { ListQuery } from "./access.ts";
import { type FetchedLetter, marksOf, previewOf, rowOf, type StoredRow } from "./imap-row.ts";
import type { FolderRole, FolderView, MessageList, MessageRow, SearchField } from "./view.ts";

export interface RemoteFolder {
  /** As the server calls it. */
  readonly path: string;
  delimiter: string | undefined;
  role: FolderRole | undefined;
  total: number;
  unread: number;
  uidValidity: number | undefined;
  /** Numbers of its messages, by UID. */
  readonly ids: Map<number, number>;
  /** Those that its list shows, oldest first; undefined: it was not opened yet. */
  listed: readonly number[] | undefined;
}

export interface RemoteMail {
  readonly uid: number;
  readonly folder: RemoteFolder;
  readonly message: FetchedMessage;
  row: StoredRow;
  letter: FetchedLetter;
}

export class ImapCache {
  readonly #onChange: () => void;
  #folders: RemoteFolder[] = [newFolder("INBOX", "inbox")];
  readonly #mails = new Map<number, RemoteMail>();
  /** Octets of what was fetched, by the number of its message; the oldest first. */
  readonly #held = new Map<number, number>();
  #found:
    | {
        readonly folder: RemoteFolder;
        readonly field: SearchField;
        readonly words: string;
        readonly ids: readonly number[];
      }
    | undefined;
  #nextId = 1;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get folders(): readonly RemoteFolder[] {
    return this.#folders;
  }

  folderViews(): FolderView[] {
    return this.#folders.map(({ path, delimiter, role, total, unread }) => {
      const levels = delimiter === undefined ? [path] : path.split(delimiter);
      const name = role === "inbox" ? "Inbox" : (levels.at(-1) ?? path);
      return { folder: idOf(path), name, role, depth: levels.length - 1, total, unread };
    });
  }

  /** Throws LocalError "no-folder". */
  folder(id: string): RemoteFolder {
    const found = this.#folders.find(({ path }) => idOf(path) === id);
    if (found === undefined) throw new LocalError("no-folder", `there is no folder "${id}"`);
    return found;
  }

  folderFor(role: FolderRole): RemoteFolder | undefined {
    return this.#folders.find((folder) => folder.role === role);
  }

  mail(id: number): RemoteMail | undefined {
    return this.#mails.get(id);
  }

  rowOf({ row, folder, letter }: RemoteMail): MessageRow {
    return { ...row, role: folder.role, isHere: letter.header !== undefined };
  }

  /** Throws LocalError "no-message". */
  need(id: number): RemoteMail {
    const mail = this.#mails.get(id);
    if (mail === undefined) throw new LocalError("no-message", "this message is gone");
    return mail;
  }

  list({ folder: id, search, field, from, count }: ListQuery): MessageList {
    const folder = this.folder(id ?? "inbox");
    const found = this.#found;
    const isFound = found?.folder === folder && found.field === field && found.words === search;
    const ids = search === "" ? (folder.listed ?? []) : isFound ? found.ids : [];
    const mails = ids.flatMap((each) => this.#mails.get(each) ?? []);
    const rows = mails.reverse().map((mail) => this.rowOf(mail));
    const isKnown = search === "" ? folder.listed !== undefined : isFound;
    const total = search === "" && isKnown ? folder.total : rows.length;
    return { isKnown, total, rows: rows.slice(from, from + count) };
  }

  /** The folders as the server lists them now; what is known of those that stay stays. */
  setFolders(mailboxes: readonly ListedMailbox[]): void {
    const before = new Map(this.#folders.map((folder) => [folder.path, folder]));
    const roles = rolesOf(mailboxes);
    this.#folders = mailboxes.slice(0, FOLDERS_MAX).map((mailbox) => {
      const role = roles.get(mailbox);
      const folder = before.get(mailbox.name) ?? newFolder(mailbox.name, role);
      before.delete(mailbox.name);
      return Object.assign(folder, { role, delimiter: mailbox.delimiter });
    });
    for (const gone of before.values()) this.#forget([...gone.ids.values()]);
    this.#onChange();
  }

  setCounts(folder: RemoteFolder, total: number, unread: number): void {
    Object.assign(folder, { total, unread });
    this.#onChange();
  }

  /** RFC 3501 section 2.3.1.1: with another UIDVALIDITY nothing is known of the folder. */
  setValidity(folder: RemoteFolder, uidValidity: number | undefined): void {
    if (folder.uidValidity !== uidValidity) this.#forget([...folder.ids.values()]);
    folder.uidValidity = uidValidity;
  }

  /** Keeps what was listed of messages; their numbers, those with the greatest UIDs last. */
  keep(folder: RemoteFolder, messages: readonly FetchedMessage[]): number[] {
    const sorted = [...messages].sort((a, b) => (a.uid ?? 0) - (b.uid ?? 0));
    const ids = sorted.flatMap((message) => this.#keepOne(folder, message) ?? []);
    for (const other of this.#folders) {
      if (this.#mails.size <= MAILS_MAX) break;
      if (other === folder) continue;
      this.#forget([...other.ids.values()]);
      other.listed = undefined;
    }
    this.#onChange();
    return ids;
  }

  /** The list of a folder: what is in it no more is forgotten. */
  setListed(folder: RemoteFolder, ids: readonly number[]): void {
    const kept = new Set([...ids, ...(this.#found?.ids ?? [])]);
    this.#forget([...folder.ids.values()].filter((id) => !kept.has(id)));
    folder.listed = ids;
    this.#onChange();
  }

  setFound(folder: RemoteFolder, field: SearchField, words: string, ids: readonly number[]): void {
    this.#found = { folder, field, words, ids };
    this.#onChange();
  }

  change(mail: RemoteMail, change: Partial<StoredRow>): void {
    if (change.unread !== undefined && change.unread !== mail.row.unread)
      mail.folder.unread += change.unread ? 1 : -1;
    mail.row = { ...mail.row, ...change };
    this.#onChange();
  }

  /** It is not in its folder any more. */
  remove(mail: RemoteMail): void {
    mail.folder.total--;
    if (mail.row.unread) mail.folder.unread--;
    this.#forget([mail.row.id]);
    this.#onChange();
  }

  /** Keeps more of a message; where that is too much, what was fetched first is forgotten. */
  hold(mail: RemoteMail, letter: FetchedLetter): void {
    mail.letter = { ...mail.letter, ...letter };
    if (letter.header !== undefined) mail.row = { ...mail.row, preview: previewOf(mail.letter) };
    const { id } = mail.row;
    this.#held.delete(id);
    this.#held.set(id, octetsOf(mail.letter));
    let octets = 0;
    for (const each of this.#held.values()) octets += each;
    for (const [other, each] of this.#held) {
      if (octets <= OCTETS_MAX || other === id) break;
      octets -= each;
      this.#held.delete(other);
      const forgotten = this.#mails.get(other);
      if (forgotten !== undefined) forgotten.letter = {};
    }
    this.#onChange();
  }

  #keepOne(folder: RemoteFolder, message: FetchedMessage): number | undefined {
    const { uid = 0, flags } = message;
    const known = this.#mails.get(folder.ids.get(uid) ?? 0);
    if (known !== undefined) {
      if (flags !== undefined) known.row = { ...known.row, ...marksOf(flags) };
      return known.row.id;
    }
    // It came while the list was made: the next one has it.
    if (message.envelope === undefined) return undefined;
    const id = this.#nextId++;
    folder.ids.set(uid, id);
    this.#mails.set(id, { uid, folder, message, row: rowOf(id, idOf(folder.path), message), letter: {} });
    return id;
  }

  #forget(ids: readonly number[]): void {
    for (const id of ids) {
      const mail = this.#mails.get(id);
      if (mail === undefined) continue;
      mail.folder.ids.delete(mail.uid);
      mail.folder.listed = mail.folder.listed?.filter((other) => other !== id);
      this.#mails.delete(id);
      this.#held.delete(id);
    }
  }
}

function newFolder(path: string, role: FolderRole | undefined): RemoteFolder {
  return {
    path,
    role,
    delimiter: undefined,
    total: 0,
    unread: 0,
    uidValidity: undefined,
    ids: new Map(),
    listed: undefined,
  };
}

/** RFC 6154 where the server says it, else by the name; each role once. */
function rolesOf(mailboxes: readonly ListedMailbox[]): ReadonlyMap<ListedMailbox, FolderRole> {
  const roles = new Map<ListedMailbox, FolderRole>();
  for (const role of ROLES) {
    const found =
      mailboxes.find((mailbox) => hasAttribute(mailbox, `\\${role}`)) ??
      mailboxes.find(({ name }) => name.toLowerCase() === role);
    if (found !== undefined && !roles.has(found)) roles.set(found, role);
  }
  return roles;
}

function hasAttribute({ attributes }: ListedMailbox, name: string): boolean {
  return attributes.some((attribute) => attribute.toLowerCase() === name);
}

/** INBOX is "inbox" to the page, as the inbox of POP3 is. */
function idOf(path: string): string {
  return isInbox(path) ? "inbox" : path;
}

function octetsOf({ header, text = "", html = "", files = new Map(), source }: FetchedLetter): number {
  let octets = (header?.length ?? 0) + text.length + html.length + (source?.length ?? 0);
  for (const content of files.values()) octets += content.length;
  return octets;
}

const ROLES: readonly FolderRole[] = ["inbox", "sent", "drafts", "trash"];
/** More than anybody finds his way in. */
const FOLDERS_MAX = 500;
/** Headers of messages, of all folders; a lab has many hosts in one process, or in a page. */
const MAILS_MAX = 5_000;
/** What was fetched and can be fetched again. */
const OCTETS_MAX = 64 * 1024 * 1024;
