/**
 * From a checked network file to a lab: a world with hosts, links, routes and resolvers, services installed but not
 * started. Everything is in virtual time and comes from the seed; `LabRun` (run.ts) then plays it.
 */

import { type CallTap, type SimHost, type Tap, World } from "../sim/index.ts";
import type { Lab, LabFailure } from "./lab.ts";
import type { NetworkFile } from "./network-file.ts";
import { Parts, type PartsOptions } from "./parts.ts";
import { LabRun } from "./run.ts";

export interface BuildOptions extends PartsOptions {
  /** Absent: that of the file. */
  readonly seed?: number;
  /** Subscribers that see every packet from the first one on. */
  readonly taps?: readonly Tap[];
  /** Subscribers that hear every socket call. */
  readonly callTaps?: readonly CallTap[];
}

export function buildNetwork(file: NetworkFile, options: BuildOptions = {}): Lab {
  const failures: LabFailure[] = [];
  const seed = options.seed ?? file.seed;
  const world: World = new World({
    seed,
    onTaskFailure: (error, task, host) => failures.push({ timeNs: world.nowNs, host, task, error }),
  });
  for (const tap of options.taps ?? []) world.addTap(tap);
  for (const tap of options.callTaps ?? []) world.addCallTap(tap);
  const parts = new Parts(world, options);
  const machines = new Map(file.hosts.map((spec) => [spec.name, parts.addMachine(spec)]));
  for (const { name } of file.switches) world.addSwitch(name);
  const links = new Map(file.links.map((spec) => [spec.name, parts.addLink(spec)]));
  for (const { name, gateways } of file.hosts) machines.get(name)?.setGateways(gateways);
  world.computeRoutes();
  const hosts = new Map(
    file.hosts.map((spec) => [spec.name, parts.makeHost(machines.get(spec.name) as SimHost, spec)]),
  );
  return new LabRun({ file, seed, world, parts, hosts, links, failures });
}
