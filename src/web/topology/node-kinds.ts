/** What can be put into a network. */

import type { NodeView } from "../../engine/protocol/index.ts";

export type NodeKind = NodeView["kind"];

export const NODE_KINDS: readonly { readonly kind: NodeKind; readonly label: string }[] = [
  { kind: "host", label: "Host" },
  { kind: "router", label: "Router" },
  { kind: "switch", label: "Switch" },
];

/** Of what is dragged from the palette into the drawing. */
export const NODE_DRAG_TYPE = "application/x-hamlet-node";
