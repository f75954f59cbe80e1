/** The palette, and how the drawing is looked at. What is dragged from here can also be clicked. */

import { ActionIcon, Tooltip } from "@mantine/core";
import { IconArrowsMaximize, IconMinus, IconPlus, IconTable, IconTopologyStar3 } from "@tabler/icons-react";
import { useReactFlow, useStoreApi } from "@xyflow/react";
import type { AddRequest } from "./add-dialog.tsx";
import { NODE_DRAG_TYPE, NODE_KINDS, type NodeKind } from "./node-kinds.ts";
import { NodeSymbol } from "./node-symbol.tsx";
import classes from "./topology.module.css";
import { FIT } from "./use-fitting.ts";

interface Props {
  readonly asTables: boolean;
  readonly onTables: (asTables: boolean) => void;
  readonly onAdd: (request: AddRequest) => void;
}

export function Tools({ asTables, onTables, onAdd }: Props) {
  return (
    <div className={classes.tools} role="toolbar" aria-label="Network tools" aria-orientation="vertical">
      <Palette onAdd={onAdd} />
      <hr />
      {!asTables && <ZoomButtons />}
      <Tooltip label={asTables ? "As a drawing" : "As tables"} position="right">
        <ActionIcon
          aria-label={asTables ? "Show the network as a drawing" : "Show the network as tables"}
          onClick={() => onTables(!asTables)}
        >
          {asTables ? <IconTopologyStar3 size={17} stroke={1.7} /> : <IconTable size={17} stroke={1.7} />}
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

function Palette({ onAdd }: { readonly onAdd: (request: AddRequest) => void }) {
  const flow = useReactFlow();
  const store = useStoreApi();
  /** In the middle of what is seen, each a little further, so that they do not cover each other. */
  const add = (kind: NodeKind): void => {
    const { width, height, domNode, nodes } = store.getState();
    const area = domNode?.getBoundingClientRect();
    const shift = (nodes.length % 5) * 28;
    const [x, y] = [(area?.left ?? 0) + width / 2 + shift, (area?.top ?? 0) + height / 2 + shift];
    onAdd({ kind, place: flow.screenToFlowPosition({ x, y }) });
  };
  return NODE_KINDS.map(({ kind, label }) => (
    <Tooltip key={kind} label={`${label}: drag it into the network, or click`} position="right">
      <ActionIcon
        aria-label={`Add a ${label.toLowerCase()}`}
        draggable
        onDragStart={(event) => {
          event.dataTransfer.setData(NODE_DRAG_TYPE, kind);
          event.dataTransfer.effectAllowed = "copy";
        }}
        onClick={() => add(kind)}
      >
        <NodeSymbol kind={kind} on size={19} />
      </ActionIcon>
    </Tooltip>
  ));
}

function ZoomButtons() {
  const flow = useReactFlow();
  return (
    <>
      <Tooltip label="Larger" position="right">
        <ActionIcon aria-label="Zoom in" onClick={() => flow.zoomIn()}>
          <IconPlus size={17} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Smaller" position="right">
        <ActionIcon aria-label="Zoom out" onClick={() => flow.zoomOut()}>
          <IconMinus size={17} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="All of it" position="right">
        <ActionIcon aria-label="Fit the whole network" onClick={() => flow.fitView(FIT)}>
          <IconArrowsMaximize size={17} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}
