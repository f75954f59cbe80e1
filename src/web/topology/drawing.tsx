/** The network as xyflow draws it: nodes, links, what can be done with the pointer. Traffic lies above on a canvas. */

import "@xyflow/react/dist/base.css";
import {
  Background,
  ConnectionLineType,
  ConnectionMode,
  type EdgeChange,
  MiniMap,
  type NodeChange,
  ReactFlow,
  useReactFlow,
} from "@xyflow/react";
import type { DragEvent } from "react";
import { useAct } from "../app/act.ts";
import { useNavigation } from "../app/route-store.ts";
import { useNetwork } from "../engine/hooks.ts";
import { type HostNode, type LinkEdge, placeOf } from "./flow-model.ts";
import { HostNodeBox } from "./host-node.tsx";
import { LinkLine } from "./link-edge.tsx";
import { NODE_DRAG_TYPE, type NodeKind } from "./node-kinds.ts";
import { OverviewCanvas } from "./overview-canvas.tsx";
import type { MenuRequest, Selection } from "./selection.ts";
import type { Shape } from "./shape.ts";
import classes from "./topology.module.css";
import { TrafficCanvas } from "./traffic-canvas.tsx";
import type { TrafficStore } from "./traffic-store.ts";
import { useFitting } from "./use-fitting.ts";
import { useFlow } from "./use-flow.ts";
import { Labels, useLetters } from "./use-letters.ts";
import { useOverviewSearch } from "./use-overview-search.ts";

interface Props {
  readonly shape: Shape;
  readonly traffic: TrafficStore;
  readonly selection: Selection;
  readonly onSelect: (selection: Selection) => void;
  readonly onMenu: (request: MenuRequest) => void;
  /** Somebody wants a new node at a place of the drawing. */
  readonly onAdd: (kind: NodeKind, place: { x: number; y: number }) => void;
  readonly onRemove: (selection: Selection) => void;
}

export function Drawing({ shape, traffic, selection, onSelect, onMenu, onAdd, onRemove }: Props) {
  const count = useNetwork()?.nodes.length ?? 0;
  const pane = useReactFlow();
  const { openHost } = useNavigation();
  const act = useAct();
  const { far, letters, labels } = useLetters(shape);
  const overview = far && count > OVERVIEW_FROM;
  const flow = useFlow(selection, overview, shape);
  const find = useOverviewSearch(overview);
  const onMoveStart = useFitting(flow.labKey, flow.shape);

  const askMenu = (event: { clientX: number; clientY: number; preventDefault(): void }, on: Selection) => {
    event.preventDefault();
    const place = pane.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    onMenu({ x: event.clientX, y: event.clientY, on, place });
  };
  const drop = (event: DragEvent): void => {
    const kind = event.dataTransfer.getData(NODE_DRAG_TYPE) as NodeKind;
    if (kind) onAdd(kind, pane.screenToFlowPosition({ x: event.clientX, y: event.clientY }));
  };
  return (
    <Labels value={labels}>
      <ReactFlow<HostNode, LinkEdge>
        className={classes.drawing ?? ""}
        {...letters}
        {...FLOW_OPTIONS}
        nodes={flow.nodes}
        edges={flow.edges}
        onNodesChange={(changes) => {
          flow.apply(changes);
          followSelection("node", changes, onSelect);
        }}
        onEdgesChange={(changes) => followSelection("link", changes, onSelect)}
        onNodeDragStop={(_, __, moved) => {
          for (const { id, position } of moved)
            act("topology.move", { node: id, ...placeOf(position, shape) });
        }}
        onNodeClick={(_, node) => onSelect({ kind: "node", name: node.id })}
        onNodeDoubleClick={(_, node) => {
          if (node.data.view.kind === "switch") return;
          openHost(node.id);
          // Its window says more, and there is less room for the drawing now.
          onSelect(undefined);
        }}
        onEdgeClick={(_, edge) => onSelect({ kind: "link", name: edge.id })}
        onMoveStart={onMoveStart}
        onPaneClick={(event) => onSelect(find(event))}
        onNodeContextMenu={(event, node) => askMenu(event, { kind: "node", name: node.id })}
        onEdgeContextMenu={(event, edge) => askMenu(event, { kind: "link", name: edge.id })}
        onPaneContextMenu={(event) => askMenu(event, find(event))}
        onConnect={({ source, target }) =>
          source !== target && act("topology.connect", { a: source, b: target })
        }
        onDrop={drop}
        onKeyDown={(event) => {
          if (event.key === "Delete" || event.key === "Backspace") onRemove(selection);
          // The first Enter selects what has the focus.
          if (event.key === "Enter" && isNodeOf(event.target, selection)) openHost(selection.name);
        }}
      >
        <Background gap={24} size={1.4} />
        {overview && <OverviewCanvas selection={selection} />}
        <TrafficCanvas traffic={traffic} />
        {count > MINIMAP_FROM && !overview && (
          <MiniMap pannable zoomable ariaLabel="Overview of the network" />
        )}
      </ReactFlow>
    </Labels>
  );
}

const FLOW_OPTIONS = {
  nodeTypes: { host: HostNodeBox },
  edgeTypes: { link: LinkLine },
  connectionMode: ConnectionMode.Loose,
  connectionLineType: ConnectionLineType.Straight,
  connectionRadius: 34,
  isValidConnection: ({ source, target }: { source: string; target: string }) => source !== target,
  onDragOver: (event: DragEvent) => event.preventDefault(),
  minZoom: 0.05,
  maxZoom: 3,
  onlyRenderVisibleElements: true,
  deleteKeyCode: null,
  selectionKeyCode: "Shift",
  multiSelectionKeyCode: "Control",
  zoomOnDoubleClick: false,
  // Its makers ask that xyflow's name stays.
  attributionPosition: "bottom-left" as const,
};

/** Keyboard: a node or a link that is selected by Enter or Space shows its inspector. */
function followSelection(
  kind: "node" | "link",
  changes: readonly (NodeChange<HostNode> | EdgeChange<LinkEdge>)[],
  onSelect: (selection: Selection) => void,
): void {
  const selected = changes.find((change) => change.type === "select" && change.selected);
  if (selected?.type === "select") onSelect({ kind, name: selected.id });
}

/** Whether it is the selected node that has the focus, and not a link or another node. */
function isNodeOf(
  target: EventTarget,
  selection: Selection,
): selection is Exclude<Selection, undefined> & { kind: "node" } {
  const focused = target instanceof Element ? target.closest("[data-id]") : null;
  return selection?.kind === "node" && focused?.getAttribute("data-id") === selection.name;
}

/** From so many nodes on the view from afar is painted on the canvas: README.md has the figures. */
const OVERVIEW_FROM = 150;
/** Larger networks do not fit at a zoom where names can be read. */
const MINIMAP_FROM = 40;
