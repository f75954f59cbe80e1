/** Before a lesson begins: what it is about, and that it opens a network of its own. */

import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useNavigation } from "../app/route-store.ts";
import { useConnection, useRequest } from "../engine/hooks.ts";
import classes from "./guide.module.css";
import { useBeginLesson } from "./use-begin-lesson.ts";

export function LessonStart({ id }: { readonly id: string }) {
  const { data: lessons } = useRequest("lesson.list", {});
  const connection = useConnection();
  const { openLesson } = useNavigation();
  const begin = useBeginLesson();
  const [beginning, setBeginning] = useState(false);
  const lesson = lessons?.find((it) => it.id === id);
  const shared = connection.state === "open" && connection.place === "server";
  return (
    <div className={classes.body}>
      <Stack gap="sm">
        <Text fw={650}>{lesson?.title ?? id}</Text>
        {lesson === undefined && lessons !== undefined ? (
          <Text size="sm">There is no lesson of this name.</Text>
        ) : (
          <>
            <Text size="sm">{lesson?.summary}</Text>
            <Text size="sm" c="dimmed">
              It opens a network of its own in place of the one that runs
              {shared ? ", for everybody who looks at it" : ""}.
            </Text>
          </>
        )}
        <Group gap="xs">
          <Button
            disabled={lesson === undefined}
            loading={beginning}
            onClick={async () => {
              setBeginning(true);
              await begin(id);
              setBeginning(false);
            }}
          >
            Begin
          </Button>
          <Button variant="default" onClick={() => openLesson(undefined)}>
            All lessons
          </Button>
        </Group>
      </Stack>
    </div>
  );
}
