/**
 * How the mail client gets at folders and messages: by POP3 they are its own (pop-access.ts), by IMAP the server's
 * (imap-access.ts). What looks (folders, list, message ...) waits for nothing and changes nothing; what works is a task.
 */

import type { Task } from "../../../net/index.ts";
import type { Attachment, ReadHeaders } from "../../../protocols/message/index.ts";
import type { FolderView, MessageList, MessageRow, MessageView, SearchField } from "./view.ts";

/** Hears how far it has come: what is being done, and which share is done. */
export type Progress = (text: string, share?: number) => void;

export interface ListQuery {
  /** Absent: all but the trash. */
  readonly folder: string | undefined;
  /** Empty: all messages. */
  readonly search: string;
  readonly field: SearchField;
  readonly from: number;
  readonly count: number;
}

/** What a letter may be made of. */
export interface LetterSources {
  /** Of a message that is answered; undefined when it is gone. */
  headers(id: number): ReadHeaders | undefined;
  /** A file of a message; undefined when it is not here. */
  file(id: number, index: number): Attachment | undefined;
}

export interface MailAccess extends LetterSources {
  /** Whether the folders are the server's; then every task below talks to it. */
  readonly isRemote: boolean;
  folders(): readonly FolderView[];
  list(query: ListQuery): MessageList;
  /** The line of a message; undefined when it is gone. */
  row(id: number): MessageRow | undefined;
  /** Throws LocalError "no-message". */
  message(id: number): MessageView;
  source(id: number): Uint8Array | undefined;

  /** Only logs in: whether server, user and password are right. */
  check(progress: Progress): Task;
  /** How many messages are new. */
  receive(progress: Progress): Task<number>;
  openFolder(folder: string, progress: Progress): Task;
  createFolder(name: string): Task;
  renameFolder(folder: string, name: string): Task;
  removeFolder(folder: string): Task;
  /** How many messages have the words; `list` has them then. */
  search(folder: string, field: SearchField, words: string, progress: Progress): Task<number>;
  /** Has the text of a message here, which is read by that. */
  open(id: number, progress: Progress): Task;
  fetchFile(id: number, index: number, progress: Progress): Task;
  fetchSource(id: number, progress: Progress): Task;
  /** Messages that are gone meanwhile do not matter, here and below. */
  mark(ids: readonly number[], mark: Mark, isSet: boolean): Task;
  move(ids: readonly number[], folder: string): Task;
  /** Into the trash; from there for good. */
  delete(ids: readonly number[]): Task;
  emptyTrash(): Task;
  keepSent(content: Uint8Array): Task;
  /** Its number. */
  keepDraft(content: Uint8Array): Task<number>;
  /** For good, the trash or not: a draft that was sent. */
  discard(id: number): Task;
  /** Nobody works with it any more. */
  close(): void;
}

export type Mark = "read" | "answered" | "forwarded";
