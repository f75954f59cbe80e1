/**
 * Names and symbols in the drawing: near, they grow and shrink with it. Further away they keep a size that can be read and
 * hit: names whole as long as they stand beside each other, then the host's part of them where there is room (labels.ts),
 * and in a crowd none.
 */

import { useStore } from "@xyflow/react";
import { type CSSProperties, createContext, useMemo } from "react";
import { useNetwork } from "../engine/hooks.ts";
import { namesFitFrom, nearestPair } from "./geometry.ts";
import { type Label, labelsOf } from "./labels.ts";
import { type Shape, shaped } from "./shape.ts";

export interface Letters {
  /** The drawing is seen from afar: symbols are dots. */
  readonly far: boolean;
  /** Of the drawing's element, for its style sheet. */
  readonly letters: object;
  /** Short names, by node; empty where all have the same place. */
  readonly labels: ReadonlyMap<string, Label>;
}

/** Of the nodes of this drawing. */
export const Labels = createContext<ReadonlyMap<string, Label>>(new Map());

export function useLetters(shape: Shape): Letters {
  const network = useNetwork();
  const nodes = useMemo(
    () => network?.nodes.map(({ name, kind, x, y }) => ({ name, kind, ...shaped({ x, y }, shape) })) ?? [],
    [network, shape],
  );
  const isCrowd = nodes.length > CROWD;
  const fitFrom = useMemo(
    () => (isCrowd ? CROWD_FITS_FROM : namesFitFrom(nodes, LETTERS_PX)),
    [nodes, isCrowd],
  );
  const room = useMemo(() => (isCrowd ? CROWD_ROOM : nearestPair(nodes)), [nodes, isCrowd]);
  const far = useStore((state) => state.transform[2] < FAR_ZOOM);
  // In steps, and never too small: it is only the size of letters and symbols.
  const zoom = useStore(({ transform: [, , now] }) =>
    now < NEAR_ZOOM ? Math.max(0.05, Math.floor(now * 100) / 100) : NEAR_ZOOM,
  );
  const grow = Math.max(1, Math.min(SYMBOL_PX / (SYMBOL * zoom), (room * SYMBOL_SHARE) / SYMBOL));
  const less = far && isCrowd ? "nothing" : "short-names";
  const shown = zoom >= NEAR_ZOOM ? "all" : zoom >= Math.max(fitFrom, FAR_ZOOM) ? "names" : less;
  const labels = useMemo(
    () =>
      shown === "short-names" && !isCrowd
        ? labelsOf(nodes, { zoom, lettersPx: LETTERS_PX, symbolPx: (SYMBOL / 2) * grow * zoom })
        : NO_LABELS,
    [nodes, shown, isCrowd, zoom, grow],
  );
  // --px: a pixel of the screen in the drawing's own measure.
  const style = { "--px": `${1 / zoom}px`, "--grow": grow } as CSSProperties;
  return { far, labels, letters: { style, "data-shown": shown, "data-far": far || undefined } };
}

const NO_LABELS: ReadonlyMap<string, Label> = new Map();
/** Below this zoom letters that shrink with the drawing are hard to read. */
const NEAR_ZOOM = 0.86;
/** As in the style sheet. */
const LETTERS_PX = 10;
/** Of a symbol in the drawing; on the screen it is no smaller than WCAG 2.5.8 asks, where the next one leaves room for it. */
const SYMBOL = 44;
const SYMBOL_PX = 24;
const SYMBOL_SHARE = 0.9;
const FAR_ZOOM = 0.38;
/** More than as many hosts as have room for a short name from afar; the town has 22. */
const CROWD = 40;
const CROWD_FITS_FROM = 0.58;
/** The layout leaves that much between any two symbols. */
const CROWD_ROOM = 78;
