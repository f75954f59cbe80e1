/** The network as the console draws it, out of a run. */

import type { Host } from "../../host/index.ts";
import type { SimHost } from "../../sim/index.ts";
import type { FullLinkOptions } from "../../sim/link/options.ts";
import type { HostSpec, LinkSpec } from "../../topology/index.ts";
import type {
  LinkView,
  NetworkView,
  NodeView,
  QualityView,
  ServiceView,
  WayInView,
} from "../protocol/index.ts";
import type { Run } from "../run/run.ts";

export function networkView(run: Run, waysIn: readonly WayInView[]): NetworkView {
  const { lab, origin } = run;
  const { file } = lab;
  const places = run.document.positions();
  const at = (name: string) => {
    const [x, y] = places.get(name) ?? [0, 0];
    return { x, y };
  };
  const switches = file.switches.map(({ name, description }): NodeView => {
    const ports = lab.world.switch(name)?.ports ?? [];
    return {
      ...{ name, kind: "switch", description, ...at(name), on: true, services: [], users: [] },
      interfaces: ports.map((port) => ({ name: port.name, addresses: [] })),
      mailAddress: undefined,
    };
  });
  return {
    labId: run.labId,
    revision: run.revision,
    fileName: origin.fileName,
    name: file.name,
    description: file.description,
    seed: origin.seed,
    story: storyState(run),
    nodes: [...file.hosts.map((spec) => hostView(run, spec, at(spec.name))), ...switches],
    links: file.links.map((spec) => linkView(run, spec)),
    waysIn,
  };
}

/** Changes when a host or a service goes on or off: what `revision` does not count, for it happens inside the lab. */
export function liveStamp(run: Run): string {
  let stamp = storyState(run) as string;
  for (const host of run.lab.hosts.values()) {
    stamp += run.lab.world.host(host.name)?.isOn === false ? "0" : "1";
    for (const { running } of host.services) stamp += running === undefined ? "-" : "+";
    stamp += host.users.length;
    // What DHCP gives and takes.
    for (const { assigned } of run.lab.world.host(host.name)?.interfaces ?? [])
      for (const { address } of assigned) stamp += address.text;
    stamp += host.mailAccount?.address ?? "";
  }
  for (const name of run.lab.links.keys()) stamp += run.lab.linkState(name)[0];
  return stamp;
}

function storyState({ lab, storyAsked }: Run): NetworkView["story"] {
  if (lab.file.story.length === 0) return "none";
  if (!storyAsked) return "off";
  return lab.storyEnded ? "ended" : "playing";
}

function hostView({ lab }: Run, spec: HostSpec, place: { x: number; y: number }): NodeView {
  const host = lab.hosts.get(spec.name) as Host;
  const machine = lab.world.host(spec.name) as SimHost;
  return {
    ...{ name: spec.name, kind: spec.kind, description: spec.description, ...place, on: machine.isOn },
    interfaces: machine.interfaces.map(({ name, assigned }) => ({
      name,
      addresses: assigned.map(({ address, prefixLength }) => `${address.text}/${prefixLength}`),
    })),
    services: host.services.map(serviceView),
    users: host.users.map(({ name }) => name),
    mailAddress: host.mailAccount?.address,
  };
}

function serviceView({ name, running }: Host["services"][number]): ServiceView {
  return { name, running: running !== undefined, description: running?.description ?? "" };
}

function linkView({ lab }: Run, { name }: LinkSpec): LinkView {
  const link = lab.links.get(name);
  if (link === undefined) throw new Error(`there is no link ${name}`);
  return {
    name,
    ends: [
      { node: link.a.hostName, interface: link.a.name },
      { node: link.b.hostName, interface: link.b.name },
    ],
    state: lab.linkState(name),
    forth: qualityView(link.options("a-to-b")),
    back: qualityView(link.options("b-to-a")),
  };
}

function qualityView(options: FullLinkOptions): QualityView {
  const { delayMs, jitterMs, bandwidthBps, queuePackets, loss, reorder, duplicate, corrupt } = options;
  return { delayMs, jitterMs, bandwidthBps, queuePackets, loss, reorder, duplicate, corrupt };
}
