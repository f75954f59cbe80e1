/**
 * A network file that is changed piece by piece. Each change is made in its text, where comments, order and style of
 * the rest stay, and then read as any file is: what `parseNetworkFile` does not accept does not happen, and `file` is
 * always what `text` says. A running lab follows with `Lab.changeTo(document.file)`.
 *
 * All methods throw LocalError for what cannot be, and leave everything as it was then.
 */

import type { MailAccount } from "../../host/shell/command.ts";
import { didYouMean } from "../../host/suggest.ts";
import { familyOf, LocalError } from "../../net/index.ts";
import { services as allServices } from "../../services/registry.ts";
import { layoutNetwork } from "../layout/index.ts";
import type {
  HostSpec,
  InterfaceSpec,
  LinkDirection,
  LinkQuality,
  LinkSpec,
  NetworkFile,
  Position,
} from "../network-file.ts";
import { type ParseOptions, parseNetworkFile } from "../parse.ts";
import { parseInterfaceAddress } from "../units.ts";
import { freeName } from "./choices.ts";
import { connectNodes } from "./connect.ts";
import { changeLinkText, linkPath } from "./link-text.ts";
import {
  forgetAddress,
  forgetLink,
  forgetMailbox,
  forgetNode,
  renameAddress,
  setInterface,
} from "./references.ts";
import { YamlText } from "./yaml-text.ts";

export interface NewNode {
  /** Absent: "host1", "router1", "switch1" ... */
  readonly name?: string;
  readonly at?: Position;
  readonly description?: string;
}

/** What is absent stays as it is. */
export interface HostChange {
  /** Whose addresses these are; absent: that of its only interface, or of a new one. */
  readonly interface?: string | undefined;
  /** With their prefix length; "dhcp" is one of them where a server gives the IPv4 address. */
  readonly addresses?: readonly string[] | undefined;
  readonly gateways?: readonly string[] | undefined;
  readonly nameServers?: readonly string[] | undefined;
}

export class NetworkDocument {
  readonly #options: ParseOptions;
  #text: string;
  #file: NetworkFile;
  #places: ReadonlyMap<string, Position> = new Map();
  /** The file that they are of. */
  #placesOf: NetworkFile | undefined;

  /** Throws LocalError "bad-network-file" when the text has mistakes. */
  constructor(text: string, fileName: string, options: ParseOptions = {}) {
    this.#options = options;
    this.#text = text;
    this.#file = this.#read(text, fileName, "bad-network-file");
  }

  get text(): string {
    return this.#text;
  }

  get file(): NetworkFile {
    return this.#file;
  }

  /** Adds a host, a router or a switch without a link; returns its name. */
  addNode(kind: HostSpec["kind"] | "switch", options: NewNode = {}): string {
    const { hosts, switches } = this.#file;
    const names = [...hosts, ...switches].map((node) => node.name);
    const name = options.name ?? freeName(kind, names);
    if (names.some((each) => each.toLowerCase() === name.toLowerCase()))
      throw new LocalError("name-in-use", `a host, router or switch is named "${name}" already`);
    const { at, description } = options;
    const value = {
      ...(description === undefined ? {} : { description }),
      ...(at === undefined ? {} : { at: rounded(at) }),
    };
    const section = SECTIONS[kind];
    const given = Object.keys(value).length === 0 ? null : value;
    this.#edit((text) => text.set([section, name], given, { blockLevels: 1, after: SECTION_ORDER[section] }));
    return name;
  }

  /** Takes a node away, with its links and with what the file says about it elsewhere. */
  removeNode(name: string): void {
    this.#requireNode(name);
    this.#edit((text, file) => {
      for (const link of file.links.filter(({ ends }) => ends.some(({ node }) => node === name))) {
        text.delete(linkPath(text, file, link.name));
        forgetLink(text, link.name);
      }
      for (const address of addressesOfHost(file, name)) forgetAddress(text, address);
      forgetNode(text, name);
      for (const section of Object.values(SECTIONS))
        if (text.has([section, name])) text.delete([section, name]);
    });
  }

  /**
   * Links two nodes, each "pc1", "r1:wan" or the name of a switch. Without an interface a free one is found or made;
   * without an address in the network of its link it gets the next free one. Returns the name of the link.
   */
  connect(a: string, b: string, quality: LinkQuality = {}): string {
    for (const end of [a, b]) this.#requireNode(end.split(":")[0]);
    let name = "";
    this.#edit((text, file) => {
      name = connectNodes(text, file, a, b, quality);
    });
    return name;
  }

  /** Takes a link out; interfaces and addresses stay. */
  removeLink(name: string): void {
    this.#requireLink(name);
    this.#edit((text, file) => {
      text.delete(linkPath(text, file, name));
      forgetLink(text, name);
    });
  }

  /** Changes qualities of a link, in one direction or in both; what is not named stays. */
  changeLink(name: string, direction: LinkDirection, quality: LinkQuality): void {
    const link = this.#requireLink(name);
    this.#edit((text, file) => changeLinkText(text, file, link, direction, quality));
  }

  /** Addresses, default gateways, name servers. Who refers to an address that is replaced refers to the new one. */
  configureHost(name: string, change: HostChange): void {
    const host = this.#requireHost(name);
    this.#edit((text) => {
      const path = [sectionOf(host), name];
      if (change.addresses !== undefined) this.#setAddresses(text, host, change.interface, change.addresses);
      if (change.gateways !== undefined) setList(text, [...path, "gateway"], change.gateways);
      if (change.nameServers !== undefined) setList(text, [...path, "nameServers"], change.nameServers);
    });
  }

  /** Installs a service, or gives it another configuration; without one it gets what its definition proposes. */
  installService(name: string, service: string, configuration?: unknown): void {
    const host = this.#requireHost(name);
    const definitions = this.#options.services ?? allServices;
    const definition = definitions.get(service);
    if (definition === undefined) {
      const hint = didYouMean(service, [...definitions.keys()]);
      throw new LocalError("unknown-service", `there is no service "${service}"${hint}`);
    }
    const addresses = host.interfaces.flatMap((each) => each.addresses.map((text) => text.split("/")[0]));
    const value = configuration ?? definition.propose?.({ name, addresses }) ?? null;
    this.#edit((text) => text.set([sectionOf(host), name, "services", service], value));
  }

  uninstallService(name: string, service: string): void {
    const host = this.#requireHost(name);
    if (!host.services.some((each) => each.name === service))
      throw new LocalError("unknown-service", `${name} has no service "${service}"`);
    this.#edit((text) => text.delete([sectionOf(host), name, "services", service]));
  }

  /** Gives a host an account, or the account another password. */
  setUser(name: string, user: string, password: string): void {
    const host = this.#requireHost(name);
    this.#edit((text) => text.set([sectionOf(host), name, "users", user], password));
  }

  /** The account goes, with what the file expects of its mailbox. */
  removeUser(name: string, user: string): void {
    const host = this.#requireHost(name);
    if (!host.users.some((each) => each.name === user))
      throw new LocalError("unknown-user", `${name} has no user ${user}`);
    this.#edit((text) => {
      text.delete([sectionOf(host), name, "users", user]);
      forgetMailbox(text, `${user}@${name}`);
    });
  }

  /** What the mail client of a host is set to; undefined: nothing. */
  setMailAccount(name: string, account: MailAccount | undefined): void {
    const path = [sectionOf(this.#requireHost(name)), name, "mailAccount"];
    this.#edit((text) => {
      if (account !== undefined) text.set(path, withDefaults(account, text.get(path)), { blockLevels: 1 });
      else if (text.has(path)) text.delete(path);
    });
  }

  /** Where a node stands in the drawing. */
  setPosition(name: string, at: Position): void {
    this.#requireNode(name);
    const draft = new YamlText(this.#text);
    const section = Object.values(SECTIONS).find((each) => draft.has([each, name])) ?? SECTIONS.host;
    draft.set([section, name, "at"], rounded(at));
    this.#text = draft.text;
    // Nothing else depends on it, so it need not be read again.
    const move = <T extends { readonly name: string }>(node: T): T =>
      node.name === name ? { ...node, at: rounded(at) } : node;
    this.#file = {
      ...this.#file,
      hosts: this.#file.hosts.map(move),
      switches: this.#file.switches.map(move),
    };
  }

  /** The whole text is another one. Throws LocalError "bad-network-file" when it has mistakes. */
  replace(text: string): void {
    this.#file = this.#read(text, this.#file.fileName, "bad-network-file");
    this.#text = text;
  }

  /**
   * Where every node stands: where the file says, else where it finds a place. What has found one keeps it while the
   * file is changed.
   */
  positions(): ReadonlyMap<string, Position> {
    if (this.#placesOf !== this.#file) {
      this.#places = layoutNetwork(this.#file, this.#places);
      this.#placesOf = this.#file;
    }
    return this.#places;
  }

  #edit(change: (text: YamlText, file: NetworkFile) => void): void {
    // Whether or not somebody looked between two changes: on a journey into the past nobody does.
    this.positions();
    const draft = new YamlText(this.#text);
    change(draft, this.#file);
    this.#file = this.#read(draft.text, this.#file.fileName, "bad-change");
    this.#text = draft.text;
  }

  #read(text: string, fileName: string, code: string): NetworkFile {
    const { file, errors } = parseNetworkFile(text, fileName, this.#options);
    if (errors === undefined) return file;
    const [{ line, message }] = errors;
    // Nobody has seen the text in which these lines would be.
    const alone = message.replace(/ \((the first: )?line \d+\)/, "");
    throw new LocalError(code, code === "bad-change" ? alone : `line ${line}: ${message}`);
  }

  #setAddresses(
    text: YamlText,
    host: HostSpec,
    given: string | undefined,
    addresses: readonly string[],
  ): void {
    const { interfaces } = host;
    if (given === undefined && interfaces.length > 1) {
      const names = interfaces.map(({ name }) => name).join(", ");
      throw new LocalError("which-interface", `${host.name} has several interfaces: ${names}`);
    }
    const name = given ?? interfaces[0]?.name ?? "eth0";
    const old = interfaces.find((each) => each.name === name);
    for (const address of addresses) this.#requireFree(host, name, address);
    setInterface(text, this.#file, host, name, addresses);
    if (addresses.includes("dhcp") && old?.dhcp !== true) forgetByHand(text, host);
    for (const address of old?.addresses ?? []) {
      const [before] = address.split("/");
      const kept = interfaces.some((each) => each.addresses.includes(address) && each.name !== name);
      if (kept || addresses.some((each) => each.split("/")[0] === before)) continue;
      const after = addresses
        .find((each) => familyOf(each.split("/")[0]) === familyOf(before))
        ?.split("/")[0];
      if (after === undefined) forgetAddress(text, before);
      else renameAddress(text, before, after);
    }
  }

  /** Said of the one who has the address: the file's own check names whom it comes to first. */
  #requireFree(host: HostSpec, interfaceName: string, text: string): void {
    const address = parseInterfaceAddress(text)?.address;
    for (const { name, interfaces } of this.#file.hosts) {
      for (const each of interfaces) {
        if (name === host.name && each.name === interfaceName) continue;
        if (each.addresses.every((other) => other.split("/")[0] !== address)) continue;
        throw new LocalError("address-in-use", `${address} is the address of ${name} already`);
      }
    }
  }

  #requireNode(name: string): void {
    const { hosts, switches } = this.#file;
    const names = [...hosts, ...switches].map((node) => node.name);
    if (!names.includes(name))
      throw new LocalError(
        "unknown-node",
        `there is no host, router or switch "${name}"${didYouMean(name, names)}`,
      );
  }

  #requireHost(name: string): HostSpec {
    const host = this.#file.hosts.find((each) => each.name === name);
    if (host !== undefined) return host;
    const names = this.#file.hosts.map((each) => each.name);
    throw new LocalError("unknown-host", `there is no host or router "${name}"${didYouMean(name, names)}`);
  }

  #requireLink(name: string): LinkSpec {
    const link = this.#file.links.find((each) => each.name === name);
    if (link !== undefined) return link;
    const names = this.#file.links.map((each) => each.name);
    throw new LocalError("unknown-link", `there is no link "${name}"${didYouMean(name, names)}`);
  }
}

/** A DHCP server says these for IPv4: what a person has said goes, for it would go first. */
function forgetByHand(text: YamlText, { kind, name, gateways, nameServers }: HostSpec): void {
  for (const [key, addresses] of [
    ["gateway", gateways],
    ["nameServers", nameServers],
  ] as const) {
    const kept = addresses.filter((address) => familyOf(address) === 6);
    if (kept.length < addresses.length) setList(text, [SECTIONS[kind], name, key], kept);
  }
}

export function sectionOf({ kind }: HostSpec): string {
  return SECTIONS[kind];
}

function addressesOfHost(file: NetworkFile, name: string): string[] {
  const interfaces: readonly InterfaceSpec[] =
    file.hosts.find((host) => host.name === name)?.interfaces ?? [];
  return interfaces.flatMap(({ addresses }) => addresses.map((text) => text.split("/")[0]));
}

/** One value stands for itself where there is no list yet, several in a list. */
function setList(text: YamlText, path: readonly string[], values: readonly string[]): void {
  const isAlone = values.length === 1 && !Array.isArray(text.get(path));
  if (values.length > 0) text.set(path, isAlone ? values[0] : values);
  else if (text.has(path)) text.delete(path);
}

/** What goes without saying stays where somebody has said it. */
function withDefaults(account: MailAccount, before: unknown): MailAccount {
  const { incomingProtocol } = (before ?? {}) as Partial<MailAccount>;
  return incomingProtocol === "POP3" ? { incomingProtocol, ...account } : account;
}

function rounded([x, y]: Position): Position {
  return [Math.round(x), Math.round(y)];
}

const SECTIONS = { host: "hosts", router: "routers", switch: "switches" } as const;
/** Behind which sections a new one comes. */
const SECTION_ORDER: Readonly<Record<string, readonly string[]>> = {
  hosts: ["name", "description", "seed"],
  routers: ["seed", "hosts"],
  switches: ["hosts", "routers"],
};
