/**
 * Web mail as a site: which address shows what, who may, and the fields that keep browsers from being tricked. What
 * must stay true: nothing of a mailbox leaves without a session, nothing is changed without the token of its form.
 */

import { decodeUtf8Lossy } from "../../bytes/index.ts";
import {
  HamletError,
  LocalError,
  messageOf,
  type Network,
  sleep,
  type Task,
  toByteString,
} from "../../net/index.ts";
import {
  cookieValue,
  emitSetCookie,
  type Field,
  fieldValue,
  type HttpRequest,
  type HttpResponse,
  methodNotAllowed,
  parseAuthority,
  parseForm,
  type RequestHead,
  seeOther,
} from "../../protocols/http/index.ts";
import type { Attachment } from "../../protocols/message/index.ts";
import { equalInConstantTime, findUser } from "../login.ts";
import type { MailStore } from "../mail/store.ts";
import type { HostUser } from "../service.ts";
import { download, forbidden, page, source, styleSheet } from "./answers.ts";
import { type FormData, parseFormData } from "./form-data.ts";
import { answerTo, EMPTY_LETTER, forwardOf, type Letter, type Sent, sendLetter } from "./letter.ts";
import { Mailboxes, type OpenedMessage } from "./mailbox.ts";
import { composePage, inboxPage, loginPage, messagePage, problemPage, type Reader } from "./pages.ts";
import { type Session, Sessions } from "./sessions.ts";

export interface SiteOptions {
  readonly network: Network;
  readonly store: MailStore;
  /** The living list of accounts. */
  readonly users: () => readonly HostUser[];
  /** The first one is behind the @ of who writes. */
  readonly domains: readonly string[];
  readonly title: string;
  readonly submitTo: { readonly host: string; readonly port: number };
  readonly sessionIdleMs: number;
  /** Octets of a letter with its files. */
  readonly letterMax: number;
}

export class WebmailSite {
  readonly #options: SiteOptions;
  readonly #sessions: Sessions;
  readonly #mailboxes: Mailboxes;
  /** Cookies do not tell ports apart: two sites behind ports of one machine need names of their own. */
  readonly #cookie: string;

  constructor(options: SiteOptions) {
    const { network, store, users, sessionIdleMs, domains } = options;
    this.#options = options;
    this.#sessions = new Sessions(network.clock, network.random, users, sessionIdleMs);
    this.#mailboxes = new Mailboxes(store);
    this.#cookie = `mail-${domains[0].replace(/[^A-Za-z0-9]/g, "-")}`;
  }

  get sessionCount(): number {
    return this.#sessions.count;
  }

  /** How much a request may bring: only who is logged in sends files. */
  contentMax(head: RequestHead): number {
    return head.target.path === "/send" && this.#sessionOf(head) !== undefined
      ? this.#options.letterMax
      : FORM_MAX;
  }

  *handle(request: HttpRequest): Task<HttpResponse> {
    const methods = METHODS.get(request.target.path);
    if (methods === undefined) return page(problemPage("Not found", "There is no such page here."), 404);
    if (!methods.includes(request.method)) return methodNotAllowed(methods);
    if (request.target.path === "/style.css") return styleSheet();
    if (request.method === "POST" && isFromElsewhere(request)) return forbidden();
    const session = this.#sessionOf(request);
    try {
      if (session === undefined) return yield* this.#handleStranger(request);
      return yield* this.#handleReader(request, session);
    } catch (error) {
      if (!(error instanceof LocalError)) throw error;
      this.#options.network.log.error(`webmail: ${messageOf(error)}`);
      return page(problemPage("Not now", "The mailbox cannot be opened now."), 503);
    }
  }

  *#handleStranger(request: HttpRequest): Task<HttpResponse> {
    const { path } = request.target;
    if (path === "/login" && request.method === "POST") return yield* this.#logIn(request);
    if (path === "/" || path === "/login") return this.#loginForm("", undefined, 200);
    return seeOther("/");
  }

  *#handleReader(request: HttpRequest, session: Session): Task<HttpResponse> {
    const query = new Map(parseForm(request.target.query ?? "").reverse());
    const { userName } = session;
    switch (request.target.path) {
      case "/inbox": {
        const wanted = Number(query.get("page") ?? 1);
        const listed = yield* this.#mailboxes.page(userName, Number.isInteger(wanted) ? wanted : 1);
        return page(inboxPage(this.#reader(session), listed));
      }
      case "/message":
      case "/source":
      case "/attachment":
        return yield* this.#show(request, session, query);
      case "/compose":
        return yield* this.#compose(session, query);
      case "/send":
        return yield* this.#send(request, session);
      case "/delete":
        return yield* this.#delete(request, session);
      case "/logout":
        return this.#logOut(request, session);
      default:
        return seeOther("/inbox");
    }
  }

  *#logIn(request: HttpRequest): Task<HttpResponse> {
    const form = new Map(parseForm(toByteString(request.content)).reverse());
    const [login, password, token] = ["user", "password", "token"].map((name) => form.get(name) ?? "");
    const expected = cookieValue(fieldValue(request.fields, "Cookie"), `${this.#cookie}-login`) ?? "";
    // Nobody shall be logged in to another's account by a page of theirs: the form must be ours.
    if (expected === "" || !equalInConstantTime(token, expected))
      return this.#loginForm(login, "Please try again; cookies must be allowed.", 403);
    const { network, users, domains } = this.#options;
    const user = findUser(users(), domains, login, password);
    if (user === undefined) {
      network.log.warn(`webmail: a wrong password from ${request.remote.address}`);
      // Guessing must cost time.
      yield* sleep(network.clock, WRONG_PASSWORD_MS);
      return this.#loginForm(login, "User name or password is wrong.", 403);
    }
    const session = this.#sessions.begin(user);
    return seeOther("/inbox", [this.#setCookie("", session.id), this.#setCookie("-login", "", 0)]);
  }

  #loginForm(login: string, problem: string | undefined, status: number): HttpResponse {
    const token = this.#sessions.makeToken();
    const shown = page(loginPage(this.#options.title, token, login, problem), status);
    return { ...shown, fields: [...(shown.fields ?? []), this.#setCookie("-login", token)] };
  }

  #logOut(request: HttpRequest, session: Session): HttpResponse {
    if (!isOurForm(session, valuesOf(request))) return forbidden();
    this.#sessions.end(session.id);
    return seeOther("/", [this.#setCookie("", "", 0)]);
  }

  *#show(request: HttpRequest, session: Session, query: ReadonlyMap<string, string>): Task<HttpResponse> {
    const message = yield* this.#mailboxes.open(session.userName, query.get("id") ?? "");
    if (message === undefined) return page(problemPage("Gone", "This mail is not in the mailbox."), 404);
    if (request.target.path === "/message") return page(messagePage(this.#reader(session), message));
    if (request.target.path === "/source") return source(message);
    const attachment = message.attachments[Number(query.get("number") ?? Number.NaN)];
    return attachment === undefined
      ? page(problemPage("Gone", "This mail has no such attachment."), 404)
      : download(attachment);
  }

  *#compose(session: Session, query: ReadonlyMap<string, string>): Task<HttpResponse> {
    const answered = yield* this.#mailboxes.open(session.userName, query.get("answer") ?? "");
    const forwarded = yield* this.#mailboxes.open(session.userName, query.get("forward") ?? "");
    const letter = answered
      ? answerTo(answered, this.#addressOf(session), query.has("all"))
      : forwarded
        ? forwardOf(forwarded)
        : EMPTY_LETTER;
    return page(composePage(this.#reader(session), letter, namesOf(forwarded)));
  }

  *#send(request: HttpRequest, session: Session): Task<HttpResponse> {
    const type = fieldValue(request.fields, "Content-Type") ?? "";
    const form: FormData = parseFormData(type, request.content, decodeUtf8Lossy);
    if (!isOurForm(session, form.values)) return forbidden();
    const value = (name: keyof Letter): string => (form.values.get(name) ?? "").replace(/\r\n?/g, "\n");
    const letter: Letter = {
      to: value("to"),
      cc: value("cc"),
      subject: value("subject"),
      text: value("text"),
      answers: value("answers"),
      forwards: value("forwards"),
    };
    const forwarded = yield* this.#mailboxes.open(session.userName, letter.forwards);
    const kept: readonly Attachment[] = form.values.has("with") ? (forwarded?.attachments ?? []) : [];
    let sent: Sent;
    try {
      sent = yield* sendLetter({
        network: this.#options.network,
        from: this.#addressOf(session),
        submitTo: this.#options.submitTo,
        letter,
        answered: yield* this.#mailboxes.open(session.userName, letter.answers),
        attachments: [...kept, ...form.files],
      });
    } catch (error) {
      if (!(error instanceof HamletError)) throw error;
      return page(composePage(this.#reader(session), letter, namesOf(forwarded), messageOf(error)), 422);
    }
    const refused = sent.refused.join("; ");
    if (sent.takenCount === 0) {
      const problem = `The mail server did not take it. ${refused}.`;
      return page(composePage(this.#reader(session), letter, namesOf(forwarded), problem), 422);
    }
    session.notice =
      refused === "" ? "Your mail was sent." : `Your mail was sent, but not to all. ${refused}.`;
    return seeOther("/inbox");
  }

  *#delete(request: HttpRequest, session: Session): Task<HttpResponse> {
    const pairs = parseForm(toByteString(request.content));
    if (!isOurForm(session, new Map(pairs))) return forbidden();
    const ids = pairs.filter(([name]) => name === "id").map(([, id]) => id);
    const count = yield* this.#mailboxes.delete(session.userName, ids);
    session.notice = count === 1 ? "One mail was deleted." : `${count} mails were deleted.`;
    return seeOther("/inbox");
  }

  #sessionOf({ fields }: RequestHead): Session | undefined {
    return this.#sessions.find(cookieValue(fieldValue(fields, "Cookie"), this.#cookie));
  }

  #addressOf({ userName }: Session): string {
    return `${userName}@${this.#options.domains[0]}`;
  }

  #reader(session: Session): Reader {
    const { notice } = session;
    session.notice = undefined;
    return { address: this.#addressOf(session), formToken: session.formToken, notice };
  }

  #setCookie(suffix: string, value: string, maxAgeSeconds?: number): Field {
    const options = {
      path: "/",
      httpOnly: true,
      sameSite: "Strict",
      ...(maxAgeSeconds === 0 && { maxAgeSeconds }),
    } as const;
    return { name: "Set-Cookie", value: emitSetCookie(this.#cookie + suffix, value, options) };
  }
}

function namesOf(message: OpenedMessage | undefined): string[] {
  return message?.attachments.map(({ name }) => name) ?? [];
}

function valuesOf(request: HttpRequest): ReadonlyMap<string, string> {
  return new Map(parseForm(toByteString(request.content)));
}

function isOurForm(session: Session, values: ReadonlyMap<string, string>): boolean {
  return equalInConstantTime(values.get("token") ?? "", session.formToken);
}

/** Browsers say where a form comes from (RFC 6454 section 7). The token is what counts; this is the second lock. */
function isFromElsewhere({ fields, authority }: RequestHead): boolean {
  const origin = fieldValue(fields, "Origin");
  if (origin === undefined || origin === "null") return false;
  const [theirs, ours] = [origin.replace(/^https?:\/\//i, ""), authority].map((text) =>
    parseAuthority(text.toLowerCase()),
  );
  return theirs === undefined || theirs.host !== ours?.host || theirs.port !== ours.port;
}

/** The addresses of the site, with what may be done there. */
const METHODS: ReadonlyMap<string, readonly string[]> = new Map([
  ["/", ["GET", "HEAD"]],
  ["/style.css", ["GET", "HEAD"]],
  ["/login", ["GET", "HEAD", "POST"]],
  ["/inbox", ["GET", "HEAD"]],
  ["/message", ["GET", "HEAD"]],
  ["/source", ["GET", "HEAD"]],
  ["/attachment", ["GET", "HEAD"]],
  ["/compose", ["GET", "HEAD"]],
  ["/send", ["POST"]],
  ["/delete", ["POST"]],
  ["/logout", ["POST"]],
]);

/** Forms without files: a login, a list of mails to delete. */
const FORM_MAX = 64 * 1024;
/** As long as POP3 makes one wait. */
const WRONG_PASSWORD_MS = 2000;
