/** The selected packet taken apart: journey, fields, octets, each leading to the other. */

import { useMemo, useState } from "react";
import type { PacketDetail } from "../../../engine/protocol/index.ts";
import { Split } from "../../app/split.tsx";
import { useStored } from "../../app/stored.ts";
import { bytesOf } from "../../panels/parts/octets.ts";
import { ConditionMenu } from "../filter/condition-menu.tsx";
import { fieldFilter } from "../filter/filter-text.ts";
import { DetailBar } from "./detail-bar.tsx";
import classes from "./detail-pane.module.css";
import { FieldTree } from "./field-tree.tsx";
import { hexDump } from "./hex-layout.ts";
import { HexView } from "./hex-view.tsx";
import { Journey } from "./journey.tsx";
import { OctetStatus } from "./octet-status.tsx";
import { keyOf, partAt, pathToOctet, type TreeLine, treeLines } from "./tree-model.ts";

interface Props {
  readonly detail: PacketDetail;
  /** The octets beside the fields, or below them. */
  readonly beside: boolean;
  readonly onClose: () => void;
}

export function DetailPane({ detail, beside, onClose }: Props) {
  const { layers } = detail;
  const bytes = useMemo(() => bytesOf(detail.bytes), [detail.bytes]);
  const [stored, setStored] = useStored("packets.open", INITIALLY_OPEN, isTexts);
  const open = useMemo(() => new Set(stored), [stored]);
  const lines = useMemo(() => treeLines(layers, bytes, open), [layers, bytes, open]);
  const [chosen, setChosen] = useState<{ readonly id: string; readonly key: string | undefined }>();
  const [hovered, setHovered] = useState<string>();
  const [menu, setMenu] = useState<{ line: TreeLine; x: number; y: number }>();

  // From packet to packet the same field stays selected, where there is one at its place.
  const selected = chosen !== undefined && keyOf(layers, chosen.id) === chosen.key ? chosen.id : undefined;
  const setSelected = (id: string | undefined): void =>
    setChosen(id === undefined ? undefined : { id, key: keyOf(layers, id) });
  const setOpen = (key: string, isOpen: boolean): void => {
    const next = new Set(open);
    if (isOpen) next.add(key);
    else next.delete(key);
    setStored([...next].slice(-OPEN_MAX));
  };
  const selectOctet = (octet: number): void => {
    const path = pathToOctet(layers, octet);
    setSelected(path?.id);
    if (path === undefined || path.keys.every((key) => open.has(key))) return;
    setStored([...new Set([...stored, ...path.keys])].slice(-OPEN_MAX));
  };
  const selectedRange = selected === undefined ? undefined : partAt(layers, selected);
  const hoveredRange = hovered === undefined ? undefined : partAt(layers, hovered);
  return (
    <section className={classes.pane} aria-label={`Packet ${detail.row.number}`}>
      <DetailBar detail={detail} dump={() => hexDump(bytes)} onClose={onClose} />
      <Split
        direction={beside ? "columns" : "rows"}
        name={beside ? "packet.beside" : "packet.below"}
        initial={beside ? 0.55 : 0.62}
        minimum={beside ? 240 : 60}
        label="Between fields and octets"
        first={
          <div className={classes.fields}>
            <Journey detail={detail} />
            <FieldTree
              lines={lines}
              selected={selected}
              hovered={hovered}
              onSelect={setSelected}
              onHover={setHovered}
              onOpen={setOpen}
              onMenu={(line, x, y) => setMenu({ line, x, y })}
            />
          </div>
        }
        second={
          <div className={classes.part}>
            <HexView
              bytes={bytes}
              selected={selectedRange}
              hovered={hoveredRange}
              onSelect={selectOctet}
              onHover={(octet) =>
                setHovered(octet === undefined ? undefined : pathToOctet(layers, octet)?.id)
              }
            />
            <OctetStatus layers={layers} id={hovered ?? selected} octets={bytes.length} />
          </div>
        }
      />
      {menu !== undefined && <FieldMenu {...menu} onClose={() => setMenu(undefined)} />}
    </section>
  );
}

function FieldMenu({ line, x, y, onClose }: { line: TreeLine; x: number; y: number; onClose: () => void }) {
  const { field, key, name, value, note, reference } = line;
  const text = value === "" ? name : `${name}: ${value}${note === undefined ? "" : ` (${note})`}`;
  const copies = [
    { label: "Copy", text },
    ...(value === "" ? [] : [{ label: "Copy the value", text: value }]),
    { label: `Copy the name ${key}`, text: key },
    ...(reference === undefined ? [] : [{ label: `Copy “${reference}”`, text: reference }]),
  ];
  return (
    <ConditionMenu
      x={x}
      y={y}
      clause={field === undefined ? key : fieldFilter(field)}
      copies={copies}
      onClose={onClose}
    />
  );
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

/** What is carried is read first; the headers below it are a click away. */
const INITIALLY_OPEN: readonly string[] = [
  "tcp",
  "udp",
  "icmp",
  "icmpv6",
  "arp",
  "dns",
  "smtp",
  "pop",
  "http",
  "imap",
  "echo",
  "data",
];
const OPEN_MAX = 200;
