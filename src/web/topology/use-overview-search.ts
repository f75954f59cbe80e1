/** What lies under the pointer where nodes and links are only painted. */

import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useCallback } from "react";
import { useSession } from "../engine/hooks.ts";
import { CENTRE_X, CENTRE_Y, nearest, onLine, type Point, SYMBOL_RADIUS } from "./geometry.ts";
import type { Selection } from "./selection.ts";

type Find = (event: { readonly clientX: number; readonly clientY: number }) => Selection;

export function useOverviewSearch(overview: boolean): Find {
  const flow = useReactFlow();
  const store = useStoreApi();
  const { network } = useSession();
  return useCallback(
    ({ clientX, clientY }) => {
      const view = network.get();
      if (!overview || view === undefined) return undefined;
      const { nodeLookup, transform } = store.getState();
      const at = flow.screenToFlowPosition({ x: clientX, y: clientY });
      const centre = (name: string): Point | undefined => {
        const corner = nodeLookup.get(name)?.internals.positionAbsolute;
        return corner === undefined ? undefined : { x: corner.x + CENTRE_X, y: corner.y + CENTRE_Y };
      };
      const reach = Math.max(SYMBOL_RADIUS, NODE_REACH_PX / transform[2]);
      const node = nearest(view.nodes, ({ name }) => centre(name), at, reach);
      if (node !== undefined) return { kind: "node", name: node.name };
      const link = nearest(
        view.links,
        ({ ends: [a, b] }) => {
          const [from, to] = [centre(a.node), centre(b.node)];
          return from === undefined || to === undefined ? undefined : onLine(from, to, at);
        },
        at,
        LINK_REACH_PX / transform[2],
      );
      return link === undefined ? undefined : { kind: "link", name: link.name };
    },
    [overview, flow, store, network],
  );
}

/** On the screen. */
const NODE_REACH_PX = 8;
const LINK_REACH_PX = 5;
