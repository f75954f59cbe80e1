/** Plays the story of the network file, where it has one. */

import { Button, Tooltip } from "@mantine/core";
import { IconBook2 } from "@tabler/icons-react";
import { useAct } from "../app/act.ts";
import { useSelected, useSession } from "../engine/hooks.ts";

export function StoryButton() {
  const session = useSession();
  const story = useSelected(session.network, (network) => network?.story ?? "none");
  const act = useAct();
  if (story === "none") return null;
  const play = async (): Promise<void> => {
    if ((await act("story.play", {})) !== undefined && session.time.get()?.paused) await act("time.play", {});
  };
  return (
    <Tooltip label={TEXTS[story].hint}>
      <Button
        variant={story === "off" ? "light" : "default"}
        leftSection={<IconBook2 size={15} stroke={1.7} />}
        disabled={story === "playing"}
        onClick={() => (story === "off" ? play() : act("time.restart", { story: true }))}
        px="xs"
      >
        {TEXTS[story].label}
      </Button>
    </Tooltip>
  );
}

const TEXTS = {
  off: { label: "Play story", hint: "What the network file tells: the steps of its story, from now on" },
  playing: { label: "Story plays", hint: "The story of the network file is being played" },
  ended: { label: "Story again", hint: "From the beginning, with the story" },
} as const;
