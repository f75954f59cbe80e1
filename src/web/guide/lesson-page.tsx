/** A lesson with its steps: the first that is not done is open, and each ticks itself off. */

import { Button, Group, Progress, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconArrowLeft, IconCheck, IconCircleCheckFilled, IconCircleDashed } from "@tabler/icons-react";
import { useState } from "react";
import type { LessonStepView, LessonView } from "../../engine/protocol/index.ts";
import { useNavigation } from "../app/route-store.ts";
import classes from "./guide.module.css";
import { LessonText } from "./markdown.tsx";
import { useBeginLesson } from "./use-begin-lesson.ts";

export function LessonPage({ lesson }: { readonly lesson: LessonView }) {
  const { openLesson } = useNavigation();
  const begin = useBeginLesson();
  const { steps } = lesson;
  const [current, setCurrent] = useState(() => firstToDo(steps));
  const beginAgain = async (): Promise<void> => {
    await begin(lesson.id);
    setCurrent(0);
  };
  const done = steps.filter((step) => step.done).length;
  return (
    <div className={classes.body}>
      <Group justify="space-between" mb={6}>
        <Button
          variant="subtle"
          px={6}
          leftSection={<IconArrowLeft size={15} />}
          onClick={() => openLesson(undefined)}
        >
          All lessons
        </Button>
        <Button variant="subtle" px={6} onClick={beginAgain}>
          Begin again
        </Button>
      </Group>
      <Text fw={650} mb={4}>
        {lesson.title}
      </Text>
      <Progress
        value={(100 * done) / Math.max(1, steps.length)}
        size="sm"
        mb="sm"
        aria-label={`${done} of ${steps.length} steps done`}
      />
      <VisuallyHidden role="status">
        {done} of {steps.length} steps done
      </VisuallyHidden>
      <LessonText text={lesson.introduction} />
      <ol style={{ listStyle: "none", margin: "12px 0 0", padding: 0 }}>
        {steps.map((step, at) => (
          <Step
            // biome-ignore lint/suspicious/noArrayIndexKey: steps have no names and keep their order
            key={at}
            number={at + 1}
            step={step}
            open={at === current}
            onOpen={() => setCurrent(at === current ? -1 : at)}
            onPrevious={at > 0 ? () => setCurrent(at - 1) : undefined}
            onNext={at + 1 < steps.length ? () => setCurrent(at + 1) : undefined}
          />
        ))}
      </ol>
      {done === steps.length && (
        <Text size="sm" fw={600} c="green" mt="sm">
          Done, all of it. Go on as you like: the network is yours.
        </Text>
      )}
    </div>
  );
}

interface StepProps {
  readonly number: number;
  readonly step: LessonStepView;
  readonly open: boolean;
  readonly onOpen: () => void;
  readonly onPrevious: (() => void) | undefined;
  readonly onNext: (() => void) | undefined;
}

function Step({ number, step, open, onOpen, onPrevious, onNext }: StepProps) {
  return (
    <li className={classes.step} data-open={open || undefined}>
      <UnstyledButton className={classes.stepHead} aria-expanded={open} onClick={onOpen}>
        <span className={classes.number} data-done={step.done || undefined}>
          {step.done ? <IconCheck size={13} stroke={3} aria-label="done" /> : number}
        </span>
        {step.title}
      </UnstyledButton>
      {open && (
        <div className={classes.stepBody}>
          <LessonText text={step.text} />
          <Expectations step={step} />
          <Group gap="xs" mt="sm">
            <Button variant="default" disabled={onPrevious === undefined} onClick={onPrevious}>
              Back
            </Button>
            <Button
              variant={step.done ? "filled" : "default"}
              disabled={onNext === undefined}
              onClick={onNext}
            >
              Next
            </Button>
          </Group>
        </div>
      )}
    </li>
  );
}

function Expectations({ step }: { readonly step: LessonStepView }) {
  if (step.expectations.length === 0) return null;
  return (
    <div style={{ marginTop: 10 }}>
      {step.expectations.map(({ description, passed, found }) => (
        <div key={description} className={classes.expectation} data-passed={passed || undefined}>
          {passed ? (
            <IconCircleCheckFilled size={16} aria-label="done" />
          ) : (
            <IconCircleDashed size={16} aria-label="not yet" />
          )}
          <span>
            {description}
            {!passed && found !== "" && <span className={classes.found}>so far: {found}</span>}
          </span>
        </div>
      ))}
    </div>
  );
}

function firstToDo(steps: readonly LessonStepView[]): number {
  const at = steps.findIndex((step) => !step.done);
  return at === -1 ? steps.length - 1 : at;
}
