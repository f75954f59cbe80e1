/** The leases of a DHCP server, with the time that is left; each can be reserved for its client, or taken back. */

import { ActionIcon, Group, Tooltip } from "@mantine/core";
import { IconLock, IconTrash } from "@tabler/icons-react";
import type { LeaseRow } from "../../../engine/panels/dhcp/view.ts";
import { useSelectedTime } from "../../engine/hooks.ts";
import { type Column, DataTable } from "../../host/data-table.tsx";
import type { PanelPort } from "../panel.ts";
import classes from "./dhcp.module.css";

interface Props {
  readonly port: PanelPort;
  readonly leases: readonly LeaseRow[];
}

export function LeaseTable({ port, leases }: Props) {
  const columns: readonly Column<LeaseRow>[] = [
    { title: "Address", mono: true, show: ({ address }) => address },
    { title: "State", show: ({ state, reserved }) => (reserved ? `${state}, reserved` : state) },
    { title: "Name", show: ({ hostName }) => hostName },
    { title: "Hardware address", mono: true, show: ({ hardwareAddress }) => hardwareAddress },
    { title: "Left", mono: true, right: true, show: ({ untilNs }) => <Remaining untilNs={untilNs} /> },
    { title: "Actions", right: true, show: (lease) => <LeaseActions port={port} lease={lease} /> },
  ];
  return (
    <div className={classes.table}>
      <DataTable
        label="Leases"
        rows={leases}
        columns={columns}
        keyOf={({ address }) => address}
        stampOf={({ state, hardwareAddress }) => [state, hardwareAddress]}
        empty="Nobody has asked for an address yet."
      />
    </div>
  );
}

function LeaseActions({ port, lease }: { readonly port: PanelPort; readonly lease: LeaseRow }) {
  const { address, hardwareAddress, reserved, state } = lease;
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      {!reserved && state === "bound" && (
        <Tooltip label="This client always gets this address">
          <ActionIcon
            size="sm"
            aria-label={`Reserve ${address} for ${hardwareAddress}`}
            onClick={() => port.tryTo("reserve", { client: hardwareAddress, address })}
          >
            <IconLock size={13} />
          </ActionIcon>
        </Tooltip>
      )}
      {state !== "free" && state !== "expired" && (
        <Tooltip label="Take the lease back: its client hears of it when it asks again">
          <ActionIcon
            size="sm"
            aria-label={`Take ${address} back`}
            onClick={() => port.tryTo("revoke", { address })}
          >
            <IconTrash size={13} />
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
  );
}

function Remaining({ untilNs }: { readonly untilNs: number | undefined }) {
  const seconds = useSelectedTime((time) =>
    untilNs === undefined ? undefined : Math.max(0, Math.ceil((untilNs - (time?.nowNs ?? 0)) / 1e9)),
  );
  return <>{seconds === undefined ? "" : `${seconds} s`}</>;
}
