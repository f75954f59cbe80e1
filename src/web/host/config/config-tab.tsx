/** Config: power, interfaces with their addresses, gateways, name servers. */

import { Switch, Text } from "@mantine/core";
import { useEffect } from "react";
import { useAct } from "../../app/act.ts";
import { useNetwork, useNode, useRequest } from "../../engine/hooks.ts";
import { PanelSection } from "../../panels/parts/panel-section.tsx";
import { Loading } from "../loading.tsx";
import { AddressForm } from "./address-form.tsx";
import { addressProblem, prefixProblem } from "./addresses.ts";
import classes from "./config.module.css";

export default function ConfigTab({ host }: { readonly host: string }) {
  const revision = useNetwork()?.revision;
  const { data, again } = useRequest("host.config", { host });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the revision is why it is asked again.
  useEffect(again, [revision, again]);
  if (data === undefined) return <Loading what="the configuration" />;
  return (
    <div className={classes.config}>
      <Power host={host} />
      {data.interfaces.map(({ name, mac, addresses, link }) => (
        <PanelSection
          key={name}
          title={`Interface ${name}`}
          aside={
            <Text size="xs" c="dimmed" className="mono">
              {mac}
            </Text>
          }
        >
          <Text size="xs" c="dimmed">
            {link === undefined ? "No link is plugged in." : `Plugged into ${link}.`} Addresses are static;
            DHCP is not available yet.
          </Text>
          <AddressForm
            key={addresses.join()}
            host={host}
            label="Address with prefix length"
            placeholder="192.168.1.1/24"
            saved={addresses}
            max={16}
            problemOf={prefixProblem}
            parametersOf={(wanted) => ({ host, interface: name, addresses: wanted })}
          />
        </PanelSection>
      ))}
      {data.interfaces.length === 0 && (
        <PanelSection title="Interfaces">
          <Text size="sm" c="dimmed">
            It has no interface: connect it to something in the network.
          </Text>
        </PanelSection>
      )}
      <PanelSection title="Gateways">
        <Text size="xs" c="dimmed">
          Where packets for other networks go. One of each family; none: the shortest way is computed.
        </Text>
        <AddressForm
          key={data.gateways.join()}
          host={host}
          label="Gateway"
          placeholder="192.168.1.254"
          saved={data.gateways}
          max={2}
          problemOf={addressProblem}
          parametersOf={(wanted) => ({ host, gateways: wanted })}
        />
      </PanelSection>
      <PanelSection title="Name servers">
        <AddressForm
          key={data.nameServers.join()}
          host={host}
          label="Name server"
          placeholder="192.168.1.5"
          saved={data.nameServers}
          max={8}
          problemOf={addressProblem}
          parametersOf={(wanted) => ({ host, nameServers: wanted })}
        />
      </PanelSection>
    </div>
  );
}

function Power({ host }: { readonly host: string }) {
  const act = useAct();
  const node = useNode(host);
  return (
    <PanelSection
      title={host}
      aside={
        <Switch
          size="sm"
          label="Power"
          labelPosition="left"
          checked={node?.on ?? false}
          onChange={(event) => act("host.power", { host, on: event.currentTarget.checked })}
        />
      }
    >
      {node?.description && (
        <Text size="sm" c="dimmed">
          {node.description}
        </Text>
      )}
    </PanelSection>
  );
}
