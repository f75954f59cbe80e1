/** Services: a switch for each service of the host, its panel beside it, and what else can be installed. */

import { ScrollArea } from "@mantine/core";
import { useState } from "react";
import type { ServicesView } from "../../../engine/panels/service/view.ts";
import type { PanelKindView } from "../../../engine/protocol/index.ts";
import { type PanelProps, usePanelView } from "../../panels/panel.ts";
import { Loading } from "../loading.tsx";
import { entriesOf } from "./entries.ts";
import { InstallMenu } from "./install-menu.tsx";
import { ServiceDetail } from "./service-detail.tsx";
import { ServiceEntry } from "./service-entry.tsx";
import classes from "./services-tab.module.css";

interface Props extends PanelProps {
  readonly kinds: readonly PanelKindView[];
  /** The panel that is asked for. */
  readonly open: string | undefined;
}

export default function ServicesTab({ kinds, open, ...panel }: Props) {
  const view = usePanelView<ServicesView>(panel.host, "services");
  const [chosen, setChosen] = useState<string>();
  if (view === undefined) return <Loading what="services" />;
  const entries = entriesOf(view, kinds);
  const current = entries.find(({ id }) => id === (chosen ?? open)) ?? entries[0];
  return (
    <div className={classes.services}>
      <div className={classes.side}>
        <ScrollArea className={classes.entries} type="auto">
          <ul aria-label={`Services of ${panel.host}`} className={classes.entryList}>
            {entries.map((entry) => (
              <ServiceEntry
                key={entry.id}
                host={panel.host}
                entry={entry}
                current={entry === current}
                onChoose={() => setChosen(entry.id)}
              />
            ))}
          </ul>
        </ScrollArea>
        <InstallMenu
          host={panel.host}
          installed={view.services.map(({ name }) => name)}
          onInstalled={(service) => setChosen(entryIdOf(service, kinds))}
        />
      </div>
      <ServiceDetail key={current?.id ?? ""} {...panel} entry={current} />
    </div>
  );
}

function entryIdOf(service: string, kinds: readonly PanelKindView[]): string {
  return kinds.find(({ services }) => services.includes(service))?.panel ?? service;
}
