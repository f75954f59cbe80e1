/** What was changed by hand, and who came in from outside, as a list: the time line's marks for keyboard and screen readers. */

import { ActionIcon, Indicator, Popover, Text, UnstyledButton } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useState } from "react";
import { useAct } from "../app/act.ts";
import { useSelectedTime, useSession, useStore } from "../engine/hooks.ts";
import { formatTime } from "./format.ts";
import classes from "./time-bar.module.css";

export function ChangesList() {
  const [open, setOpen] = useState(false);
  const inputs = useStore(useSession().inputs);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" shadow="md" width={380} trapFocus>
      <Popover.Target>
        <ActionIcon
          title="What was changed by hand, and who came in"
          aria-label={`Changes: ${inputs.length}`}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Indicator disabled={inputs.length === 0} size={7} offset={1} color="orange">
            <IconHistory size={18} stroke={1.7} />
          </Indicator>
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p="xs" aria-label="Changes">
        <Changes onGone={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Changes({ onGone }: { readonly onGone: () => void }) {
  const inputs = useStore(useSession().inputs);
  const unrepeatable = useSelectedTime((time) => time?.unrepeatable ?? 0);
  const act = useAct();
  const goTo = (timeNs: number): void => {
    onGone();
    act("time.goTo", { to: { timeNs } });
  };
  const shown = inputs.slice(-MAX_SHOWN);
  return (
    <>
      <Text size="xs" c="dimmed" px={6} pb={4}>
        {inputs.length === 0
          ? "Nothing was changed by hand yet. Each change, and each real program that comes in, is recorded here with its instant; choose one to go back to it."
          : `Choose one to go back to its instant.${inputs.length > shown.length ? ` The last ${shown.length} of ${inputs.length}:` : ""}`}
      </Text>
      <div className={classes.changes}>
        {shown.map((input, at) => (
          <UnstyledButton
            // biome-ignore lint/suspicious/noArrayIndexKey: an input has no name; the list only grows
            key={at}
            className={classes.change}
            data-ahead={input.ahead || undefined}
            onClick={() => goTo(input.timeNs)}
          >
            <span className="mono">{formatTime(input.timeNs)}</span>
            <span>
              {input.text}
              {input.ahead && " (still to come)"}
            </span>
          </UnstyledButton>
        ))}
      </div>
      {unrepeatable > 0 && (
        <Text size="xs" c="dimmed" px={6} pt={6}>
          More was done than is recorded: {unrepeatable} connections or changes are missing where the past is
          executed again.
        </Text>
      )}
    </>
  );
}

/** More would make opening the list slow. */
const MAX_SHOWN = 300;
