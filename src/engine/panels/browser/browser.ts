/** The web browser of a host: one page at a time, fetched by HTTP through the host's network, with history and cookies. */

import { encodeBase64 } from "../../../bytes/index.ts";
import type { Host } from "../../../host/host.ts";
import { HamletError, type Task, type TaskHandle } from "../../../net/index.ts";
import {
  type ClientResponse,
  fieldValue,
  type HttpUrl,
  httpRequest,
  parseHttpUrl,
  reasonOf,
  resolveLocation,
} from "../../../protocols/http/index.ts";
import { decodeText } from "../../../protocols/message/charset.ts";
import { parseParameters } from "../../../protocols/message/index.ts";
import { perHost } from "../per-host.ts";
import { Cookies } from "./cookies.ts";
import { resourcesOf, urlText } from "./resources.ts";
import type { BrowserView, PageView, ResourceView } from "./view.ts";

/** What is to be fetched. */
export interface Wanted {
  readonly url: string;
  readonly method: "GET" | "POST";
  /** Of a form that is sent by POST. */
  readonly type?: string | undefined;
  readonly content?: Uint8Array | undefined;
}

export class Browser {
  readonly #host: Host;
  readonly #cookies: Cookies;
  #history: string[] = [];
  /** Where in the history the page is. */
  #at = -1;
  #address = "";
  #loading: string | undefined;
  #page: PageView | undefined;
  #pages = 0;
  #work: TaskHandle | undefined;
  /** Counts changes. */
  revision = 0;

  constructor(host: Host) {
    this.#host = host;
    this.#cookies = new Cookies(host.network.clock);
  }

  get view(): BrowserView {
    return {
      address: this.#address,
      loading: this.#loading,
      canGoBack: this.#at > 0,
      canGoForward: this.#at < this.#history.length - 1,
      page: this.#pages,
      visited: [...new Set(this.#history)].slice(-VISITED_SHOWN),
    };
  }

  get page(): PageView | undefined {
    return this.#page;
  }

  /** Fetches and shows a page; what was being fetched is broken off. */
  *go(wanted: Wanted): Task {
    const page = yield* this.#show(wanted);
    if (page === undefined || this.#history[this.#at] === page.url) return;
    this.#history = [...this.#history.slice(0, this.#at + 1), page.url].slice(-HISTORY_MAX);
    this.#at = this.#history.length - 1;
    this.revision++;
  }

  /** So many pages back (negative) or forth; 0: the same again. */
  *travel(pages: number): Task {
    const at = this.#at + pages;
    const url = this.#history[at];
    if (url === undefined) return;
    const page = yield* this.#show({ url, method: "GET" });
    if (page === undefined) return;
    this.#at = at;
    this.revision++;
  }

  stop(): void {
    this.#work?.cancel();
  }

  /** Undefined when something else was wanted meanwhile, or it was stopped. */
  *#show(wanted: Wanted): Task<PageView | undefined> {
    this.stop();
    const handle = this.#host.network.spawn(`browser: ${wanted.url}`, this.#load(wanted));
    this.#work = handle;
    this.#address = wanted.url;
    this.#loading = wanted.url;
    this.revision++;
    try {
      const page = yield* handle.join();
      this.#page = page;
      this.#pages++;
      this.#address = page.url;
      return page;
    } catch (error) {
      if (error instanceof HamletError && error.code === "cancelled") return undefined;
      throw error;
    } finally {
      handle.cancel();
      if (this.#work === handle) [this.#work, this.#loading] = [undefined, undefined];
      this.revision++;
    }
  }

  *#load(wanted: Wanted): Task<PageView> {
    let url: HttpUrl | undefined;
    try {
      url = parseHttpUrl(wanted.url);
      const answer = yield* this.#fetchFollowing(url, wanted);
      return yield* this.#pageOf(answer.url, answer.response);
    } catch (error) {
      if (!(error instanceof HamletError) || error.code === "cancelled") throw error;
      return { ...NO_PAGE, url: url === undefined ? wanted.url : urlText(url), problem: error.message };
    }
  }

  /** RFC 9110 section 15.4: follows redirections. */
  *#fetchFollowing(start: HttpUrl, wanted: Wanted): Task<{ url: HttpUrl; response: ClientResponse }> {
    let url = start;
    let { method, type, content } = wanted;
    for (let redirects = 0; ; redirects++) {
      const response = yield* this.#fetch(url, method, type, content);
      const location = fieldValue(response.fields, "Location");
      if (!REDIRECTS.includes(response.status) || location === undefined || redirects >= REDIRECTS_MAX)
        return { url, response };
      url = resolveLocation(url, location);
      // RFC 9110 sections 15.4.2 to 15.4.4: after 301, 302 and 303 a POST becomes a GET; 307 and 308 keep it.
      if (response.status < 307) [method, type, content] = ["GET", undefined, undefined];
      this.#loading = urlText(url);
      this.revision++;
    }
  }

  *#fetch(
    url: HttpUrl,
    method: Wanted["method"],
    type?: string | undefined,
    content?: Uint8Array | undefined,
  ): Task<ClientResponse> {
    const cookie = this.#cookies.fieldFor(url);
    const fields = [
      { name: "User-Agent", value: "Hamlet" },
      { name: "Accept", value: "text/html, */*" },
      ...(cookie === undefined ? [] : [{ name: "Cookie", value: cookie }]),
      ...(type === undefined ? [] : [{ name: "Content-Type", value: type }]),
    ];
    const request = { method, fields, ...(content && { content }) };
    const response = yield* httpRequest(this.#host.network, url, request, { contentMax: CONTENT_MAX });
    for (const { name, value } of response.fields) {
      if (name.toLowerCase() === "set-cookie") this.#cookies.take(url, value);
    }
    return response;
  }

  *#pageOf(url: HttpUrl, response: ClientResponse): Task<PageView> {
    const { status, fields, content } = response;
    const { value: type, parameters } = parseParameters(fieldValue(fields, "Content-Type") ?? "text/plain");
    const disposition = parseParameters(fieldValue(fields, "Content-Disposition") ?? "");
    const isText = /^text\/|^application\/(json|xml|xhtml\+xml|javascript)$/.test(type);
    const isShown = isText && disposition.value !== "attachment";
    const text = isShown ? decodeText(content, parameters.get("charset") ?? "utf-8") : undefined;
    const wanted = type === "text/html" && text !== undefined ? resourcesOf(text, url) : [];
    return {
      url: urlText(url),
      status,
      reason: response.reason || reasonOf(status),
      problem: undefined,
      type,
      octets: content.length,
      text,
      content: isShown ? undefined : encodeBase64(content),
      fileName: disposition.parameters.get("filename"),
      resources: yield* this.#fetchResources(wanted),
      fields,
    };
  }

  /** What cannot be fetched is missing from the page, as in every browser. */
  *#fetchResources(urls: readonly string[]): Task<ResourceView[]> {
    const found: ResourceView[] = [];
    let left = RESOURCES_OCTETS_MAX;
    for (const url of urls) {
      this.#loading = url;
      this.revision++;
      try {
        const { url: last, response } = yield* this.#fetchFollowing(parseHttpUrl(url), {
          url,
          method: "GET",
        });
        left -= response.content.length;
        if (left < 0) break;
        const { value: type } = parseParameters(fieldValue(response.fields, "Content-Type") ?? "");
        if (response.status === 200 && last !== undefined)
          found.push({ url, type, content: encodeBase64(response.content) });
      } catch (error) {
        if (!(error instanceof HamletError) || error.code === "cancelled") throw error;
      }
    }
    return found;
  }
}

export const browserOf = perHost((host) => new Browser(host));

const NO_PAGE: PageView = {
  url: "",
  status: 0,
  reason: "",
  problem: undefined,
  type: "",
  octets: 0,
  text: undefined,
  content: undefined,
  fileName: undefined,
  resources: [],
  fields: [],
};
const REDIRECTS = [301, 302, 303, 307, 308];
/** As many as browsers follow; a circle ends here, and its last answer is shown. */
const REDIRECTS_MAX = 20;
const HISTORY_MAX = 200;
const VISITED_SHOWN = 20;
/** A page, or a file that is downloaded. */
const CONTENT_MAX = 32 * 1024 * 1024;
const RESOURCES_OCTETS_MAX = 16 * 1024 * 1024;
