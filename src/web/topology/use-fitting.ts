/** A network that was just opened fills the drawing, and goes on to fill it until somebody moves it by hand. */

import { useReducedMotion } from "@mantine/hooks";
import { useReactFlow, useStore } from "@xyflow/react";
import { useCallback, useEffect, useRef } from "react";
import type { Shape } from "./shape.ts";

/** Returns what is to be told when the drawing begins to move. */
export function useFitting(labKey: string, shape: Shape): () => void {
  const { fitView } = useReactFlow();
  const still = useReducedMotion();
  const fitted = useRef("");
  const moved = useRef(false);
  /** It is us who move it. */
  const fitting = useRef(false);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const some = useStore((state) => state.nodes.length > 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: in another shape it is to be fitted again.
  useEffect(() => {
    if (!some || width === 0 || height === 0) return;
    const isNew = fitted.current !== labKey;
    if (!isNew && moved.current) return;
    fitted.current = labKey;
    moved.current = false;
    fitting.current = true;
    fitView({ ...FIT, duration: still || !isNew ? 0 : 200 }).finally(() => {
      fitting.current = false;
    });
  }, [some, width, height, labKey, shape, fitView, still]);
  return useCallback(() => {
    if (!fitting.current) moved.current = true;
  }, []);
}

/** What stays free around the network: on the left stand the tools, and names are wider than their symbols. */
export const FIT_PX = { top: 16, right: 32, bottom: 28, left: 60 } as const;

/** The whole network, beside the tools. */
export const FIT = {
  padding: { top: "16px", right: "32px", bottom: "28px", left: "60px" },
  maxZoom: 1.1,
  includeHiddenNodes: true,
} as const;
