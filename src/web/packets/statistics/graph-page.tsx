/** The input/output graph: packets or bits per second over time, a line per filter. A click leads to an instant. */

import { Button, SegmentedControl, Select } from "@mantine/core";
import { IconClockPlay, IconListSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useEngine, useRequest, useSession } from "../../engine/hooks.ts";
import { secondsText } from "../list/time-text.ts";
import type { PacketList } from "../model/packet-list.ts";
import { usePackets } from "../packets-context.ts";
import { useEvery } from "../use-every.ts";
import { GraphPlot } from "./graph-plot.tsx";
import {
  betterInterval,
  type GraphMeasure,
  type GraphSeries,
  INTERVALS,
  intervalFor,
  rowAtTime,
} from "./graph-series.ts";
import { SeriesInputs } from "./series-inputs.tsx";
import classes from "./statistics.module.css";

export function GraphPage({ list }: { readonly list: PacketList }) {
  const [series, setSeries] = useState<readonly GraphSeries[]>(FIRST_SERIES);
  const [measure, setMeasure] = useState<GraphMeasure>("packets");
  const [chosen, setChosen] = useState<string | null>(null);
  const [instantNs, setInstantNs] = useState<number>();
  // All that is known fits into this; the answer tells how much of it the packets take.
  const horizonNs = useSession().time.get()?.horizonNs ?? 0;
  const [automatic, setAutomatic] = useState(() => intervalFor(horizonNs));
  const interval = chosen ?? automatic;
  const request = { intervalNs: Number(interval), filters: series.map(({ filter }) => filter) };
  const { data, error, loading, again } = useRequest("packets.graph", request);
  if (chosen === null && !loading && data?.complete === true) {
    const better = betterInterval(automatic, data);
    if (better !== automatic) setAutomatic(better);
  }
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
          w={165}
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

/** What can be done with the instant that was clicked. */
function Jump({ instantNs, list }: { readonly instantNs: number; readonly list: PacketList }) {
  const engine = useEngine();
  const { select, goToTime } = usePackets();
  const show = async (): Promise<void> => {
    const view = list.state.get().view;
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
