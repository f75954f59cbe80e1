/** At the right of the tools: follow, step to the next packet, how times are shown, export. */

import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconArrowBarToDown, IconClock, IconDownload, IconPlayerTrackNext } from "@tabler/icons-react";
import type { PacketViewState } from "../../engine/protocol/index.ts";
import { tellProblem, useAct } from "../app/act.ts";
import { useEngine, useNetwork } from "../engine/hooks.ts";
import { exportPackets } from "./export-packets.ts";
import { count } from "./list/list-status.tsx";
import { octetsText, TIME_FORMATS, type TimeFormat } from "./list/time-text.ts";
import { fileName } from "./octets.ts";
import classes from "./packets-panel.module.css";

interface Props {
  /** Whether the list is in front, to which some of these belong. */
  readonly list: boolean;
  readonly filter: string;
  readonly view: PacketViewState | undefined;
  readonly follow: boolean;
  readonly onFollow: (follow: boolean) => void;
  readonly format: TimeFormat;
  readonly onFormat: (format: TimeFormat) => void;
}

export function PacketsTools({ list, filter, view, follow, onFollow, format, onFormat }: Props) {
  const act = useAct();
  const step = filter === "" ? "Step to the next packet" : "Step to the next packet of this filter";
  return (
    <div className={classes.actions}>
      <Tooltip label={step}>
        <ActionIcon
          aria-label={step}
          onClick={() => {
            onFollow(true);
            act("time.step", { to: { packet: filter } });
          }}
        >
          <IconPlayerTrackNext size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {list && <Follow follow={follow} onFollow={onFollow} />}
      {list && <TimeMenu format={format} onFormat={onFormat} />}
      <ExportMenu view={view} />
    </div>
  );
}

function Follow({ follow, onFollow }: Pick<Props, "follow" | "onFollow">) {
  return (
    <Tooltip label="Follow the newest packets">
      <ActionIcon
        aria-label="Follow the newest packets"
        aria-pressed={follow}
        variant={follow ? "light" : "subtle"}
        color={follow ? "accent" : "gray"}
        onClick={() => onFollow(!follow)}
      >
        <IconArrowBarToDown size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

function TimeMenu({ format, onFormat }: Pick<Props, "format" | "onFormat">) {
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <Tooltip label="How times are shown">
          <ActionIcon aria-label="How times are shown">
            <IconClock size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={format} onChange={(value) => onFormat(value as TimeFormat)}>
          {TIME_FORMATS.map(({ value, label }) => (
            <Menu.RadioItem key={value} value={value} closeMenuOnClick>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

function ExportMenu({ view }: Pick<Props, "view">) {
  const engine = useEngine();
  const network = useNetwork();
  const name = network?.name || "capture";
  const save = async (which: number | undefined, file: string): Promise<void> => {
    const stop = new AbortController();
    const id = notifications.show({
      loading: true,
      title: `Exporting ${file}`,
      message: "Close this to stop.",
      autoClose: false,
      onClose: () => stop.abort(),
    });
    const tell = (octets: number): void =>
      void notifications.update({ id, loading: true, autoClose: false, message: octetsText(octets) });
    try {
      await exportPackets(engine, which, file, tell, stop.signal);
    } catch (error) {
      tellProblem(error);
    }
    notifications.hide(id);
  };
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <Tooltip label="Export as pcapng">
          <ActionIcon aria-label="Export as pcapng">
            <IconDownload size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>pcapng, for Wireshark and its like</Menu.Label>
        <Menu.Item
          disabled={(view?.total ?? 0) === 0}
          onClick={() => save(undefined, `${fileName(name)}.pcapng`)}
        >
          All {count(view?.total ?? 0)} packets
        </Menu.Item>
        {view !== undefined && view.filter !== "" && (
          <Menu.Item
            disabled={view.matched === 0}
            onClick={() => save(view.view, `${fileName(name, view.filter)}.pcapng`)}
          >
            The {count(view.matched)} that pass the filter
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
