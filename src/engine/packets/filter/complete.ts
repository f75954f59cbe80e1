/** What may stand where a person writes in a filter, and what is wrong with it so far. */

import { applications } from "../../../dissect/index.ts";
import type { FilterCheck } from "../../protocol/packets.ts";
import type { PacketStore } from "../store.ts";
import { compileFilter } from "./compile.ts";
import { FilterError } from "./expression.ts";
import { allFields, type FieldInfo, fieldOf, similarFields } from "./fields.ts";
import { isPlainWord, type Token, tokensOf } from "./tokens.ts";

type Completion = FilterCheck["completions"][number];

export function checkFilter(store: PacketStore, filter: string, cursor: number): FilterCheck {
  const completion = completeFilter(filter, cursor, store);
  try {
    return { error: undefined, hints: compileFilter(filter).hints, ...completion };
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    return { error: { message: error.message, at: error.start }, hints: [], ...completion };
  }
}

/** What may follow at the cursor; with a store also host names and addresses that are there. */
export function completeFilter(
  filter: string,
  cursor: number,
  store?: PacketStore,
): Pick<FilterCheck, "completions" | "from"> {
  const before = filter.slice(0, cursor);
  const tokens = safeTokens(before);
  if (tokens === undefined) return { completions: [], from: cursor };
  const isInWord = /[^\s(){},!=<>&|~[\]]$/.test(before);
  const words = isInWord ? tokens.slice(0, -1) : tokens;
  const typed = isInWord ? (tokens.at(-1) as Token) : undefined;
  const from = typed?.start ?? cursor;
  const prefix = before.slice(from).toLowerCase();
  const candidates = candidatesBehind(words, store);
  const ranked = candidates
    .map((candidate) => ({ candidate, rank: rankOf(candidate, prefix) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank);
  const completions = ranked.slice(0, COMPLETIONS_MAX).map(({ candidate }) => candidate);
  // What is nearly a name is offered as the name.
  const isName = typed?.kind === "word" && isBeginning(words.at(-1));
  if (completions.length > 0 || !isName) return { completions, from };
  const near = similarFields(prefix).flatMap((name) => fieldOf(name) ?? []);
  return { completions: near.map(({ key, title }) => ({ text: key, detail: title })), from };
}

/** Without the end; undefined inside a quoted text. */
function safeTokens(text: string): Token[] | undefined {
  try {
    return tokensOf(text).slice(0, -1);
  } catch (error) {
    if (error instanceof FilterError) return undefined;
    throw error;
  }
}

function candidatesBehind(words: readonly Token[], store: PacketStore | undefined): Completion[] {
  const last = words.at(-1);
  if (last === undefined || isBeginning(last)) return conditions();
  if (last.kind === "operator" && COMPARING.has(last.text)) return valuesFor(words.at(-2), store);
  if (last.kind !== "word") return CONNECTIVES;
  const field = fieldOf(last.text);
  const isValue = COMPARING.has(words.at(-2)?.text ?? "");
  if (field === undefined || isValue) return CONNECTIVES;
  return [...operatorsFor(field), ...CONNECTIVES];
}

/** Whether a condition begins behind this word. */
function isBeginning(last: Token | undefined): boolean {
  return last === undefined || (last.kind === "operator" && BEGINNINGS.has(last.text));
}

function conditions(): Completion[] {
  const fields = Array.from(allFields(), ({ key, title }) => ({ text: key, detail: title }));
  return [...fields, { text: "not", detail: "what does not" }];
}

function operatorsFor({ type }: FieldInfo): Completion[] {
  if (type === "none") return [];
  if (type === "protocol") return OPERATORS.filter(({ text }) => text === "contains" || text === "matches");
  const isText = type === "text" || type === "octets" || type === "any";
  const isOrdered = type === "number" || type === "time";
  return OPERATORS.filter(({ text }) => {
    if (text === "contains" || text === "matches") return isText;
    if (text === "in") return type !== "boolean";
    return isOrdered || !/[<>]/.test(text);
  });
}

/** Values that this field may have here. */
function valuesFor(token: Token | undefined, store: PacketStore | undefined): Completion[] {
  const field = token === undefined ? undefined : fieldOf(token.text);
  if (field === undefined) return [];
  if (field.type === "boolean")
    return ["1", "0"].map((text) => ({ text, detail: text === "1" ? "set" : "not set" }));
  const known = VALUES.get(field.key);
  if (known !== undefined) return known;
  if (store === undefined) return [];
  const { interfaces } = store;
  if (field.type === "address") {
    const isIpv6 = field.key.startsWith("ipv6");
    return interfaces.flatMap(({ addresses, hostName }) =>
      addresses.filter((each) => each.includes(":") === isIpv6).map((text) => ({ text, detail: hostName })),
    );
  }
  if (field.type === "mac")
    return interfaces.map(({ mac, hostName, name }) => ({ text: mac, detail: `${hostName} ${name}` }));
  if (!field.key.startsWith("host")) return [];
  return [...new Set(interfaces.map(({ hostName }) => hostName))].map((name) => ({
    text: isPlainWord(name) ? name : JSON.stringify(name),
    detail: "host",
  }));
}

/** 0: does not fit. What begins so comes first, the shorter before the longer. */
function rankOf({ text, detail }: Completion, prefix: string): number {
  if (prefix === "") return 1;
  const name = text.toLowerCase();
  if (name === prefix) return 0;
  if (name.startsWith(prefix)) return 3 - name.length / 1000;
  if (prefix.length < 2) return 0;
  if (name.includes(prefix)) return 2 - name.length / 1000;
  return prefix.length > 2 && detail.toLowerCase().includes(prefix) ? 1 - name.length / 1000 : 0;
}

const BEGINNINGS = new Set(["and", "or", "xor", "not", "("]);
const COMPARING = new Set(["==", "!=", "===", "!==", "<", "<=", ">", ">=", "contains", "matches", "{", ","]);
const CONNECTIVES: Completion[] = [
  { text: "and", detail: "both" },
  { text: "or", detail: "one of them" },
];
const OPERATORS: Completion[] = [
  { text: "==", detail: "is" },
  { text: "!=", detail: "is not" },
  { text: ">", detail: "is more than" },
  { text: "<", detail: "is less than" },
  { text: ">=", detail: "is at least" },
  { text: "<=", detail: "is at most" },
  { text: "contains", detail: "has in it" },
  { text: "matches", detail: "fits a regular expression" },
  { text: "in", detail: "is one of: in {25, 110}" },
];

function named(...values: readonly (readonly [string, string])[]): Completion[] {
  return values.map(([text, detail]) => ({ text, detail }));
}

function portValues(protocol: "tcpPorts" | "udpPorts"): Completion[] {
  return applications.flatMap((each) =>
    each[protocol].map((port) => ({ text: String(port), detail: each.title })),
  );
}

const DNS_TYPES = named(
  ["1", "A"],
  ["2", "NS"],
  ["5", "CNAME"],
  ["6", "SOA"],
  ["15", "MX"],
  ["16", "TXT"],
  ["28", "AAAA"],
);
const VALUES = new Map<string, Completion[]>([
  ...["tcp.port", "tcp.srcport", "tcp.dstport"].map((key): [string, Completion[]] => [
    key,
    portValues("tcpPorts"),
  ]),
  ...["udp.port", "udp.srcport", "udp.dstport"].map((key): [string, Completion[]] => [
    key,
    portValues("udpPorts"),
  ]),
  ["application", applications.map(({ name, title }) => ({ text: name, detail: title }))],
  ["dns.qry.type", DNS_TYPES],
  ["dns.resp.type", DNS_TYPES],
  [
    "dns.flags.rcode",
    named(["0", "no error"], ["2", "server failure"], ["3", "no such name"], ["5", "refused"]),
  ],
  ["ip.proto", named(["1", "ICMP"], ["6", "TCP"], ["17", "UDP"])],
  ["ipv6.nxt", named(["6", "TCP"], ["17", "UDP"], ["58", "ICMPv6"])],
  ["eth.type", named(["0x0800", "IPv4"], ["0x0806", "ARP"], ["0x86dd", "IPv6"])],
  ["arp.opcode", named(["1", "request"], ["2", "reply"])],
  [
    "icmp.type",
    named(["8", "echo request"], ["0", "echo reply"], ["3", "unreachable"], ["11", "time exceeded"]),
  ],
  [
    "icmpv6.type",
    named(["128", "echo request"], ["129", "echo reply"], ["135", "solicitation"], ["136", "advertisement"]),
  ],
]);
/** As many as a list shows. */
const COMPLETIONS_MAX = 40;
