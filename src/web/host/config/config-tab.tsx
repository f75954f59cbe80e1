/** Config: power, interfaces with their addresses, gateways, name servers. */

import { Group, SegmentedControl, Switch, Text } from "@mantine/core";
import { useEffect } from "react";
import type { HostConfigView } from "../../../engine/protocol/index.ts";
import { useAct } from "../../app/act.ts";
import { useNetwork, useNode, useRequest } from "../../engine/hooks.ts";
import { PanelSection } from "../../panels/parts/panel-section.tsx";
import { Loading } from "../loading.tsx";
import { AddressForm } from "./address-form.tsx";
import { addressProblem, prefixProblem } from "./addresses.ts";
import classes from "./config.module.css";

export default function ConfigTab({ host }: { readonly host: string }) {
  const revision = useNetwork()?.revision;
  // A lease comes and goes without a change of the file.
  const live = JSON.stringify(useNode(host)?.interfaces);
  const { data, again } = useRequest("host.config", { host });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the revision and the leases are why it is asked again.
  useEffect(again, [revision, live, again]);
  if (data === undefined) return <Loading what="the configuration" />;
  return (
    <div className={classes.config}>
      <Power host={host} />
      {data.interfaces.map((view) => (
        <InterfaceSection key={view.name} host={host} view={view} />
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

interface InterfaceProps {
  readonly host: string;
  readonly view: HostConfigView["interfaces"][number];
}

function InterfaceSection({ host, view }: InterfaceProps) {
  const { name, mac, addresses, link, dhcp, leased } = view;
  const act = useAct();
  const choose = (wanted: string): void => {
    const ipv6 = addresses.filter((address) => address.includes(":"));
    // What it has been given becomes its own: a start for who wants it fixed.
    const ipv4 = wanted === "dhcp" ? ["dhcp"] : leased === undefined ? [] : [leased];
    act("host.configure", { host, interface: name, addresses: [...ipv4, ...ipv6] });
  };
  return (
    <PanelSection
      title={`Interface ${name}`}
      aside={
        <Text size="xs" c="dimmed" className="mono">
          {mac}
        </Text>
      }
    >
      <Group justify="space-between" gap="xs">
        <Text size="xs" c="dimmed">
          {link === undefined ? "No link is plugged in." : `Plugged into ${link}.`}
        </Text>
        <SegmentedControl
          size="xs"
          aria-label={`How ${name} gets its addresses`}
          value={dhcp ? "dhcp" : "static"}
          onChange={choose}
          data={[
            { value: "static", label: "Static" },
            { value: "dhcp", label: "DHCP" },
          ]}
        />
      </Group>
      {dhcp && (
        <Text size="sm">
          {leased === undefined ? "No server has given it an IPv4 address so far." : "A server has given it "}
          {leased !== undefined && <span className="mono">{leased}</span>}
        </Text>
      )}
      <AddressForm
        key={addresses.join()}
        label={dhcp ? "IPv6 address with prefix length" : "Address with prefix length"}
        placeholder={dhcp ? "2001:db8::1/64" : "192.168.1.1/24"}
        saved={addresses}
        max={16}
        problemOf={prefixProblem}
        parametersOf={(wanted) => ({
          host,
          interface: name,
          addresses: dhcp ? ["dhcp", ...wanted] : wanted,
        })}
      />
    </PanelSection>
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
