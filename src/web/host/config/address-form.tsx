/** A list of addresses that is changed as a whole: each checked as it is typed, Apply asks the engine, Reset goes back. */

import { ActionIcon, Button, Group, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { Parameters } from "../../../engine/protocol/index.ts";
import { useEngine } from "../../engine/hooks.ts";
import { useBusy } from "../../panels/panel.ts";
import classes from "./config.module.css";

interface Props {
  readonly label: string;
  readonly placeholder: string;
  readonly saved: readonly string[];
  readonly max: number;
  readonly problemOf: (text: string) => string | undefined;
  readonly parametersOf: (wanted: string[]) => Parameters<"host.configure">;
}

export function AddressForm(props: Props) {
  const { label, placeholder, saved, max, problemOf, parametersOf } = props;
  const engine = useEngine();
  const [values, setValues] = useState<readonly string[]>(saved);
  const [problem, setProblem] = useState<string>();
  const [busy, run] = useBusy();
  const set = (next: readonly string[]): void => {
    setValues(next);
    setProblem(undefined);
  };
  const wanted = values.map((value) => value.trim()).filter((value) => value !== "");
  const isWrong = wanted.some((value) => problemOf(value) !== undefined);
  const isChanged = wanted.join() !== saved.join();
  const apply = async (): Promise<void> => {
    try {
      await engine.request("host.configure", parametersOf(wanted));
      setProblem(undefined);
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isWrong) run(apply);
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      {values.map((value, i) => (
        <AddressLine
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is what a line of the form is.
          key={i}
          label={values.length > 1 ? `${label} ${i + 1}` : label}
          placeholder={placeholder}
          value={value}
          problem={value.trim() === "" ? undefined : problemOf(value.trim())}
          onValue={(next) => set(values.with(i, next))}
          onRemove={() => set(values.filter((_, other) => other !== i))}
        />
      ))}
      {problem && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {problem}
        </Text>
      )}
      <Group gap={6}>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={13} />}
          disabled={values.length >= max}
          onClick={() => set([...values, ""])}
        >
          Add
        </Button>
        {isChanged && (
          <>
            <Button type="submit" size="compact-sm" loading={busy} disabled={isWrong}>
              Apply
            </Button>
            <Button variant="default" size="compact-sm" onClick={() => set(saved)}>
              Reset
            </Button>
          </>
        )}
      </Group>
    </form>
  );
}

interface LineProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly problem: string | undefined;
  readonly onValue: (value: string) => void;
  readonly onRemove: () => void;
}

function AddressLine({ label, placeholder, value, problem, onValue, onRemove }: LineProps) {
  return (
    <Group gap={4} wrap="nowrap" align="flex-start">
      <TextInput
        flex={1}
        aria-label={label}
        placeholder={placeholder}
        value={value}
        error={problem}
        onChange={(event) => onValue(event.currentTarget.value)}
      />
      <ActionIcon mt={1} aria-label={`Remove ${value || label}`} onClick={onRemove}>
        <IconTrash size={14} />
      </ActionIcon>
    </Group>
  );
}
