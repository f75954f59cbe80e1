/** The network: drawn, or as tables; with its palette, menus and the inspector of what is selected. */

import { ReactFlowProvider } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useState } from "react";
import { PHONE } from "../app/phone.ts";
import { isBoolean, useStored } from "../app/stored.ts";
import { useNetwork, useSession, useWatch } from "../engine/hooks.ts";
import { AddDialog, type AddRequest } from "./add-dialog.tsx";
import { ContextMenu } from "./context-menu.tsx";
import { Drawing } from "./drawing.tsx";
import { networkKeyOf } from "./flow-model.ts";
import { Inspector } from "./inspector/inspector.tsx";
import { NetworkTables } from "./network-tables.tsx";
import { RemoveDialog } from "./remove-dialog.tsx";
import type { MenuRequest, Selection } from "./selection.ts";
import { unshaped } from "./shape.ts";
import { Tools } from "./tools.tsx";
import classes from "./topology.module.css";
import { TrafficStore } from "./traffic-store.ts";
import { useShape } from "./use-shape.ts";

export function TopologyPanel() {
  return (
    <ReactFlowProvider>
      <Panel />
    </ReactFlowProvider>
  );
}

function Panel() {
  const traffic = useTraffic();
  // On a phone the tables are what can be read of a network, until somebody chooses the drawing.
  const [asTables, setAsTables] = useStored("topology.tables", matchMedia(PHONE).matches, isBoolean);
  const [selection, setSelection] = useSelection();
  const [menu, setMenu] = useState<MenuRequest>();
  const [adding, setAdding] = useState<AddRequest>();
  const [removing, setRemoving] = useState<Selection>();
  const shape = useShape();
  /** Of the file are places in requests, whatever the shape of the drawing. */
  const add = (request: AddRequest) => setAdding({ ...request, place: unshaped(request.place, shape) });
  return (
    <section className={classes.panel} aria-label="Network">
      {asTables ? (
        <NetworkTables traffic={traffic} selection={selection} onSelect={setSelection} />
      ) : (
        <Drawing
          shape={shape}
          traffic={traffic}
          selection={selection}
          onSelect={setSelection}
          onMenu={setMenu}
          onAdd={(kind, place) => add({ kind, place })}
          onRemove={setRemoving}
        />
      )}
      <Tools
        asTables={asTables}
        onTables={(on) => {
          setAsTables(on);
          // The inspector would lie on what was just asked for.
          setSelection(undefined);
        }}
        onAdd={add}
      />
      <Inspector
        traffic={traffic}
        selection={selection}
        onClose={() => setSelection(undefined)}
        onRemove={() => setRemoving(selection)}
      />
      <ContextMenu
        request={menu}
        onClose={() => setMenu(undefined)}
        onAdd={add}
        onSelect={setSelection}
        onRemove={setRemoving}
      />
      <AddDialog
        request={adding}
        onClose={() => setAdding(undefined)}
        onAdded={(name) => setSelection({ kind: "node", name })}
      />
      <RemoveDialog
        what={removing}
        onClose={() => setRemoving(undefined)}
        onRemoved={() => setSelection(undefined)}
      />
    </section>
  );
}

function useTraffic(): TrafficStore {
  const session = useSession();
  const traffic = useMemo(() => new TrafficStore(), []);
  useEffect(() => traffic.attach(session), [traffic, session]);
  useWatch("traffic.watch", WATCHED);
  return traffic;
}

/** What is selected and still there: another network may have something of the same name. */
function useSelection(): [Selection, (selection: Selection) => void] {
  const network = useNetwork();
  const networkKey = network && networkKeyOf(network);
  const [{ selection, of }, setSelected] = useState<Selected>(NOTHING);
  const all: readonly { readonly name: string }[] =
    (selection?.kind === "link" ? network?.links : network?.nodes) ?? [];
  const exists =
    of === networkKey && selection !== undefined && all.some(({ name }) => name === selection.name);
  const select = useCallback(
    (wanted: Selection) => setSelected({ selection: wanted, of: networkKey }),
    [networkKey],
  );
  return [exists ? selection : undefined, select];
}

interface Selected {
  readonly selection: Selection;
  /** The network in which it is. */
  readonly of: string | undefined;
}

const NOTHING: Selected = { selection: undefined, of: undefined };

const WATCHED = {};
