/** The Desktop of a host: its programs as icons, and those that are open, which stay until the window is closed. */

import { ActionIcon, Group, Text, Tooltip, UnstyledButton } from "@mantine/core";
import { IconApps } from "@tabler/icons-react";
import { Suspense, useState } from "react";
import type { PanelKindView } from "../../../engine/protocol/index.ts";
import { ErrorBoundary } from "../../app/error-boundary.tsx";
import { useNode } from "../../engine/hooks.ts";
import type { PanelProps } from "../../panels/panel.ts";
import { Loading } from "../loading.tsx";
import classes from "./desktop.module.css";
import { type Program, programsOf } from "./programs.ts";

interface Props extends PanelProps {
  readonly kinds: readonly PanelKindView[];
  /** The program in front. */
  readonly open: string | undefined;
}

export function Desktop({ kinds, open, ...panel }: Props) {
  const node = useNode(panel.host);
  const programs = programsOf(node?.kind ?? "host", kinds);
  const [opened, setOpened] = useState<readonly string[]>([]);
  if (open !== undefined && !opened.includes(open)) setOpened([...opened, open]);
  return (
    <>
      {open === undefined && <StartPage programs={programs} onOpen={panel.onOpen} />}
      {programs
        .filter(({ name }) => opened.includes(name))
        .map((program) => (
          <div key={program.name} className={classes.program} hidden={program.name !== open}>
            <OpenProgram program={program} panel={panel} />
          </div>
        ))}
    </>
  );
}

function StartPage({
  programs,
  onOpen,
}: {
  readonly programs: readonly Program[];
  readonly onOpen: (name: string) => void;
}) {
  return (
    <div className={classes.start}>
      {programs.map(({ name, title, summary, Icon }) => (
        <UnstyledButton key={name} className={classes.tile} onClick={() => onOpen(name)} title={summary}>
          <span className={classes.icon} data-program={name}>
            <Icon size={30} stroke={1.5} aria-hidden />
          </span>
          {title}
        </UnstyledButton>
      ))}
    </div>
  );
}

function OpenProgram({ program, panel }: { readonly program: Program; readonly panel: PanelProps }) {
  const { title, Icon, Component } = program;
  return (
    <>
      <Group className={classes.bar} gap={6} wrap="nowrap">
        <Tooltip label="All programs">
          <ActionIcon aria-label="All programs of the Desktop" onClick={() => panel.onOpen("desktop")}>
            <IconApps size={16} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        <Icon size={15} stroke={1.7} aria-hidden />
        <Text size="sm" fw={600}>
          {title}
        </Text>
      </Group>
      <ErrorBoundary what={title}>
        <Suspense fallback={<Loading what={title} />}>
          <Component {...panel} />
        </Suspense>
      </ErrorBoundary>
    </>
  );
}
