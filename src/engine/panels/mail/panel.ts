/** Desktop, Mail: what the page asks of the mail client of a host, and what it has it do. */

import * as v from "valibot";
import { encodeBase64 } from "../../../bytes/index.ts";
import type { Host } from "../../../host/host.ts";
import type { Task } from "../../../net/index.ts";
import type { PanelDefinition } from "../panel.ts";
import {
  type Action,
  action,
  actions,
  deed,
  nothing,
  question,
  questions,
  refusals,
  short,
  whole,
} from "../values.ts";
import type { MailAccess, Progress } from "./access.ts";
import { accountForm, accountOf, formOf, formProblems } from "./account.ts";
import { mailClientOf } from "./client.ts";
import { letterSchema } from "./letter.ts";
import type { MailActivity, MailView, MessageList, MessageView } from "./view.ts";

const folder = short;
const field = v.optional(v.picklist(["text", "from", "subject"]), "text");
const oneId = { id: whole };
const ids = v.pipe(v.array(whole), v.maxLength(5_000));

const acts = {
  "account.save": deed(
    accountForm,
    (host, form) => {
      const problems = formProblems(form);
      if (problems.length === 0) mailClientOf(host).setAccount(accountOf(form));
      return { problems };
    },
    (_, form) => (formProblems(form).length > 0 ? { problems: formProblems(form) } : undefined),
  ),
  "account.remove": deed(nothing, (host) => mailClientOf(host).setAccount(undefined)),
  "account.check": action(nothing, (host) => mailClientOf(host).check()),
  "leave-on-server": deed(v.strictObject({ on: v.boolean() }), (host, { on }) =>
    mailClientOf(host).leaveOnServer(on),
  ),
  receive: action(nothing, (host) => mailClientOf(host).receive()),
  send: action(
    letterSchema,
    (host, letter) => mailClientOf(host).send(letter),
    (host, letter) => mailClientOf(host).refusal(letter),
  ),
  stop: deed(nothing, (host) => mailClientOf(host).stop()),
  "draft.keep": action(letterSchema, (host, letter) => mailClientOf(host).keepDraft(letter)),
  search: action(v.strictObject({ folder, field, words: short }), (host, { folder, field, words }) =>
    mailClientOf(host).search(folder, field, words),
  ),
  "folder.open": work("open", { folder }, (access, { folder }, progress) =>
    access.openFolder(folder, progress),
  ),
  "folder.create": work("change", { name: short }, (access, { name }) => access.createFolder(name)),
  "folder.rename": work("change", { folder, name: short }, (access, { folder, name }) =>
    access.renameFolder(folder, name),
  ),
  "folder.remove": work("change", { folder }, (access, { folder }) => access.removeFolder(folder)),
  open: work("open", oneId, (access, { id }, progress) => access.open(id, progress)),
  "attachment.fetch": work("open", { ...oneId, index: whole }, (access, { id, index }, progress) =>
    access.fetchFile(id, index, progress),
  ),
  "source.fetch": work("open", oneId, (access, { id }, progress) => access.fetchSource(id, progress)),
  mark: work("change", { ids, unread: v.boolean() }, (access, { ids, unread }) =>
    access.mark(ids, "read", !unread),
  ),
  move: work("change", { ids, folder }, (access, { ids, folder }) => access.move(ids, folder)),
  /** Into the trash; from there for good. */
  delete: work("change", { ids }, (access, { ids }) => access.delete(ids)),
  "trash.empty": work("change", {}, (access) => access.emptyTrash()),
};

export const mailPanel: PanelDefinition = {
  panel: "mail",
  title: "Mail",
  tab: "desktop",
  services: [],
  appliesTo: () => true,
  view(host): MailView {
    const account = host.mailAccount;
    return { account: account && formOf(account), ...mailClientOf(host).view };
  },
  revision(host) {
    return `${mailClientOf(host).revision} ${JSON.stringify(host.mailAccount)}`;
  },
  look: questions({
    list: question(
      v.strictObject({
        folder: v.optional(folder),
        search: short,
        field,
        from: whole,
        count: v.pipe(whole, v.maxValue(1_000)),
      }),
      (host, query): MessageList => accessOf(host).list({ ...query, folder: query.folder }),
    ),
    message: question(v.strictObject(oneId), (host, { id }): MessageView => accessOf(host).message(id)),
    attachment: question(v.strictObject({ ...oneId, index: whole }), (host, { id, index }) => {
      const file = accessOf(host).file(id, index);
      return { content: file && encodeBase64(file.bytes) };
    }),
    source: question(v.strictObject(oneId), (host, { id }) => {
      const source = accessOf(host).source(id);
      return { content: source && encodeBase64(source) };
    }),
  }),
  act: actions(acts),
  refusal: refusals(acts),
};

function accessOf(host: Host): MailAccess {
  return mailClientOf(host).access;
}

/** An action with folders and messages. */
function work<Entries extends v.ObjectEntries>(
  kind: MailActivity["kind"],
  entries: Entries,
  run: (
    access: MailAccess,
    value: v.InferOutput<v.StrictObjectSchema<Entries, undefined>>,
    progress: Progress,
  ) => Task,
): Action {
  return action(v.strictObject(entries), (host, value) =>
    mailClientOf(host).work(kind, (access, progress) => run(access, value, progress)),
  );
}
