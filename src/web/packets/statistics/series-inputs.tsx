/** The lines of the graph: a filter each, checked before it is drawn; more of them, or fewer. */

import { ActionIcon, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useEngine } from "../../engine/hooks.ts";
import { type GraphSeries, SERIES_COLORS } from "./graph-series.ts";
import classes from "./statistics.module.css";

interface Props {
  readonly series: readonly GraphSeries[];
  readonly onSeries: (series: readonly GraphSeries[]) => void;
}

export function SeriesInputs({ series, onSeries }: Props) {
  return (
    <>
      {series.map((one, at) => (
        <SeriesInput
          key={one.id}
          series={one}
          color={SERIES_COLORS[at]}
          onFilter={(filter) => onSeries(series.map((other) => (other === one ? { ...one, filter } : other)))}
          onRemove={series.length > 1 ? () => onSeries(series.filter((other) => other !== one)) : undefined}
        />
      ))}
      {series.length < SERIES_COLORS.length && (
        <ActionIcon
          aria-label="Add a line"
          onClick={() =>
            onSeries([...series, { id: Math.max(...series.map(({ id }) => id)) + 1, filter: "" }])
          }
        >
          <IconPlus size={16} aria-hidden />
        </ActionIcon>
      )}
    </>
  );
}

interface SeriesInputProps {
  readonly series: GraphSeries;
  readonly color: { readonly light: string; readonly dark: string };
  readonly onFilter: (filter: string) => void;
  readonly onRemove: (() => void) | undefined;
}

function SeriesInput({ series, color, onFilter, onRemove }: SeriesInputProps) {
  const engine = useEngine();
  const [text, setText] = useState(series.filter);
  const [problem, setProblem] = useState<string>();
  const apply = async (): Promise<void> => {
    const check = await engine
      .request("packets.check", { filter: text, cursor: text.length })
      .catch(() => undefined);
    setProblem(check?.error?.message);
    if (check !== undefined && check.error === undefined) onFilter(text);
  };
  return (
    <span className={classes.series}>
      <i style={{ background: `light-dark(${color.light}, ${color.dark})` }} />
      <TextInput
        aria-label="Filter of this line"
        placeholder="all packets"
        w={150}
        value={text}
        error={problem !== undefined}
        title={problem ?? ""}
        spellCheck={false}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Enter" && apply()}
        onBlur={apply}
      />
      {onRemove !== undefined && (
        <ActionIcon size="sm" aria-label="Remove this line" onClick={onRemove}>
          <IconX size={13} aria-hidden />
        </ActionIcon>
      )}
    </span>
  );
}
