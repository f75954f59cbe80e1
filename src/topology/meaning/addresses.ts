/** Addresses across the whole network: each once, each in a network of its link, gateways and name servers there. */

import { familyOf } from "../../net/index.ts";
import type { LinkSpec, SwitchSpec } from "../network-file.ts";
import type { Path } from "../source.ts";
import { type InterfaceAddress, parseInterfaceAddress } from "../units.ts";
import { formatEnd } from "./links.ts";
import type { ReadHost, Reading } from "./reading.ts";

export function checkAddresses(
  reading: Reading,
  hosts: readonly ReadHost[],
  switches: readonly SwitchSpec[],
  links: readonly LinkSpec[],
): void {
  const assigned = hosts.flatMap(assignedAddresses);
  const isAnyWrong = hosts.some(({ path }) =>
    ["addresses", "interfaces"].some((key) => reading.isDamaged([...path, key])),
  );
  const owners = checkUnique(reading, assigned);
  if (!isAnyWrong) checkReferences(reading, hosts, owners);
  checkHardwareAddresses(reading, hosts);
  const segments = segmentsOf(hosts, switches, links);
  const bySegment = new Map<string, Assigned[]>();
  for (const each of assigned) {
    const segment = segments(formatEnd({ node: each.host, interface: each.interface }));
    const members = bySegment.get(segment);
    if (members === undefined) bySegment.set(segment, [each]);
    else members.push(each);
  }
  for (const members of bySegment.values()) {
    for (const family of [4, 6] as const) {
      checkSegment(
        reading,
        members.filter((each) => familyOf(each.parsed.address) === family),
      );
    }
  }
}

interface Assigned {
  readonly host: string;
  readonly interface: string;
  readonly path: Path;
  readonly parsed: InterfaceAddress;
}

function assignedAddresses(host: ReadHost): Assigned[] {
  return host.spec.interfaces.flatMap((each) =>
    each.addresses.flatMap((text, i) => {
      const parsed = parseInterfaceAddress(text);
      const path = host.addressPaths.get(each.name)?.[i] ?? host.path;
      return parsed === undefined ? [] : [{ host: host.spec.name, interface: each.name, path, parsed }];
    }),
  );
}

function checkUnique(reading: Reading, assigned: readonly Assigned[]): Map<string, Assigned> {
  const owners = new Map<string, Assigned>();
  for (const each of assigned) {
    const { address } = each.parsed;
    const owner = owners.get(address);
    if (owner === undefined) owners.set(address, each);
    else
      reading.report(
        each.path,
        `${address} is the address of ${owner.host} already (line ${reading.line(owner.path)})`,
      );
  }
  return owners;
}

function checkHardwareAddresses(reading: Reading, hosts: readonly ReadHost[]): void {
  const owners = new Map<string, string>();
  for (const { spec, path } of hosts) {
    for (const { name, mac } of spec.interfaces) {
      const owner = mac === undefined ? undefined : owners.get(mac);
      if (owner !== undefined)
        reading.report(
          [...path, "interfaces", name, "mac"],
          `${mac} is the hardware address of ${owner} already`,
        );
      if (mac !== undefined) owners.set(mac, spec.name);
    }
  }
}

/** Gateways and name servers must be somewhere, gateways on what forwards. Asked only when all addresses are right. */
function checkReferences(
  reading: Reading,
  hosts: readonly ReadHost[],
  owners: ReadonlyMap<string, Assigned>,
): void {
  const kinds = new Map(hosts.map((host) => [host.spec.name, host.spec.kind]));
  for (const { spec, path } of hosts) {
    for (const [key, addresses] of [
      ["gateway", spec.gateways],
      ["nameServers", spec.nameServers],
    ] as const) {
      for (const [i, address] of addresses.entries()) {
        const owner = owners.get(address);
        const at = [...path, key, i];
        if (address === "") continue;
        if (owner === undefined)
          reading.report(at, `no host or router of this network has the address ${address}`);
        else if (key === "gateway" && kinds.get(owner.host) !== "router" && owner.host !== spec.name) {
          reading.report(at, `the gateway ${address} is ${owner.host}, which is no router`);
        }
      }
    }
  }
}

/** What hangs together without a router in between: interfaces to the name of their segment. */
function segmentsOf(
  hosts: readonly ReadHost[],
  switches: readonly SwitchSpec[],
  links: readonly LinkSpec[],
): (end: string) => string {
  const parents = new Map<string, string>();
  const root = (name: string): string => {
    let at = name;
    for (let next = parents.get(at); next !== undefined; next = parents.get(at)) at = next;
    return at;
  };
  // Switches first, so that no chain of parents grows with the number of hosts.
  for (const each of switches) parents.delete(each.name);
  for (const host of hosts)
    for (const each of host.spec.interfaces) parents.delete(`${host.spec.name}:${each.name}`);
  for (const link of links) {
    const [a, b] = link.ends.map((end) => root(formatEnd(end)));
    if (a === b) continue;
    const aIsSwitch = link.ends[0].interface === undefined;
    parents.set(aIsSwitch ? b : a, aIsSwitch ? a : b);
  }
  return root;
}

/** Who is alone in a network on a segment with others has a wrong address (or they have). */
function checkSegment(reading: Reading, members: readonly Assigned[]): void {
  const networks = new Map<string, Assigned[]>();
  for (const each of members) {
    const { network } = each.parsed;
    const same = networks.get(network);
    if (same === undefined) networks.set(network, [each]);
    else same.push(each);
  }
  const interfaces = new Set(members.map((each) => `${each.host}:${each.interface}`));
  if (networks.size < 2 || interfaces.size < 2) return;
  const sizes = [...networks.values()].map((same) => same.length);
  const most = Math.max(...sizes);
  const common = [...networks.keys()][sizes.indexOf(most)];
  for (const [network, same] of networks) {
    if (network === common || same.length > 1) continue;
    const [{ host, path, parsed }] = same;
    const elsewhere = members.some((each) => each.host === host && each.parsed.network === common);
    if (elsewhere) continue;
    const found = `${parsed.address}/${parsed.prefixLength}`;
    reading.report(path, `${found} is in no network of its link, where the others are in ${common}`);
  }
}
