/** Time: play, pause, steps, speed, and the line from the start to the horizon. */

import { useSession } from "../engine/hooks.ts";
import { ChangesList } from "./changes-list.tsx";
import { RestartMenu } from "./restart-menu.tsx";
import { Shortcuts } from "./shortcuts.tsx";
import { SpeedControl } from "./speed-control.tsx";
import { StoryButton } from "./story-button.tsx";
import classes from "./time-bar.module.css";
import { TimeButtons } from "./time-buttons.tsx";
import { TimeLine } from "./time-line.tsx";
import { VirtualTime } from "./virtual-time.tsx";

export function TimeBar({ phone }: { readonly phone: boolean }) {
  const { time } = useSession();
  if (time.get() === undefined) return null;
  return (
    <section className={classes.bar} aria-label="Time" data-phone={phone || undefined}>
      <TimeButtons />
      <SpeedControl />
      <VirtualTime />
      <TimeLine />
      <StoryButton />
      <ChangesList />
      <RestartMenu />
      <Shortcuts />
    </section>
  );
}
