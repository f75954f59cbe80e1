/** A network that was just opened fills the drawing, and goes on to fill it until somebody moves it by hand. */

import { useReducedMotion } from "@mantine/hooks";
import { useReactFlow, useStore } from "@xyflow/react";
import { useCallback, useEffect, useRef } from "react";

/** Returns what is to be told when the drawing begins to move. */
export function useFitting(labKey: string): () => void {
  const { fitView } = useReactFlow();
  const still = useReducedMotion();
  const fitted = useRef("");
  const moved = useRef(false);
  /** It is us who move it. */
  const fitting = useRef(false);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const some = useStore((state) => state.nodes.length > 0);
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
  }, [some, width, height, labKey, fitView, still]);
  return useCallback(() => {
    if (!fitting.current) moved.current = true;
  }, []);
}

/** The whole network, beside the tools. */
export const FIT = {
  padding: { top: "20px", right: "40px", bottom: "20px", left: "64px" },
  maxZoom: 1.1,
  includeHiddenNodes: true,
} as const;
