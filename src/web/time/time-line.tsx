/**
 * The strip from the start to what is known: past, now, the horizon of a run whose past is looked at, changes as
 * marks. A click or a drag goes to that instant; the wheel zooms; Escape lets go.
 */

import { Paper, Portal } from "@mantine/core";
import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from "react";
import { useAct } from "../app/act.ts";
import { useFrame } from "../app/use-frame.ts";
import { useSelectedTime, useSession } from "../engine/hooks.ts";
import { formatTime } from "./format.ts";
import { fromShare, type Range, toShare, wholeRange, zoom } from "./scale.ts";
import classes from "./time-bar.module.css";
import { TimeMarks, useMarkText } from "./time-marks.tsx";

export function TimeLine() {
  const act = useAct();
  const { time } = useSession();
  const box = useRef<HTMLDivElement>(null);
  const [zoomed, setZoomed] = useState<Range>();
  const whole = useWholeRange();
  const seconds = useWholeSeconds();
  const range = zoomed ?? whole;
  const [pointed, setPointed] = useState<Pointed>();
  /** The pointer that was pressed here: where it is let go, time goes. */
  const held = useRef<number>(undefined);

  const letGo = (): void => {
    held.current = undefined;
    setPointed(undefined);
  };
  const goTo = (timeNs: number): void => {
    letGo();
    act("time.goTo", { to: { timeNs } });
  };
  useWheel(box, (factor, share) => {
    const next = zoom(range, factor, share, whole);
    setZoomed(next === whole ? undefined : next);
  });
  const press = (event: KeyboardEvent): void => {
    if (event.key === "Escape") letGo();
    const step = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10 }[event.key];
    const nowNs = time.get()?.nowNs ?? 0;
    if (step !== undefined) goTo(Math.max(0, nowNs + (step * (range.endNs - range.startNs)) / 100));
    else if (event.key === "Home") goTo(0);
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={box}
      className={classes.line}
      role="slider"
      tabIndex={0}
      aria-label="Time line"
      aria-valuemin={0}
      aria-valuemax={seconds.known}
      aria-valuenow={seconds.now}
      aria-valuetext={`${seconds.now} seconds`}
      onPointerDown={(event) => {
        if (event.button !== 0 || !event.isPrimary) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        held.current = event.pointerId;
        setPointed(pointedAt(event));
      }}
      onPointerMove={(event) => setPointed(pointedAt(event))}
      onPointerUp={(event) => {
        if (event.pointerId === held.current) goTo(fromShare(pointedAt(event).share, range));
      }}
      onPointerLeave={() => setPointed(undefined)}
      onPointerCancel={letGo}
      onDoubleClick={() => setZoomed(undefined)}
      onKeyDown={press}
    >
      <TimeMarks range={range} />
      <Progress range={range} />
      {pointed !== undefined && <Pointer pointed={pointed} range={range} />}
    </div>
  );
}

interface Pointed {
  readonly share: number;
  readonly x: number;
  readonly y: number;
}

function pointedAt({ currentTarget, clientX }: PointerEvent): Pointed {
  const area = currentTarget.getBoundingClientRect();
  return { share: limit((clientX - area.left) / area.width), x: clientX, y: area.bottom };
}

/** Past, horizon and now, moved at each frame by transforms alone. */
function Progress({ range }: { readonly range: Range }) {
  const { clock, time } = useSession();
  const past = useRef<HTMLDivElement>(null);
  const ahead = useRef<HTMLDivElement>(null);
  const cursor = useRef<HTMLDivElement>(null);
  const view = useSelectedTime((it) => it);
  const draw = (wallMs: number): void => {
    if (past.current === null || ahead.current === null || cursor.current === null) return;
    const share = limit(toShare(clock.nowNs(wallMs), range));
    const horizon = limit(toShare(time.get()?.horizonNs ?? 0, range));
    past.current.style.transform = `scaleX(${share})`;
    cursor.current.style.left = `${share * 100}%`;
    ahead.current.style.left = `${share * 100}%`;
    ahead.current.style.width = `${Math.max(0, horizon - share) * 100}%`;
  };
  useFrame(draw, view?.paused === false);
  useEffect(() => {
    if (time.get() === view) draw(performance.now());
  });
  return (
    <>
      <div ref={ahead} className={classes.ahead} />
      <div ref={past} className={classes.past} />
      {view?.travelling !== undefined && (
        <div className={classes.journey} style={{ transform: `scaleX(${view.travelling.progress})` }} />
      )}
      <div ref={cursor} className={classes.cursor} />
    </>
  );
}

function limit(share: number): number {
  return Math.min(1, Math.max(0, share));
}

function Pointer({ pointed, range }: { readonly pointed: Pointed; readonly range: Range }) {
  const changes = useMarkText(pointed.share, range);
  return (
    <>
      <div className={classes.pointer} style={{ left: `${pointed.share * 100}%` }} />
      <Portal>
        <Paper
          className={classes.label}
          shadow="md"
          withBorder
          pos="fixed"
          style={{
            zIndex: 300,
            top: pointed.y + 6,
            left: Math.min(Math.max(8, pointed.x - 60), innerWidth - 310),
          }}
        >
          <span className="mono">{formatTime(fromShare(pointed.share, range))}</span>
          {changes.map((text, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same change can be made twice
            <div key={at}>{text}</div>
          ))}
        </Paper>
      </Portal>
    </>
  );
}

/** The range changes by steps, so that the strip is not drawn anew at each event. */
function useWholeRange(): Range {
  const endNs = useSelectedTime((time) => wholeRange(time?.nowNs ?? 0, time?.horizonNs ?? 0).endNs);
  return { startNs: 0, endNs };
}

/** For screen readers in whole seconds, or they would never fall silent. */
function useWholeSeconds(): { readonly now: number; readonly known: number } {
  const now = useSelectedTime((time) => Math.floor((time?.nowNs ?? 0) / 1e9));
  const known = useSelectedTime((time) => Math.ceil((time?.horizonNs ?? 0) / 1e9));
  return { now, known: Math.max(now, known) };
}

/** React listens passively to wheels; this one must keep the page from scrolling. */
function useWheel(box: RefObject<HTMLElement | null>, onZoom: (factor: number, share: number) => void): void {
  const latest = useRef(onZoom);
  latest.current = onZoom;
  useEffect(() => {
    const element = box.current;
    const listen = (event: WheelEvent): void => {
      event.preventDefault();
      const area = element!.getBoundingClientRect();
      latest.current(2 ** (event.deltaY / 240), (event.clientX - area.left) / area.width);
    };
    element?.addEventListener("wheel", listen, { passive: false });
    return () => element?.removeEventListener("wheel", listen);
  }, [box]);
}
