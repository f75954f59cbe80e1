/** From the beginning, with a seed, with or without the story. */

import { Button, Checkbox, NumberInput, Popover, Stack, Text } from "@mantine/core";
import { IconRestore } from "@tabler/icons-react";
import { useState } from "react";
import { useAct } from "../app/act.ts";
import { useNetwork, useSelectedTime } from "../engine/hooks.ts";

export function RestartMenu() {
  const [open, setOpen] = useState(false);
  const seed = useSelectedTime((time) => time?.seed ?? 0);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" shadow="md" width={270} trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          px="xs"
          title="Restart, perhaps with another seed"
          leftSection={<IconRestore size={15} stroke={1.7} />}
          aria-expanded={open}
          aria-label={`Restart; seed ${seed}`}
          onClick={() => setOpen(!open)}
        >
          seed {seed}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Restart">
        <RestartForm key={seed} seed={seed} onDone={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

function RestartForm({ seed, onDone }: { readonly seed: number; readonly onDone: () => void }) {
  const story = useNetwork()?.story ?? "none";
  const [wanted, setWanted] = useState<number | string>(seed);
  const [withStory, setWithStory] = useState(story === "playing" || story === "ended");
  const act = useAct();
  const restart = (): void => {
    onDone();
    act("time.restart", {
      ...(typeof wanted === "number" ? { seed: wanted } : {}),
      ...(story === "none" ? {} : { story: withStory }),
    });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        restart();
      }}
    >
      <Stack gap="xs">
        <NumberInput
          label="Seed"
          description="Same file, same seed, same inputs: the same packets."
          min={0}
          max={Number.MAX_SAFE_INTEGER}
          allowDecimal={false}
          allowNegative={false}
          value={wanted}
          onChange={setWanted}
        />
        {story !== "none" && (
          <Checkbox
            size="xs"
            label="Play the story of the file"
            checked={withStory}
            onChange={(event) => setWithStory(event.currentTarget.checked)}
          />
        )}
        <Text size="xs" c="dimmed">
          What was changed by hand is forgotten.
        </Text>
        <Button type="submit">Restart</Button>
      </Stack>
    </form>
  );
}
