/** The drawing of the graph by uPlot, as large as its room, in the colours of the page. */

import "uplot/dist/uPlot.min.css";
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import type { GraphView } from "../../../engine/protocol/index.ts";
import { type GraphMeasure, graphColumns, rateText, SERIES_COLORS } from "./graph-series.ts";
import classes from "./statistics.module.css";

interface Props {
  readonly graph: GraphView;
  readonly measure: GraphMeasure;
  readonly names: readonly string[];
  readonly onInstant: (timeNs: number) => void;
}

export function GraphPlot({ graph, measure, names, onInstant }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(onInstant);
  latest.current = onInstant;
  const scheme = useComputedColorScheme("light");
  const drawn = names.join("\n");
  const data = useRef<uPlot.AlignedData>([[]]);
  data.current = graphColumns(graph, measure, names.length) as uPlot.AlignedData;

  useEffect(() => {
    const element = box.current!;
    const made = new uPlot(optionsOf(drawn.split("\n"), measure, scheme, element), data.current, element);
    plot.current = made;
    const click = (): void => {
      const { left } = made.cursor;
      if (left !== undefined && left >= 0) latest.current(Math.max(0, made.posToVal(left, "x") * 1e9));
    };
    made.over.addEventListener("click", click);
    const observer = new ResizeObserver(() => made.setSize(sizeOf(element)));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [drawn, measure, scheme]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the columns are of these
  useEffect(() => plot.current?.setData(data.current), [graph, measure]);
  return (
    <div
      ref={box}
      className={classes.plot}
      role="img"
      aria-label={`${measure} per second over time: ${names.join(", ")}`}
    />
  );
}

function optionsOf(
  names: readonly string[],
  measure: GraphMeasure,
  scheme: "light" | "dark",
  element: HTMLElement,
): uPlot.Options {
  const [ink, grid] = scheme === "dark" ? ["#9aa3b4", "#2a303b"] : ["#5a6375", "#e6e9ee"];
  const axis = {
    stroke: ink,
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: grid, width: 1 },
    font: "11px system-ui",
  };
  const unit = measure === "bits" ? "bit/s" : "/s";
  return {
    ...sizeOf(element),
    padding: [12, 16, 0, 4],
    scales: { x: { time: false }, y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.08)] } },
    axes: [
      { ...axis, values: (_plot, values) => values.map((value) => `${Number(value.toPrecision(9))} s`) },
      { ...axis, size: 68, values: (_plot, values) => values.map((value) => `${rateText(value)}${unit}`) },
    ],
    series: [
      {
        label: "Time",
        value: (_plot, value) => (value === null ? "–" : `${Number(value.toPrecision(9))} s`),
      },
      ...(names.map((label, at) => ({
        label,
        stroke: SERIES_COLORS[at % SERIES_COLORS.length][scheme],
        width: 1.5,
        fill: at === 0 ? `${SERIES_COLORS[0][scheme]}1c` : undefined,
        // A value holds for its interval: it is a step, and no point on the way to the next one.
        paths: stepped,
        points: { show: false },
        value: (_plot: uPlot, value: number | null) => (value === null ? "–" : `${rateText(value)}${unit}`),
      })) as uPlot.Series[]),
    ],
    cursor: {
      drag: { x: true, y: false },
      dataIdx: ({ data: [times] }, _series, nearest, at) =>
        nearest > 0 && times[nearest]! > at ? nearest - 1 : nearest,
    },
    legend: { live: true },
  };
}

/** The legend stands below the drawing. */
function sizeOf(element: HTMLElement): { width: number; height: number } {
  return {
    width: Math.max(200, element.clientWidth),
    height: Math.max(80, element.clientHeight - LEGEND_PX),
  };
}

const stepped = uPlot.paths.stepped!({ align: 1 });
const LEGEND_PX = 32;
