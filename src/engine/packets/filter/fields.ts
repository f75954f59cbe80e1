/** What a name in a filter means: a protocol, a field and its type, or nothing that we know (and what is near it). */

import { applications } from "../../../dissect/index.ts";
import { dissectorByEtherType, dissectorByIpProtocol } from "../../../dissect/registry.ts";
import { CATALOGUE } from "./catalogue.ts";

/** "none": it is there or not. "any": its type is not known, each value is read as it looks. */
export type FieldType =
  | ("protocol" | "none" | "number" | "boolean" | "time")
  | ("address" | "mac" | "text" | "octets" | "any");

export interface FieldInfo {
  /** "tcp.port" */
  readonly key: string;
  readonly type: FieldType;
  /** "Source or destination port" */
  readonly title: string;
  /** The keys of the dissection whose values it has. */
  readonly keys: readonly string[];
  /** The protocol without which it cannot be there; undefined where it says something of the packet itself. */
  readonly protocol: string | undefined;
}

/** All fields and protocols, for completion. */
export function allFields(): IterableIterator<FieldInfo> {
  return fields.values();
}

/** Undefined when nobody has such a field. */
export function fieldOf(name: string): FieldInfo | undefined {
  const key = name.toLowerCase();
  const known = fields.get(ALIASES.get(key) ?? key);
  if (known !== undefined) return known;
  const protocol = protocolOf(key);
  if (protocol === undefined || !(learned.has(key) || !listed.has(protocol))) return undefined;
  return { key, type: "any", title: "", keys: [name], protocol };
}

/** A dissection showed this key: it may be asked for, whatever the catalogue says. */
export function learnField(key: string): void {
  if (!fields.has(key) && learned.size < LEARNED_MAX) learned.add(key.toLowerCase());
}

/** Whether `name` looks like a field of a protocol that we have: then it is a mistake, not a text to look for. */
export function isFieldLike(name: string): boolean {
  return name.includes(".") && protocolOf(name.toLowerCase()) !== undefined;
}

/**
 * Whether `name` alone would be taken for a field: nothing tells "foo.bar" from a name that it contains. Addresses and
 * numbers are none: these begin with a digit, or have other signs.
 */
export function hasFieldShape(name: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_-]*(\.[\p{L}\p{N}_-]+)+$/u.test(name);
}

/** Names near `name`, the nearest first. */
export function similarFields(name: string, countMax = 3): string[] {
  const key = name.toLowerCase();
  const near = [...fields.keys(), ...ALIASES.keys()]
    .map((other) => ({ other, distance: distanceOf(key, other, DISTANCE_MAX) }))
    .filter(({ other, distance }) => distance <= Math.min(DISTANCE_MAX, Math.floor(other.length / 3)));
  return near
    .sort((a, b) => a.distance - b.distance)
    .slice(0, countMax)
    .map(({ other }) => other);
}

function protocolOf(key: string): string | undefined {
  const [first] = key.split(".");
  const field = fields.get(first);
  return field?.type === "protocol" ? first : undefined;
}

/** How many letters must be changed, added, left out or exchanged with their neighbour; above `max` only "more". */
function distanceOf(a: string, b: string, max: number): number {
  if (Math.abs(a.length - b.length) > max) return max + 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row[b.length];
}

function protocols(): FieldInfo[] {
  const layers = [dissectorByEtherType(0x0806), dissectorByEtherType(0x0800), dissectorByEtherType(0x86dd)];
  const carried = [0, 1, 6, 17, 43, 44, 58].map(dissectorByIpProtocol);
  const known = [...layers, ...carried, ...applications].flatMap((each) =>
    each === undefined ? [] : [each],
  );
  const titles = new Map<string, string>([
    ["frame", "Every packet"],
    ["eth", "Ethernet II"],
    ...known.map(({ key, title, standard }): [string, string] => [key, `${title} (${standard})`]),
    ["data", "Data that no dissector knows"],
  ]);
  return Array.from(titles, ([key, title]) => ({ key, type: "protocol", title, keys: [key], protocol: key }));
}

function catalogued(): FieldInfo[] {
  return CATALOGUE.trim()
    .split("\n")
    .map((line) => {
      const [, key, type, rest] = /^(\S+) (\S+) (.*)$/.exec(line) as string[];
      // Other keys of the dissection stand at the end, and begin as the key does.
      const prefix = `${key.split(".")[0]}.`;
      const last = rest.slice(rest.lastIndexOf(" ") + 1);
      const hasKeys = last.startsWith(prefix);
      return {
        key,
        type: type as FieldType,
        title: hasKeys ? rest.slice(0, -last.length - 1) : rest,
        keys: hasKeys ? last.split(",") : [key],
        protocol: undefined,
      };
    });
}

const fields = new Map<string, FieldInfo>(protocols().map((field) => [field.key, field]));
/** Protocols whose fields are all in the catalogue. */
const listed = new Set<string>();
for (const field of catalogued()) {
  const protocol = protocolOf(field.key);
  if (protocol !== undefined) listed.add(protocol);
  fields.set(field.key, { ...field, protocol: protocol === "frame" ? undefined : protocol });
}
const learned = new Set<string>();

/** What else these are called. */
const ALIASES = new Map([
  ["ipv4", "ip"],
  ["ethernet", "eth"],
  ["pop3", "pop"],
  ["iperf3", "meter"],
  ["comments", "comment"],
  ["pkt_comment", "comment"],
  ["frame.cap_len", "frame.len"],
  ["malformed", "_ws.malformed"],
  ["retransmission", "resent"],
  ["dropped", "lost"],
]);
const DISTANCE_MAX = 3;
/** Far more than there are protocols; a forged packet must not fill the memory. */
const LEARNED_MAX = 10_000;
