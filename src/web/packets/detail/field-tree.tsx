/** The fields of a packet as a tree; what is open stays open from packet to packet. The focus stays on the whole. */

import { IconAlertTriangle, IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { type KeyboardEvent, type MouseEvent, useEffect, useRef } from "react";
import classes from "./field-tree.module.css";
import type { TreeLine } from "./tree-model.ts";

interface Props {
  readonly lines: readonly TreeLine[];
  readonly selected: string | undefined;
  readonly hovered: string | undefined;
  readonly onSelect: (id: string) => void;
  readonly onHover: (id: string | undefined) => void;
  readonly onOpen: (key: string, open: boolean) => void;
  readonly onMenu: (line: TreeLine, x: number, y: number) => void;
}

export function FieldTree({ lines, selected, hovered, onSelect, onHover, onOpen, onMenu }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const at = lines.findIndex(({ id }) => id === selected);
  useEffect(() => {
    if (selected === undefined) return;
    box.current?.querySelector(`[id="${lineId(selected)}"]`)?.scrollIntoView({ block: "nearest" });
  }, [selected]);

  const press = (event: KeyboardEvent): void => {
    const line = lines[at];
    const to = keyTarget(event.key, lines, at);
    if (to !== undefined) onSelect(to);
    else if (event.key === "ArrowRight" && line?.hasChildren) onOpen(line.key, true);
    else if (event.key === "ArrowLeft" && line?.open) onOpen(line.key, false);
    else if ((event.key === "Enter" || event.key === " ") && line?.hasChildren) onOpen(line.key, !line.open);
    else if ((event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) && line !== undefined) {
      const area = box.current?.querySelector(`[id="${lineId(line.id)}"]`)?.getBoundingClientRect();
      onMenu(line, (area?.left ?? 0) + 60, area?.bottom ?? 0);
    } else return;
    event.preventDefault();
  };
  const lineOf = (event: MouseEvent): TreeLine | undefined => {
    const element = event.target instanceof Element ? event.target.closest("[data-line]") : null;
    return lines.find(({ id }) => id === element?.getAttribute("data-line"));
  };
  return (
    // biome-ignore lint/a11y/useKeyWithMouseEvents: hovering only shows what selecting shows
    <div
      ref={box}
      role="tree"
      aria-label="Fields of the packet"
      tabIndex={0}
      aria-activedescendant={at === -1 ? undefined : lineId(lines[at].id)}
      className={classes.tree}
      onKeyDown={press}
      onMouseOver={(event) => onHover(lineOf(event)?.id)}
      onMouseLeave={() => onHover(undefined)}
      onClick={(event) => {
        const line = lineOf(event);
        if (line === undefined) return;
        onSelect(line.id);
        const isArrow = event.target instanceof Element && event.target.closest("[data-arrow]") !== null;
        if (isArrow || (line.kind === "layer" && line.id === selected)) onOpen(line.key, !line.open);
      }}
      onDoubleClick={(event) => {
        const line = lineOf(event);
        if (line?.kind === "field" && line.hasChildren) onOpen(line.key, !line.open);
      }}
      onContextMenu={(event) => {
        const line = lineOf(event);
        if (line === undefined) return;
        event.preventDefault();
        onSelect(line.id);
        onMenu(line, event.clientX, event.clientY);
      }}
    >
      {lines.map((line) => (
        <Line key={line.id} line={line} selected={line.id === selected} hovered={line.id === hovered} />
      ))}
    </div>
  );
}

function Line({ line, selected, hovered }: { line: TreeLine; selected: boolean; hovered: boolean }) {
  const { id, depth, kind, name, value, note, bits, reference, problem, hasChildren, open } = line;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus
    <div
      role="treeitem"
      id={lineId(id)}
      data-line={id}
      data-kind={kind}
      data-hovered={hovered || undefined}
      aria-level={depth + 1}
      aria-selected={selected}
      aria-expanded={hasChildren ? open : undefined}
      className={classes.line}
      style={{ paddingLeft: 4 + depth * 16 }}
    >
      <span className={classes.arrow} data-arrow={hasChildren || undefined} aria-hidden>
        {hasChildren && (open ? <IconChevronDown size={13} /> : <IconChevronRight size={13} />)}
      </span>
      <span className={classes.text}>
        {bits !== undefined && <span className={classes.bits}>{bits} = </span>}
        <span className={classes.name}>{name}</span>
        {value !== "" && <span className={classes.value}>: {value}</span>}
        {note !== undefined && <span className={classes.note}> ({note})</span>}
        {problem !== undefined && (
          <span className={classes.problem}>
            <IconAlertTriangle size={13} aria-label="Problem" /> {problem}
          </span>
        )}
      </span>
      {reference !== undefined && (
        <span className={classes.reference}>{reference.replace(" section ", " §")}</span>
      )}
    </div>
  );
}

function keyTarget(key: string, lines: readonly TreeLine[], at: number): string | undefined {
  const line = lines[at];
  switch (key) {
    case "ArrowDown":
      return lines[Math.min(lines.length - 1, at + 1)]?.id;
    case "ArrowUp":
      return lines[Math.max(0, at - 1)]?.id;
    case "Home":
      return lines[0]?.id;
    case "End":
      return lines.at(-1)?.id;
    case "ArrowRight":
      return line?.open ? lines[at + 1]?.id : undefined;
    case "ArrowLeft":
      return line?.open ? undefined : line?.parent;
    default:
      return undefined;
  }
}

function lineId(id: string): string {
  return `field-${id.replaceAll("/", "-")}`;
}
