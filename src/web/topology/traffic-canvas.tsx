/** The canvas above the drawing: the load of links, packets as dots. Paints only while something moves. */

import { useComputedColorScheme } from "@mantine/core";
import { useReducedMotion } from "@mantine/hooks";
import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { useSession } from "../engine/hooks.ts";
import { glide } from "./flights.ts";
import { clear, paintDots, paintLoads } from "./painter.ts";
import { type Stage, sceneOf, startPainting } from "./stage.ts";
import classes from "./topology.module.css";
import type { TrafficStore } from "./traffic-store.ts";

export function TrafficCanvas({ traffic }: { readonly traffic: TrafficStore }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const session = useSession();
  const flow = useStoreApi();
  const dark = useComputedColorScheme("light") === "dark";
  const still = useReducedMotion();
  useEffect(() => {
    if (canvas.current === null) return;
    return animate({ canvas: canvas.current, session, flow, dark }, traffic, still);
  }, [session, flow, traffic, dark, still]);
  return <canvas ref={canvas} className={classes.canvas} aria-hidden />;
}

/** Until the returned function is called. `still`: the person does not want movement, so load only. */
function animate(stage: Stage, traffic: TrafficStore, still: boolean): () => void {
  const { clock } = stage.session;
  let shownNs = 0;
  let lastMs = performance.now();
  const painting = startPainting(stage, (wallMs) => {
    const scene = sceneOf(stage);
    clear(scene);
    paintLoads(scene, traffic.loads.get());
    if (still) return;
    const targetNs = clock.nowNs(wallMs);
    shownNs = glide(shownNs, targetNs, wallMs - lastMs, !clock.running);
    lastMs = wallMs;
    paintDots(scene, traffic.flights.dots(shownNs, wallMs));
    const moving = clock.running || shownNs !== targetNs;
    if (traffic.flights.size > 0 && moving) painting.request();
  });
  traffic.onChange = painting.request;
  return () => {
    painting.stop();
    traffic.onChange = () => {};
  };
}
