/** The guide beside the work area: the lessons, or the one that is open. */

import { ActionIcon, Group, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useRoute } from "../app/route-store.ts";
import { useSession, useStore } from "../engine/hooks.ts";
import classes from "./guide.module.css";
import { LessonList } from "./lesson-list.tsx";
import { LessonPage } from "./lesson-page.tsx";
import { LessonStart } from "./lesson-start.tsx";

interface Props {
  /** Absent where it is in front as long as it is chosen: on a phone. */
  readonly onClose?: () => void;
}

export function Guide({ onClose }: Props) {
  const wanted = useRoute((route) => route.lesson);
  const open = useStore(useSession().lesson);
  return (
    <div className={classes.guide}>
      <Group className={classes.head} justify="space-between" wrap="nowrap">
        <Text fw={600} size="sm">
          Guide
        </Text>
        {onClose !== undefined && (
          <ActionIcon size={22} aria-label="Close the guide" onClick={onClose}>
            <IconX size={14} />
          </ActionIcon>
        )}
      </Group>
      {wanted === undefined ? (
        <LessonList />
      ) : open?.id === wanted ? (
        <LessonPage key={open.id} lesson={open} />
      ) : (
        <LessonStart id={wanted} />
      )}
    </div>
  );
}
