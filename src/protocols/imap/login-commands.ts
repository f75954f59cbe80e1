/** Commands before and around a login: RFC 9051 section 6.1 and 6.2, RFC 4959 (SASL-IR), RFC 2971 (ID), RFC 5161. */

import { decodeBase64 } from "../../bytes/index.ts";
import { sleep, type Task, toByteString } from "../../net/index.ts";
import {
  type Answer,
  bad,
  type ImapCapability,
  type ImapSession,
  no,
  ok,
  SWITCHABLE_CAPABILITIES,
} from "./session.ts";
import { emitQuoted } from "./wire.ts";

/** What CAPABILITY says, and the greeting and the answer to a login say unasked. */
export function capabilities(session: ImapSession): string {
  const isSwitchedOff = (name: string): boolean =>
    (SWITCHABLE_CAPABILITIES as readonly string[]).includes(name) && !session.has(name as ImapCapability);
  // RFC 9051 section 7.2.2: what IMAP4rev2 consists of cannot be missing from it.
  const isWhole = REV2_PARTS.every((part) => !isSwitchedOff(part));
  const offered = isWhole ? CAPABILITIES : CAPABILITIES.filter((name) => name !== "IMAP4rev2");
  return [
    "CAPABILITY",
    ...offered.filter((name) => !isSwitchedOff(name)),
    `APPENDLIMIT=${session.messageMax}`,
  ].join(" ");
}

export function* login(session: ImapSession, user: string, password: string): Task<Answer> {
  const account = yield* session.accounts.login(user, password);
  if (account === undefined) {
    session.failedLogins++;
    // Guessing must be slow; never said whether it was the name or the password.
    yield* sleep(session.options.clock, FAILED_LOGIN_DELAY_MS);
    return no("wrong user name or password", "AUTHENTICATIONFAILED");
  }
  session.account = account;
  return ok("logged in", capabilities(session));
}

export function* authenticate(
  session: ImapSession,
  mechanism: string,
  initial: string | undefined,
): Task<Answer> {
  if (initial !== undefined && !session.has("SASL-IR")) return bad("the first answer is not expected here");
  if (mechanism === "PLAIN") {
    const response = initial ?? (yield* ask(session, ""));
    const [authorization, user, password, ...more] = decoded(response)?.split("\0") ?? [];
    if (user === undefined || password === undefined || more.length > 0) return cancelled(response);
    // RFC 4616: acting for somebody else is nothing that we have.
    if (authorization !== "" && authorization !== user)
      return no("nobody acts for others here", "AUTHORIZATIONFAILED");
    return yield* login(session, user, password);
  }
  if (mechanism === "LOGIN") {
    const response = initial ?? (yield* ask(session, "VXNlcm5hbWU6"));
    const user = decoded(response);
    if (user === undefined) return cancelled(response);
    const second = yield* ask(session, "UGFzc3dvcmQ6");
    const password = decoded(second);
    return password === undefined ? cancelled(second) : yield* login(session, user, password);
  }
  return no("this mechanism is not known here", "CANNOT");
}

/** RFC 5161: unknown ones are passed over. */
export function enable(session: ImapSession, wanted: readonly string[]): Answer {
  const enabled: string[] = [];
  for (const name of new Set(wanted)) {
    if (name === "IMAP4REV2") session.rev2 = session.utf8 = true;
    else if (name === "UTF8=ACCEPT") session.utf8 = true;
    else if (name === "CONDSTORE") session.condstore = true;
    else continue;
    enabled.push(name === "IMAP4REV2" ? "IMAP4rev2" : name);
  }
  session.out.add(["* ENABLED", ...enabled].join(" "));
  return ok("done");
}

export function identify(session: ImapSession): Answer {
  session.out.add(`* ID ("name" ${emitQuoted("Hamlet")})`);
  return ok("pleased to meet you");
}

/** RFC 9051 section 6.2.2: the server's challenge and the client's answer, both base64. */
function* ask(session: ImapSession, challenge: string): Task<string> {
  session.out.add(`+ ${challenge}`);
  yield* session.out.flush();
  const line = yield* session.connection.readLine({
    max: ANSWER_MAX,
    timeoutMs: ANSWER_TIMEOUT_MS,
    bareLf: true,
  });
  return line ?? "*";
}

function cancelled(response: string): Answer {
  return response === "*" ? bad("given up") : bad("this is not base64, or not what the mechanism wants");
}

function decoded(response: string): string | undefined {
  const octets = decodeBase64(response);
  return octets && toByteString(octets);
}

const REV2_PARTS: readonly ImapCapability[] = [
  "IDLE",
  "MOVE",
  "UIDPLUS",
  "SASL-IR",
  "ESEARCH",
  "SPECIAL-USE",
  "NAMESPACE",
  "ENABLE",
  "UNSELECT",
];
const CAPABILITIES = [
  "IMAP4rev1",
  "IMAP4rev2",
  "AUTH=PLAIN",
  "AUTH=LOGIN",
  "SASL-IR",
  "LITERAL+",
  "ID",
  "ENABLE",
  "UTF8=ACCEPT",
  "NAMESPACE",
  "CHILDREN",
  "LIST-EXTENDED",
  "LIST-STATUS",
  "SPECIAL-USE",
  "CREATE-SPECIAL-USE",
  "STATUS=SIZE",
  "IDLE",
  "UNSELECT",
  "UIDPLUS",
  "MOVE",
  "MULTIAPPEND",
  "ESEARCH",
  "SEARCHRES",
  "WITHIN",
  "BINARY",
  "CONDSTORE",
  "SORT",
  "SORT=DISPLAY",
  "ESORT",
  "THREAD=ORDEREDSUBJECT",
  "THREAD=REFERENCES",
];

/** As Dovecot and others: long against guessing, short for a typing mistake. */
const FAILED_LOGIN_DELAY_MS = 2_000;
/** A name and a password of some hundred characters each, in base64. */
const ANSWER_MAX = 4096;
/** A person may be asked for the password only now. */
const ANSWER_TIMEOUT_MS = 3 * 60_000;
