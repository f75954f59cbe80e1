/** A host as its window shows it. Only looks. */

import type { Host } from "../../host/index.ts";
import { LocalError } from "../../net/index.ts";
import type { HostConfigView, HostStateView } from "../protocol/index.ts";
import type { Run } from "../run/run.ts";

/** Throws LocalError "no-host". */
export function hostOf(run: Run, name: string): Host {
  const host = run.lab.hosts.get(name);
  if (host === undefined) throw new LocalError("no-host", `there is no host "${name}" in this network`);
  return host;
}

export function hostState(run: Run, name: string): HostStateView {
  const host = hostOf(run, name);
  const { machine } = host;
  const prefix = `${name}: `;
  return {
    host: name,
    interfaces: machine?.interfaces() ?? [],
    neighbours: machine?.neighbours() ?? [],
    routes: machine?.routes() ?? [],
    sockets: machine?.sockets() ?? [],
    resolverCache: machine?.resolverCache() ?? [],
    log: host.log?.lines ?? [],
    tasks: run.lab.world.liveTaskNames.flatMap((task) =>
      task.startsWith(prefix) ? task.slice(prefix.length) : [],
    ),
  };
}

export function hostConfig(run: Run, name: string): HostConfigView {
  const host = hostOf(run, name);
  const spec = run.lab.file.hosts.find((each) => each.name === name);
  const linkOf = (nic: string): string | undefined => {
    const isEnd = (end: { node: string; interface: string | undefined }): boolean =>
      end.node === name && end.interface === nic;
    return run.lab.file.links.find(({ ends }) => ends.some(isEnd))?.name;
  };
  const interfaces = host.machine?.interfaces() ?? [];
  return {
    host: name,
    interfaces: interfaces.flatMap((nic) => {
      const given = spec?.interfaces.find((each) => each.name === nic.name);
      if (given === undefined) return [];
      const { name: nicName, mac } = nic;
      const { addresses, dhcp } = given;
      return [
        { name: nicName, mac, addresses, dhcp, leased: nic.dhcp?.lease?.address, link: linkOf(nicName) },
      ];
    }),
    gateways: spec?.gateways ?? [],
    nameServers: spec?.nameServers ?? [],
    users: host.users.map((user) => user.name),
  };
}
