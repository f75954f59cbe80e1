/** One host, router or switch in the drawing. */

import { Handle, type NodeProps, Position } from "@xyflow/react";
import { memo, useContext } from "react";
import type { NodeView } from "../../engine/protocol/index.ts";
import { CENTRE_HANDLE, type HostNode } from "./flow-model.ts";
import { NodeSymbol } from "./node-symbol.tsx";
import classes from "./topology.module.css";
import { Labels } from "./use-letters.ts";

export const HostNodeBox = memo(
  function Box({ data: { view }, selected }: NodeProps<HostNode>) {
    const address = firstAddress(view);
    return (
      <div
        className={classes.node}
        data-kind={view.kind}
        data-off={!view.on || undefined}
        data-selected={selected || undefined}
      >
        <div className={classes.symbol}>
          <NodeSymbol kind={view.kind} on={view.on} size={26} />
          <Handle
            id={CENTRE_HANDLE}
            type="source"
            position={Position.Top}
            isConnectableStart={false}
            className={classes.centre ?? ""}
          />
          <ServiceDots view={view} />
        </div>
        <Handle
          id="grip"
          type="source"
          position={Position.Right}
          className={classes.connector ?? ""}
          title="Drag to another node to connect them"
        />
        <div className={classes.nodeName}>{view.name}</div>
        <ShortName name={view.name} />
        {address !== undefined && <div className={classes.nodeAddress}>{address}</div>}
      </div>
    );
  },
  (a, b) => a.data === b.data && a.selected === b.selected,
);

function ShortName({ name }: { readonly name: string }) {
  const label = useContext(Labels).get(name);
  const { lines, place } = label ?? { lines: name.split(".", 1), place: "below" };
  return (
    <div className={classes.shortName} data-place={place} aria-hidden>
      {lines.map((line, i) => (
        <div key={i === 0 ? "host" : "domain"}>{line}</div>
      ))}
    </div>
  );
}

function ServiceDots({ view }: { readonly view: NodeView }) {
  if (view.services.length === 0) return null;
  const text = view.services.map(({ name, running }) => `${name}: ${running ? "on" : "off"}`).join(", ");
  return (
    <span className={classes.services} title={text}>
      {view.services.slice(0, MAX_DOTS).map(({ name, running }) => (
        <i key={name} data-running={(running && view.on) || undefined} />
      ))}
    </span>
  );
}

/** IPv4 first, without its prefix length: the one that people say. */
function firstAddress({ interfaces }: NodeView): string | undefined {
  const all = interfaces.flatMap(({ addresses }) => addresses);
  return (all.find((address) => !address.includes(":")) ?? all[0])?.replace(/\/\d+$/, "");
}

const MAX_DOTS = 6;
