/** What `imap` does with folders and their messages, one act each. Messages are named by their UIDs, which last. */

import { encodeUtf8, unixMsOf, Writer } from "../../bytes/index.ts";
import { fromByteString, LocalError, type Task, toByteString } from "../../net/index.ts";
import type { FetchedMessage, ImapClient, SearchCriteria } from "../../protocols/imap/index.ts";
import { hasOption, optionDurationMs, optionText, parseInteger } from "./arguments.ts";
import type { CommandInput, Shell } from "./command.ts";
import { messageTable, OVERVIEW, overviewOf } from "./imap-overview.ts";
import { showMessage } from "./imap-show.ts";
import { show } from "./output.ts";
import { readWholeFile } from "./read-file.ts";
import { formatTable } from "./table.ts";

export interface ImapSession {
  readonly shell: Shell;
  readonly input: CommandInput;
  /** Logged in. */
  readonly client: ImapClient;
  /** Which folder is meant. */
  readonly folder: string;
}

export interface ImapAct {
  /** What is said behind its name: "UIDS FOLDER". */
  readonly words: string;
  /** The options that belong to it. */
  readonly options: readonly string[];
  run(session: ImapSession, words: readonly string[]): Task;
}

export const imapActs: Readonly<Record<string, ImapAct>> = {
  folders: { words: "", options: [], run: listFolders },
  list: {
    words: "",
    options: ["folder"],
    *run(session) {
      const { exists } = yield* session.client.select(session.folder, "EXAMINE");
      yield* tellMessages(session, exists === 0 ? [] : yield* session.client.fetch("1:*", OVERVIEW));
    },
  },
  show: {
    words: "UID",
    options: ["folder", "header", "structure", "part", "source", "save"],
    *run(session, [uid]) {
      yield* showMessage(session, parseInteger(uid, "the UID", 1, UID_MAX));
    },
  },
  search: {
    words: "",
    options: ["folder", "from", "to", "subject", "text", "unread", "since", "before"],
    *run(session) {
      const criteria = criteriaOf(session.input);
      yield* session.client.select(session.folder, "EXAMINE");
      const found = yield* session.client.search(criteria);
      yield* tellMessages(session, yield* session.client.fetch(found, OVERVIEW));
    },
  },
  mark: {
    words: "UIDS read|unread|flagged|unflagged|answered|unanswered",
    options: ["folder"],
    *run({ shell, client, folder }, [text, mark]) {
      const uids = parseUids(text);
      const [, how, word] = /^(un)?(.*)$/.exec(mark) as RegExpExecArray;
      const flag = Object.hasOwn(MARKS, word) ? MARKS[word] : undefined;
      if (flag === undefined)
        throw new LocalError("usage", `"${mark}" is none of: ${imapActs.mark.words.slice(5)}`);
      yield* client.select(folder);
      yield* client.store(uids, how === undefined ? "+" : "-", [flag]);
      show(shell, { marked: uids, mark }, `${text}: marked as ${mark}\n`);
    },
  },
  move: {
    words: "UIDS FOLDER",
    options: ["folder"],
    *run({ shell, client, folder }, [text, to]) {
      const uids = parseUids(text);
      yield* client.select(folder);
      yield* client.move(uids, to);
      show(shell, { moved: uids, to }, `${text}: moved to ${to}\n`);
    },
  },
  copy: {
    words: "UIDS FOLDER",
    options: ["folder"],
    *run({ shell, client, folder }, [text, to]) {
      const uids = parseUids(text);
      yield* client.select(folder, "EXAMINE");
      yield* client.copy(uids, to);
      show(shell, { copied: uids, to }, `${text}: copied to ${to}\n`);
    },
  },
  delete: {
    words: "UIDS",
    options: ["folder"],
    *run({ shell, client, folder }, [text]) {
      const uids = parseUids(text);
      yield* client.select(folder);
      yield* client.store(uids, "+", ["\\Deleted"]);
      yield* client.expunge(uids);
      show(shell, { deleted: uids }, `${text}: deleted for good\n`);
    },
  },
  append: { words: "[FILE]", options: ["folder"], run: append },
  create: {
    words: "FOLDER",
    options: [],
    *run({ shell, client }, [name]) {
      yield* client.create(name);
      show(shell, { created: name }, `folder ${name} made\n`);
    },
  },
  rename: {
    words: "FOLDER NEWNAME",
    options: [],
    *run({ shell, client }, [name, newName]) {
      yield* client.rename(name, newName);
      show(shell, { renamed: name, to: newName }, `folder ${name} is ${newName} now\n`);
    },
  },
  remove: {
    words: "FOLDER",
    options: [],
    *run({ shell, client }, [name]) {
      yield* client.delete(name);
      show(shell, { removed: name }, `folder ${name} removed, with all that was in it\n`);
    },
  },
  idle: { words: "", options: ["folder", "for"], run: idle },
};

function* listFolders({ shell, client }: ImapSession): Task {
  const listed = yield* client.listWithStatus(["MESSAGES", "UNSEEN"]);
  const folders = listed.map(({ mailbox: { name, attributes }, status }) => {
    const use = attributes.find((attribute) => USES.test(attribute));
    return { name, use: use?.slice(1), messages: status?.get("MESSAGES"), unread: status?.get("UNSEEN") };
  });
  const rows = folders.map(({ name, use = "", messages = "", unread = "" }) => [
    name,
    `${messages}`,
    `${unread}`,
    use,
  ]);
  show(shell, { folders }, formatTable(["Folder", "Messages", "Unread", "Use"], rows));
}

function* tellMessages({ shell, folder }: ImapSession, found: readonly FetchedMessage[]): Task {
  const messages = found.map(overviewOf);
  const text = messages.length === 0 ? "no messages\n" : messageTable(messages);
  show(shell, { folder, messages }, text);
}

function* append({ shell, client, folder }: ImapSession, [path]: readonly string[]): Task {
  const content =
    path === undefined ? yield* readInput(shell) : readWholeFile(shell, path, "append", APPEND_MAX);
  const uid = yield* client.append(folder, withLineEnds(content));
  show(shell, { appended: folder, uid }, `put into ${folder}${uid === undefined ? "" : ` as UID ${uid}`}\n`);
}

/** Tells what comes and goes until the time is over. */
function* idle({ shell, input, client, folder }: ImapSession): Task {
  const { clock } = shell.network;
  const range = { leastMs: 1, mostMs: 365 * 24 * 3600_000 };
  const endNs = clock.nowNs() + optionDurationMs(input, "for", range, IDLE_MS) * 1e6;
  const opened = yield* client.select(folder, "EXAMINE");
  let [before, uidNext] = [opened.exists, opened.uidNext ?? 1];
  if (!shell.json) shell.print(`${folder}: ${before} messages; waiting\n`);
  for (let leftMs = (endNs - clock.nowNs()) / 1e6; leftMs > 0; leftMs = (endNs - clock.nowNs()) / 1e6) {
    if (!(yield* client.idle(clock, leftMs))) break;
    const found = opened.exists === 0 ? [] : yield* client.fetch(`${uidNext}:*`, OVERVIEW);
    // RFC 3501 section 6.4.8: "9:*" has the last message, even when that is before 9.
    const messages = found.map(overviewOf).filter(({ uid }) => uid >= uidNext);
    const gone = before + messages.length - opened.exists;
    [before, uidNext] = [opened.exists, Math.max(uidNext, ...messages.map(({ uid }) => uid + 1))];
    if (messages.length > 0 || gone > 0) {
      const text = `${messages.length > 0 ? messageTable(messages) : ""}${gone > 0 ? `${gone} gone\n` : ""}`;
      show(shell, { folder, messages, gone }, text);
    }
  }
}

function criteriaOf(input: CommandInput): SearchCriteria {
  const [from, to, subject, text] = ["from", "to", "subject", "text"].map((name) => optionText(input, name));
  const [sinceMs, beforeMs] = [dayOption(input, "since"), dayOption(input, "before")];
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(subject !== undefined && { subject }),
    ...(text !== undefined && { text }),
    ...(sinceMs !== undefined && { sinceMs }),
    ...(beforeMs !== undefined && { beforeMs }),
    ...(hasOption(input, "unread") && { withoutFlags: ["\\Seen"] }),
  };
}

function dayOption(input: CommandInput, name: string): number | undefined {
  const text = optionText(input, name);
  if (text === undefined) return undefined;
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const [year, month, day] = (match ?? []).slice(1).map(Number);
  if (match === null || month < 1 || month > 12 || day < 1 || day > 31)
    throw new LocalError("usage", `--${name} must be a day such as 2026-11-21, not "${text}"`);
  return unixMsOf({ year, month: month - 1, day, hour: 0, minute: 0, second: 0 });
}

/** "3", "3,5", "2:8". */
function parseUids(text: string): number[] {
  const uids: number[] = [];
  for (const piece of text.split(",")) {
    const [, first, last = first] = /^(\d{1,10})(?::(\d{1,10}))?$/.exec(piece) ?? [];
    const count = Number(last) - Number(first) + 1;
    if (first === undefined || count < 1 || uids.length + count > UIDS_MAX)
      throw new LocalError("usage", `UIDS must be UIDs such as 3 or 3,5 or 2:8, not "${text}"`);
    for (let i = 0; i < count; i++) uids.push(Number(first) + i);
  }
  return uids;
}

function* readInput(shell: Shell): Task<Uint8Array> {
  const out = new Writer(1024);
  for (;;) {
    const line = yield* shell.readLine();
    if (line === null) return out.finish();
    out.append(encodeUtf8(`${line}\n`));
    if (out.length > APPEND_MAX) throw new LocalError("too-large", `the input has over ${APPEND_MAX} octets`);
  }
}

/** RFC 3501 section 4.3.1 and RFC 5322 section 2.1: the lines of a message end with CRLF. */
function withLineEnds(content: Uint8Array): Uint8Array {
  return fromByteString(toByteString(content).replace(/\r?\n/g, "\r\n"));
}

const MARKS: Readonly<Record<string, string>> = {
  read: "\\Seen",
  flagged: "\\Flagged",
  answered: "\\Answered",
};
/** RFC 6154. */
const USES = /^\\(?:Archive|Drafts|Flagged|Junk|Sent|Trash)$/i;
const UID_MAX = 2 ** 32 - 1;
/** As many as a person names. */
const UIDS_MAX = 10_000;
/** As large as the largest message that our servers take. */
const APPEND_MAX = 32 * 1024 * 1024;
/** As long as somebody looks at a terminal. */
const IDLE_MS = 10 * 60_000;
