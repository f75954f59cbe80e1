/** How fast virtual time goes: a slider by decades, and its stops by name. */

import { ActionIcon, Menu, Slider, Tooltip, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconMinus, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useAct } from "../app/act.ts";
import { useSelectedTime } from "../engine/hooks.ts";
import {
  AS_FAST_AS_POSSIBLE,
  formatSpeed,
  KEY_STEP,
  positionOf,
  SLOWEST,
  type Speed,
  STOPS,
  speedAt,
  speedTowards,
} from "./speed.ts";
import classes from "./time-bar.module.css";
import { useTimeControl } from "./use-time-control.ts";

export function SpeedControl() {
  const speed = useSelectedTime((time) => (time === undefined ? 1 : time.speed));
  const lags = useSelectedTime((time) => time !== undefined && !time.paused && time.lagNs > LAG_TOLD_NS);
  const control = useTimeControl();
  const act = useAct();
  const set = (wanted: Speed): void => void act("time.speed", { speed: wanted });
  const short = speed === null ? "max" : formatSpeed(speed);
  return (
    <div className={classes.speed}>
      <Tooltip label="Slower ( [ )">
        <ActionIcon size={20} aria-label="Slower" onClick={control.slower}>
          <IconMinus size={13} />
        </ActionIcon>
      </Tooltip>
      <SpeedSlider speed={speed} onSpeed={set} />
      <Tooltip label="Faster ( ] )">
        <ActionIcon size={20} aria-label="Faster" onClick={control.faster}>
          <IconPlus size={13} />
        </ActionIcon>
      </Tooltip>
      <Menu position="bottom">
        <Menu.Target>
          <UnstyledButton
            className={classes.speedLabel}
            data-lags={lags || undefined}
            title={lags ? "This machine is slower than that" : "Virtual seconds per second"}
          >
            <VisuallyHidden>Speed: </VisuallyHidden>
            {short}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {STOPS.map((stop) => (
            <Menu.Item key={stop.label} onClick={() => set(stop.speed)}>
              {formatSpeed(stop.speed)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function SpeedSlider({
  speed,
  onSpeed,
}: {
  readonly speed: Speed;
  readonly onSpeed: (speed: Speed) => void;
}) {
  const [dragged, setDragged] = useState<number>();
  return (
    <Slider
      className={classes.slider}
      w={92}
      size={3}
      thumbSize={12}
      min={SLOWEST}
      max={AS_FAST_AS_POSSIBLE}
      step={KEY_STEP}
      label={(position) => formatSpeed(speedAt(position))}
      thumbLabel="Speed"
      value={dragged ?? positionOf(speed)}
      onChange={setDragged}
      onChangeEnd={(position) => {
        setDragged(undefined);
        onSpeed(speedTowards(speed, position));
      }}
      thumbProps={{ "aria-valuetext": formatSpeed(speed) }}
    />
  );
}

/** A second behind is more than a hiccup. */
const LAG_TOLD_NS = 1e9;
