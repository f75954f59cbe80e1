/** Services, DNS: zones with their records, and the cache with the time that is left. */

import { Tabs, Text } from "@mantine/core";
import { useState } from "react";
import type { DnsView } from "../../../engine/panels/dns/view.ts";
import { Loading } from "../../host/loading.tsx";
import { ServiceSwitch } from "../../host/services/service-switch.tsx";
import { type PanelProps, usePanelPort, usePanelView } from "../panel.ts";
import { PanelSection } from "../parts/panel-section.tsx";
import { CacheTable, ClearCache } from "./cache-table.tsx";
import { ZoneForm } from "./zone-form.tsx";
import { ZoneRecords } from "./zone-records.tsx";

export default function Dns({ host }: PanelProps) {
  const port = usePanelPort(host, "dns");
  const view = usePanelView<DnsView>(host, "dns");
  const [chosen, setChosen] = useState<string>();
  if (view === undefined) return <Loading what="the name server" />;
  const zone = view.zones.find(({ name }) => name === chosen) ?? view.zones[0];
  return (
    <>
      <PanelSection
        title="Name server"
        aside={<ServiceSwitch host={host} service={{ name: "dns", running: view.running }} label="DNS" />}
      >
        <Text size="sm" c="dimmed">
          {view.running ? view.description : "It is off: questions to it are not answered."}
        </Text>
      </PanelSection>
      <PanelSection title="Zones" aside={<ZoneForm port={port} />}>
        {view.zones.length === 0 && (
          <Text size="sm" c="dimmed">
            It has no zone of its own.
          </Text>
        )}
        {view.zones.length > 1 && zone && (
          <Tabs value={zone.name} onChange={(value) => setChosen(value ?? undefined)} variant="pills">
            <Tabs.List aria-label="Zones">
              {view.zones.map(({ name }) => (
                <Tabs.Tab key={name} value={name} px={9} py={3} fz="sm">
                  {name}
                </Tabs.Tab>
              ))}
            </Tabs.List>
          </Tabs>
        )}
        {zone && <ZoneRecords key={zone.name} port={port} zone={zone} />}
      </PanelSection>
      {view.recursive && (
        <PanelSection
          title={`Cache (${view.cache.length + view.omitted})`}
          aside={<ClearCache port={port} disabled={view.cache.length === 0} />}
        >
          <CacheTable cache={view.cache} omitted={view.omitted} />
        </PanelSection>
      )}
    </>
  );
}
