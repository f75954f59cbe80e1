/** The shape of the drawing: chosen for a network and for a size of the pane, not anew whenever a node is moved. */

import { useStore } from "@xyflow/react";
import { useEffect, useState } from "react";
import { useNetwork, useSession } from "../engine/hooks.ts";
import { networkKeyOf } from "./flow-model.ts";
import { AS_IN_FILE, type Shape, shapeFor } from "./shape.ts";
import { FIT_PX } from "./use-fitting.ts";

export function useShape(): Shape {
  const { network } = useSession();
  const view = useNetwork();
  const labKey = view && networkKeyOf(view);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const [shape, setShape] = useState(AS_IN_FILE);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another network is another drawing.
  useEffect(() => {
    const room = { width: width - FIT_PX.left - FIT_PX.right, height: height - FIT_PX.top - FIT_PX.bottom };
    const wanted = shapeFor(network.get()?.nodes ?? [], room);
    setShape((before) => (before.x === wanted.x && before.y === wanted.y ? before : wanted));
  }, [network, labKey, width, height]);
  return shape;
}
