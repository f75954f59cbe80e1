/** Sockets: endpoints, TCP state, queues; of a connection how it fares (congestion window and all). */

import { Button, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight, IconListDetails } from "@tabler/icons-react";
import { useState } from "react";
import type { SocketView } from "../../../engine/protocol/index.ts";
import { type Column, DataTable } from "../data-table.tsx";
import { socketFilter } from "./socket-filter.ts";
import classes from "./state-tab.module.css";

interface Props {
  readonly rows: readonly SocketView[];
  readonly onShowPackets: (filter: string) => void;
}

export function SocketsTable({ rows, onShowPackets }: Props) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (key: string): void => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  const columns: readonly Column<SocketView>[] = [
    {
      title: "Local",
      mono: true,
      show: (row) => <LocalEnd row={row} open={open.has(keyOf(row))} onToggle={() => toggle(keyOf(row))} />,
    },
    { title: "Remote", mono: true, show: ({ remote }) => remote ?? "*" },
    { title: "State", show: ({ state, protocol }) => (protocol === "udp" ? "UDP" : state) },
    { title: "Service", show: ({ service }) => service ?? "" },
    { title: "Send-Q", mono: true, right: true, show: ({ sendQueue }) => sendQueue },
    { title: "Recv-Q", mono: true, right: true, show: ({ receiveQueue }) => receiveQueue },
  ];
  return (
    <DataTable
      label="Sockets"
      rows={rows}
      columns={columns}
      keyOf={keyOf}
      empty="No socket is open."
      detail={(row) =>
        open.has(keyOf(row)) ? <SocketDetail socket={row} onShowPackets={onShowPackets} /> : undefined
      }
    />
  );
}

function LocalEnd({ row, open, onToggle }: { row: SocketView; open: boolean; onToggle: () => void }) {
  const Icon = open ? IconChevronDown : IconChevronRight;
  return (
    <>
      <UnstyledButton
        className={classes.twisty}
        aria-expanded={open}
        aria-label={`More about the socket ${row.local}`}
        onClick={onToggle}
      >
        <Icon size={14} />
      </UnstyledButton>
      {row.local}
    </>
  );
}

function SocketDetail({ socket, onShowPackets }: { socket: SocketView } & Pick<Props, "onShowPackets">) {
  return (
    <>
      <dl className={classes.transfer}>
        {factsOf(socket).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="mono">{value}</dd>
          </div>
        ))}
      </dl>
      <Button
        variant="default"
        size="compact-xs"
        leftSection={<IconListDetails size={13} />}
        onClick={() => onShowPackets(socketFilter(socket))}
      >
        Show its packets
      </Button>
    </>
  );
}

function factsOf({ transfer, protocol }: SocketView): readonly (readonly [string, string])[] {
  if (transfer === undefined) return [["Protocol", protocol.toUpperCase()]];
  const octets = (value: number | undefined): string => (value === undefined ? "–" : `${value} octets`);
  const trip = transfer.smoothedRoundTripMs;
  return [
    ["Congestion control", transfer.congestionControl],
    ["Congestion window", octets(transfer.congestionWindow)],
    ["Slow start threshold", octets(transfer.slowStartThreshold)],
    ["In flight", octets(transfer.bytesInFlight)],
    ["Recovery", transfer.recovery === "none" ? "none" : `after ${transfer.recovery} retransmit`],
    ["Smoothed round trip", trip === undefined ? "–" : `${trip.toFixed(3)} ms`],
    ["Retransmission timeout", `${Math.round(transfer.retransmissionTimeoutMs)} ms`],
    ["Window of the peer", octets(transfer.sendWindow)],
    ["Window offered", octets(transfer.receiveWindow)],
    ["Maximum segment size", octets(transfer.maximumSegmentSize)],
    ["Segments sent", `${transfer.segmentsSent}`],
    ["Segments received", `${transfer.segmentsReceived}`],
    ["Segments sent again", `${transfer.segmentsRetransmitted}`],
  ];
}

function keyOf({ protocol, local, remote }: SocketView): string {
  return `${protocol} ${local} ${remote ?? ""}`;
}
