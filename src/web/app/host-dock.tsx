/** The windows of hosts that are open, one tab each, beside the work area. */

import { ActionIcon, Center, Text, UnstyledButton } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { lazy } from "react";
import { useNetwork } from "../engine/hooks.ts";
import { NodeSymbol } from "../topology/node-symbol.tsx";
import classes from "./host-dock.module.css";
import type { OpenHost } from "./route.ts";
import { useNavigation, useRoute } from "./route-store.ts";
import { Loaded } from "./work-area.tsx";

const HostWindow = lazy(async () => ({ default: (await import("../host/host-window.tsx")).HostWindow }));

export function HostDock() {
  const hosts = useRoute((route) => route.hosts);
  const front = useRoute((route) => route.host);
  const { closeHost } = useNavigation();
  const shown = hosts.find(({ name }) => name === front);
  if (hosts.length === 0) return <HostChoice />;
  return (
    <>
      <div className={classes.head}>
        <div className={classes.tabs} role="tablist" aria-label="Open hosts">
          {hosts.map((host) => (
            <DockTab key={host.name} host={host} selected={host === shown} />
          ))}
        </div>
        {shown !== undefined && (
          <ActionIcon
            size={24}
            aria-label={`Close the window of ${shown.name}`}
            onClick={() => closeHost(shown.name)}
          >
            <IconX size={15} />
          </ActionIcon>
        )}
      </div>
      {/* All stay: a terminal goes on while another host is in front. */}
      {hosts.map((host) => (
        <div
          key={host.name}
          className={classes.window}
          role="tabpanel"
          aria-label={host.name}
          hidden={host !== shown}
        >
          <DockWindow host={host} />
        </div>
      ))}
    </>
  );
}

/** On a phone there is room for all of them. */
function HostChoice() {
  const { openHost } = useNavigation();
  const nodes = useNetwork()?.nodes.filter(({ kind }) => kind !== "switch") ?? [];
  return (
    <ul className={classes.choice} aria-label="Hosts and routers">
      {nodes.map(({ name, kind, on, description }) => (
        <li key={name}>
          <UnstyledButton className={classes.chosen} onClick={() => openHost(name)}>
            <NodeSymbol kind={kind} on={on} size={20} />
            <span>
              {name}
              <small>{on ? description : "off"}</small>
            </span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}

function DockTab({ host, selected }: { readonly host: OpenHost; readonly selected: boolean }) {
  const { openHost, closeHost } = useNavigation();
  const node = useNetwork()?.nodes.find(({ name }) => name === host.name);
  const close = (): void => closeHost(host.name);
  return (
    <button
      type="button"
      role="tab"
      aria-selected={selected}
      className={classes.tab}
      title={node?.description || host.name}
      onClick={() => openHost(host.name)}
      onAuxClick={(event) => event.button === 1 && close()}
      onKeyDown={(event) => event.key === "Delete" && close()}
    >
      <NodeSymbol kind={node?.kind ?? "host"} on={node?.on ?? false} size={16} />
      <span>{host.name}</span>
    </button>
  );
}

function DockWindow({ host }: { readonly host: OpenHost }) {
  const { openHost, showPackets } = useNavigation();
  const network = useNetwork();
  const node = network?.nodes.find(({ name }) => name === host.name);
  if (node === undefined) {
    return (
      <Center flex={1} p="md">
        <Text c="dimmed" size="sm" ta="center">
          There is no host {host.name} in the network {network?.name}.
        </Text>
      </Center>
    );
  }
  return (
    <Loaded what={`The window of ${host.name}`}>
      <HostWindow
        // What a window remembers is of the lab that it showed.
        key={`${network?.fileName}`}
        host={host.name}
        tab={host.tab}
        onTab={(tab) => openHost(host.name, tab)}
        onShowPackets={showPackets}
        onOpenHost={openHost}
      />
    </Loaded>
  );
}
