/** What `hamlet up` prints when everything runs: what is where, and how to come in. */

import type { WayInView } from "../../engine/protocol/index.ts";
import { formatEndpoint } from "../../net/index.ts";
import type { Lab } from "../../topology/index.ts";
import { count, type Paint } from "../format.ts";
import { exampleFor, execExample } from "./examples.ts";
import { describeTarget, type OpenWayIn } from "./ways-in.ts";

export interface Announcement {
  readonly lab: Lab;
  readonly ways: readonly OpenWayIn[];
  /** Of the console: "http://127.0.0.1:8080/", undefined with --no-http. */
  readonly pageUrl: string | undefined;
  readonly speed: number;
  /** How `hamlet exec` is called for this network: "./hamlet exec --control x.sock". */
  readonly exec: string;
}

export function announcementText({ lab, ways, pageUrl, speed, exec }: Announcement, paint: Paint): string {
  const { file } = lab;
  const lines = [
    `${paint.bold(file.name)} is up ${describeSpeed(speed)}: ${count(file.hosts.length, "host")}, seed ${lab.seed}`,
    "",
  ];
  lines.push(...hostLines(lab, paint), "");
  if (ways.length > 0) {
    lines.push(paint.bold("Ways in, to copy:"));
    for (const way of ways) {
      lines.push(
        `  ${paint.cyan(exampleFor(way, file))}`,
        paint.dim(`      ${formatEndpoint(way.forward.local)} leads to ${describeTarget(way)}`),
      );
    }
  }
  lines.push(`  ${paint.cyan(execExample(exec, file))}`, paint.dim("      runs a command on a host"));
  if (pageUrl !== undefined) lines.push("", `${paint.bold("Console:")} ${paint.cyan(pageUrl)}`);
  lines.push("", "Ctrl-C ends it.", "");
  return lines.join("\n");
}

/** The same for programs (`--json`): one line. */
export function announcementJson({ lab, ways, pageUrl, speed, exec }: Announcement): object {
  return {
    network: lab.file.name,
    seed: lab.seed,
    speed,
    hosts: hostsOf(lab),
    ports: ways.map((way) => ({
      name: way.name,
      kind: way.kind,
      ...way.forward.local,
      to: way.to ?? null,
      example: exampleFor(way, lab.file),
    })),
    exec: execExample(exec, lab.file),
    page: pageUrl ?? null,
  };
}

/** The ways in as the console shows them. */
export function wayInViews(lab: Lab, ways: readonly OpenWayIn[]): WayInView[] {
  return ways.map((way) => ({
    name: way.name,
    local: formatEndpoint(way.forward.local),
    leadsTo: describeTarget(way),
    example: exampleFor(way, lab.file),
  }));
}

/** "at 2 times the speed of the clock" */
function describeSpeed(speed: number): string {
  if (speed === 0) return "paused";
  if (speed === 1) return "in real time";
  return Number.isFinite(speed) ? `at ${speed} times real time` : "as fast as it can";
}

interface HostView {
  readonly name: string;
  readonly description: string;
  readonly addresses: readonly string[];
  readonly services: readonly {
    readonly name: string;
    readonly running: boolean;
    readonly description: string;
  }[];
}

function hostsOf(lab: Lab): HostView[] {
  return lab.file.hosts.map(({ name, description, interfaces }) => ({
    name,
    description,
    addresses: interfaces.flatMap(({ addresses }) => addresses),
    services: (lab.hosts.get(name)?.services ?? []).map((service) => ({
      name: service.name,
      running: service.running !== undefined,
      description: service.running?.description ?? "",
    })),
  }));
}

function hostLines(lab: Lab, paint: Paint): string[] {
  const hosts = hostsOf(lab);
  const shown = hosts.slice(0, HOSTS_SHOWN);
  const rows = shown.map(({ name, addresses, services }) => [
    name,
    addresses.map((address) => address.split("/")[0]).join(" "),
    services.map((service) => service.name).join(", "),
  ]);
  // Routers with many addresses must not push the services out of sight.
  const widths = [0, 1].map((column) =>
    Math.min(ADDRESSES_WIDTH, Math.max(...rows.map((row) => row[column].length))),
  );
  const lines = rows.map(([name, addresses, services]) =>
    `  ${name.padEnd(widths[0])}  ${paint.dim(addresses.padEnd(widths[1]))}  ${services}`.trimEnd(),
  );
  if (hosts.length > HOSTS_SHOWN) lines.push(`  ... and ${count(hosts.length - HOSTS_SHOWN, "more host")}`);
  return lines;
}

const ADDRESSES_WIDTH = 40;
/** More than a screen of hosts helps nobody; the page has all. */
const HOSTS_SHOWN = 40;
