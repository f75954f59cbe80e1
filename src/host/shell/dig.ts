/** `dig`: asks a name server and shows its whole answer, with the words and the layout of BIND's tool. */

import { FormatError } from "../../bytes/index.ts";
import { canonicalAddress, type Endpoint, LocalError, NetworkError, type Task } from "../../net/index.ts";
import {
  type Delegation,
  DNS_PORT,
  delegationOf,
  type Exchange,
  formatData,
  isType,
  type Name,
  parseName,
  type QueryOptions,
  type Question,
  query,
  type RecordType,
  RecursiveResolver,
  type ResolverEvent,
  type ResourceRecord,
  ROOT,
  recordTypeCodes,
  reverseName,
  sameName,
} from "../../protocols/dns/index.ts";
import type { Command, CommandInput, Shell } from "./command.ts";
import { formatExchange, formatRecords, formatTraceStep, toJson } from "./dig-output.ts";
import { hasOption, optionInteger, optionText } from "./option-values.ts";

export const dig: Command = {
  name: "dig",
  summary: "ask a name server",
  operands: "[@SERVER] [NAME] [TYPE] [+WORD...]",
  options: [
    { name: "reverse", short: "x", value: "ADDRESS", help: "ask for the name of an address (PTR)" },
    { name: "type", short: "t", value: "TYPE", help: "the type of record, as the operand TYPE" },
    { name: "port", short: "p", value: "PORT", help: "the server's port (53)" },
    { name: "short", help: "print the data of the answer only; also +short" },
    { name: "tcp", help: "ask over TCP; also +tcp" },
    { name: "trace", help: "ask step by step from the root servers downwards; also +trace" },
    { name: "norecurse", help: "ask for what the server itself knows; also +norecurse" },
  ],
  examples: [
    "dig hamburger.edu MX",
    "dig @10.1.0.53 www.hamburger.edu +norecurse",
    "dig --trace mail.hamburger.edu",
    "dig -x 10.2.0.10",
  ],
  *run(shell, input): Task<number> {
    const request = readRequest(input);
    const servers = yield* serversFor(shell, request);
    if (request.words.has("trace")) yield* trace(shell, request, servers);
    else yield* ask(shell, request, servers);
    return 0;
  },
};

/** What the words ask for. */
interface Request {
  readonly server: string | undefined;
  readonly port: number;
  readonly question: Question;
  /** The words after "+" that were given, with their values ("" without one). */
  readonly words: ReadonlyMap<Word, string>;
}

function readRequest(input: CommandInput): Request {
  const words = new Map<Word, string>();
  for (const word of ["short", "tcp", "trace", "norecurse"] as const)
    if (hasOption(input, word)) words.set(word, "");
  let server: string | undefined;
  const operands: string[] = [];
  for (const operand of input.operands) {
    if (operand.startsWith("@")) server = operand.slice(1);
    else if (operand.startsWith("+")) readWord(operand.slice(1), words);
    else operands.push(operand);
  }
  const port = optionInteger(input, "port", { least: 1, most: 65_535 }, DNS_PORT);
  return { server, port, words, question: readQuestion(input, operands) };
}

function readQuestion(input: CommandInput, operands: readonly string[]): Question {
  const reverse = optionText(input, "reverse");
  const typeOption = optionText(input, "type");
  const left = [...operands];
  if (reverse !== undefined) {
    const name = reverseName(reverse);
    if (name === undefined) throw usage(`"${reverse}" is not an IP address`);
    return { name, type: typeOf(typeOption ?? left[0] ?? "PTR"), class: "IN" };
  }
  // As dig does: a type may stand before the name, and without a name the root is meant.
  if (typeOption === undefined && left.length > 1 && isTypeName(left[0]) && !isTypeName(left[1]))
    left.reverse();
  const [name, type, tooMany] = left;
  if (tooMany !== undefined) throw usage(`"${tooMany}" is one word too many`);
  const typeText = typeOption ?? type ?? (name === undefined ? "NS" : "A");
  return { name: name === undefined ? ROOT : nameOf(name), type: typeOf(typeText), class: "IN" };
}

function readWord(text: string, words: Map<Word, string>): void {
  const [, no, given, value = ""] = /^(no)?([a-z]+)(?:=(\d+))?$/.exec(text) ?? [];
  const word = WORDS.get(`${no ?? ""}${given}`);
  if (word !== undefined) words.set(word, value);
  // "+notcp", "+recurse" and the like say what holds anyway.
  else if (given !== undefined && no !== undefined && WORDS.has(given))
    words.delete(WORDS.get(given) as Word);
  else if (given !== undefined && WORDS.has(`no${given}`)) words.delete(WORDS.get(`no${given}`) as Word);
  else
    throw usage(`+${text} is not known; there are ${[...WORDS.keys()].map((each) => `+${each}`).join(" ")}`);
}

function* serversFor(shell: Shell, { server, port }: Request): Task<Endpoint[]> {
  if (server === undefined) {
    if (shell.nameServers.length === 0) throw usage("no name server is configured here: add @SERVER");
    return shell.nameServers.map((address) => ({ address, port }));
  }
  const literal = canonicalAddress(server);
  const addresses = literal === undefined ? yield* shell.network.resolver.addresses(server) : [literal];
  return addresses.map((address) => ({ address, port }));
}

function queryOptions({ words }: Request): QueryOptions {
  const number = (word: Word): number | undefined => (words.has(word) ? Number(words.get(word)) : undefined);
  const timeSeconds = number("time");
  const bufferSize = words.has("noedns") ? 0 : number("bufsize");
  return {
    transport: words.has("tcp") ? "tcp" : "udp",
    recursionDesired: !words.has("norecurse"),
    acceptTruncated: words.has("ignore"),
    tries: Math.max(1, number("tries") ?? TRIES),
    ...(timeSeconds !== undefined && { timeoutMs: Math.max(1, timeSeconds) * 1000 }),
    ...(bufferSize !== undefined && { udpPayloadMax: Math.min(bufferSize, 0xffff) }),
  };
}

/** Asks the servers in turn until one answers. */
function* askInTurn(shell: Shell, request: Request, question: Question, servers: readonly Endpoint[]) {
  let failure: unknown;
  for (const server of servers) {
    try {
      return { server, exchange: yield* query(shell.network, server, question, queryOptions(request)) };
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      failure ??= error;
    }
  }
  throw failure;
}

function* ask(shell: Shell, request: Request, servers: readonly Endpoint[]): Task {
  const { server, exchange } = yield* askInTurn(shell, request, request.question, servers);
  if (shell.json) shell.print(`${JSON.stringify(toJson(exchange, server))}\n`);
  else if (request.words.has("short")) shell.print(shortForm(exchange));
  else shell.print(formatExchange(exchange, server, shell.network.clock.unixMs()));
}

function shortForm({ message }: Exchange): string {
  return message.answers.map(({ data }) => `${formatData(data)}\n`).join("");
}

/** Follows the referrals itself, like a resolver with an empty cache, and shows each answer. */
function* trace(shell: Shell, request: Request, servers: readonly Endpoint[]): Task {
  const root: Question = { name: ROOT, type: "NS", class: "IN" };
  const { server, exchange } = yield* askInTurn(shell, request, root, servers);
  const rootHints = yield* rootDelegation(shell, request, exchange.message.answers, exchange, servers);
  const steps: object[] = [];
  if (shell.json) steps.push(toJson(exchange, server));
  else shell.print(formatRecords(exchange.message.answers) + formatTraceStep(exchange, server));
  const resolver = new RecursiveResolver(shell.network, {
    rootHints,
    port: request.port,
    onEvent: (event) => handleTraceEvent(shell, steps, event),
  });
  const answer = yield* resolver.resolve(request.question);
  if (shell.json) shell.print(`${JSON.stringify(steps)}\n`);
  if (answer.responseCode === "SERVFAIL") {
    throw new NetworkError("name-server-failed", "dig: the trace led to no answer");
  }
}

/** The root servers that our name server tells, with addresses. */
function* rootDelegation(
  shell: Shell,
  request: Request,
  answers: readonly ResourceRecord[],
  { message }: Exchange,
  servers: readonly Endpoint[],
): Task<Delegation> {
  const hosts = answers.filter((record) => isType(record, "NS"));
  const addresses = [...message.additionals];
  if (hosts.length === 0)
    throw new NetworkError("name-server-failed", "dig: the server does not know the root servers");
  for (const { data } of hosts) {
    if (addresses.some((record) => sameName(record.name, data.host))) continue;
    const question: Question = { name: data.host, type: "A", class: "IN" };
    const found = yield* askInTurn(shell, request, question, servers);
    addresses.push(...found.exchange.message.answers);
  }
  return delegationOf(hosts, (host) => addresses.filter((record) => sameName(record.name, host)));
}

function handleTraceEvent(shell: Shell, steps: object[], event: ResolverEvent): void {
  if (event.kind === "failed")
    shell.printError(`;; ${event.server.address}#${event.server.port}: ${event.reason}\n`);
  if (event.kind !== "answered") return;
  const { exchange, server } = event;
  const { answers, authorities, additionals } = exchange.message;
  if (shell.json) steps.push(toJson(exchange, server));
  else
    shell.print(
      formatRecords([...answers, ...authorities, ...additionals]) + formatTraceStep(exchange, server),
    );
}

function nameOf(text: string): Name {
  try {
    return parseName(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw usage(`"${text}" is not a domain name: ${error.message}`);
  }
}

function isTypeName(text: string): boolean {
  return recordTypeCodes.parse(text) !== undefined;
}

function typeOf(text: string): RecordType {
  const type = recordTypeCodes.parse(text);
  if (type === undefined)
    throw usage(`"${text}" is not a record type such as A, AAAA, MX, NS, PTR, SOA, TXT`);
  return type;
}

function usage(problem: string): LocalError {
  return new LocalError("usage", `dig: ${problem}`);
}

type Word = "short" | "tcp" | "trace" | "norecurse" | "noedns" | "ignore" | "bufsize" | "time" | "tries";

/** The words after "+" that are understood, and the names they have besides. */
const WORDS: ReadonlyMap<string, Word> = new Map<string, Word>([
  ["short", "short"],
  ["tcp", "tcp"],
  ["vc", "tcp"],
  ["trace", "trace"],
  ["norecurse", "norecurse"],
  ["norec", "norecurse"],
  ["noedns", "noedns"],
  ["ignore", "ignore"],
  ["bufsize", "bufsize"],
  ["time", "time"],
  ["tries", "tries"],
]);
/** As many as dig makes. */
const TRIES = 3;
