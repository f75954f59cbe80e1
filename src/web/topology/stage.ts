/** What the canvases above the drawing have in common: their size, the viewport, and where nodes and links are. */

import type { useStoreApi } from "@xyflow/react";
import type { NetworkView } from "../../engine/protocol/index.ts";
import type { Session } from "../engine/session.ts";
import { CENTRE_X, CENTRE_Y, type Point } from "./geometry.ts";
import type { Scene } from "./painter.ts";

export interface Stage {
  readonly canvas: HTMLCanvasElement;
  readonly session: Session;
  readonly flow: ReturnType<typeof useStoreApi>;
  readonly dark: boolean;
}

/** Paints at the next frame after `request`, and whenever the size or the viewport changes; until `stop`. */
export function startPainting({ canvas, flow }: Stage, paint: (wallMs: number) => void) {
  let frame = 0;
  const request = (): void => {
    if (frame !== 0) return;
    frame = requestAnimationFrame((wallMs) => {
      frame = 0;
      paint(wallMs);
    });
  };
  const fit = (): void => {
    canvas.width = Math.round(canvas.clientWidth * devicePixelRatio);
    canvas.height = Math.round(canvas.clientHeight * devicePixelRatio);
    request();
  };
  const observer = new ResizeObserver(fit);
  observer.observe(canvas);
  const stopFlow = flow.subscribe(request);
  fit();
  const stop = (): void => {
    cancelAnimationFrame(frame);
    observer.disconnect();
    stopFlow();
  };
  return { request, stop };
}

export function sceneOf({ canvas, flow, session, dark }: Stage): Scene {
  const { nodeLookup, transform } = flow.getState();
  const links = linksByName(session);
  const centreOf = (node: string): Point | undefined => {
    const place = nodeLookup.get(node)?.internals.positionAbsolute;
    return place === undefined ? undefined : { x: place.x + CENTRE_X, y: place.y + CENTRE_Y };
  };
  return {
    context: canvas.getContext("2d")!,
    width: canvas.clientWidth,
    height: canvas.clientHeight,
    density: devicePixelRatio,
    transform,
    dark,
    centreOf,
    endsOf: (name) => {
      const link = links.get(name);
      if (link === undefined) return undefined;
      const [from, to] = [centreOf(link[0]), centreOf(link[1])];
      return from === undefined || to === undefined ? undefined : [from, to];
    },
  };
}

/** Made anew only when the network changes, not at each frame. */
function linksByName({ network }: Session): LinkEnds {
  const view = network.get();
  if (view === undefined) return new Map();
  let links = linkEnds.get(view);
  if (links === undefined) {
    links = new Map(view.links.map(({ name, ends: [a, b] }) => [name, [a.node, b.node]]));
    linkEnds.set(view, links);
  }
  return links;
}

type LinkEnds = ReadonlyMap<string, readonly [string, string]>;
const linkEnds = new WeakMap<NetworkView, LinkEnds>();
