/** What a file says about a node, a link or an address elsewhere: it goes with it, or follows it. */

import { canonicalAddress } from "../../net/index.ts";
import type { HostSpec, NetworkFile } from "../network-file.ts";
import { renderFlow } from "./render.ts";
import type { YamlText } from "./yaml-text.ts";

/** Steps, expectations and ways in that name a host or router go with it. */
export function forgetNode(text: YamlText, name: string): void {
  if (text.get(["forward", "from"]) === name) text.delete(["forward"]);
  deleteItems<{ to: string }>(text, ["forward", "ports"], ({ to }) => to.split(":")[0] === name);
  forgetSteps(text, ({ on, powerOff, powerOn }) => [on, powerOff, powerOn].includes(name));
  deleteItems<ExpectationText>(text, ["expect"], (expectation) => {
    const { mailbox, service, host, queue, mailAccount, from, to } = expectation;
    const of = (value: string | undefined, mark: string): string | undefined => value?.split(mark).at(-1);
    return [of(mailbox, "@"), of(service, "@"), host, queue, mailAccount, from, to].includes(name);
  });
}

/** What is expected of a mailbox goes with its account. */
export function forgetMailbox(text: YamlText, mailbox: string): void {
  deleteItems<ExpectationText>(text, ["expect"], (expectation) => expectation.mailbox === mailbox);
}

/** Steps that cut, heal or change a link go with it. */
export function forgetLink(text: YamlText, name: string): void {
  forgetSteps(text, ({ cut, heal, change }) => [cut, heal, change].includes(name));
  deleteItems<ExpectationText>(text, ["expect"], ({ link }) => link === name);
}

/** Nobody has this address any more: it is no gateway and no name server. */
export function forgetAddress(text: YamlText, address: string): void {
  eachReference(text, (path) => {
    const value = text.get(path);
    const addresses = Array.isArray(value) ? value : [value];
    const isGone = (each: unknown): boolean => canonicalAddress(String(each)) === address;
    const kept = addresses.filter((each) => !isGone(each));
    if (kept.length === addresses.length) return;
    if (kept.length === 0) text.delete(path);
    else if (kept.length === addresses.length - 1) text.delete([...path, addresses.findIndex(isGone)], true);
    else text.set(path, kept);
  });
}

/** Gateways and name servers follow an address that is another one now. */
export function renameAddress(text: YamlText, before: string, after: string): void {
  eachReference(text, (path) =>
    text.replaceScalars(path, (value) =>
      canonicalAddress(String(value)) === before ? renderFlow(after) : undefined,
    ),
  );
}

/** Gives an interface its addresses; a second one makes the first be called by its name everywhere. */
export function setInterface(
  text: YamlText,
  file: NetworkFile,
  host: HostSpec,
  name: string,
  wanted: readonly string[],
): void {
  const addresses = wanted.join() === "dhcp" ? "dhcp" : wanted;
  const path = [host.kind === "router" ? "routers" : "hosts", host.name];
  const isShort = text.has([...path, "addresses"]);
  if (host.interfaces.length === 0 && name === "eth0" && !text.has([...path, "interfaces"])) {
    text.set([...path, "addresses"], addresses, { blockLevels: 0 });
    return;
  }
  if (isShort && name === "eth0") {
    text.set([...path, "addresses"], addresses, { blockLevels: 0 });
    return;
  }
  if (isShort) {
    const old = text.get([...path, "addresses"]);
    text.set([...path, "interfaces"], { eth0: old, [name]: addresses });
    text.delete([...path, "addresses"]);
  } else if (isMap(text.get([...path, "interfaces", name]))) {
    text.set([...path, "interfaces", name, "addresses"], addresses);
  } else text.set([...path, "interfaces", name], addresses);
  const [only] = host.interfaces;
  if (host.interfaces.length === 1 && only.name !== name) nameEnds(text, file, host.name, only.name);
}

function isMap(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** "pc1" alone means its only interface: now that there are two, each end says which one it means. */
function nameEnds(text: YamlText, file: NetworkFile, node: string, interfaceName: string): void {
  const change = (value: unknown): string | undefined =>
    value === node ? renderFlow(`${node}:${interfaceName}`) : undefined;
  for (const { name } of file.switches) text.replaceScalars(["switches", name, "connects"], change);
  const links = (text.get(["links"]) ?? []) as readonly unknown[];
  for (const i of links.keys()) text.replaceScalars(["links", i, "between"], change);
}

/** In one reading of the text for all gateways, and one for all name servers: a thousand hosts may have the same. */
function eachReference(text: YamlText, visit: (path: readonly string[]) => void): void {
  for (const key of ["gateway", "nameServers"]) {
    const changes = ["hosts", "routers"].flatMap((section) => {
      const hosts = Object.entries(
        (text.get([section]) ?? {}) as Record<string, Record<string, unknown> | null>,
      );
      const having = hosts.filter(([, host]) => host?.[key] !== undefined);
      return having.map(
        ([name]) =>
          () =>
            visit([section, name, key]),
      );
    });
    text.apart(changes);
  }
}

function forgetSteps(text: YamlText, isGone: (step: StepText) => boolean): void {
  const names = ((text.get(["story"]) ?? []) as readonly StepText[]).flatMap((step, i) =>
    isGone(step) ? [step.name ?? `step ${i + 1}`] : [],
  );
  deleteItems<StepText>(text, ["story"], isGone);
  if (names.length === 0) return;
  deleteItems<ExpectationText>(text, ["expect"], ({ step }) => step !== undefined && names.includes(step));
}

function deleteItems<Item>(text: YamlText, path: readonly string[], isGone: (item: Item) => boolean): void {
  const items = text.get(path);
  if (!Array.isArray(items)) return;
  for (const [i, item] of [...items.entries()].reverse()) if (isGone(item)) text.delete([...path, i]);
}

interface StepText {
  readonly name?: string;
  readonly on?: string;
  readonly powerOff?: string;
  readonly powerOn?: string;
  readonly cut?: string;
  readonly heal?: string;
  readonly change?: string;
}

interface ExpectationText {
  readonly mailbox?: string;
  readonly service?: string;
  readonly host?: string;
  readonly queue?: string;
  readonly mailAccount?: string;
  readonly link?: string;
  readonly step?: string;
  readonly from?: string;
  readonly to?: string;
}
