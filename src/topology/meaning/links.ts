/** Links of a document, those of the switches' `connects` among them; the ends that exist, each plugged in once. */

import type { LinkEnd, LinkQuality, LinkSpec, SwitchSpec } from "../network-file.ts";
import type { Path } from "../source.ts";
import { parseBandwidth, parseDuration, parsePercentage } from "../units.ts";
import type { LinkDocument, NetworkDocument, QualityDocument } from "./document.ts";
import { checkQuality } from "./limits.ts";
import type { ReadHost, Reading } from "./reading.ts";

export function readLinks(
  reading: Reading,
  document: NetworkDocument,
  hosts: readonly ReadHost[],
  switches: readonly SwitchSpec[],
): LinkSpec[] {
  return new LinkReader(reading, hosts, switches).read(document);
}

/** An end as the file writes it: "r1:wan". */
export function formatEnd(end: LinkEnd): string {
  return end.interface === undefined ? end.node : `${end.node}:${end.interface}`;
}

class LinkReader {
  readonly #reading: Reading;
  readonly #hosts: ReadonlyMap<string, ReadHost>;
  readonly #switches: ReadonlySet<string>;
  readonly #links = new Map<string, LinkSpec>();
  /** Interfaces that are plugged in, with the name of the link. */
  readonly #taken = new Map<string, string>();
  /** For each switch one switch that it is linked with, directly or through others: a forest. */
  readonly #joined = new Map<string, string>();

  constructor(reading: Reading, hosts: readonly ReadHost[], switches: readonly SwitchSpec[]) {
    this.#reading = reading;
    this.#hosts = new Map(hosts.map((host) => [host.spec.name, host]));
    this.#switches = new Set(switches.map((each) => each.name));
  }

  read(document: NetworkDocument): LinkSpec[] {
    for (const [name, specification] of Object.entries(document.switches ?? {})) {
      checkQuality(this.#reading, ["switches", name], specification ?? {});
      const path = ["switches", name, "connects"];
      for (const [i, other] of (specification?.connects ?? []).entries()) {
        if (other === undefined) continue;
        const end = this.#end([...path, i], other);
        this.#add([...path, i], undefined, [{ node: name, interface: undefined }, end], specification ?? {});
      }
    }
    for (const [i, link] of (document.links ?? []).entries()) {
      const path = ["links", i];
      for (const [key, quality] of [["forth", link?.forth] as const, ["back", link?.back] as const])
        checkQuality(this.#reading, [...path, key], quality ?? {});
      checkQuality(this.#reading, path, link ?? {});
      if (link?.between?.length !== 2) continue;
      const [from, to] = link.between.map((end, j) =>
        end === undefined ? undefined : this.#end([...path, "between", j], end),
      );
      this.#add(path, link.name, [from, to], link);
    }
    return [...this.#links.values()];
  }

  /** The end that `text` names, or undefined after a report. */
  #end(path: Path, text: string): LinkEnd | undefined {
    const [node, named] = text.split(":");
    if (this.#switches.has(node)) {
      if (named === undefined) return { node, interface: undefined };
      this.#reading.report(path, `a switch has no named interfaces, expected "${node}", found "${text}"`);
      return undefined;
    }
    const host = this.#hosts.get(node);
    if (host === undefined) {
      this.#reading.reportUnknown(path, "host, router or switch", node, [
        ...this.#hosts.keys(),
        ...this.#switches,
      ]);
      return undefined;
    }
    const interfaces = host.spec.interfaces.map((each) => each.name);
    const name = named ?? (interfaces.length === 1 ? interfaces[0] : undefined);
    if (name !== undefined && interfaces.includes(name)) return { node, interface: name };
    if (this.#reading.isDamaged(host.path)) return undefined;
    if (named !== undefined) this.#reading.reportUnknown(path, `interface of ${node}`, named, interfaces);
    else if (interfaces.length === 0)
      this.#reading.report(path, `${node} has no addresses, so it has no interface`);
    else {
      const choices = interfaces.map((each) => `${node}:${each}`).join(" or ");
      this.#reading.report(path, `${node} has several interfaces, expected ${choices}`);
    }
    return undefined;
  }

  #add(
    path: Path,
    given: string | undefined,
    ends: readonly [LinkEnd | undefined, LinkEnd | undefined],
    quality: LinkDocument,
  ): void {
    const [from, to] = ends;
    if (from === undefined || to === undefined) return;
    const name = given ?? `${from.node}--${to.node}`;
    const arePlugged = [from, to].map((end) => this.#plug(path, end, name)).every((isPlugged) => isPlugged);
    if (!arePlugged) return;
    if (from.node === to.node)
      this.#reading.report(path, `both ends are at ${from.node}, expected two machines`);
    else if (from.interface === undefined && to.interface === undefined) this.#join(path, from.node, to.node);
    if (this.#links.has(name)) {
      const advice = given === undefined ? ": give this one a name of its own" : "";
      this.#reading.report(
        given === undefined ? path : [...path, "name"],
        `a second link "${name}"${advice}`,
      );
      return;
    }
    const common = readQuality(quality);
    const forth = { ...common, ...readQuality(quality.forth ?? {}) };
    const back = { ...common, ...readQuality(quality.back ?? {}) };
    this.#links.set(name, { name, ends: [from, to], forth, back });
  }

  /** Whether this end was free. */
  #plug(path: Path, end: LinkEnd, link: string): boolean {
    if (end.interface === undefined) return true;
    const key = formatEnd(end);
    const other = this.#taken.get(key);
    this.#taken.set(key, other ?? link);
    if (other === undefined) return true;
    this.#reading.report(
      path,
      `${key} is linked already (by "${other}"), expected one link for each interface`,
    );
    return false;
  }

  /** Our switches speak no spanning tree: in a loop of them a broadcast would circle for ever. */
  #join(path: Path, a: string, b: string): void {
    const [rootA, rootB] = [this.#root(a), this.#root(b)];
    if (rootA === rootB)
      this.#reading.report(path, `${a} and ${b} are joined already: frames would circle for ever`);
    else this.#joined.set(rootA, rootB);
  }

  #root(name: string): string {
    let root = name;
    for (let next = this.#joined.get(root); next !== undefined; next = this.#joined.get(root)) root = next;
    return root;
  }
}

/** What the file says of a link's quality; what it does not name is left out. */
export function readQuality(quality: QualityDocument): LinkQuality {
  const values = {
    delayMs: read(quality.delay, parseDuration),
    jitterMs: read(quality.jitter, parseDuration),
    bandwidthBps: read(quality.bandwidth, parseBandwidth),
    queuePackets: quality.queue,
    loss: read(quality.loss, parsePercentage),
    burstPackets: quality.burst,
    reorder: read(quality.reorder, parsePercentage),
    reorderMs: read(quality.reorderBy, parseDuration),
    duplicate: read(quality.duplicate, parsePercentage),
    corrupt: read(quality.corrupt, parsePercentage),
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function read(text: string | undefined, parse: (text: string) => number | undefined): number | undefined {
  return text === undefined ? undefined : parse(text);
}
