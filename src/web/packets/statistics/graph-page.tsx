/** The input/output graph: packets or bits per second over time, a line per filter. A click leads to an instant. */

import { Button, SegmentedControl, Select } from "@mantine/core";
import { IconClockPlay, IconListSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useEngine, useRequest, useSelectedTime } from "../../engine/hooks.ts";
import { secondsText } from "../list/time-text.ts";
import type { PacketList } from "../model/packet-list.ts";
import { usePackets } from "../packets-context.ts";
import { useEvery } from "../use-every.ts";
import { GraphPlot } from "./graph-plot.tsx";
import { type GraphMeasure, type GraphSeries, INTERVALS, intervalFor, rowAtTime } from "./graph-series.ts";
import { SeriesInputs } from "./series-inputs.tsx";
import classes from "./statistics.module.css";

export function GraphPage({ list }: { readonly list: PacketList | undefined }) {
  const [series, setSeries] = useState<readonly GraphSeries[]>(FIRST_SERIES);
  const [measure, setMeasure] = useState<GraphMeasure>("packets");
  const [chosen, setChosen] = useState<string | null>(null);
  const [instantNs, setInstantNs] = useState<number>();
  const automatic = useAutomaticInterval();
  const interval = chosen ?? automatic;
  const request = { intervalNs: Number(interval), filters: series.map(({ filter }) => filter) };
  const { data, error, again } = useRequest("packets.graph", request);
  useEvery(again, data?.complete === false ? 300 : 1_000);
  return (
    <>
      <div className={classes.graphTools}>
        <SeriesInputs series={series} onSeries={setSeries} />
        <SegmentedControl
          size="xs"
          aria-label="What is drawn"
          value={measure}
          onChange={(value) => setMeasure(value as GraphMeasure)}
          data={[
            { value: "packets", label: "Packets/s" },
            { value: "bits", label: "Bits/s" },
          ]}
        />
        <Select
          aria-label="Interval"
          w={140}
          value={chosen}
          placeholder={`Interval: ${INTERVALS.find(({ value }) => value === automatic)?.label}`}
          clearable
          onChange={setChosen}
          data={[...INTERVALS]}
        />
        {instantNs !== undefined && <Jump instantNs={instantNs} list={list} />}
      </div>
      {error !== undefined && <p className={classes.note}>{error.message}</p>}
      {data !== undefined && (
        <GraphPlot
          graph={data}
          measure={measure}
          names={series.map(({ filter }) => filter || "all packets")}
          onInstant={setInstantNs}
        />
      )}
    </>
  );
}

function useAutomaticInterval(): string {
  // Looked at when the page opens: an interval that changes under one's eyes would be no help.
  const nowNs = useSelectedTime((time) => time?.horizonNs ?? 0);
  const [automatic, setAutomatic] = useState(() => intervalFor(nowNs));
  useEffect(() => {
    if (nowNs > Number(automatic) * POINTS_MAX) setAutomatic(intervalFor(nowNs));
  }, [nowNs, automatic]);
  return automatic;
}

/** What can be done with the instant that was clicked. */
function Jump({ instantNs, list }: { readonly instantNs: number; readonly list: PacketList | undefined }) {
  const engine = useEngine();
  const { select, goToTime } = usePackets();
  const show = async (): Promise<void> => {
    const view = list?.state.get().view;
    if (view === undefined) return;
    const rowAt = async (index: number) =>
      (await engine.request("packets.rows", { view: view.view, from: index, count: 1 })).rows[0];
    const index = await rowAtTime(view.matched, instantNs, async (at) => (await rowAt(at))?.timeNs).catch(
      () => undefined,
    );
    const row = index === undefined ? undefined : await rowAt(index).catch(() => undefined);
    if (row !== undefined) select(row.number);
  };
  return (
    <span className={classes.jump}>
      {secondsText(instantNs)} s
      <Button variant="default" leftSection={<IconListSearch size={14} aria-hidden />} onClick={show}>
        Packets there
      </Button>
      <Button
        variant="default"
        leftSection={<IconClockPlay size={14} aria-hidden />}
        onClick={() => goToTime(instantNs)}
      >
        Go to this time
      </Button>
    </span>
  );
}

const FIRST_SERIES: readonly GraphSeries[] = [
  { id: 1, filter: "" },
  { id: 2, filter: "lost or resent" },
];
/** Where the automatic interval becomes longer. */
const POINTS_MAX = 1_000;
