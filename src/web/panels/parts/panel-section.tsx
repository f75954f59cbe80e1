/** A part of a panel with its heading. */

import { Group, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./panel-section.module.css";

interface Props {
  readonly title: string;
  /** Beside the heading. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export function PanelSection({ title, aside, children }: Props) {
  return (
    <section className={classes.section} aria-label={title}>
      <Group justify="space-between" wrap="nowrap" mih={26}>
        <Title order={2} size="h6">
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </section>
  );
}
