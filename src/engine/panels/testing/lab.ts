/** A shipped network in virtual time, and panels worked as a console works them: values go through JSON both ways. */

import { readFileSync } from "node:fs";
import type { Host } from "../../../host/host.ts";
import { buildNetwork, type Lab, parseNetworkFile } from "../../../topology/index.ts";
import type { PanelDefinition } from "../panel.ts";
import { panelNamed } from "../registry.ts";

export interface PanelBench {
  readonly lab: Lab;
  host(name: string): Host;
  panel(name: string): PanelDefinition;
  view<T>(host: string, panel: string): T;
  look<T>(host: string, panel: string, question: string, value: object): T;
  /** Does it, and runs virtual time until it is done. */
  act<T>(host: string, panel: string, action: string, value?: object): T;
}

/** Everything is on, nothing of the story happens. */
export function openLab(fileName: string): PanelBench {
  const text = readFileSync(new URL(`../../../../networks/${fileName}`, import.meta.url), "utf8");
  const parsed = parseNetworkFile(text, fileName);
  if (parsed.file === undefined) throw new Error(JSON.stringify(parsed.errors));
  const lab = buildNetwork(parsed.file);
  lab.start({ story: false });
  lab.runTo({ timeNs: 1e9 });
  const host = (name: string): Host => {
    const found = lab.hosts.get(name);
    if (found === undefined) throw new Error(`there is no host ${name}`);
    return found;
  };
  return {
    lab,
    host,
    panel: panelNamed,
    view: (name, panel) => throughJson(panelNamed(panel).view(host(name))),
    look: (name, panel, question, value) =>
      throughJson(panelNamed(panel).look?.(host(name), question, throughJson(value))),
    act: (name, panel, action, value = {}) => {
      const task = panelNamed(panel).act(host(name), action, throughJson(value));
      return throughJson(lab.world.finish(host(name).network.spawn(`${panel} ${action}`, task)));
    },
  };
}

function throughJson<T>(value: unknown): T {
  return (value === undefined ? undefined : JSON.parse(JSON.stringify(value))) as T;
}
