/** The top of the page: which network this is, what is shown of it, and what leads elsewhere. */

import {
  ActionIcon,
  SegmentedControl,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from "@mantine/core";
import {
  IconBook,
  IconLayoutRows,
  IconListDetails,
  IconMoon,
  IconSun,
  IconTopologyStar3,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useNetwork } from "../engine/hooks.ts";
import { EngineState } from "./engine-state.tsx";
import classes from "./header.module.css";
import { NetworkMenu } from "./network-menu.tsx";
import type { View } from "./route.ts";
import { useNavigation, useRoute } from "./route-store.ts";

export function Header({ phone }: { readonly phone: boolean }) {
  const network = useNetwork();
  return (
    <header className={classes.header}>
      <img src="./icon.svg" alt="" width={22} height={22} />
      <h1 className={classes.product}>Hamlet</h1>
      {network !== undefined && <NetworkMenu network={network} />}
      <span className={classes.space} />
      {!phone && network !== undefined && <ViewChoice />}
      <span className={classes.space} />
      <EngineState />
      {!phone && <GuideButton />}
      <SchemeButton />
    </header>
  );
}

const VIEWS: readonly { value: View; label: string; icon: ReactNode }[] = [
  { value: "network", label: "Network", icon: <IconTopologyStar3 size={15} stroke={1.7} aria-hidden /> },
  { value: "both", label: "Both", icon: <IconLayoutRows size={15} stroke={1.7} aria-hidden /> },
  { value: "packets", label: "Packets", icon: <IconListDetails size={15} stroke={1.7} aria-hidden /> },
];

function ViewChoice() {
  const view = useRoute((route) => route.view);
  const { show } = useNavigation();
  return (
    <SegmentedControl
      size="xs"
      aria-label="What is shown"
      value={view}
      onChange={(value) => show(value as View)}
      data={VIEWS.map(({ value, label, icon }) => ({
        value,
        label: (
          <span className={classes.choice}>
            {icon}
            {label}
          </span>
        ),
      }))}
    />
  );
}

function GuideButton() {
  const open = useRoute((route) => route.guide);
  const { openGuide } = useNavigation();
  return (
    <Tooltip label="Guide: the tour and the lessons">
      <ActionIcon
        aria-label="Guide"
        aria-pressed={open}
        variant={open ? "light" : "subtle"}
        color={open ? "accent" : "gray"}
        onClick={() => openGuide(!open)}
      >
        <IconBook size={18} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}

function SchemeButton() {
  const scheme = useComputedColorScheme("light");
  const { setColorScheme } = useMantineColorScheme();
  const other = scheme === "light" ? "dark" : "light";
  return (
    <Tooltip label={`Use ${other} colours`}>
      <ActionIcon aria-label={`Use ${other} colours`} onClick={() => setColorScheme(other)}>
        {scheme === "light" ? <IconMoon size={18} stroke={1.7} /> : <IconSun size={18} stroke={1.7} />}
      </ActionIcon>
    </Tooltip>
  );
}
