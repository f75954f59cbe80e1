/** Play and pause, the next event, the next packet that a filter lets through. */

import { ActionIcon, Button, Group, Popover, TextInput, Tooltip } from "@mantine/core";
import {
  IconChevronDown,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipForward,
  IconPlayerTrackNext,
} from "@tabler/icons-react";
import { useState } from "react";
import { useRoute } from "../app/route-store.ts";
import { useSelectedTime } from "../engine/hooks.ts";
import classes from "./time-bar.module.css";
import { useTimeControl } from "./use-time-control.ts";

export function TimeButtons() {
  const still = useSelectedTime((time) => time?.paused === true && time.travelling === undefined);
  const travelling = useSelectedTime((time) => time?.travelling !== undefined);
  const control = useTimeControl();
  const filter = useRoute((route) => route.filter);
  const play = still ? "Play" : travelling ? "Stop travelling" : "Pause";
  return (
    <div className={classes.group}>
      <Tooltip label={`${play} (space)`}>
        <ActionIcon variant="filled" color="accent" size={30} aria-label={play} onClick={control.toggle}>
          {still ? <IconPlayerPlayFilled size={16} /> : <IconPlayerPauseFilled size={16} />}
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Next event ( . )">
        <ActionIcon aria-label="Step to the next event" onClick={control.stepEvent}>
          <IconPlayerTrackNext size={17} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={filter === "" ? "Next packet ( > )" : `Next packet of “${filter}” ( > )`}>
        <ActionIcon aria-label="Step to the next packet" onClick={() => control.stepPacket(filter)}>
          <IconPlayerSkipForward size={17} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <StepFilter onStep={control.stepPacket} />
    </div>
  );
}

/** The next packet of a filter that is not the one of the list. */
function StepFilter({ onStep }: { readonly onStep: (filter: string) => void }) {
  const [open, setOpen] = useState(false);
  const [filter, setFilter] = useState("");
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus shadow="md" width={320}>
      <Popover.Target>
        <ActionIcon
          size={18}
          aria-label="Step to the next packet of a filter"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <IconChevronDown size={13} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label="Step to a packet">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onStep(filter);
          }}
        >
          <TextInput
            data-autofocus
            label="On to the next packet of this filter"
            placeholder="smtp && host pc.crepes.fr"
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value)}
          />
          <Group justify="flex-end" mt="xs">
            <Button type="submit">Step</Button>
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
