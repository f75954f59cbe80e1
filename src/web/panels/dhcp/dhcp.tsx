/** Services, DHCP: what is given, to whom, for how long; whom to serve; who asked in vain, and which other servers there are. */

import { Alert, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { DhcpView, PoolView } from "../../../engine/panels/dhcp/view.ts";
import { Loading } from "../../host/loading.tsx";
import { ServiceSwitch } from "../../host/services/service-switch.tsx";
import { type PanelProps, usePanelPort, usePanelView } from "../panel.ts";
import { PanelSection } from "../parts/panel-section.tsx";
import { AllowList } from "./allow-list.tsx";
import { OtherServers, RefusalTable } from "./hearsay-tables.tsx";
import { LeaseTable } from "./lease-table.tsx";
import { Reservations } from "./reservations.tsx";
import { SettingsForm } from "./settings-form.tsx";

export default function Dhcp({ host }: PanelProps) {
  const port = usePanelPort(host, "dhcp");
  const view = usePanelView<DhcpView>(host, "dhcp");
  if (view === undefined) return <Loading what="the DHCP server" />;
  const { running, pools, leases, others, refusals, poolText, leaseSeconds } = view;
  return (
    <>
      <PanelSection
        title="DHCP server"
        aside={<ServiceSwitch host={host} service={{ name: "dhcp", running }} label="DHCP" />}
      >
        {!running && (
          <Text size="sm" c="dimmed">
            It is off: nobody is given an address.
          </Text>
        )}
        {pools.map((pool) => (
          <Pool key={pool.network} pool={pool} />
        ))}
        <SettingsForm
          key={`${poolText} ${leaseSeconds}`}
          port={port}
          pool={poolText}
          leaseSeconds={leaseSeconds}
        />
      </PanelSection>
      {others.length > 0 && (
        <PanelSection title={`Other servers (${others.length})`}>
          <Alert color="orange" icon={<IconAlertTriangle size={16} />} p="xs">
            Clients on this link take addresses of another DHCP server. If it is not yours, it is a rogue: it
            decides where their packets go.
          </Alert>
          <OtherServers rows={others} />
        </PanelSection>
      )}
      <PanelSection title={`Leases (${leases.length})`}>
        <LeaseTable port={port} leases={leases} />
      </PanelSection>
      <PanelSection title="Reservations">
        <Reservations port={port} reservations={view.reservations} />
      </PanelSection>
      <PanelSection title="Whom it serves">
        <AllowList key={view.only?.join() ?? "all"} port={port} only={view.only} />
      </PanelSection>
      <PanelSection title={`Asked in vain (${refusals.length})`}>
        <RefusalTable rows={refusals} />
      </PanelSection>
    </>
  );
}

function Pool({
  pool: { network, ranges, size, taken, routers, nameServers, domain },
}: {
  readonly pool: PoolView;
}) {
  const also = [
    `gateway ${routers.join(", ") || "none"}`,
    `name servers ${nameServers.join(", ") || "none"}`,
    ...(domain === undefined ? [] : [`domain ${domain}`]),
  ];
  return (
    <Text size="sm">
      <span className="mono">{network}</span>: {taken} of {size} addresses are taken,{" "}
      <span className="mono">{ranges}</span>; {also.join("; ")}
    </Text>
  );
}
