/**
 * An edit changes the lines that it is about. Every line of the shipped networks gets a comment that says whose it is;
 * after random edits each stands where it stood, keys are in their order, and the rest means what it meant.
 */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { isMap, isScalar, isSeq, type Node, parse } from "yaml";
import { LocalError } from "../../net/index.ts";
import { readYaml } from "../yaml.ts";
import { NetworkDocument } from "./document.ts";

const FOLDER = new URL("../../../networks/", import.meta.url);

test("one key of a mail account: one line of the file, whatever stands between its keys", () => {
  const document = new NetworkDocument(ACCOUNT, "account.yaml");
  document.setMailAccount("pc", {
    address: "bob@mail",
    incomingServer: "mail",
    outgoingServer: "mail",
    password: "thirsty",
  });
  assert.equal(document.text, ACCOUNT.replace("hungry", "thirsty"));
});

test("items come and go in lists with comments, in brackets over several lines too", () => {
  const document = new NetworkDocument(ZONES, "zones.yaml");
  const zones = (first: string[], second: string[]) =>
    document.installService("ns", "dns", { zones: { "crepes.fr": first, "hamburger.edu": second } });
  zones(["@ NS ns", "www A 10.0.0.9", "mail A 10.0.0.3", "ftp A 10.0.0.5"], ["@ NS ns", "ns A 10.0.0.1"]);
  assert.equal(
    document.text,
    ZONES.replace("            - ns A 10.0.0.1 # itself\n", "            - www A 10.0.0.9 # itself\n")
      .replace("            - pop A 10.0.0.4 # old\n", "            - ftp A 10.0.0.5 # old\n")
      .replace("            mail A 10.0.0.3, # post\n", ""),
  );
  zones(["@ NS ns", "ns A 10.0.0.1"], ["@ NS ns"]);
  assert.match(
    document.text,
    /crepes\.fr: # one\n +- "@ NS ns" # first\n +- ns A 10\.0\.0\.1[^\n]*\n +# the post\n +hamburger/,
  );
  assert.match(document.text, /hamburger\.edu: \[ # two\n +"@ NS ns" # first\n +\]\n$/);
});

test("what is changed in one place is not changed where an alias means it", () => {
  const document = new NetworkDocument(SHARED, "shared.yaml");
  document.setUser("a", "bob", "thirsty");
  assert.equal(
    document.text,
    SHARED.replace("&users { bob: hungry }", "{ bob: thirsty }").replace("*users", "&users { bob: hungry }"),
  );
});

for (const name of readdirSync(FOLDER).filter((each) => each.endsWith(".yaml"))) {
  const text = commented(readFileSync(new URL(name, FOLDER), "utf8"));
  test(`random edits of ${name}: each comment stays on its line`, () => {
    fc.assert(
      fc.property(fc.array(anEdit, { minLength: 1, maxLength: 5 }), (edits) => {
        const document = new NetworkDocument(text, name);
        for (const edit of edits) {
          const before = document.text;
          try {
            perform(document, edit);
          } catch (error) {
            if (!(error instanceof LocalError)) throw error;
            assert.equal(document.text, before);
          }
          check(before, document.text, touched(edit, document));
        }
      }),
      { numRuns: name === "town.yaml" ? 6 : 15 },
    );
  });
}

interface Edit {
  readonly kind: "account" | "user" | "no-user" | "move" | "link" | "configure" | "service" | "no-service";
  readonly a: number;
  readonly b: number;
  readonly word: string;
}

const anEdit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom("account", "user", "no-user", "move", "link", "configure", "service", "no-service"),
  a: fc.nat(60),
  b: fc.nat(60),
  word: fc.constantFrom("apple", "berry", "1234", "a: b"),
});

function perform(document: NetworkDocument, { kind, a, b, word }: Edit): void {
  const { hosts, switches, links } = document.file;
  const host = pick(hosts, a);
  if (kind === "account") document.setMailAccount(host.name, accountOf(host.mailAccount, b, word));
  else if (kind === "user") document.setUser(host.name, pick([...host.users, { name: word }], b).name, word);
  else if (kind === "no-user") document.removeUser(host.name, pick([...host.users, { name: "x" }], b).name);
  else if (kind === "move") document.setPosition(pick([...hosts, ...switches], a).name, [b, a]);
  else if (kind === "link")
    document.changeLink(pick(links, a).name, pick(["both", "forth", "back"], b), { delayMs: b });
  else if (kind === "configure") {
    const addresses = hosts.flatMap((each) => each.interfaces.flatMap((one) => one.addresses));
    const servers = [a, b].slice(0, b % 3).map((i) => pick(addresses, i).split("/")[0]);
    document.configureHost(host.name, {
      nameServers: [...new Set([...host.nameServers.slice(a % 2), ...servers])],
    });
  } else if (kind === "service") {
    const { name, configuration } = pick([...host.services, { name: "echo", configuration: null }], b);
    document.installService(host.name, name, altered(configuration, b));
  } else document.uninstallService(host.name, pick([...host.services, { name: "x" }], b).name);
}

function accountOf(before: object | undefined, b: number, word: string) {
  const { name: _, ...rest } = { address: "bob@mail", name: "", ...before };
  // In another order, as a form gives it.
  const keys = Object.entries({ ...rest, ...(b % 2 ? { name: word } : {}), password: word });
  return Object.fromEntries(keys.toSorted(([one], [other]) => one.localeCompare(other))) as {
    address: string;
  };
}

/** Every list below loses an item or gets one, in its order. */
function altered(value: unknown, b: number): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => altered(item, b));
    const at = b % (items.length + 1);
    return typeof items[0] !== "string" || b % 3 === 0 || at === 0
      ? items
      : items.toSpliced(at, b % 2, items[0]);
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, altered(member, b)])
      .reverse(),
  );
}

/** What may mean something else afterwards. */
function touched({ kind, a }: Edit, { file }: NetworkDocument): string[][] {
  const { hosts, switches } = file;
  const { name, kind: of } = pick(hosts, a);
  const host = [`${of}s`, name];
  if (kind === "account") return [[...host, "mailAccount"]];
  if (kind === "user" || kind === "no-user") return [[...host, "users"], ["expect"]];
  if (kind === "move") {
    const node = pick([...hosts, ...switches], a);
    return [["hosts", "routers", "switches"].map((section) => [section, node.name, "at"])].flat();
  }
  if (kind === "link") return [["links"], ...switches.map((each) => ["switches", each.name, "connects"])];
  if (kind === "configure") return [[...host, "nameServers"]];
  return [[...host, "services"]];
}

function check(before: string, after: string, changed: readonly string[][]): void {
  const [old, now] = [before, after].map((text) => {
    const data = parse(text) as unknown;
    for (const path of changed) drop(data, path);
    return data;
  });
  assert.deepEqual(now, old);
  const [places, newPlaces] = [placesOf(before), placesOf(after)];
  for (const [path, { comments, keys }] of places) {
    const place = newPlaces.get(path);
    if (place === undefined) continue;
    for (const comment of place.comments === undefined ? [] : (comments ?? []))
      assert.ok(place.comments?.includes(comment), `${path}: ${comment}\n${after}`);
    const common = keys.filter((key) => place.keys.includes(key));
    assert.deepEqual(
      place.keys.filter((key) => keys.includes(key)),
      common,
      path,
    );
  }
}

interface Place {
  /** On the line where its key stands; undefined: several have this path. */
  readonly comments: readonly string[] | undefined;
  readonly keys: readonly string[];
}

function placesOf(text: string): Map<string, Place> {
  const places = new Map<string, Place>();
  const look = (node: Node | null, path: string, at: number): void => {
    const line = text.slice(text.lastIndexOf("\n", at - 1) + 1).split("\n", 1)[0];
    const pairs = isMap(node) ? node.items : [];
    const keys = pairs.map(({ key }) => String(isScalar(key) ? key.value : ""));
    // Of two that are the same nobody knows which one stayed.
    if (places.has(path)) places.set(path, { comments: undefined, keys });
    else places.set(path, { comments: line.match(/# c\d+/g) ?? [], keys });
    for (const [i, pair] of pairs.entries())
      look(pair.value as Node | null, `${path} ${keys[i]}`, (pair.key as Node).range?.[0] ?? 0);
    for (const item of isSeq(node) ? (node.items as Node[]) : []) {
      const value = item.toJSON() as { name?: string; between?: unknown };
      const start = item.range?.[0] ?? 0;
      look(item, `${path} - ${JSON.stringify(value.between ?? value.name ?? value)}`, start);
    }
  };
  look(readYaml(text).document.contents as Node, "", 0);
  return places;
}

/** A comment at the end of every line that can have one. */
function commented(text: string): string {
  const lines = text.split("\n");
  const meaning = JSON.stringify(parse(text));
  for (const [i, line] of lines.entries()) {
    if (line.trim() === "" || line.includes("#")) continue;
    lines[i] = `${line} # c${i}`;
    if (meaningOf(lines.join("\n")) !== meaning) lines[i] = line;
  }
  return lines.join("\n");
}

function meaningOf(text: string): string | undefined {
  try {
    return JSON.stringify(parse(text));
  } catch {
    return undefined;
  }
}

function drop(data: unknown, path: readonly string[]): void {
  const [key, ...rest] = path;
  if (typeof data !== "object" || data === null || !(key in data)) return;
  const map = data as Record<string, unknown>;
  if (rest.length === 0) delete map[key];
  else drop(map[key], rest);
}

function pick<T>(list: readonly T[], i: number): T {
  return list[i % list.length];
}

const ACCOUNT = `hamlet: 1
name: Account
hosts:
  pc:
    addresses: [10.0.0.1/24]
    mailAccount: # of bob
      # who he is
      address: bob@mail # his address
      # where he sends
      outgoingServer: mail
      # where he reads
      incomingServer: mail # the same
      # a secret
      password: hungry # not for others
      # nothing more
  mail: # the server
    addresses: [10.0.0.2/24]
links:
  - between: [pc, mail]
`;

const ZONES = `hamlet: 1
name: Zones
hosts:
  ns:
    addresses: [10.0.0.1/24]
    services:
      dns:
        zones:
          crepes.fr: # one
            - "@ NS ns" # first
            - ns A 10.0.0.1 # itself
            # the post
            - mail A 10.0.0.3 # post
            - pop A 10.0.0.4 # old
          hamburger.edu: [ # two
            "@ NS ns", # first
            mail A 10.0.0.3, # post
            ns A 10.0.0.1 # itself
          ]
`;

const SHARED = `hamlet: 1
name: Shared
hosts:
  a: { addresses: [10.0.0.1/24], users: &users { bob: hungry } }
  b: { addresses: [10.0.0.2/24], users: *users } # as well
links:
  - between: [a, b]
`;
