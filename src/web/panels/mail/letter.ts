/** Letters to begin with: an answer, one to pass on, a draft; and what a letter says as plain text. Pure. */

import type { JSONContent } from "@tiptap/react";
import type {
  AttachmentView,
  Letter,
  LetterAttachment,
  MessageView,
} from "../../../engine/panels/mail/view.ts";
import { addressOf, personOf, splitAddresses } from "../parts/format.ts";

/** A letter in the window where it is written: with files as they are listed. */
export interface Writing {
  readonly to: string;
  readonly cc: string;
  readonly bcc: string;
  readonly subject: string;
  /** What the text begins with, as HTML; unsanitised where it comes from a mail. */
  readonly body: string;
  readonly files: readonly WritingFile[];
  readonly answers?: number | undefined;
  readonly forwards?: number | undefined;
  readonly draft?: number | undefined;
}

export interface WritingFile {
  readonly name: string;
  readonly octets: number;
  readonly source: LetterAttachment;
}

export const EMPTY_WRITING: Writing = { to: "", cc: "", bcc: "", subject: "", body: "", files: [] };

/** RFC 5322 section 3.6.2: an answer goes to Reply-To where there is one. `own` is left out of an answer to all. */
export function answerTo(message: MessageView, own: string, all: boolean): Writing {
  const isOwn = message.role === "sent";
  const to = isOwn ? message.to : message.replyTo || message.from;
  const known = new Set([own, ...splitAddresses(to)].map((each) => addressOf(each).toLowerCase()));
  const others = splitAddresses(isOwn ? message.cc : `${message.to}, ${message.cc}`);
  const cc = others.filter((each) => !known.has(addressOf(each).toLowerCase()));
  return {
    ...EMPTY_WRITING,
    to,
    cc: all ? cc.join(", ") : "",
    subject: prefixed("Re", message.subject),
    body: `<p></p><p>${escapeHtml(introductionOf(message))}</p><blockquote>${bodyOf(message)}</blockquote>`,
    answers: message.id,
  };
}

export function forwardOf(message: MessageView): Writing {
  const { from, date, subject, to } = message;
  const said = Object.entries({ From: from, Date: date, Subject: subject, To: to });
  const head = said.filter(([, value]) => value !== "").map(([name, value]) => `${name}: ${value}`);
  const lines = ["Forwarded message", ...head];
  return {
    ...EMPTY_WRITING,
    subject: prefixed("Fwd", subject),
    body: `<p></p><p>${lines.map(escapeHtml).join("<br>")}</p>${bodyOf(message)}`,
    files: filesOf(message),
    forwards: message.id,
  };
}

export function draftAgain(message: MessageView): Writing {
  const { to, cc, bcc, subject, id } = message;
  return { to, cc, bcc, subject, body: bodyOf(message), files: filesOf(message), draft: id };
}

/** What goes to the engine. HTML goes along only where the text has more than lines. */
export function letterOf(writing: Writing, document: JSONContent, html: string): Letter {
  const { files, body, ...rest } = writing;
  return {
    ...rest,
    text: textOfDocument(document),
    ...(isRich(document) && { html }),
    attachments: files.map(({ source }) => source),
  };
}

/** The files of a letter that was kept as this draft: they are in it, in their order. */
export function filesOfDraft({ files }: Writing, draft: number): readonly WritingFile[] {
  return files.map((file, index) => ({ ...file, source: { message: draft, index } }));
}

/** Whether a letter is empty enough to be thrown away without a question. */
export function isEmpty({ to, cc, bcc, subject, files }: Writing, text: string): boolean {
  return `${to}${cc}${bcc}${subject}${text}`.trim() === "" && files.length === 0;
}

/** A document of the editor as lines of text: RFC 2046 section 5.1.4 wants both forms to say the same. */
export function textOfDocument(document: JSONContent): string {
  const text = blocks(document.content ?? [], "")
    .join("\n")
    .trimEnd();
  return text === "" ? "" : `${text}\n`;
}

function isRich(node: JSONContent): boolean {
  const isPlain = ["doc", "paragraph", "text", "hardBreak"].includes(node.type ?? "");
  return !isPlain || (node.marks ?? []).length > 0 || (node.content ?? []).some(isRich);
}

function blocks(nodes: readonly JSONContent[], prefix: string): string[] {
  return nodes.flatMap((node, i): string[] => {
    const inner = node.content ?? [];
    switch (node.type) {
      case "blockquote":
        return blocks(inner, "").map((line) => `${prefix}${line.startsWith(">") ? ">" : "> "}${line}`);
      case "bulletList":
        return inner.flatMap((item) => listItem(item, `${prefix}- `, `${prefix}  `));
      case "orderedList":
        return inner.flatMap((item, n) => listItem(item, `${prefix}${n + 1}. `, `${prefix}   `));
      case "horizontalRule":
        return [`${prefix}${"-".repeat(20)}`];
      case "heading":
        return [...(i > 0 ? [prefix.trimEnd()] : []), ...lines(node, prefix)];
      default:
        return lines(node, prefix);
    }
  });
}

function listItem(item: JSONContent, first: string, others: string): string[] {
  const inner = blocks(item.content ?? [], "");
  return inner.map((line, i) => `${i === 0 ? first : others}${line}`);
}

function lines(node: JSONContent, prefix: string): string[] {
  return inline(node)
    .split("\n")
    .map((line) => `${prefix}${line}`.trimEnd());
}

function inline(node: JSONContent): string {
  if (node.type === "hardBreak") return "\n";
  const text = node.text ?? (node.content ?? []).map(inline).join("");
  const target = node.marks?.find(({ type }) => type === "link")?.attrs?.href as string | undefined;
  return target === undefined || target === text || target === `mailto:${text}`
    ? text
    : `${text} <${target}>`;
}

/** Above what is quoted. A message need not say when it was written. */
function introductionOf({ date, from }: MessageView): string {
  return `${date === "" ? "" : `On ${date}, `}${personOf(from)} wrote:`;
}

function bodyOf({ html, text }: MessageView): string {
  if (html !== undefined) return html;
  const lines = (text ?? "").replace(/\n$/, "").split("\n");
  return lines.map((line) => `<p>${escapeHtml(line)}</p>`).join("");
}

function filesOf({ id, files }: MessageView): WritingFile[] {
  return files.map(({ index, name, octets }: AttachmentView) => ({
    name,
    octets,
    source: { message: id, index },
  }));
}

function prefixed(prefix: string, subject: string): string {
  return new RegExp(`^${prefix}:`, "i").test(subject) ? subject : `${prefix}: ${subject}`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
