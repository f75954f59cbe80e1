/**
 * The window of one host: Desktop, Services, Config, State. The shell (app/host-dock.tsx) draws the frame with name and
 * close button. Read next: sections.ts (what the address says), desktop/, ../panels/registry.ts.
 */

import { Tabs, Text } from "@mantine/core";
import { IconAdjustments, IconApps, IconListDetails, IconServer } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useRef } from "react";
import type { PanelKindView } from "../../engine/protocol/index.ts";
import { useNetwork, useNode, useRequest } from "../engine/hooks.ts";
import { Desktop } from "./desktop/desktop.tsx";
import classes from "./host-window.module.css";
import { Loading } from "./loading.tsx";
import { PowerNotice } from "./power-notice.tsx";
import { placeOf, type Section } from "./sections.ts";

const ServicesTab = lazy(() => import("./services/services-tab.tsx"));
const ConfigTab = lazy(() => import("./config/config-tab.tsx"));
const StateTab = lazy(() => import("./state/state-tab.tsx"));

export interface HostWindowProps {
  readonly host: string;
  /** "desktop", "services"…; undefined: the first. It stands in the page's address. */
  readonly tab: string | undefined;
  readonly onTab: (tab: string) => void;
  /** Shows packets in the packets panel. */
  readonly onShowPackets: (filter: string) => void;
  readonly onOpenHost: (name: string, tab?: string) => void;
}

export function HostWindow(props: HostWindowProps) {
  const { host } = props;
  if (useNode(host)?.kind !== "switch") return <Window {...props} />;
  return (
    <Text size="sm" c="dimmed" p="md">
      {host} is a switch: it passes frames on and runs nothing. Its links are set in the drawing.
    </Text>
  );
}

function Window({ host, tab, onTab, onShowPackets }: HostWindowProps) {
  const kinds = usePanelKinds(host);
  const { section, open } = placeOf(tab, kinds);
  // Who comes back to the Desktop finds the program that was in front.
  const program = useRef<string>(undefined);
  if (section === "desktop") program.current = open;
  const isOff = useNode(host)?.on === false;
  const show = (part: string): void => onTab(part === "desktop" ? (program.current ?? part) : part);
  const panel = { host, onShowPackets, onOpen: onTab };
  return (
    <div className={classes.window}>
      <Tabs value={section} onChange={(value) => value !== null && show(value)} className={classes.tabs}>
        <Tabs.List aria-label={`Parts of ${host}`}>
          {PARTS.map(({ id, label, Icon }) => (
            <Tabs.Tab
              key={id}
              value={id}
              className={classes.tab}
              leftSection={<Icon size={15} stroke={1.7} aria-hidden />}
            >
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {isOff && <PowerNotice host={host} />}
      {/* Stays: a command goes on while another part is looked at. */}
      <section className={classes.part} hidden={section !== "desktop"} aria-label={`Desktop of ${host}`}>
        <Desktop {...panel} kinds={kinds} open={section === "desktop" ? open : undefined} />
      </section>
      {section !== "desktop" && (
        <section className={classes.part} aria-label={`${labelOf(section)} of ${host}`}>
          <Suspense fallback={<Loading what={labelOf(section)} />}>
            {section === "services" && <ServicesTab {...panel} kinds={kinds} open={open} />}
            {section === "config" && <ConfigTab host={host} />}
            {section === "state" && <StateTab host={host} onShowPackets={onShowPackets} />}
          </Suspense>
        </section>
      )}
    </div>
  );
}

/** What this host has, asked again when something was installed. */
function usePanelKinds(host: string): readonly PanelKindView[] {
  const revision = useNetwork()?.revision;
  const { data, again } = useRequest("panel.kinds", { host });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the revision is why it is asked again.
  useEffect(again, [revision, again]);
  return data ?? NO_KINDS;
}

function labelOf(section: Section): string {
  return PARTS.find(({ id }) => id === section)?.label ?? section;
}

const NO_KINDS: readonly PanelKindView[] = [];
const PARTS = [
  { id: "desktop", label: "Desktop", Icon: IconApps },
  { id: "services", label: "Services", Icon: IconServer },
  { id: "config", label: "Config", Icon: IconAdjustments },
  { id: "state", label: "State", Icon: IconListDetails },
] as const;
