/** The octets of a packet, those of a field marked; an octet leads to its field by pointer or arrow keys. */

import { useElementSize } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, memo, useEffect, useMemo, useRef } from "react";
import { hexLine, lineCount, octetsPerLine, within } from "./hex-layout.ts";
import classes from "./hex-view.module.css";

export interface OctetRange {
  readonly start: number;
  readonly end: number;
}

interface Props {
  readonly bytes: Uint8Array;
  readonly selected: OctetRange | undefined;
  readonly hovered: OctetRange | undefined;
  readonly onSelect: (octet: number) => void;
  readonly onHover: (octet: number | undefined) => void;
}

export function HexView({ bytes, selected, hovered, onSelect, onHover }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const size = useElementSize<HTMLDivElement>();
  const perLine = octetsPerLine(size.width, CHARACTER_PX);
  const virtual = useVirtualizer({
    count: lineCount(bytes.length, perLine),
    getScrollElement: () => box.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 8,
  });
  const start = selected?.start;
  useEffect(() => {
    if (start !== undefined) virtual.scrollToIndex(Math.floor(start / perLine), { align: "auto" });
  }, [start, perLine, virtual]);

  const press = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -perLine, ArrowDown: perLine }[event.key];
    if (step === undefined || bytes.length === 0) return;
    event.preventDefault();
    // Rightwards and downwards from the end of what is marked, so that the next field is the next step.
    const from = selected === undefined ? -1 : step === 1 ? selected.end - 1 : selected.start;
    onSelect(Math.min(bytes.length - 1, Math.max(0, from + step)));
  };
  return (
    // biome-ignore lint/a11y/useKeyWithMouseEvents: hovering only shows what selecting shows
    // biome-ignore lint/a11y/useSemanticElements: no set of inputs
    <div
      ref={(element) => {
        box.current = element;
        size.ref(element);
      }}
      role="group"
      aria-label="Octets of the packet; arrow keys move from field to field"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move from octet to octet
      tabIndex={0}
      className={classes.box}
      onKeyDown={press}
      onClick={(event) => {
        const octet = octetOf(event);
        if (octet !== undefined) onSelect(octet);
      }}
      onMouseOver={(event) => onHover(octetOf(event))}
      onMouseLeave={() => onHover(undefined)}
    >
      <div className={classes.lines} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start: top }) => (
          <Line
            key={index}
            bytes={bytes}
            line={index}
            perLine={perLine}
            top={top}
            {...placesOf("selected", within(selected, index, perLine))}
            {...placesOf("hovered", within(hovered, index, perLine))}
          />
        ))}
      </div>
    </div>
  );
}

interface LineProps {
  readonly bytes: Uint8Array;
  readonly line: number;
  readonly perLine: number;
  readonly top: number;
  readonly selectedFrom?: number;
  readonly selectedTo?: number;
  readonly hoveredFrom?: number;
  readonly hoveredTo?: number;
}

const Line = memo(function Line(props: LineProps) {
  const {
    bytes,
    line,
    perLine,
    top,
    selectedFrom = 0,
    selectedTo = 0,
    hoveredFrom = 0,
    hoveredTo = 0,
  } = props;
  const { offset, start, octets, characters } = useMemo(
    () => hexLine(bytes, line, perLine),
    [bytes, line, perLine],
  );
  const mark = (at: number): string | undefined => {
    if (at >= selectedFrom && at < selectedTo) return "selected";
    return at >= hoveredFrom && at < hoveredTo ? "hovered" : undefined;
  };
  return (
    <div className={classes.line} style={{ transform: `translateY(${top}px)` }}>
      <span className={classes.offset}>{offset}</span>
      <span className={classes.octets} data-per-line={perLine}>
        {octets.map((octet, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an octet is its place
          <span key={at} data-octet={start + at} data-mark={mark(at)} data-half={at === 8 || undefined}>
            {octet}
          </span>
        ))}
      </span>
      <span className={classes.characters}>
        {characters.map((character, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an octet is its place
          <span key={at} data-octet={start + at} data-mark={mark(at)}>
            {character}
          </span>
        ))}
      </span>
    </div>
  );
});

function placesOf(
  name: "selected" | "hovered",
  places: { from: number; to: number } | undefined,
): Partial<LineProps> {
  return places === undefined ? {} : { [`${name}From`]: places.from, [`${name}To`]: places.to };
}

function octetOf(event: MouseEvent): number | undefined {
  const element = event.target instanceof Element ? event.target.closest("[data-octet]") : null;
  return element === null ? undefined : Number(element.getAttribute("data-octet"));
}

const LINE_HEIGHT = 20;
/** About, of the monospaced font at 12 pixels. */
const CHARACTER_PX = 7.3;
