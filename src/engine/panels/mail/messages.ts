/** The folders of a mail client: messages as they came, with what a list and a search need of them. Bounded. */

import { LocalError } from "../../../net/index.ts";
import { fieldValue, parseMessage, readMessage } from "../../../protocols/message/index.ts";
import type { FolderRole, MessageRow } from "./view.ts";

export interface StoredMail {
  row: MessageRow;
  readonly content: Uint8Array;
  /** What a search looks through, in small letters. */
  readonly words: string;
}

export const FOLDERS: readonly FolderRole[] = ["inbox", "sent", "drafts", "trash"];

export class Messages {
  readonly #mails = new Map<number, StoredMail>();
  readonly #where: string;
  readonly #onChange: () => void;
  #nextId = 1;
  #octets = 0;

  /** `where` is named when it is full. */
  constructor(where: string, onChange: () => void) {
    this.#where = where;
    this.#onChange = onChange;
  }

  /** Keeps a message; throws LocalError "mail-full". */
  add(folder: FolderRole, content: Uint8Array, unread = false): MessageRow {
    if (this.#mails.size >= MESSAGES_MAX || this.#octets + content.length > OCTETS_MAX) {
      throw new LocalError("mail-full", `the mail folders of ${this.#where} are full: empty the trash`);
    }
    const mail = index(this.#nextId++, folder, content, unread);
    this.#mails.set(mail.row.id, mail);
    this.#octets += content.length;
    this.#onChange();
    return mail.row;
  }

  /** Throws LocalError "no-message". */
  get(id: number): StoredMail {
    const mail = this.#mails.get(id);
    if (mail === undefined) throw new LocalError("no-message", "this message is gone");
    return mail;
  }

  has(id: number): boolean {
    return this.#mails.has(id);
  }

  /** Changes what a list says of a message. */
  change(id: number, change: Partial<Omit<MessageRow, "id">>): void {
    const mail = this.get(id);
    mail.row = { ...mail.row, ...change };
    this.#onChange();
  }

  /** For good. */
  remove(id: number): void {
    this.#octets -= this.#mails.get(id)?.content.length ?? 0;
    if (this.#mails.delete(id)) this.#onChange();
  }

  /** The messages of a folder, or of all, that have all the words; the newest first. */
  list(folder: string | undefined, search: string): MessageRow[] {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const found: MessageRow[] = [];
    for (const { row, words: text } of this.#mails.values()) {
      const isHere = folder === undefined ? row.folder !== "trash" : row.folder === folder;
      if (isHere && words.every((word) => text.includes(word))) found.push(row);
    }
    return found.reverse();
  }

  counts(): { folder: FolderRole; total: number; unread: number }[] {
    const counts = FOLDERS.map((folder) => ({ folder, total: 0, unread: 0 }));
    for (const { row } of this.#mails.values()) {
      const count = counts.find(({ folder }) => folder === row.folder);
      if (count === undefined) continue;
      count.total++;
      if (row.unread) count.unread++;
    }
    return counts;
  }
}

/** The Bcc field of a message that we wrote: it stays with us. */
export function bccOf(content: Uint8Array): string {
  return fieldValue(parseMessage(content).fields, "Bcc") ?? "";
}

/** A readable line of HTML, for lists. */
export function plainOf(html: string): string {
  return html
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1\s*>/gi, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/&nbsp;/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
}

function index(id: number, folder: FolderRole, content: Uint8Array, unread: boolean): StoredMail {
  const { headers, text, html, attachments } = readMessage(content);
  const { from, to, cc, subject, dateMs } = headers;
  const plain = (text ?? plainOf(html ?? "")).slice(0, SEARCHED_MAX).replace(/\s+/g, " ").trim();
  const names = attachments.map(({ name }) => name).join(" ");
  return {
    content,
    words: [from, to, cc, subject, plain, names].join(" ").toLowerCase(),
    row: {
      id,
      folder,
      role: folder,
      from,
      to,
      subject,
      dateMs,
      preview: plain.slice(0, PREVIEW_LENGTH),
      octets: content.length,
      attachments: attachments.length,
      unread,
      answered: false,
      forwarded: false,
      isHere: true,
    },
  };
}

/** More than a lesson or a working day brings; a lab has many hosts in one process, or in a page. */
const MESSAGES_MAX = 5_000;
const OCTETS_MAX = 64 * 1024 * 1024;
/** The beginning of a text is what is looked for; a log in a mail is not. */
const SEARCHED_MAX = 16 * 1024;
export const PREVIEW_LENGTH = 140;
