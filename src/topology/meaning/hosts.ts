/** Hosts, routers and switches of a document, with the checks that need one machine only. */

import { canonicalAddress, familyOf } from "../../net/index.ts";
import type { HostSpec, InterfaceSpec, Position, ServiceSpec, SwitchSpec } from "../network-file.ts";
import type { Path } from "../source.ts";
import { parseInterfaceAddress } from "../units.ts";
import type { HostDocument, InterfaceDocument, Items, NetworkDocument } from "./document.ts";
import type { ReadHost, Reading } from "./reading.ts";

export function readHosts(reading: Reading, document: NetworkDocument): ReadHost[] {
  const all: ReadHost[] = [];
  for (const section of ["hosts", "routers"] as const) {
    for (const [name, host] of Object.entries(document[section] ?? {})) {
      all.push(readHost(reading, [section, name], name, section === "hosts" ? "host" : "router", host ?? {}));
    }
  }
  return all;
}

export function readSwitches(document: NetworkDocument): SwitchSpec[] {
  return Object.entries(document.switches ?? {}).map(([name, specification]) => ({
    name,
    description: specification?.description ?? "",
    at: readPosition(specification?.at),
  }));
}

/** A host, a router and a switch share one space of names. */
export function checkNames(reading: Reading, document: NetworkDocument): void {
  const seen = new Map<string, string>();
  for (const section of ["hosts", "routers", "switches"] as const) {
    for (const name of Object.keys(document[section] ?? {})) {
      const key = name.toLowerCase();
      const before = seen.get(key);
      if (before !== undefined) reading.reportKey([section, name], `"${name}" stands in ${before} already`);
      seen.set(key, section);
    }
  }
}

function readHost(
  reading: Reading,
  path: Path,
  name: string,
  kind: HostSpec["kind"],
  host: HostDocument,
): ReadHost {
  const { interfaces, addressPaths } = readInterfaces(reading, path, host);
  const spec: HostSpec = {
    name,
    description: host.description ?? "",
    kind,
    at: readPosition(host.at),
    interfaces,
    gateways: readGateways(reading, [...path, "gateway"], host, interfaces),
    nameServers: readAddresses(reading, [...path, "nameServers"], host.nameServers),
    users: Object.entries(host.users ?? {}).map(([user, password]) => ({ name: user, password })),
    mailAccount: host.mailAccount,
    services: readServices(reading, [...path, "services"], host, interfaces),
  };
  return { spec, path, addressPaths };
}

function readPosition(at: Items<number> | undefined): Position | undefined {
  const [x, y] = at ?? [];
  return x === undefined || y === undefined ? undefined : [x, y];
}

function readInterfaces(
  reading: Reading,
  path: Path,
  host: HostDocument,
): { interfaces: InterfaceSpec[]; addressPaths: Map<string, readonly Path[]> } {
  const addressPaths = new Map<string, readonly Path[]>();
  const interfaces: InterfaceSpec[] = [];
  const add = (name: string, at: Path, { addresses = [], mtu, mac }: InterfaceDocument): void => {
    const written = addresses === "dhcp" ? [addresses] : addresses;
    const dhcp = written.includes("dhcp");
    const places = [...written.keys()].filter((i) => written[i] !== "dhcp");
    const paths = places.map((i): Path => [...at, i]);
    const texts = places.map((i) => written[i]);
    addressPaths.set(name, paths);
    const read = readInterfaceAddresses(reading, paths, texts);
    interfaces.push({ name, addresses: read, dhcp, mac: mac?.toLowerCase(), mtu });
    checkBesideDhcp(reading, paths, dhcp ? texts : []);
    if (mac !== undefined) checkHardwareAddress(reading, [...at.slice(0, -1), "mac"], mac);
    if (mtu !== undefined && mtu < IPV6_MTU_MIN && texts.some((text) => text?.includes(":"))) {
      reading.report(
        [...at.slice(0, -1), "mtu"],
        `expected at least ${IPV6_MTU_MIN} beside an IPv6 address, found ${mtu}`,
      );
    }
  };
  if (host.addresses !== undefined && host.interfaces !== undefined) {
    reading.reportKey(
      [...path, "addresses"],
      "addresses and interfaces exclude each other: expected one of them",
    );
  }
  if (host.addresses !== undefined) add("eth0", [...path, "addresses"], { addresses: host.addresses });
  for (const [name, value] of Object.entries(host.interfaces ?? {})) {
    const at = [...path, "interfaces", name];
    if (isList<string>(value) || value === "dhcp") add(name, at, { addresses: value });
    else add(name, [...at, "addresses"], value ?? {});
  }
  return { interfaces, addressPaths };
}

/** One IPv4 address of an interface comes by DHCP or is its own. */
function checkBesideDhcp(reading: Reading, paths: readonly Path[], texts: Items<string>): void {
  for (const [i, text] of texts.entries()) {
    if (text === undefined || text.includes(":")) continue;
    reading.report(paths[i], `the IPv4 address comes by DHCP: expected no other beside it, found "${text}"`);
  }
}

function checkHardwareAddress(reading: Reading, path: Path, mac: string): void {
  if ((Number.parseInt(mac, 16) & 1) === 1)
    reading.report(path, `${mac} is the address of a group: expected an even first octet, such as 02`);
  else if (mac.startsWith(GIVEN_BY_LAB))
    reading.report(
      path,
      `${mac} is one that the lab gives itself: expected another, such as 02:00:5e:00:00:05`,
    );
}

function isList<T>(value: unknown): value is Items<T> {
  return Array.isArray(value);
}

/** The addresses in canonical form; the wrong ones are reported and keep their place as an empty text. */
function readInterfaceAddresses(reading: Reading, paths: readonly Path[], texts: Items<string>): string[] {
  return texts.map((text, i) => {
    if (text === undefined) return "";
    const parsed = parseInterfaceAddress(text);
    if (parsed === undefined) {
      reading.report(
        paths[i],
        `expected an address with its prefix length, such as 192.168.1.5/24, found "${text}"`,
      );
      return "";
    }
    const { address, network, prefixLength } = parsed;
    const isV4Network = familyOf(address) === 4 && prefixLength < 31;
    if (isV4Network && parsed.isFirst)
      reading.report(paths[i], `${text} is the network itself, expected a host in it`);
    else if (isV4Network && parsed.isLast) {
      reading.report(paths[i], `${text} is the broadcast address of ${network}, expected a host in it`);
    }
    return `${address}/${prefixLength}`;
  });
}

function readServices(
  reading: Reading,
  path: Path,
  host: HostDocument,
  interfaces: readonly InterfaceSpec[],
): ServiceSpec[] {
  const addresses = interfaces.flatMap((each) => each.addresses);
  return Object.entries(host.services ?? {}).map(([name, written]) => {
    const configuration = written ?? {};
    const at = [...path, name];
    // What the schema has found wrong, the service cannot read.
    const problems = reading.isDamaged(at)
      ? []
      : (reading.services.get(name)?.problems?.(configuration, addresses) ?? []);
    for (const problem of problems) reading.report([...at, ...problem.path], problem.message);
    return { name, configuration };
  });
}

function readGateways(
  reading: Reading,
  path: Path,
  host: HostDocument,
  interfaces: readonly InterfaceSpec[],
): string[] {
  const gateways = readAddresses(reading, path, host.gateway);
  const own = interfaces
    .flatMap((each) => each.addresses)
    .flatMap((text) => parseInterfaceAddress(text) ?? []);
  for (const [i, gateway] of gateways.entries()) {
    const at = isList(host.gateway) ? [...path, i] : path;
    const family = familyOf(gateway);
    if (family === undefined) continue;
    if (gateways.findIndex((other) => familyOf(other) === family) < i) {
      reading.report(at, `${gateway} is a second IPv${family} gateway, expected at most one`);
    }
    if (family === 4 && interfaces.some(({ dhcp }) => dhcp)) {
      reading.report(at, `the IPv4 gateway comes by DHCP: expected none here, found ${gateway}`);
    } else if (own.some((mine) => mine.address === gateway)) {
      reading.report(at, `the gateway ${gateway} is the host itself, expected a router`);
    } else if (!reading.isDamaged(path.slice(0, -1)) && !own.some((mine) => isIn(gateway, mine.network))) {
      const networks = own.map((mine) => mine.network).join(", ") || "none";
      reading.report(at, `the gateway ${gateway} is in no network of this host (${networks})`);
    }
  }
  return gateways;
}

function isIn(address: string, network: string): boolean {
  return parseInterfaceAddress(`${address}/${network.slice(network.indexOf("/") + 1)}`)?.network === network;
}

function readAddresses(reading: Reading, path: Path, value: string | Items<string> | undefined): string[] {
  const texts = value === undefined ? [] : isList(value) ? value : [value];
  return texts.map((text, i) => {
    const address = text === undefined ? "" : canonicalAddress(text);
    if (address !== undefined) return address;
    reading.report(
      isList(value) ? [...path, i] : path,
      `expected an address such as 192.168.1.1, found "${text}"`,
    );
    return "";
  });
}

/** RFC 8200 section 5: every link in an IPv6 internet carries packets of this size. */
const IPV6_MTU_MIN = 1280;
/** What interfaces get that have no address of their own: see World. */
const GIVEN_BY_LAB = "02:00:00:00:";
