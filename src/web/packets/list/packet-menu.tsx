/** The menu on a cell of the packet list. */

import { Menu } from "@mantine/core";
import { IconArrowsExchange, IconClockPlay, IconFilter, IconMessages } from "@tabler/icons-react";
import type { PacketRowView } from "../../../engine/protocol/index.ts";
import { ConditionMenu } from "../filter/condition-menu.tsx";
import { type CellColumn, cellFilter } from "../filter/filter-text.ts";
import { usePackets } from "../packets-context.ts";
import { rowText } from "./row-text.ts";

export interface CellMenu {
  readonly x: number;
  readonly y: number;
  readonly row: PacketRowView;
  readonly column: CellColumn;
}

export function PacketMenu({ menu, onClose }: { readonly menu: CellMenu; readonly onClose: () => void }) {
  const { row, column, x, y } = menu;
  const { time, goToPacket, openConversation, setFilter } = usePackets();
  const { conversation } = row;
  const cell = column === "time" || column === "number" ? undefined : String(row[column]);
  const copies = [
    ...(cell === undefined || cell === "" ? [] : [{ label: "Copy the cell", text: cell }]),
    { label: "Copy the row", text: rowText(row, time) },
  ];
  const extra = (
    <>
      {conversation !== undefined && (
        <>
          <Menu.Item
            leftSection={<IconMessages size={14} aria-hidden />}
            onClick={() => openConversation(conversation, "dialogue")}
          >
            Follow the conversation
          </Menu.Item>
          <Menu.Item
            leftSection={<IconArrowsExchange size={14} aria-hidden />}
            onClick={() => openConversation(conversation, "diagram")}
          >
            Sequence diagram
          </Menu.Item>
          <Menu.Item
            leftSection={<IconFilter size={14} aria-hidden />}
            onClick={() => setFilter(`conversation == ${conversation}`)}
          >
            Show only this conversation
          </Menu.Item>
        </>
      )}
      <Menu.Item leftSection={<IconClockPlay size={14} aria-hidden />} onClick={() => goToPacket(row.number)}>
        Go to this packet's time
      </Menu.Item>
    </>
  );
  return (
    <ConditionMenu
      x={x}
      y={y}
      clause={cellFilter(row, column)}
      copies={copies}
      extra={extra}
      onClose={onClose}
    />
  );
}
