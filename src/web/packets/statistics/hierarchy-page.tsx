/** Which protocol was carried by which: packets and octets of each, with a bar for its share. A click shows its packets. */

import type { HierarchyView } from "../../../engine/protocol/index.ts";
import { protocolColor } from "../../app/protocol-colors.ts";
import { useRequest } from "../../engine/hooks.ts";
import { count } from "../list/list-status.tsx";
import { octetsText } from "../list/time-text.ts";
import { usePackets } from "../packets-context.ts";
import { ScrollRegion } from "../scroll-region.tsx";
import { useEvery } from "../use-every.ts";
import { flatHierarchy, type HierarchyLine } from "./hierarchy-lines.ts";
import classes from "./statistics.module.css";

const NOTHING: readonly HierarchyView[] = [];

export function HierarchyPage() {
  const { data = NOTHING, error, again } = useRequest("packets.hierarchy", {});
  useEvery(again);
  const { setFilter } = usePackets();
  const lines = flatHierarchy(data);
  return (
    <ScrollRegion label="Protocol hierarchy" className={classes.scroll}>
      {error !== undefined && data.length === 0 && <p className={classes.note}>{error.message}</p>}
      {error === undefined && lines.length === 0 && <p className={classes.note}>No packets yet.</p>}
      {lines.length > 0 && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Protocol</th>
              <th scope="col" data-align="right">
                Packets
              </th>
              <th scope="col" className={classes.shareColumn}>
                Share of packets
              </th>
              <th scope="col" data-align="right">
                Octets
              </th>
              <th scope="col" className={classes.shareColumn}>
                Share of octets
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <Line key={line.path} line={line} onClick={() => setFilter(line.protocol)} />
            ))}
          </tbody>
        </table>
      )}
    </ScrollRegion>
  );
}

function Line({ line, onClick }: { readonly line: HierarchyLine; readonly onClick: () => void }) {
  const { protocol, depth, packets, octets, packetShare, octetShare } = line;
  const { light, dark } = protocolColor(protocol.toUpperCase().replace("V6", "v6"));
  const color = `light-dark(${light}, ${dark})`;
  return (
    <tr>
      <th scope="row" style={{ paddingLeft: 12 + depth * 20 }}>
        <button
          type="button"
          className={classes.link}
          onClick={onClick}
          title={`Show the packets: ${protocol}`}
        >
          {protocol}
        </button>
      </th>
      <td data-align="right">{count(packets)}</td>
      <td>
        <Share share={packetShare} color={color} />
      </td>
      <td data-align="right">{octetsText(octets)}</td>
      <td>
        <Share share={octetShare} color={color} />
      </td>
    </tr>
  );
}

function Share({ share, color }: { readonly share: number; readonly color: string }) {
  return (
    <span className={classes.share}>
      <i style={{ width: `${share * 100}%`, background: color }} />
      <span>{(share * 100).toFixed(1)} %</span>
    </span>
  );
}
