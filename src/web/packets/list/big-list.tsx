/**
 * A list of any number of rows of one height, of which only those seen are there. What is drawn stands still in a sticky
 * window and is moved by hand (scroll-map.ts), so a million rows scroll as ten do, in every browser. A grid for screen
 * readers: the focus stays on the whole, `active` names the row.
 */

import {
  type CSSProperties,
  type HTMLAttributes,
  type ReactNode,
  type Ref,
  useImperativeHandle,
  useLayoutEffect,
  useReducer,
  useRef,
  useState,
} from "react";
import { flushSync } from "react-dom";
import classes from "./big-list.module.css";
import {
  barHeight,
  clampOffset,
  isAtEnd,
  isStuck,
  maxOffset,
  offsetToShow,
  type ScrollPlace,
  type ScrollSpace,
  scrolled,
  scrollTopOf,
  seenRows,
} from "./scroll-map.ts";

export interface BigListHandle {
  /** Scrolls as little as needed; far away it comes to the middle. */
  show(index: number): void;
  focus(): void;
  /** Rows that are seen at once. */
  readonly rowsSeen: number;
}

export interface BigListProps extends Omit<HTMLAttributes<HTMLDivElement>, "onScroll" | "children"> {
  readonly handle: Ref<BigListHandle>;
  readonly label: string;
  readonly count: number;
  readonly columnCount: number;
  readonly rowHeight: number;
  readonly header: ReactNode;
  readonly headerHeight: number;
  /** Narrower, it scrolls sideways. */
  readonly minWidth: number;
  /** Stays at the end while the list grows. */
  readonly follow: boolean;
  /** The row that the keys move from. */
  readonly active: number | undefined;
  readonly idOf: (index: number) => string;
  readonly renderRow: (index: number, top: number) => ReactNode;
  /** The rows [first, end) are seen. */
  readonly onSeen: (first: number, end: number, forwards: boolean) => void;
  /** The person scrolled, to the end or elsewhere. */
  readonly onScrolled?: (atEnd: boolean) => void;
}

export function BigList(props: BigListProps) {
  const { handle, label, count, columnCount, rowHeight, header, headerHeight, minWidth, ...others } = props;
  const { follow, active, idOf, renderRow, onSeen, onScrolled, className, style, ...rest } = others;
  const scroll = useScroll({ count, rowHeight, headerHeight, follow, handle, onSeen, onScrolled });
  const { space, place } = scroll;
  const { first, end } = seenRows(space, place.offset);
  // Rows keep their place for a thousand others, so scrolling moves one element and changes none.
  const base = Math.floor(first / ROWS_PER_BASE) * ROWS_PER_BASE * rowHeight;
  const slots = Math.ceil(space.viewport / rowHeight) + 2;
  const rows: ReactNode[] = [];
  for (let index = first; index < end; index++) {
    rows.push(<Slot key={index % slots}>{renderRow(index, index * rowHeight - base)}</Slot>);
  }
  const canvas: CSSProperties = { height: headerHeight + barHeight(space), minWidth };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot show a part of its rows
    <div
      {...rest}
      ref={scroll.box}
      role="grid"
      aria-label={label}
      aria-rowcount={count + 1}
      aria-colcount={columnCount}
      aria-activedescendant={
        active !== undefined && active >= first && active < end ? idOf(active) : undefined
      }
      tabIndex={0}
      className={`${classes.box} ${className ?? ""}`}
      style={style}
      onScroll={scroll.onScroll}
    >
      <div className={classes.canvas} style={canvas}>
        <div className={classes.header} style={{ height: headerHeight }}>
          {header}
        </div>
        <div className={classes.window} style={{ top: headerHeight, height: space.viewport }}>
          <div style={{ transform: `translateY(${base - place.offset}px)` }}>{rows}</div>
        </div>
      </div>
    </div>
  );
}

function Slot({ children }: { readonly children: ReactNode }) {
  return children;
}

type ScrollOptions = Pick<
  BigListProps,
  "count" | "rowHeight" | "headerHeight" | "follow" | "handle" | "onSeen"
> & { readonly onScrolled: BigListProps["onScrolled"] | undefined };

function useScroll({ count, rowHeight, headerHeight, follow, handle, onSeen, onScrolled }: ScrollOptions) {
  const box = useRef<HTMLDivElement>(null);
  const [viewport, setViewport] = useState(0);
  const [, render] = useReducer((turn: number) => turn + 1, 0);
  const live = useRef<ScrollPlace>({ offset: 0, scrollTop: 0 });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const seen = useRef(0);
  const space: ScrollSpace = { rows: count, rowHeight, viewport };
  const latest = useRef(space);
  latest.current = space;

  const setBar = (): void => {
    if (box.current === null || latest.current.viewport === 0) return;
    const wanted = Math.round(scrollTopOf(latest.current, live.current.offset));
    if (Math.abs(box.current.scrollTop - wanted) >= 1) box.current.scrollTop = wanted;
    live.current = { offset: live.current.offset, scrollTop: box.current.scrollTop };
  };
  const moveTo = (offset: number): void => {
    live.current = { ...live.current, offset: clampOffset(latest.current, offset) };
    setBar();
    render();
  };
  const onScroll = (): void => {
    const { scrollTop, clientHeight } = box.current!;
    if (scrollTop === live.current.scrollTop || latest.current.viewport === 0) return;
    // The box has another height that is not measured yet: the browser has moved the bar, not a person.
    if (Math.max(0, clientHeight - headerHeight) !== latest.current.viewport) return;
    live.current = scrolled(latest.current, live.current, scrollTop);
    if (isStuck(latest.current, live.current)) setBar();
    clearTimeout(timer.current);
    timer.current = setTimeout(setBar, AT_REST_MS);
    // In this frame, not in a later one: what is drawn does not move by itself. Together, because a list that still
    // follows would go back to its end.
    flushSync(() => {
      render();
      onScrolled?.(isAtEnd(latest.current, live.current.offset));
    });
  };

  useLayoutEffect(() => {
    const element = box.current!;
    const measure = (): void => setViewport(Math.max(0, element.clientHeight - headerHeight));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [headerHeight]);
  useLayoutEffect(() => () => clearTimeout(timer.current), []);

  // While rendering, so that the first picture after a change is right already.
  const offset = follow ? maxOffset(space) : clampOffset(space, live.current.offset);
  if (offset !== live.current.offset) live.current = { ...live.current, offset };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the bar follows whatever was drawn
  useLayoutEffect(setBar, [offset, count, viewport, rowHeight]);

  const { first, end } = seenRows(space, live.current.offset);
  useLayoutEffect(() => {
    const forwards = first >= seen.current;
    seen.current = first;
    if (end > first) onSeen(first, end, forwards);
  });
  useImperativeHandle(handle, () => ({
    show: (index) => moveTo(offsetToShow(latest.current, live.current.offset, index)),
    focus: () => box.current?.focus({ preventScroll: true }),
    get rowsSeen() {
      return Math.max(1, Math.floor(latest.current.viewport / latest.current.rowHeight));
    },
  }));
  return { box, space, place: live.current, onScroll };
}

const ROWS_PER_BASE = 1_000;
/** Longer than between two turns of a wheel. */
const AT_REST_MS = 150;
