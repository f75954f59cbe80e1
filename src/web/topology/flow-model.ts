/** The network in the terms of xyflow. What did not change stays the same object, so that it is not drawn again. */

import { type Edge, type Node, Position } from "@xyflow/react";
import type { LinkView, NetworkView, NodeView } from "../../engine/protocol/index.ts";
import { CENTRE_X, CENTRE_Y, linkStateText, NODE_HEIGHT, NODE_WIDTH, type Point } from "./geometry.ts";
import { type Shape, shaped, unshaped } from "./shape.ts";

export type HostNode = Node<{ readonly view: NodeView }, "host">;
export type LinkEdge = Edge<{ readonly view: LinkView }, "link">;

/** The same for a network and its pasts, another one for another network. */
export function networkKeyOf({ fileName, name }: NetworkView): string {
  return `${fileName} ${name}`;
}

/** Links end at the symbol's centre. */
export const CENTRE_HANDLE = "centre";

/** `reshaped`: the shape is another one than before. */
export function nodesOf(
  network: NetworkView,
  before: readonly HostNode[],
  shape: Shape,
  reshaped: boolean,
): HostNode[] {
  const known = new Map(before.map((node) => [node.id, node]));
  return network.nodes.map((view) => {
    const old = known.get(view.name);
    if (old !== undefined && !reshaped && isSame(old.data.view, view)) return old;
    const moved = old === undefined || reshaped || old.data.view.x !== view.x || old.data.view.y !== view.y;
    return {
      ...(old ?? newNode(view)),
      position: moved ? cornerOf(view, shape) : old.position,
      data: { view },
      ariaLabel: describeNode(view),
    };
  });
}

export function edgesOf(network: NetworkView, before: readonly LinkEdge[]): LinkEdge[] {
  const known = new Map(before.map((edge) => [edge.id, edge]));
  return network.links.map((view) => {
    const old = known.get(view.name);
    if (old !== undefined && isSame(old.data?.view, view)) return old;
    const [a, b] = view.ends;
    return {
      ...old,
      id: view.name,
      type: "link",
      source: a.node,
      target: b.node,
      sourceHandle: CENTRE_HANDLE,
      targetHandle: CENTRE_HANDLE,
      data: { view },
      ariaLabel: `Link between ${a.node} and ${b.node}, ${linkStateText(view)}`,
    };
  });
}

/** Where xyflow puts a box whose symbol stands at a place of the file, and back. */
function cornerOf(place: Point, shape: Shape): Point {
  const { x, y } = shaped(place, shape);
  return { x: x - CENTRE_X, y: y - CENTRE_Y };
}

export function placeOf(corner: Point, shape: Shape): Point {
  const { x, y } = unshaped({ x: corner.x + CENTRE_X, y: corner.y + CENTRE_Y }, shape);
  return { x: Math.round(x), y: Math.round(y) };
}

/** Sizes and the handle are known beforehand: nothing has to be measured, not even for a thousand. */
function newNode(view: NodeView): HostNode {
  const handle = { id: CENTRE_HANDLE, position: Position.Top, x: CENTRE_X, y: CENTRE_Y, width: 0, height: 0 };
  return {
    id: view.name,
    type: "host",
    position: { x: 0, y: 0 },
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
    measured: { width: NODE_WIDTH, height: NODE_HEIGHT },
    handles: [{ ...handle, type: "source" as const }],
    data: { view },
  };
}

export function describeNode({ name, kind, on, interfaces, services }: NodeView): string {
  const addresses = interfaces.flatMap((it) => it.addresses.slice(0, 1));
  const running = services.filter((it) => it.running).map((it) => it.name);
  return [
    `${kind === "host" ? "Host" : kind === "router" ? "Router" : "Switch"} ${name}`,
    on ? undefined : "switched off",
    addresses.length > 0 ? addresses.join(", ") : undefined,
    running.length > 0 ? `serves ${running.join(", ")}` : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(", ");
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
