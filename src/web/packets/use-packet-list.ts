/** The packet list of the page, opened again with another filter, lab or connection. */

import { useEffect, useRef, useState } from "react";
import { useEngine, useEpoch, useLabId } from "../engine/hooks.ts";
import { type Anchor, PacketList } from "./model/packet-list.ts";

export function usePacketList(filter: string, anchor: Anchor): PacketList | undefined {
  const engine = useEngine();
  const epoch = useEpoch();
  const labId = useLabId();
  const latest = useRef(anchor);
  latest.current = anchor;
  const [list, setList] = useState<PacketList>();
  useEffect(() => {
    const made = new PacketList(engine);
    setList(made);
    return () => made.close();
  }, [engine]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another lab or connection knows nothing of the view
  useEffect(() => {
    if (list !== undefined && epoch !== undefined) list.open(filter, latest.current);
  }, [list, filter, epoch, labId]);
  return list;
}
