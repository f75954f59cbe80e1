/** The packet list of the page, opened again with another filter, lab or connection, and when it is looked at again. */

import { useEffect, useMemo, useRef } from "react";
import { useEngine, useEpoch, useLabId } from "../engine/hooks.ts";
import { type Anchor, PacketList } from "./model/packet-list.ts";

export function usePacketList(filter: string, anchor: Anchor): PacketList {
  const engine = useEngine();
  const epoch = useEpoch();
  const labId = useLabId();
  const latest = useRef(anchor);
  latest.current = anchor;
  const list = useMemo(() => new PacketList(engine), [engine]);
  useEffect(() => () => list.close(), [list]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another lab or connection knows nothing of the view
  useEffect(() => {
    if (epoch !== undefined) list.open(filter, latest.current);
  }, [list, filter, epoch, labId]);
  return list;
}
