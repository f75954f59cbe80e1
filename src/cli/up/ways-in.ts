/**
 * How real clients come into a network that is up: its forwarded ports and its SOCKS proxy, as the network file
 * wants them and the command line changes them.
 *
 * The rule of the gateway: clients come in at the host that the file names (`forward.from`). Servers see that host's
 * address, and names that a SOCKS client asks for are resolved by that host.
 */

import type { Entrance } from "../../engine/outside/index.ts";
import { didYouMean } from "../../host/suggest.ts";
import {
  type Endpoint,
  familyOf,
  formatEndpoint,
  LocalError,
  type Log,
  NetworkError,
} from "../../net/index.ts";
import { type Forward, forwardTcp, forwardUdp, type OsNetwork } from "../../os/index.ts";
import type { HostSpec, NetworkFile } from "../../topology/index.ts";
import { parseAssignment, portName } from "../ports.ts";

/** One way in, as planned. */
export interface WayIn {
  /** What --forward calls it: "smtp". */
  readonly name: string;
  readonly kind: "tcp" | "udp" | "socks";
  readonly listen: Endpoint;
  /** The host at which clients come in. */
  readonly from: string;
  /** Where it leads; undefined for SOCKS, where the client says. */
  readonly to: { readonly host: string; readonly port: number } | undefined;
}

/** A way in that is open. */
export interface OpenWayIn extends WayIn {
  readonly forward: Forward;
}

/**
 * The ways in of a file; `changes` are the values of --forward ("smtp=2526"). Throws LocalError "usage" for one that
 * this file has not; when `isStrict` is false it is meant for another file, and passed over.
 */
export function planWaysIn(file: NetworkFile, changes: readonly string[], isStrict = true): WayIn[] {
  const ports = file.forwards.map(({ to }) => to);
  const ways: WayIn[] = file.forwards.map(({ protocol, listen, from, to }) => {
    // A name that two hosts share would be a riddle: then it is HOST:PORT.
    const isShared = ports.some((other) => other.port === to.port && other.host !== to.host);
    const name = isShared ? `${to.host}:${to.port}` : (portName(to.port) ?? String(to.port));
    return { name, kind: protocol, listen, from, to };
  });
  if (file.socks !== undefined) {
    ways.push({
      name: "socks",
      kind: "socks",
      listen: file.socks.listen,
      from: file.socks.from,
      to: undefined,
    });
  }
  const chosen = new Map<string, number>();
  for (const text of changes) {
    const { name, port } = parseAssignment(text, "--forward");
    const names = ways.filter((way) => way.name === name || target(way) === name).map((way) => way.name);
    if (names.length === 0 && isStrict) throw unknownWay(name, [...new Set(ways.map((way) => way.name))]);
    for (const each of names) chosen.set(each, port);
  }
  return ways.map((way) => ({
    ...way,
    listen: { ...way.listen, port: chosen.get(way.name) ?? way.listen.port },
  }));
}

/** Opens what can be opened: `problems` says of each that failed why, and how to change it. */
export async function openWaysIn(
  ways: readonly WayIn[],
  os: OsNetwork,
  file: NetworkFile,
  entrance: Entrance,
  log: Log,
): Promise<{ open: OpenWayIn[]; problems: string[] }> {
  const open: OpenWayIn[] = [];
  const problems: string[] = [];
  for (const way of ways) {
    try {
      open.push({ ...way, forward: await os.run(openWayIn(way, os, file, entrance, log)) });
    } catch (error) {
      if (error instanceof LocalError) problems.push(`${way.name}: ${error.message}`);
      else if (error instanceof NetworkError)
        problems.push(`${way.name}: ${error.message}: choose another port with --forward ${way.name}=PORT`);
      else throw error;
    }
  }
  return { open, problems };
}

function openWayIn(way: WayIn, os: OsNetwork, file: NetworkFile, entrance: Entrance, log: Log) {
  const { name, from, listen } = way;
  const label = way.to === undefined ? "any host" : describeTarget(way);
  const to = way.to && { address: addressFor(from, way.to.host, file), port: way.to.port };
  const options = { listen, entrance, log };
  if (way.kind !== "udp" || to === undefined) {
    return forwardTcp(os, { ...options, way: { name, from, to, label } });
  }
  return forwardUdp(os, { ...options, way: { name, from, to, label } });
}

/** An address of the target in a family that the gateway has too, IPv4 first: the more familiar one in a capture. */
function addressFor(from: string, to: string, file: NetworkFile): string {
  const families = familiesOf(file, from);
  const theirs = interfacesOf(file, to).flatMap(({ addresses }) =>
    addresses.map((text) => text.split("/")[0]),
  );
  const common = theirs.filter((address) => families.has(familyOf(address)));
  const address = common.find((candidate) => familyOf(candidate) === 4) ?? common[0];
  if (address !== undefined) return address;
  const isLate = interfacesOf(file, to).some(({ dhcp }) => dhcp);
  const problem = isLate
    ? `${to} gets its address by DHCP: a way in leads to one that stands in the file`
    : `${from} and ${to} share no family of addresses`;
  throw new LocalError("bad-network-file", problem);
}

/** The families in which a host speaks: what DHCP gives is IPv4. */
function familiesOf(file: NetworkFile, name: string): ReadonlySet<ReturnType<typeof familyOf>> {
  return new Set(
    interfacesOf(file, name).flatMap(({ addresses, dhcp }) => [
      ...addresses.map((text) => familyOf(text.split("/")[0])),
      ...(dhcp ? ([4] as const) : []),
    ]),
  );
}

function interfacesOf(file: NetworkFile, name: string): HostSpec["interfaces"] {
  return file.hosts.find((candidate) => candidate.name === name)?.interfaces ?? [];
}

function target({ to }: WayIn): string | undefined {
  return to && `${to.host}:${to.port}`;
}

function unknownWay(name: string, known: readonly string[]): LocalError {
  const hint =
    didYouMean(name, known) ||
    (known.length === 0 ? ": this network forwards none" : `; there is ${known.join(", ")}`);
  return new LocalError("usage", `--forward: there is no forwarded port "${name}"${hint}`);
}

/** Where a way in leads, for a person. */
export function describeTarget(way: WayIn): string {
  return way.to === undefined
    ? `any host, by its name (SOCKS5, from ${way.from})`
    : `${formatEndpoint({ address: way.to.host, port: way.to.port })}${way.kind === "udp" ? " (UDP)" : ""}`;
}
