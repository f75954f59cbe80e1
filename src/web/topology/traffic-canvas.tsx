/** The canvas above the drawing: the load of links, packets as dots. Paints only while something moves. */

import { useComputedColorScheme } from "@mantine/core";
import { useReducedMotion } from "@mantine/hooks";
import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import type { NetworkView } from "../../engine/protocol/index.ts";
import { useSession } from "../engine/hooks.ts";
import type { Session } from "../engine/session.ts";
import { glide } from "./flights.ts";
import { CENTRE_X, CENTRE_Y, type Point } from "./geometry.ts";
import { paintOverview } from "./overview.ts";
import { clear, paintDots, paintLoads, type Scene } from "./painter.ts";
import type { Selection } from "./selection.ts";
import classes from "./topology.module.css";
import type { TrafficStore } from "./traffic-store.ts";

type FlowStore = ReturnType<typeof useStoreApi>;

interface Props {
  readonly traffic: TrafficStore;
  /** Nodes and links are painted here, too: there are too many for elements of the page. */
  readonly overview: boolean;
  readonly selection: Selection;
}

export function TrafficCanvas({ traffic, overview, selection }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const session = useSession();
  const flow = useStoreApi();
  const dark = useComputedColorScheme("light") === "dark";
  const still = useReducedMotion();
  useEffect(() => {
    if (canvas.current === null) return;
    const selected = overview ? selection?.name : undefined;
    return animate({ canvas: canvas.current, session, flow, traffic, dark, still, overview, selected });
  }, [session, flow, traffic, dark, still, overview, selection]);
  return <canvas ref={canvas} className={classes.canvas} aria-hidden />;
}

interface Animation {
  readonly canvas: HTMLCanvasElement;
  readonly session: Session;
  readonly flow: FlowStore;
  readonly traffic: TrafficStore;
  readonly dark: boolean;
  /** The person does not want movement: load only. */
  readonly still: boolean;
  readonly overview: boolean;
  readonly selected: string | undefined;
}

/** Until the returned function is called. */
function animate(animation: Animation): () => void {
  const { canvas, session, flow, traffic, dark, still, overview, selected } = animation;
  const context = canvas.getContext("2d")!;
  let frame = 0;
  let shownNs = 0;
  let lastMs = performance.now();
  const paint = (wallMs: number): void => {
    frame = 0;
    const scene = sceneOf({ canvas, context, flow, session, dark });
    clear(scene);
    if (overview) paintOverview(scene, session.network.get(), selected);
    paintLoads(scene, traffic.loads.get());
    if (still) return;
    const targetNs = session.clock.nowNs(wallMs);
    shownNs = glide(shownNs, targetNs, wallMs - lastMs, !session.clock.running);
    lastMs = wallMs;
    paintDots(scene, traffic.flights.dots(shownNs, wallMs));
    const moving = session.clock.running || shownNs !== targetNs;
    if (traffic.flights.size > 0 && moving) request();
  };
  const request = (): void => {
    if (frame === 0) frame = requestAnimationFrame(paint);
  };
  const fit = (): void => {
    canvas.width = Math.round(canvas.clientWidth * devicePixelRatio);
    canvas.height = Math.round(canvas.clientHeight * devicePixelRatio);
    request();
  };
  const observer = new ResizeObserver(fit);
  observer.observe(canvas);
  fit();
  traffic.onChange = request;
  const stopFlow = flow.subscribe(request);
  return () => {
    cancelAnimationFrame(frame);
    observer.disconnect();
    stopFlow();
    traffic.onChange = () => {};
  };
}

interface Stage extends Pick<Animation, "canvas" | "flow" | "session" | "dark"> {
  readonly context: CanvasRenderingContext2D;
}

function sceneOf({ canvas, context, flow, session, dark }: Stage): Scene {
  const { nodeLookup, transform } = flow.getState();
  const links = linksByName(session);
  const centreOf = (node: string): Point | undefined => {
    const place = nodeLookup.get(node)?.internals.positionAbsolute;
    return place === undefined ? undefined : { x: place.x + CENTRE_X, y: place.y + CENTRE_Y };
  };
  return {
    context,
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
