/** Desktop, Mail: what the page asks of the mail client of a host, and what it has it do. */

import * as v from "valibot";
import { encodeBase64 } from "../../../bytes/index.ts";
import type { Host } from "../../../host/host.ts";
import { readMessage } from "../../../protocols/message/index.ts";
import type { PanelDefinition } from "../panel.ts";
import { action, actions, deed, nothing, question, questions, short, whole } from "../values.ts";
import { accountForm, accountOf, formOf, formProblems } from "./account.ts";
import { type MailClient, mailClientOf } from "./client.ts";
import { letterSchema } from "./letter.ts";
import { bccOf, FOLDERS } from "./messages.ts";
import type { MailView, MessageList, MessageView } from "./view.ts";

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
        folder: v.optional(v.picklist(FOLDERS)),
        search: short,
        from: whole,
        count: v.pipe(whole, v.maxValue(1_000)),
      }),
      (host, { folder, search, from, count }): MessageList => {
        const rows = mailClientOf(host).messages.list(folder, search);
        return { total: rows.length, rows: rows.slice(from, from + count) };
      },
    ),
    message: question(v.strictObject({ id: whole }), (host, { id }) => messageView(host, id)),
    attachment: question(v.strictObject({ id: whole, index: whole }), (host, { id, index }) => {
      const file = readMessage(mailClientOf(host).messages.get(id).content).attachments[index];
      return { content: file && encodeBase64(file.bytes) };
    }),
    source: question(v.strictObject({ id: whole }), (host, { id }) => ({
      content: encodeBase64(mailClientOf(host).messages.get(id).content),
    })),
  }),
  act: actions({
    "account.save": deed(accountForm, (host, form) => {
      const problems = formProblems(form);
      if (problems.length === 0) mailClientOf(host).setAccount(accountOf(form));
      return { problems };
    }),
    "account.remove": deed(nothing, (host) => mailClientOf(host).setAccount(undefined)),
    "account.check": action(nothing, (host) => mailClientOf(host).check()),
    "leave-on-server": deed(v.strictObject({ on: v.boolean() }), (host, { on }) => {
      const client = mailClientOf(host);
      client.leaveOnServer = on;
      client.changed();
    }),
    receive: action(nothing, (host) => mailClientOf(host).receive()),
    send: action(letterSchema, (host, letter) => mailClientOf(host).send(letter)),
    stop: deed(nothing, (host) => mailClientOf(host).stop()),
    "draft.keep": deed(letterSchema, (host, letter) => ({ id: mailClientOf(host).keepDraft(letter) })),
    mark: deed(v.strictObject({ ids: idsSchema(), unread: v.boolean() }), (host, { ids, unread }) => {
      forEach(mailClientOf(host), ids, ({ messages }, id) => messages.change(id, { unread }));
    }),
    move: deed(v.strictObject({ ids: idsSchema(), folder: v.picklist(FOLDERS) }), (host, { ids, folder }) => {
      forEach(mailClientOf(host), ids, ({ messages }, id) => messages.change(id, { folder }));
    }),
    /** Into the trash; from there for good. */
    delete: deed(v.strictObject({ ids: idsSchema() }), (host, { ids }) => {
      forEach(mailClientOf(host), ids, ({ messages }, id) => {
        if (messages.get(id).row.folder === "trash") messages.remove(id);
        else messages.change(id, { folder: "trash" });
      });
    }),
    "trash.empty": deed(nothing, (host) => {
      const { messages } = mailClientOf(host);
      for (const { id } of messages.list("trash", "")) messages.remove(id);
    }),
  }),
};

function messageView(host: Host, id: number): MessageView {
  const { row, content } = mailClientOf(host).messages.get(id);
  const { headers, text, html, attachments } = readMessage(content);
  const { cc, replyTo, date } = headers;
  const files = attachments.map(({ name, type, bytes, contentId }, index) => ({
    index,
    name,
    type,
    octets: bytes.length,
    contentId,
  }));
  return { ...row, cc, replyTo, date, bcc: bccOf(content), text, html, files };
}

function idsSchema() {
  return v.pipe(v.array(whole), v.maxLength(5_000));
}

/** Those that are gone meanwhile do not matter. */
function forEach(client: MailClient, ids: readonly number[], act: (client: MailClient, id: number) => void) {
  for (const id of ids) if (client.messages.has(id)) act(client, id);
}
