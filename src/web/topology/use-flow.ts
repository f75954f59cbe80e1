/** Nodes and links for xyflow, kept up with the network; positions move here while somebody drags. */

import { applyNodeChanges, type NodeChange } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useNetwork } from "../engine/hooks.ts";
import { edgesOf, type HostNode, type LinkEdge, networkKeyOf, nodesOf } from "./flow-model.ts";
import type { Selection } from "./selection.ts";
import type { Shape } from "./shape.ts";

export interface Flow {
  readonly nodes: HostNode[];
  readonly edges: LinkEdge[];
  readonly apply: (changes: NodeChange<HostNode>[]) => void;
  /** In which the nodes stand. */
  readonly shape: Shape;
  /** Another one for another network. */
  readonly labKey: string;
}

export function useFlow(selection: Selection, overview: boolean, shape: Shape): Flow {
  const network = useNetwork();
  const [nodes, setNodes] = useState<HostNode[]>([]);
  const [links, setLinks] = useState<LinkEdge[]>([]);
  const [drawn, setDrawn] = useState(shape);
  useEffect(() => {
    if (network === undefined) return;
    setNodes((before) => nodesOf(network, before, shape, drawn !== shape));
    setDrawn(shape);
    setLinks((before) => edgesOf(network, before));
  }, [network, shape, drawn]);
  const apply = useCallback((changes: NodeChange<HostNode>[]) => {
    // Sizes are known beforehand; a node goes when the engine says so.
    const wanted = changes.filter(({ type }) => type === "position" || type === "select");
    if (wanted.length > 0) setNodes((before) => applyNodeChanges(wanted, before));
  }, []);
  const selected = selection?.kind === "link" ? selection.name : undefined;
  const edges = useMemo(
    () => links.map((edge) => (edge.id === selected ? { ...edge, selected: true } : edge)),
    [links, selected],
  );
  useEffect(() => {
    const name = selection?.kind === "node" ? selection.name : undefined;
    setNodes((before) => select(before, name));
  }, [selection]);
  // Painted on the canvas then: xyflow keeps their places, but has nothing to draw.
  const hidden = useMemo(
    () => (overview ? nodes.map((node) => ({ ...node, hidden: true })) : nodes),
    [nodes, overview],
  );
  const shown = overview ? { nodes: hidden, edges: NO_EDGES } : { nodes, edges };
  return { ...shown, apply, shape: drawn, labKey: network === undefined ? "" : networkKeyOf(network) };
}

/** Alone; several that are selected together stay so while one of them is the one. */
function select(nodes: HostNode[], name: string | undefined): HostNode[] {
  const already = nodes.some((node) => node.selected && node.id === name);
  if (already) return nodes;
  return nodes.map((node) =>
    (node.selected ?? false) === (node.id === name) ? node : { ...node, selected: node.id === name },
  );
}

const NO_EDGES: LinkEdge[] = [];
