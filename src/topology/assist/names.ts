/** Names that a file gives to things, offered where it refers to them. From a file that may be half written. */

import { commands } from "../../host/shell/index.ts";
import type { Path } from "../source.ts";

export interface Suggestion {
  readonly label: string;
  readonly detail: string;
}

/** What the value at `path` may refer to; none where it refers to nothing. */
export function namesAt(path: Path, data: unknown): Suggestion[] {
  const [section] = path;
  const key = path.findLast((step) => typeof step === "string");
  const names = new Names(data);
  const find = REFERENCES[`${section}.${key}`];
  if (find !== undefined) return find(names);
  return (section === "hosts" || section === "routers") && typeof key === "string"
    ? (HOST_REFERENCES[key]?.(names) ?? [])
    : [];
}

class Names {
  readonly #file: Readonly<Record<string, unknown>>;

  constructor(data: unknown) {
    this.#file = mapOf(data);
  }

  hosts(): Suggestion[] {
    return ["hosts", "routers"].flatMap((section) =>
      Object.entries(mapOf(this.#file[section])).map(([label, host]) => ({
        label,
        detail: textOf(mapOf(host).description) || section.slice(0, -1),
      })),
    );
  }

  /** "pc1", "r1:wan" where there are several interfaces, "lan". */
  ends(): Suggestion[] {
    const hosts = this.#machines().flatMap(({ name, machine }) => {
      const interfaces = Object.keys(mapOf(machine.interfaces));
      if (interfaces.length < 2) return [{ label: name, detail: textOf(machine.description) }];
      return interfaces.map((each) => ({ label: `${name}:${each}`, detail: textOf(machine.description) }));
    });
    const switches = Object.keys(mapOf(this.#file.switches)).map((label) => ({ label, detail: "switch" }));
    return [...hosts, ...switches];
  }

  links(): Suggestion[] {
    const own = listOf(this.#file.links).map((link) => {
      const between = listOf(mapOf(link).between).map(textOf);
      const name = textOf(mapOf(link).name) || between.map((end) => end.split(":")[0]).join("--");
      return { label: name, detail: between.join(" - ") };
    });
    const cables = Object.entries(mapOf(this.#file.switches)).flatMap(([name, each]) =>
      listOf(mapOf(each).connects).map((end) => {
        const label = `${name}--${textOf(end).split(":")[0]}`;
        return { label, detail: `a cable of ${name}` };
      }),
    );
    return [...own, ...cables];
  }

  steps(): Suggestion[] {
    return listOf(this.#file.story).map((step, i) => {
      const { name, run, on } = mapOf(step);
      return { label: textOf(name) || `step ${i + 1}`, detail: `${textOf(on)} ${textOf(run)}`.trim() };
    });
  }

  mailboxes(): Suggestion[] {
    return this.#machines().flatMap(({ name, machine }) =>
      Object.keys(mapOf(machine.users)).map((user) => ({ label: `${user}@${name}`, detail: "mailbox" })),
    );
  }

  services(): Suggestion[] {
    return this.#machines().flatMap(({ name, machine }) =>
      Object.keys(mapOf(machine.services)).map((service) => ({
        label: `${service}@${name}`,
        detail: "service",
      })),
    );
  }

  /** Addresses of routers, or of name servers first. */
  addresses(first: "routers" | "dns"): Suggestion[] {
    const all = this.#machines().flatMap(({ name, machine, section }) => {
      const texts = [machine.addresses, ...Object.values(mapOf(machine.interfaces))].flatMap((each) =>
        listOf(Array.isArray(each) ? each : mapOf(each).addresses),
      );
      const isFirst = first === "routers" ? section === "routers" : "dns" in mapOf(machine.services);
      return texts.map((text) => ({ label: textOf(text).split("/")[0], detail: name, isFirst }));
    });
    const wanted = all.filter(({ isFirst }) => isFirst);
    return (wanted.length > 0 ? wanted : all).map(({ label, detail }) => ({ label, detail }));
  }

  #machines(): { name: string; section: string; machine: Readonly<Record<string, unknown>> }[] {
    return ["hosts", "routers"].flatMap((section) =>
      Object.entries(mapOf(this.#file[section])).map(([name, machine]) => ({
        name,
        section,
        machine: mapOf(machine),
      })),
    );
  }
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

type Find = (names: Names) => Suggestion[];

const hosts: Find = (names) => names.hosts();
const links: Find = (names) => names.links();
/** By section and key. */
const REFERENCES: Readonly<Record<string, Find>> = {
  "switches.connects": (names) => names.ends(),
  "links.between": (names) => names.ends(),
  "forward.from": hosts,
  "forward.to": (names) => names.hosts().map(({ label, detail }) => ({ label: `${label}:`, detail })),
  "story.on": hosts,
  "story.powerOff": hosts,
  "story.powerOn": hosts,
  "story.cut": links,
  "story.heal": links,
  "story.change": links,
  "story.run": () => commands.map(({ name, summary }) => ({ label: name, detail: summary })),
  "expect.from": hosts,
  "expect.to": hosts,
  "expect.host": hosts,
  "expect.queue": hosts,
  "expect.mailAccount": hosts,
  "expect.link": links,
  "expect.step": (names) => names.steps(),
  "expect.mailbox": (names) => names.mailboxes(),
  "expect.service": (names) => names.services(),
  "expect.packets": () =>
    PROTOCOLS.map((label) => ({ label, detail: "protocol, as the packet list shows it" })),
};
const HOST_REFERENCES: Readonly<Record<string, Find>> = {
  gateway: (names) => names.addresses("routers"),
  nameServers: (names) => names.addresses("dns"),
  incomingServer: hosts,
  outgoingServer: hosts,
};
/** The ones most asked for; a file may name any other. */
const PROTOCOLS = ["any", "ARP", "DNS", "HTTP", "ICMP", "ICMPv6", "POP", "SMTP", "TCP", "UDP"];
