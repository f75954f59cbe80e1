/** The pages of web mail: plain HTML, forms, no script. Everything a mail says goes through `html`, which escapes it. */

import { calendarOf, MONTHS } from "../../bytes/index.ts";
import { percentEncode } from "../../protocols/http/index.ts";
import { parseAddresses } from "../../protocols/message/index.ts";
import { type Html, type HtmlValue, html } from "./html.ts";
import type { Letter } from "./letter.ts";
import type { OpenedMessage, Page, Summary } from "./mailbox.ts";

/** Who is logged in, and what every form of theirs carries. */
export interface Reader {
  readonly address: string;
  readonly formToken: string;
  readonly notice: string | undefined;
}

export function loginPage(title: string, token: string, login: string, problem: string | undefined): Html {
  return layout(
    title,
    html`<main class="login"><h1>${title}</h1>
${problem !== undefined && html`<p class="problem" role="alert">${problem}</p>`}
<form method="post" action="/login">
${hiddenToken(token)}
<label for="user">User name</label>
<input id="user" name="user" autocomplete="username" autocapitalize="none" spellcheck="false" required value="${login}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<p class="actions"><button class="main">Log in</button></p>
</form></main>`,
  );
}

export function inboxPage(reader: Reader, page: Page): Html {
  const { summaries, number, count, messageCount } = page;
  const list = html`<form method="post" action="/delete">
${hiddenToken(reader.formToken)}
<ul class="mails">${summaries.map(listLine)}</ul>
<p class="actions"><button>Delete selected</button></p>
</form>`;
  return readerPage(
    reader,
    "Inbox",
    html`<h1>Inbox <small>(${messageCount === 1 ? "1 mail" : `${messageCount} mails`})</small></h1>
${summaries.length === 0 ? html`<p>There is no mail.</p>` : list}
${
  count > 1 &&
  html`<nav class="actions" aria-label="Pages">
${number > 1 && html`<a class="button" href="/inbox?page=${number - 1}">Newer</a>`}
<span>Page ${number} of ${count}</span>
${number < count && html`<a class="button" href="/inbox?page=${number + 1}">Older</a>`}
</nav>`
}`,
  );
}

export function messagePage(reader: Reader, message: OpenedMessage): Html {
  const { headers, attachments, id, shownText, isFromHtml } = message;
  const row = (name: string, value: string): HtmlValue =>
    value !== "" && html`<dt>${name}</dt><dd>${value}</dd>`;
  return readerPage(
    reader,
    headers.subject || NO_SUBJECT,
    html`<h1>${headers.subject || NO_SUBJECT}</h1>
<dl>${row("From", headers.from)}${row("To", headers.to)}${row("Cc", headers.cc)}${row("Date", headers.date)}</dl>
${isFromHtml && html`<p class="notice">This mail is HTML; here is its text. Nothing of it was loaded.</p>`}
<pre>
${shownText}</pre>
${
  attachments.length > 0 &&
  html`<h2>Attachments</h2><ul>${attachments.map(
    ({ name, type, bytes }, i) =>
      html`<li><a href="/attachment?id=${id}&amp;number=${i}" download>${name}</a> (${type}, ${sizeText(bytes.length)})</li>`,
  )}</ul>`
}
<div class="actions">
<a class="button main" href="/compose?answer=${id}">Reply</a>
<a class="button" href="/compose?answer=${id}&amp;all=1">Reply to all</a>
<a class="button" href="/compose?forward=${id}">Forward</a>
<form method="post" action="/delete" class="inline">${hiddenToken(reader.formToken)}
<input type="hidden" name="id" value="${id}"><button>Delete</button></form>
<a class="button" href="/source?id=${id}">Source</a>
</div>`,
  );
}

export function composePage(
  reader: Reader,
  letter: Letter,
  forwarded: readonly string[],
  problem?: string,
): Html {
  const field = (name: "to" | "cc" | "subject", label: string, more?: Html): Html =>
    html`<label for="${name}">${label}</label><input id="${name}" name="${name}" value="${letter[name]}"${more}>`;
  const addresses = html` autocapitalize="none" spellcheck="false"`;
  return readerPage(
    reader,
    "New mail",
    html`<h1>New mail</h1>
${problem !== undefined && html`<p class="problem" role="alert">${problem} Files have to be chosen again.</p>`}
<form method="post" action="/send" enctype="multipart/form-data">
${hiddenToken(reader.formToken)}
<input type="hidden" name="answers" value="${letter.answers}">
<input type="hidden" name="forwards" value="${letter.forwards}">
${field("to", "To", addresses)}
${field("cc", "Cc", addresses)}
${field("subject", "Subject")}
<label for="text">Text</label>
<textarea id="text" name="text">
${letter.text}</textarea>
${
  forwarded.length > 0 &&
  html`<label class="box"><input type="checkbox" name="with" value="1" checked>
Forward the attachments: ${forwarded.join(", ")}</label>`
}
<label for="files">Attachments</label>
<input id="files" name="files" type="file" multiple>
<p class="actions"><button class="main">Send</button> <a class="button" href="/inbox">Cancel</a></p>
</form>`,
  );
}

export function problemPage(title: string, text: string): Html {
  return layout(title, html`<main><h1>${title}</h1><p>${text}</p><p><a href="/">Go on</a></p></main>`);
}

function readerPage(reader: Reader, title: string, content: Html): Html {
  return layout(
    `${title} – ${reader.address}`,
    html`<header><p><strong>${reader.address}</strong></p>
<nav aria-label="Mail"><a class="button" href="/inbox">Inbox</a> <a class="button" href="/compose">New mail</a>
<form method="post" action="/logout" class="inline">${hiddenToken(reader.formToken)}<button>Log out</button></form></nav>
</header>
<main>
${reader.notice !== undefined && html`<p class="notice" role="status">${reader.notice}</p>`}
${content}
</main>`,
  );
}

function layout(title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
${body}
</body>
</html>
`;
}

function listLine({ id, headers, hasAttachments, octets, arrivedAtMs }: Summary): Html {
  const [sender] = parseAddresses(headers.from);
  const from = sender?.name || sender?.address || "(nobody)";
  const subject = headers.subject || NO_SUBJECT;
  return html`<li>
<input type="checkbox" name="id" value="${id}" aria-label="Select the mail of ${from}: ${subject}">
<a href="/message?id=${percentEncode(id)}"><span class="from">${from}</span>
<span class="subject">${subject}${hasAttachments && html` <small title="with attachments">(+ files)</small>`}</span>
<span class="date">${dateText(headers.dateMs ?? arrivedAtMs)}, ${sizeText(octets)}</span></a>
</li>
`;
}

function hiddenToken(token: string): Html {
  return html`<input type="hidden" name="token" value="${token}">`;
}

function dateText(unixMs: number): string {
  const { year, month, day, hour, minute } = calendarOf(unixMs);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${day} ${MONTHS[month]} ${year} ${two(hour)}:${two(minute)}`;
}

function sizeText(octets: number): string {
  if (octets < 1000) return `${octets} B`;
  return octets < 1_000_000 ? `${(octets / 1000).toFixed(1)} kB` : `${(octets / 1e6).toFixed(1)} MB`;
}

const NO_SUBJECT = "(no subject)";
