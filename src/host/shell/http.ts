/** `http`: asks a web server for a page and prints what it answers: status, fields, content. */

import { decodeUtf8Lossy, encodeUtf8 } from "../../bytes/index.ts";
import { LocalError, type Task, toByteString } from "../../net/index.ts";
import {
  type ClientResponse,
  type Field,
  fieldValue,
  type HttpUrl,
  httpRequest,
  parseHttpUrl,
  resolveLocation,
} from "../../protocols/http/index.ts";
import { hasOption, optionDurationMs, optionText, optionTexts } from "./arguments.ts";
import type { Command, CommandInput, Shell } from "./command.ts";
import { printable } from "./printable.ts";

export const http: Command = {
  name: "http",
  summary: "ask a web server for a page: status, fields, content",
  operands: "[get|head|post|put|delete|options] URL",
  options: [
    {
      name: "header",
      short: "H",
      value: '"NAME: VALUE"',
      help: "one more field of the request",
      repeatable: true,
    },
    { name: "data", short: "d", value: "TEXT", help: "content of the request; the method is then post" },
    { name: "follow", short: "L", help: "go where the answer says that the page is (3xx with Location)" },
    { name: "content", help: "print the content only" },
    { name: "save", short: "o", value: "FILE", help: "the content goes into a file" },
    { name: "timeout", short: "W", value: "TIME", help: "how long the server may say nothing (30s)" },
  ],
  examples: [
    "http get http://www.hamburger.edu/",
    "http www.hamburger.edu/lunch --follow --content",
    'http post www.crepes.fr/order --data crepe=2 -H "Content-Type: text/plain"',
  ],
  *run(shell, input): Task<number> {
    const { method, url, fields, content } = readRequest(shell, input);
    const timeoutMs = optionDurationMs(input, "timeout", { leastMs: 1, mostMs: 3_600_000 }, IDLE_MS);
    const limits = { idleMs: timeoutMs, connectMs: Math.min(timeoutMs, CONNECT_MS) };
    let at = url;
    for (let hops = 0; ; hops++) {
      // What --header says (a cookie, say) was meant for the first server only.
      const request = { method, fields: hops === 0 ? fields : AGENT, content };
      const response = yield* httpRequest(shell.network, at, request, limits);
      const location = fieldValue(response.fields, "Location");
      const leadsOn =
        hasOption(input, "follow") && REDIRECTS.includes(response.status) && location !== undefined;
      if (!leadsOn) return show(shell, input, response);
      if (hops === HOPS_MAX) throw new LocalError("too-many", `${HOPS_MAX} redirects lead to no page`);
      at = resolveLocation(at, location);
      if (!shell.json && !hasOption(input, "content"))
        shell.print(
          `${response.status} ${printable(response.reason)}: goes on at http://${at.hostField}${at.target}\n`,
        );
    }
  },
};

interface Request {
  readonly method: string;
  readonly url: HttpUrl;
  readonly fields: readonly Field[];
  readonly content: Uint8Array | undefined;
}

function readRequest(shell: Shell, input: CommandInput): Request {
  const data = optionText(input, "data");
  const url = input.operands.at(-1) ?? "";
  const named = input.operands.length > 1 ? input.operands[0].toUpperCase() : undefined;
  const method = named ?? (data === undefined ? "GET" : "POST");
  if (!METHODS.includes(method))
    throw new LocalError("usage", `"${method}" is none of ${METHODS.join(", ")}`);
  if (hasOption(input, "follow") && !["GET", "HEAD"].includes(method))
    throw new LocalError("usage", "--follow goes with get and head");
  if (hasOption(input, "save") && shell.files === undefined)
    throw new LocalError("usage", "--save: this host keeps no files");
  const more = optionTexts(input, "header").map(readField);
  const fields = more.some(({ name }) => name.toLowerCase() === "user-agent") ? more : [...AGENT, ...more];
  return {
    method,
    url: parseHttpUrl(url),
    fields,
    content: data === undefined ? undefined : encodeUtf8(data),
  };
}

function show(shell: Shell, input: CommandInput, response: ClientResponse): number {
  const { version, status, reason, fields, content } = response;
  const saveAs = optionText(input, "save");
  if (saveAs !== undefined) save(shell, saveAs, content);
  const text = saveAs === undefined ? textOf(content) : `(${content.length} octets saved as ${saveAs})`;
  if (shell.json) {
    const pairs = fields.map(({ name, value }) => [name, textOf(encodeOctets(value))]);
    shell.print(`${JSON.stringify({ status, reason: printable(reason), fields: pairs, content: text })}\n`);
    return status < 400 ? 0 : 1;
  }
  if (!hasOption(input, "content")) {
    shell.print(printable(`HTTP/${version.major}.${version.minor} ${status} ${reason}\n`));
    for (const { name, value } of fields) shell.print(printable(`${name}: ${textOf(encodeOctets(value))}\n`));
    shell.print("\n");
  }
  const shown = printable(text);
  if (shown !== "") shell.print(shown.endsWith("\n") ? shown : `${shown}\n`);
  return status < 400 ? 0 : 1;
}

function save(shell: Shell, name: string, content: Uint8Array): void {
  const draft = shell.files?.create(name);
  try {
    draft?.write(content);
    draft?.save();
  } finally {
    draft?.discard();
  }
}

/** Text is shown, pictures and the like are counted. */
function textOf(content: Uint8Array): string {
  const text = decodeUtf8Lossy(content);
  const odd = text.replace(/[^\ufffd\p{Cc}]|[\t\r\n]/gu, "").length;
  return odd > text.length / 10 ? `(${content.length} octets of binary data)` : text;
}

function encodeOctets(value: string): Uint8Array {
  return Uint8Array.from(value, (character) => character.charCodeAt(0));
}

function readField(text: string): Field {
  const colon = text.indexOf(":");
  if (colon < 1) throw new LocalError("usage", `--header "${text}" is not "NAME: VALUE"`);
  return { name: text.slice(0, colon).trim(), value: toByteString(encodeUtf8(text.slice(colon + 1).trim())) };
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];
const AGENT: readonly Field[] = [
  { name: "User-Agent", value: "Hamlet" },
  { name: "Accept", value: "*/*" },
];
const REDIRECTS = [301, 302, 303, 307, 308];
/** As browsers: more is a circle. */
const HOPS_MAX = 20;
const IDLE_MS = 30_000;
/** As long as a person waits for a server that does not answer. */
const CONNECT_MS = 10_000;
