/** What can be done with the selected packet. */

import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import {
  IconArrowsExchange,
  IconChevronLeft,
  IconChevronRight,
  IconClockPlay,
  IconCopy,
  IconDots,
  IconFilter,
  IconMessages,
  IconX,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { PacketDetail } from "../../../engine/protocol/index.ts";
import { rowText } from "../list/row-text.ts";
import { usePackets } from "../packets-context.ts";
import classes from "./detail-pane.module.css";

interface Props {
  readonly detail: PacketDetail;
  readonly dump: () => string;
  readonly onClose: () => void;
}

export function DetailBar({ detail, dump, onClose }: Props) {
  const { row, previous, next } = detail;
  const { select, goToPacket, openConversation, setFilter, time } = usePackets();
  const { conversation } = row;
  return (
    <div className={classes.bar}>
      <div className={classes.title}>
        <b>No. {row.number}</b>
        <span>
          {row.protocol}, {row.length} octets
        </span>
      </div>
      {conversation !== undefined && (
        <>
          <Act
            label="Previous packet of the conversation"
            disabled={previous === undefined}
            onClick={() => select(previous)}
          >
            <IconChevronLeft size={16} aria-hidden />
          </Act>
          <Act
            label="Next packet of the conversation"
            disabled={next === undefined}
            onClick={() => select(next)}
          >
            <IconChevronRight size={16} aria-hidden />
          </Act>
          <Act label="Follow the conversation" onClick={() => openConversation(conversation, "dialogue")}>
            <IconMessages size={16} aria-hidden />
          </Act>
          <Act label="Sequence diagram" onClick={() => openConversation(conversation, "diagram")}>
            <IconArrowsExchange size={16} aria-hidden />
          </Act>
          <Act
            label="Show only this conversation"
            onClick={() => setFilter(`conversation == ${conversation}`)}
          >
            <IconFilter size={16} aria-hidden />
          </Act>
        </>
      )}
      <Act label="Go to this packet's time" onClick={() => goToPacket(row.number)}>
        <IconClockPlay size={16} aria-hidden />
      </Act>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label="More">
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Copy label="Copy the row" text={() => rowText(row, time)} />
          <Copy label="Copy the octets as a dump" text={dump} />
        </Menu.Dropdown>
      </Menu>
      <Act label="Close the packet" onClick={onClose}>
        <IconX size={16} aria-hidden />
      </Act>
    </div>
  );
}

interface ActProps {
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function Act({ label, disabled = false, onClick, children }: ActProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        aria-label={label}
        {...(disabled ? { "data-disabled": true } : {})}
        aria-disabled={disabled}
        onClick={() => !disabled && onClick()}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function Copy({ label, text }: { readonly label: string; readonly text: () => string }) {
  return (
    <Menu.Item
      leftSection={<IconCopy size={14} aria-hidden />}
      onClick={() => navigator.clipboard.writeText(text())}
    >
      {label}
    </Menu.Item>
  );
}
