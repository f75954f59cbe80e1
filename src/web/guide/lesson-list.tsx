/** All lessons, to choose one. */

import { Text, UnstyledButton } from "@mantine/core";
import { useNavigation } from "../app/route-store.ts";
import { useRequest, useSession, useStore } from "../engine/hooks.ts";
import classes from "./guide.module.css";

export function LessonList() {
  const { data: lessons, error } = useRequest("lesson.list", {});
  const open = useStore(useSession().lesson);
  const { openLesson } = useNavigation();
  return (
    <div className={classes.body}>
      <Text size="sm" c="dimmed" mb="sm">
        Each lesson brings its own network. Its steps tick themselves off when the network shows that they
        were done.
      </Text>
      {error !== undefined && (
        <Text size="sm" c="red" role="alert">
          {error.message}
        </Text>
      )}
      {lessons?.map(({ id, title, summary }) => (
        <UnstyledButton key={id} className={classes.card} onClick={() => openLesson(id)}>
          <Text fw={600} size="sm">
            {title}
            {open?.id === id && (
              <Text span size="xs" c="dimmed">
                {" "}
                (begun)
              </Text>
            )}
          </Text>
          {summary !== "" && (
            <Text size="sm" c="dimmed">
              {summary}
            </Text>
          )}
        </UnstyledButton>
      ))}
    </div>
  );
}
