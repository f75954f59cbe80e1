/** What a local name server remembers, and for how long still. */

import { Button, Text } from "@mantine/core";
import type { CachedView } from "../../../engine/panels/dns/view.ts";
import { useSelectedTime } from "../../engine/hooks.ts";
import { type Column, DataTable } from "../../host/data-table.tsx";
import type { PanelPort } from "../panel.ts";
import classes from "./dns.module.css";

interface Props {
  readonly cache: readonly CachedView[];
  readonly omitted: number;
}

export function CacheTable({ cache, omitted }: Props) {
  return (
    <div className={classes.cache}>
      <DataTable
        label="Cache"
        rows={cache}
        columns={COLUMNS}
        keyOf={({ name, type, value }) => `${name} ${type} ${value}`}
        stampOf={({ value }) => value}
        empty="It has learnt nothing yet, or forgotten it again."
      />
      {omitted > 0 && (
        <Text size="xs" c="dimmed">
          and {omitted} more
        </Text>
      )}
    </div>
  );
}

export function ClearCache({ port, disabled }: { readonly port: PanelPort; readonly disabled: boolean }) {
  return (
    <Button size="compact-xs" variant="default" disabled={disabled} onClick={() => port.tryTo("cache.clear")}>
      Clear
    </Button>
  );
}

function Remaining({ untilNs }: { readonly untilNs: number }) {
  const seconds = useSelectedTime((time) => Math.max(0, Math.ceil((untilNs - (time?.nowNs ?? 0)) / 1e9)));
  return <>{seconds} s</>;
}

const COLUMNS: readonly Column<CachedView>[] = [
  { title: "Name", mono: true, show: ({ name }) => name },
  { title: "Type", show: ({ type }) => type },
  { title: "Value", mono: true, wrap: true, show: ({ value }) => value },
  { title: "TTL left", mono: true, right: true, show: ({ untilNs }) => <Remaining untilNs={untilNs} /> },
];
