/** imaptest's scripts: what they say (FORMAT.md beside them), and one run of a script against a server. */

import {
  type Connection,
  fromByteString,
  type Network,
  type Task,
  toByteString,
} from "../../src/net/index.ts";
import { type Directives, matchesList, parseValues, type Value, Variables } from "./imap-script-match.ts";

export interface Script {
  readonly capabilities: readonly string[];
  readonly connections: number;
  readonly messages: number | undefined;
  readonly state: "nonauth" | "auth" | "created" | "appended" | "selected";
  readonly steps: readonly Step[];
}

/** Text with U+0000 where a literal stands. */
interface Words {
  readonly text: string;
  readonly literals: readonly string[];
}

type Step =
  | {
      readonly kind: "command";
      readonly connection: number;
      readonly tag: string | undefined;
      readonly words: Words;
    }
  | {
      readonly kind: "result";
      readonly connection: number;
      readonly tag: string | undefined;
      readonly words: Words;
    }
  | { readonly kind: "reply"; readonly mark: "*" | "!" | "?"; readonly words: Words };

export function parseScript(octets: Uint8Array): Script {
  const lines = toByteString(octets).split("\n");
  const header = new Map<string, string>();
  let at = 0;
  for (; at < lines.length; at++) {
    if (lines[at].startsWith("#")) continue;
    const match = /^(\w+): *(.*)$/.exec(lines[at]);
    if (match === null) break;
    header.set(match[1].toLowerCase(), match[2].trim());
  }
  const connections = Number(header.get("connections") ?? 1);
  const messages = header.get("messages");
  return {
    capabilities: (header.get("capabilities") ?? "").toUpperCase().split(" ").filter(Boolean),
    connections,
    messages: messages === undefined || messages === "all" ? undefined : Number(messages),
    state: (header.get("state") ?? "selected") as Script["state"],
    steps: parseSteps(joinLiterals(lines.slice(at)), connections),
  };
}

export interface MailboxMessage {
  readonly content: string;
  /** Of the line "From ": when it came. */
  readonly date: string;
}

/** The messages of an mbox file, with CRLF. */
export function parseMailbox(octets: Uint8Array): MailboxMessage[] {
  const [, ...pieces] = toByteString(octets).split(/^From (.*)\n/m);
  return pieces.flatMap((from, i) => {
    if (i % 2 === 1) return [];
    const date = /([A-Z][a-z]{2}) +(\d+) ([\d:]{8}) (\d{4})/.exec(from) ?? [];
    const content = pieces[i + 1].replace(/\r?\n/g, "\r\n");
    return {
      date: `${date[2].padStart(2, " ")}-${date[1]}-${date[4]} ${date[3]} +0000`,
      // The empty line before the next "From " is the file's, not the message's.
      content: i + 2 < pieces.length ? content.replace(/\r\n$/, "") : content,
    };
  });
}

function joinLiterals(lines: readonly string[]): Words[] {
  const joined: Words[] = [];
  for (let at = 0; at < lines.length; at++) {
    let text = lines[at];
    const literals: string[] = [];
    while (/~?\{\{\{$/.test(text)) {
      const content: string[] = [];
      for (at++; !lines[at].startsWith("}}}"); at++) content.push(lines[at]);
      // Line ends are CRLF whatever the file has, but in what is marked as binary.
      const isBinary = text.endsWith("~{{{");
      literals.push(
        isBinary ? content.join("\n") : content.map((line) => line.replace(/\r$/, "")).join("\r\n"),
      );
      text = `${text.replace(/~?\{\{\{$/, "")}\0${lines[at].slice(3)}`;
    }
    joined.push({ text, literals });
  }
  return joined;
}

function parseSteps(lines: readonly Words[], connections: number): Step[] {
  const steps: Step[] = [];
  let isOpen = false;
  for (const { text, literals } of lines) {
    if (text === "" || text.startsWith("#")) continue;
    const reply = /^([*!?]) (.*)$/s.exec(text);
    if (reply !== null) {
      steps.push({ kind: "reply", mark: reply[1] as "*", words: { text: reply[2], literals } });
      continue;
    }
    const numbered = connections > 1 ? /^(\d+) (.*)$/s.exec(text) : null;
    const connection = Number(numbered?.[1] ?? 1);
    const rest = numbered?.[2] ?? text;
    const [first, second = ""] = rest.split(" ");
    const words = (from: number): Words => ({ text: rest.slice(from), literals });
    const isResult = /^(ok|no|bad|"")$/i;
    if (isResult.test(first) && isOpen) {
      steps.push({ kind: "result", connection, tag: undefined, words: { text: rest, literals } });
      isOpen = false;
    } else if (isResult.test(first)) {
      steps.push({ kind: "command", connection, tag: undefined, words: words(first.length + 1) });
      steps.push({ kind: "result", connection, tag: undefined, words: { text: first, literals: [] } });
    } else if (/^tag\w*$/i.test(first) && isResult.test(second)) {
      steps.push({ kind: "result", connection, tag: first, words: words(first.length + 1) });
    } else if (/^tag\w*$/i.test(first)) {
      steps.push({ kind: "command", connection, tag: first, words: words(first.length + 1) });
    } else {
      steps.push({ kind: "command", connection, tag: undefined, words: { text: rest, literals } });
      isOpen = true;
    }
  }
  return ordered(steps);
}

/** A result stands before its replies where the command says it: behind them is easier. */
function ordered(steps: readonly Step[]): Step[] {
  const out: Step[] = [];
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at];
    if (step.kind !== "result") {
      out.push(step);
      continue;
    }
    let next = at + 1;
    for (; steps[next]?.kind === "reply"; next++) out.push(steps[next]);
    out.push(step);
    at = next - 1;
  }
  return out;
}

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Plays a script; what was not as it says, or undefined. */
export function* playScript(
  network: Network,
  port: number,
  login: Login,
  script: Script,
  mailbox: readonly MailboxMessage[],
): Task<string | undefined> {
  const player = new Player(login, mailbox);
  try {
    for (let i = 0; i < script.connections; i++) {
      const connection = yield* network.connect("127.0.0.1", port, { timeoutMs: WAIT_MS });
      player.clients.push(new Client(connection));
      yield* player.clients[i].greeting();
    }
    yield* player.prepare(script);
    return yield* player.play(script.steps);
  } finally {
    for (const { connection } of player.clients) connection.close();
  }
}

interface Reply {
  readonly values: readonly Value[];
  readonly shown: string;
  /** Which message had this number when the command began. */
  readonly numbers: readonly number[];
}

class Client {
  readonly connection: Connection;
  #tags = 0;
  #waiting: string[] = [];
  /** The numbers of messages, as they were at the beginning of the command. */
  #numbers: number[] = [];

  constructor(connection: Connection) {
    this.connection = connection;
  }

  *greeting(): Task {
    yield* this.#read();
  }

  *send(words: Words, tag = `A${++this.#tags}`): Task<string> {
    if (this.#waiting.length === 0) this.#numbers = Array.from({ length: 1000 }, (_, i) => i + 1);
    const pieces = words.text.split("\0");
    let line = `${tag} ${pieces[0]}`;
    for (const [i, literal] of words.literals.entries()) {
      const isBinary = literal.includes("\0") ? "~" : "";
      line += `${isBinary}{${literal.length}+}\r\n${literal}${pieces[i + 1]}`;
    }
    this.#waiting.push(tag);
    yield* this.connection.write(fromByteString(`${line}\r\n`), WAIT_MS);
    return tag;
  }

  /** All that comes until the tagged response; that is the last one. */
  *answer(tag: string): Task<Reply[]> {
    const replies: Reply[] = [];
    for (;;) {
      const reply = yield* this.#read();
      replies.push(reply);
      const [first] = reply.values;
      if ("text" in first && first.text === tag) break;
    }
    this.#waiting = this.#waiting.filter((each) => each !== tag);
    return replies;
  }

  *#read(): Task<Reply> {
    let text = "";
    const literals: string[] = [];
    for (;;) {
      const line = (yield* this.connection.readLine({ max: 1_000_000, timeoutMs: WAIT_MS })) ?? "* BYE (end)";
      const marker = /~?\{(\d+)\}$/.exec(line);
      text += marker === null ? line : `${line.slice(0, marker.index)}\0`;
      if (marker === null) break;
      literals.push(toByteString(yield* this.connection.readExactly(Number(marker[1]), WAIT_MS)));
    }
    const shown = text.replaceAll("\0", () => "{…}");
    const status = /^(\S+) (OK|NO|BAD|BYE|PREAUTH)(?: \[([^\]]*)\])?/i.exec(text);
    // The text behind a response code is for people.
    const values =
      status === null
        ? parseValues(text, literals)
        : [{ text: status[1] }, { text: status[2] }, { list: parseValues(status[3] ?? "", []) }];
    const expunged = /^\* (\d+) EXPUNGE/i.exec(text);
    const numbers = [...this.#numbers];
    if (expunged !== null) this.#numbers.splice(Number(expunged[1]) - 1, 1);
    return { values, shown, numbers };
  }
}

class Player {
  readonly clients: Client[] = [];
  readonly #variables = new Variables();
  readonly #login: Login;
  readonly #mailbox: readonly MailboxMessage[];
  #appended = 0;

  constructor(login: Login, mailbox: readonly MailboxMessage[]) {
    this.#login = login;
    this.#mailbox = mailbox;
    const [name, domain = ""] = login.user.split("@");
    const known = { user: login.user, username: name, domain, password: login.password, mailbox: "imaptest" };
    for (const [key, text] of Object.entries({ ...known, mailbox_url: "imaptest" })) {
      this.#variables.set(key, { text });
    }
  }

  *prepare(script: Script): Task {
    if (script.state === "nonauth") return;
    for (const client of this.clients)
      yield* this.#do(client, `LOGIN ${this.#login.user} ${this.#login.password}`);
    if (script.state === "auth") return;
    yield* this.#do(this.clients[0], "CREATE imaptest");
    if (script.state === "created") return;
    const count = script.messages ?? this.#mailbox.length;
    for (let i = 0; i < count; i++) yield* this.#do(this.clients[0], "append");
    if (script.state === "appended") return;
    for (const client of this.clients) yield* this.#do(client, "SELECT imaptest");
  }

  *play(steps: readonly Step[]): Task<string | undefined> {
    const open: { step: Step & { kind: "command" }; tag: string }[] = [];
    let expected: (Step & { kind: "reply" })[] = [];
    let untagged: Reply[] = [];
    for (const step of steps) {
      if (step.kind === "reply") expected.push(step);
      else if (step.kind === "command") {
        const client = this.clients[step.connection - 1];
        const tag = yield* client.send(this.#complete(step.words), step.tag);
        this.#variables.set("tag", { text: tag });
        open.push({ step, tag });
      } else {
        const command = open.find(
          ({ step: { connection, tag } }) => connection === step.connection && tag === step.tag,
        );
        if (command === undefined) return `no command for ${step.words.text}`;
        open.splice(open.indexOf(command), 1);
        const replies = yield* this.clients[step.connection - 1].answer(command.tag);
        // Pipelined commands share what they expect.
        untagged.push(...replies.slice(0, -1));
        const problem =
          this.#checkResult(step.words, replies.at(-1)) ??
          (open.length === 0 ? this.#checkReplies(untagged, expected) : undefined);
        if (problem !== undefined) return `${this.#variables.expand(command.step.words.text)}: ${problem}`;
        if (open.length === 0) [expected, untagged] = [[], []];
      }
    }
    return undefined;
  }

  /** With variables, and with the next message where APPEND has none. */
  #complete({ text, literals }: Words): Words {
    const expanded = this.#variables.expand(text);
    if (!/^append(?: |$)/i.test(expanded) || literals.length > 0) return { text: expanded, literals };
    const words = expanded.split(" ").length > 1 ? expanded : `${expanded} imaptest`;
    const message = this.#mailbox[this.#appended++ % this.#mailbox.length];
    return { text: `${words} "${message.date}" \0`, literals: [message.content] };
  }

  #checkResult(result: Words, last: Reply | undefined): string | undefined {
    const [, status, code] = last?.values ?? [];
    const [wanted, ...more] = result.text.split(" ");
    if (wanted !== '""' && (!("text" in status) || status.text.toLowerCase() !== wanted.toLowerCase())) {
      return `not ${wanted}, but ${last?.shown}`;
    }
    const wantedCode = /^\[(.*)\]$/.exec(more.join(" "))?.[1];
    const isSame = wantedCode === undefined || this.#matchesCode(wantedCode, code);
    return isSame ? undefined : `no [${wantedCode}] in ${last?.shown}`;
  }

  #checkReplies(
    untagged: readonly Reply[],
    expected: readonly (Step & { kind: "reply" })[],
  ): string | undefined {
    const all = untagged.filter(({ values: [first] }) => "text" in first && first.text === "*");
    const left = [...all];
    const shown = all.map((reply) => reply.shown).join(" | ");
    for (const { mark, words } of expected) {
      if (mark === "!" && all.some((reply) => this.#matches(words, reply))) {
        return `came, but must not: ${words.text}`;
      }
      const found = left.findIndex((reply) => this.#matches(words, reply));
      if (mark === "*" && found === -1) return `missing: ${words.text} in ${shown}`;
      if (mark === "*") left.splice(found, 1);
    }
    return undefined;
  }

  #matchesCode(wanted: string, code: Value | undefined): boolean {
    if (code === undefined || !("list" in code)) return false;
    const values = parseValues(wanted, []);
    return matchesList(values, code.list.slice(0, values.length), this.#variables);
  }

  #matches({ text, literals }: Words, reply: Reply): boolean {
    const trial = this.#variables.copy();
    // `$3` at the beginning: the message that had this number when the command began.
    const plain = text.replace(/^\$(\d+)(?= )/, (_, number: string) =>
      String(reply.numbers.indexOf(Number(number)) + 1),
    );
    const actual = reply.values.slice(1);
    const status = /^(ok|no|bad|bye)(?: \[(.*)\])?/i.exec(plain);
    let isSame: boolean;
    if (status !== null) {
      const [name, code] = actual;
      const isStatus = "text" in name && name.text.toLowerCase() === status[1].toLowerCase();
      isSame = isStatus && (status[2] === undefined || this.#matchesCodeIn(status[2], code, trial));
    } else {
      const values = parseValues(plain, literals);
      const defaults = defaultsOf(values);
      isSame = matchesList(values, actual, trial, undefined, defaults);
    }
    if (isSame) this.#variables.take(trial);
    return isSame;
  }

  #matchesCodeIn(wanted: string, code: Value | undefined, variables: Variables): boolean {
    if (code === undefined || !("list" in code)) return false;
    return matchesList(parseValues(wanted, []), code.list, variables);
  }

  *#do(client: Client, text: string): Task {
    const tag = yield* client.send(this.#complete({ text, literals: [] }));
    const last = (yield* client.answer(tag)).at(-1);
    if (!/^\S+ OK/.test(last?.shown ?? "")) throw new Error(`${text}: ${last?.shown}`);
  }
}

/** What holds for lists without directives, by the word before them. */
function defaultsOf(values: readonly Value[]): (name: string | undefined) => Directives | undefined {
  const names = values.flatMap((value) => ("text" in value ? [value.text.toLowerCase()] : []));
  const plain = { extra: true, ignored: [], banned: [] };
  if (names[1] === "fetch") return (name) => (name === "fetch" ? { ...plain, unordered: 2 } : undefined);
  if (names[0] === "list" || names[0] === "lsub")
    return (name) => (name === names[0] ? { ...plain, unordered: 1 } : undefined);
  if (names[0] === "status") return (name) => (name === names[1] ? { ...plain, unordered: 2 } : undefined);
  return () => undefined;
}

const WAIT_MS = 5_000;
