/**
 * Names in the drawing: near, they grow and shrink with it. Further away they keep the size of their letters, whole as
 * long as they stand beside each other, then the host's part of them, and in a crowd none.
 */

import { useStore } from "@xyflow/react";
import { type CSSProperties, useMemo } from "react";
import { useNetwork } from "../engine/hooks.ts";
import { namesFitFrom } from "./geometry.ts";

export interface Letters {
  /** The drawing is seen from afar: symbols are dots. */
  readonly far: boolean;
  /** Of the drawing's element, for its style sheet. */
  readonly letters: object;
}

export function useLetters(): Letters {
  const nodes = useNetwork()?.nodes;
  const fitFrom = useMemo(
    () => (nodes === undefined || nodes.length > CROWD ? CROWD_FITS_FROM : namesFitFrom(nodes, LETTERS_PX)),
    [nodes],
  );
  const far = useStore((state) => state.transform[2] < FAR_ZOOM);
  // In steps: it is only the size of letters.
  const zoom = useStore(({ transform: [, , now] }) =>
    now < NEAR_ZOOM ? Math.max(0.06, Math.round(now * 50) / 50) : NEAR_ZOOM,
  );
  const style = { "--letters": `${LETTERS_PX / zoom}px` } as CSSProperties;
  const crowded = far && (nodes?.length ?? 0) > CROWD;
  const less = crowded ? "nothing" : "short-names";
  const shown = zoom >= NEAR_ZOOM ? "all" : zoom >= Math.max(fitFrom, FAR_ZOOM) ? "names" : less;
  return { far, letters: { style, "data-shown": shown, "data-far": far || undefined } };
}

/** Below this zoom letters that shrink with the drawing are hard to read. */
const NEAR_ZOOM = 0.86;
const LETTERS_PX = 10;
const FAR_ZOOM = 0.38;
/** More than as many hosts as have room for a short name from afar; the town has 22. */
const CROWD = 40;
const CROWD_FITS_FROM = 0.58;
