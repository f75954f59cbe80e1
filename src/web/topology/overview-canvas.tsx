/** The canvas for a large network seen from afar: its nodes and links, painted when they or the viewport change. */

import { useComputedColorScheme } from "@mantine/core";
import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { useSession } from "../engine/hooks.ts";
import { paintOverview } from "./overview.ts";
import { clear } from "./painter.ts";
import type { Selection } from "./selection.ts";
import { sceneOf, startPainting } from "./stage.ts";
import classes from "./topology.module.css";

export function OverviewCanvas({ selection }: { readonly selection: Selection }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const session = useSession();
  const flow = useStoreApi();
  const dark = useComputedColorScheme("light") === "dark";
  useEffect(() => {
    if (canvas.current === null) return;
    const stage = { canvas: canvas.current, session, flow, dark };
    const painting = startPainting(stage, () => {
      const scene = sceneOf(stage);
      clear(scene);
      paintOverview(scene, session.network.get(), selection?.name);
    });
    const stopNetwork = session.network.subscribe(painting.request);
    return () => {
      painting.stop();
      stopNetwork();
    };
  }, [session, flow, dark, selection]);
  return <canvas ref={canvas} className={classes.canvas} aria-hidden />;
}
