/** Mail by IMAP: folders and messages are the server's, and what is asked for is fetched from there. */

import type { MailAccount } from "../../../host/shell/index.ts";
import { LocalError, type Network, type Task } from "../../../net/index.ts";
import {
  type BodyPart,
  type ImapClient,
  letterParts,
  partContent,
  partText,
} from "../../../protocols/imap/index.ts";
import type { Attachment, ReadHeaders } from "../../../protocols/message/index.ts";
import type { ListQuery, MailAccess, Mark, Progress } from "./access.ts";
import { ImapCache, type RemoteFolder, type RemoteMail } from "./imap-cache.ts";
import { filesOf, headersOf, viewOf } from "./imap-row.ts";
import { ImapSession } from "./imap-session.ts";
import { enter, readFolders, searchFolder, syncFolder } from "./imap-sync.ts";
import type { FolderRole, FolderView, MessageList, MessageRow, MessageView, SearchField } from "./view.ts";

export class ImapAccess implements MailAccess {
  readonly isRemote = true;
  readonly #cache: ImapCache;
  readonly #session: ImapSession;

  constructor(network: Network, account: MailAccount, onChange: () => void) {
    this.#cache = new ImapCache(onChange);
    this.#session = new ImapSession(network, account, (client) => this.#lookAtInbox(client));
  }

  folders(): FolderView[] {
    return this.#cache.folderViews();
  }

  list(query: ListQuery): MessageList {
    return this.#cache.list(query);
  }

  row(id: number): MessageRow | undefined {
    const mail = this.#cache.mail(id);
    return mail && this.#cache.rowOf(mail);
  }

  message(id: number): MessageView {
    const mail = this.#cache.need(id);
    return viewOf(this.#cache.rowOf(mail), mail.message, mail.letter);
  }

  headers(id: number): ReadHeaders | undefined {
    const mail = this.#cache.mail(id);
    return mail && headersOf(mail.message, mail.letter);
  }

  file(id: number, index: number): Attachment | undefined {
    const mail = this.#cache.mail(id);
    const bytes = mail?.letter.files?.get(index);
    if (mail === undefined || bytes === undefined) return undefined;
    const { name, part } = filesOf(mail.message)[index];
    return { name, type: part.type, bytes };
  }

  source(id: number): Uint8Array | undefined {
    return this.#cache.need(id).letter.source;
  }

  *check(progress: Progress): Task {
    // What is kept may be the session of another password.
    this.#session.close();
    yield* this.#session.use(progress, function* () {});
  }

  *receive(progress: Progress): Task<number> {
    const cache = this.#cache;
    return yield* this.#session.use(progress, function* (client) {
      yield* readFolders(client, cache, progress);
      const inbox = cache.folder("inbox");
      const count = yield* syncFolder(client, cache, inbox, progress);
      for (const folder of cache.folders)
        if (folder !== inbox && folder.listed !== undefined)
          yield* syncFolder(client, cache, folder, progress);
      return count;
    });
  }

  *openFolder(id: string, progress: Progress): Task {
    const cache = this.#cache;
    yield* this.#session.use(progress, function* (client) {
      if (cache.folder("inbox").delimiter === undefined) yield* readFolders(client, cache, progress);
      yield* syncFolder(client, cache, cache.folder(id), progress);
    });
  }

  *createFolder(name: string): Task {
    yield* this.#withFolders((client) => client.create(this.#path(name)));
  }

  *renameFolder(id: string, name: string): Task {
    const { path, delimiter = "" } = this.#own(id);
    // The new name takes the place of the last level.
    const above = delimiter === "" ? "" : path.slice(0, path.lastIndexOf(delimiter) + 1);
    yield* this.#withFolders((client) => client.rename(path, this.#path(above + name)));
  }

  *removeFolder(id: string): Task {
    const { path } = this.#own(id);
    yield* this.#withFolders((client) => client.delete(path));
  }

  *search(id: string, field: SearchField, words: string, progress: Progress): Task<number> {
    const cache = this.#cache;
    const folder = cache.folder(id);
    return yield* this.#session.use(progress, (client) =>
      searchFolder(client, cache, folder, field, words, progress),
    );
  }

  *#lookAtInbox(client: ImapClient): Task {
    yield* syncFolder(client, this.#cache, this.#cache.folder("inbox"), quiet);
  }

  /** The header and the text, and the pictures that stand in it; files stay where they are. */
  *open(id: number, progress: Progress): Task {
    const mail = this.#cache.need(id);
    if (mail.letter.header === undefined) yield* this.#fetchLetter(mail, progress);
    if (mail.row.unread) yield* this.mark([id], "read", true);
  }

  *fetchFile(id: number, index: number, progress: Progress): Task {
    const mail = this.#cache.need(id);
    const file = filesOf(mail.message)[index];
    if (file === undefined) throw new LocalError("no-file", "the message has no such file");
    if (mail.letter.files?.has(index)) return;
    progress(`fetching ${file.name}`);
    const [encoded] = yield* this.#fetchParts(mail, [file.part], progress);
    const files = new Map(mail.letter.files).set(index, partContent(file.part, encoded));
    this.#cache.hold(mail, { files });
  }

  *fetchSource(id: number, progress: Progress): Task {
    const mail = this.#cache.need(id);
    if (mail.letter.source !== undefined) return;
    progress(`fetching ${mail.row.octets} octets`);
    const [source] = yield* this.#fetchSections(mail, [""], progress);
    this.#cache.hold(mail, { source });
  }

  *mark(ids: readonly number[], mark: Mark, isSet: boolean): Task {
    const [flag, key] = MARKS[mark];
    yield* this.#eachFolder(ids, (client, uids) => client.store(uids, isSet ? "+" : "-", [flag]));
    for (const mail of this.#mails(ids))
      this.#cache.change(mail, { [key]: mark === "read" ? !isSet : isSet });
  }

  *move(ids: readonly number[], id: string): Task {
    const to = this.#cache.folder(id);
    yield* this.#moveTo(
      this.#mails(ids).filter(({ folder }) => folder !== to),
      to,
    );
  }

  *delete(ids: readonly number[]): Task {
    const mails = this.#mails(ids);
    const inTrash = mails.filter(({ folder }) => folder.role === "trash");
    const others = mails.filter(({ folder }) => folder.role !== "trash");
    if (others.length > 0) yield* this.#moveTo(others, yield* this.#folderFor("trash"));
    yield* this.#expunge(inTrash);
  }

  *emptyTrash(): Task {
    const cache = this.#cache;
    const trash = cache.folderFor("trash");
    if (trash === undefined) return;
    yield* this.#session.use(quiet, function* (client) {
      yield* enter(client, trash);
      const uids = yield* client.search({});
      if (uids.length === 0) return;
      yield* client.store(uids, "+", ["\\Deleted"]);
      yield* client.expunge(uids);
      yield* syncFolder(client, cache, trash, quiet);
    });
  }

  *keepSent(content: Uint8Array): Task {
    yield* this.#append("sent", content, ["\\Seen"]);
  }

  *keepDraft(content: Uint8Array): Task<number> {
    const { folder, uid } = yield* this.#append("drafts", content, ["\\Draft", "\\Seen"]);
    // Where the server does not say its UID, it is the one that came last.
    return folder.ids.get(uid ?? 0) ?? folder.listed?.at(-1) ?? 0;
  }

  *discard(id: number): Task {
    yield* this.#expunge(this.#mails([id]));
  }

  close(): void {
    this.#session.close();
  }

  *#fetchLetter(mail: RemoteMail, progress: Progress): Task {
    const { structure } = mail.message;
    const { text, html, files } = structure === undefined ? NO_PARTS : letterParts(structure);
    const shown = [...text, ...html];
    const pictures = html.length === 0 ? [] : files.filter(isPictureWithin);
    progress("fetching the message");
    const parts = [...shown, ...pictures.map(({ part }) => part)];
    const [header, ...octets] = yield* this.#fetchParts(mail, parts, progress, ["HEADER"]);
    const texts = shown.map((part, i) => partText(part, octets[i]));
    const content = pictures.map(
      (file, i) => [files.indexOf(file), partContent(file.part, octets[shown.length + i])] as const,
    );
    this.#cache.hold(mail, {
      header,
      text: text.length === 0 ? undefined : texts.slice(0, text.length).join("\n"),
      html: html.length === 0 ? undefined : texts.slice(text.length).join("\n"),
      files: new Map([...(mail.letter.files ?? []), ...content]),
    });
  }

  #fetchParts(
    mail: RemoteMail,
    parts: readonly BodyPart[],
    progress: Progress,
    before: readonly string[] = [],
  ) {
    return this.#fetchSections(mail, [...before, ...parts.map(({ section }) => section)], progress);
  }

  *#fetchSections(mail: RemoteMail, sections: readonly string[], progress: Progress): Task<Uint8Array[]> {
    const { folder, uid } = mail;
    const asked = sections.map((section) => ({ section }));
    const found = yield* this.#session.use(progress, function* (client) {
      yield* enter(client, folder);
      return yield* client.fetch([uid], { sections: asked });
    });
    if (found.length === 0) {
      this.#cache.remove(mail);
      throw new LocalError("no-message", "this message is gone: somebody else has moved or deleted it");
    }
    return sections.map((section) => found[0].sections.get(section) ?? new Uint8Array(0));
  }

  *#append(
    role: "sent" | "drafts",
    content: Uint8Array,
    flags: readonly string[],
  ): Task<{ folder: RemoteFolder; uid: number | undefined }> {
    const cache = this.#cache;
    const folder = yield* this.#folderFor(role);
    return yield* this.#session.use(quiet, function* (client) {
      const uid = yield* client.append(folder.path, content, { flags });
      yield* syncFolder(client, cache, folder, quiet);
      return { folder, uid };
    });
  }

  *#moveTo(mails: readonly RemoteMail[], to: RemoteFolder): Task {
    yield* this.#eachFolder(
      mails.map(({ row }) => row.id),
      (client, uids) => client.move(uids, to.path),
    );
    for (const mail of mails) {
      this.#cache.setCounts(to, to.total + 1, to.unread + (mail.row.unread ? 1 : 0));
      this.#cache.remove(mail);
    }
  }

  *#expunge(mails: readonly RemoteMail[]): Task {
    yield* this.#eachFolder(
      mails.map(({ row }) => row.id),
      function* (client, uids) {
        yield* client.store(uids, "+", ["\\Deleted"]);
        yield* client.expunge(uids);
      },
    );
    for (const mail of mails) this.#cache.remove(mail);
  }

  /** Works with the messages of each folder, opened. */
  *#eachFolder(ids: readonly number[], work: (client: ImapClient, uids: readonly number[]) => Task): Task {
    const folders = new Map<RemoteFolder, number[]>();
    for (const { folder, uid } of this.#mails(ids))
      folders.set(folder, [...(folders.get(folder) ?? []), uid]);
    for (const [folder, uids] of folders) {
      yield* this.#session.use(quiet, function* (client) {
        yield* enter(client, folder);
        yield* work(client, uids);
      });
    }
  }

  /** The folder for that; made where there is none. */
  *#folderFor(role: Exclude<FolderRole, "inbox">): Task<RemoteFolder> {
    const cache = this.#cache;
    return yield* this.#session.use(quiet, function* (client) {
      if (cache.folderFor(role) === undefined) yield* readFolders(client, cache, quiet);
      if (cache.folderFor(role) === undefined) {
        yield* client.create(`${role[0].toUpperCase()}${role.slice(1)}`);
        yield* readFolders(client, cache, quiet);
      }
      const folder = cache.folderFor(role);
      if (folder === undefined) throw new LocalError("no-folder", `the server has no folder for ${role}`);
      return folder;
    });
  }

  *#withFolders(change: (client: ImapClient) => Task): Task {
    const cache = this.#cache;
    yield* this.#session.use(quiet, function* (client) {
      yield* change(client);
      yield* readFolders(client, cache, quiet);
    });
  }

  /** A folder that may be renamed and removed. */
  #own(id: string): RemoteFolder {
    const folder = this.#cache.folder(id);
    if (folder.role !== undefined) throw new LocalError("own-folders", `${folder.path} has to stay as it is`);
    return folder;
  }

  #path(name: string): string {
    if (name.trim() === "") throw new LocalError("bad-name", "a folder has a name");
    return name.trim();
  }

  #mails(ids: readonly number[]): RemoteMail[] {
    return ids.flatMap((id) => this.#cache.mail(id) ?? []);
  }
}

/** A picture that the HTML may show in its place. */
function isPictureWithin({
  contentId,
  part,
  octets,
}: {
  contentId: string | undefined;
  part: BodyPart;
  octets: number;
}) {
  return contentId !== undefined && part.type.startsWith("image/") && octets <= PICTURE_MAX;
}

const quiet: Progress = () => {};
const NO_PARTS = { text: [], html: [], files: [] };
const MARKS: Readonly<Record<Mark, readonly [flag: string, key: "unread" | "answered" | "forwarded"]>> = {
  read: ["\\Seen", "unread"],
  answered: ["\\Answered", "answered"],
  // RFC 5788: a keyword that is registered.
  forwarded: ["$Forwarded", "forwarded"],
};
/** A larger one is fetched when it is saved. */
const PICTURE_MAX = 1024 * 1024;
