/** Whom a DHCP server serves: everybody, or only those who are named. */

import { Button, Group, SegmentedControl, Text, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type PanelPort, useBusy } from "../panel.ts";

interface Props {
  readonly port: PanelPort;
  /** Undefined: everybody. */
  readonly only: readonly string[] | undefined;
}

export function AllowList({ port, only }: Props) {
  const [isClosed, setClosed] = useState(only !== undefined);
  const [text, setText] = useState(only?.join("\n") ?? "");
  const [problem, setProblem] = useState<string>();
  const [busy, run] = useBusy();
  const tell = async (clients: readonly string[] | null): Promise<void> => {
    try {
      await port.act("only", { clients });
      setProblem(undefined);
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    run(() => tell(text.split(/[\s,]+/).filter((each) => each !== "")));
  };
  return (
    <form onSubmit={submit} aria-label="Whom it serves">
      <SegmentedControl
        size="xs"
        aria-label="Whom it serves"
        value={isClosed ? "some" : "all"}
        onChange={(value) => {
          setClosed(value === "some");
          if (value === "all" && only !== undefined) run(() => tell(null));
        }}
        data={[
          { value: "all", label: "Everybody" },
          { value: "some", label: "Only these" },
        ]}
      />
      {isClosed && (
        <Group gap={6} mt={6} align="flex-end">
          <Textarea
            w={260}
            autosize
            minRows={2}
            maxRows={8}
            label="Hardware addresses"
            placeholder="02:00:00:00:00:05"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={busy}>
            Set
          </Button>
        </Group>
      )}
      {problem && (
        <Text size="xs" mt={4} c="var(--mantine-color-error)" role="alert">
          {problem}
        </Text>
      )}
    </form>
  );
}
