/** Services, in general: what is installed on a host and how it is configured. For services without a panel of their own. */

import { stringify } from "yaml";
import type { Host } from "../../../host/host.ts";
import { services as definitions } from "../../../services/registry.ts";
import type { PanelDefinition } from "../panel.ts";
import { actions } from "../values.ts";
import type { ServicesView } from "./view.ts";

export const servicesPanel: PanelDefinition = {
  panel: "services",
  title: "Services",
  tab: "services",
  services: [],
  appliesTo: () => true,
  view: viewOf,
  revision: (host) =>
    JSON.stringify(
      host.services.map(({ name, running, configuration }) => [name, running?.description, configuration]),
    ),
  // Switches are the engine's own: service.switch, service.install.
  act: actions({}),
};

function viewOf(host: Host): ServicesView {
  return {
    services: host.services.map(({ name, running, configuration }) => ({
      name,
      title: definitions.get(name)?.title ?? name,
      summary: definitions.get(name)?.summary ?? "",
      running: running !== undefined,
      description: running?.description ?? "",
      configuration: isEmpty(configuration) ? "" : stringify(configuration, { lineWidth: 100 }),
    })),
  };
}

function isEmpty(configuration: unknown): boolean {
  const isNothing = configuration === undefined || configuration === null;
  return isNothing || (typeof configuration === "object" && Object.keys(configuration).length === 0);
}
