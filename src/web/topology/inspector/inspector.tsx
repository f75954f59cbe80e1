/** What is selected in the drawing, its state, and what can be changed on it. */

import { ActionIcon, Group, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useNetwork } from "../../engine/hooks.ts";
import type { Selection } from "../selection.ts";
import classes from "../topology.module.css";
import type { TrafficStore } from "../traffic-store.ts";
import { LinkInspector } from "./link-inspector.tsx";
import { NodeInspector } from "./node-inspector.tsx";

interface Props {
  readonly traffic: TrafficStore;
  readonly selection: Selection;
  readonly onClose: () => void;
  readonly onRemove: () => void;
}

export function Inspector({ traffic, selection, onClose, onRemove }: Props) {
  const network = useNetwork();
  const node = selection?.kind === "node" && network?.nodes.find(({ name }) => name === selection.name);
  const link = selection?.kind === "link" && network?.links.find(({ name }) => name === selection.name);
  if (node) {
    return (
      <Frame title={node.name} onClose={onClose}>
        <NodeInspector key={node.name} node={node} onRemove={onRemove} />
      </Frame>
    );
  }
  if (link) {
    return (
      <Frame title={`Link ${link.name}`} onClose={onClose}>
        <LinkInspector key={link.name} link={link} traffic={traffic} onRemove={onRemove} />
      </Frame>
    );
  }
  return null;
}

interface FrameProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function Frame({ title, onClose, children }: FrameProps) {
  return (
    <section
      className={classes.inspector}
      aria-label={title}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <Group gap={4} wrap="nowrap" justify="space-between" mb={6}>
        <Text fw={600} size="sm" truncate title={title}>
          {title}
        </Text>
        <ActionIcon size={22} aria-label="Close the inspector" onClick={onClose}>
          <IconX size={14} />
        </ActionIcon>
      </Group>
      {children}
    </section>
  );
}
