/** Says that a host is off, for nothing on it answers then. */

import { Button, Group, Text } from "@mantine/core";
import { IconPower } from "@tabler/icons-react";
import { useAct } from "../app/act.ts";
import classes from "./power-notice.module.css";

export function PowerNotice({ host }: { readonly host: string }) {
  const act = useAct();
  return (
    <Group className={classes.notice} role="status" gap="sm" wrap="nowrap">
      <IconPower size={16} aria-hidden />
      <Text size="sm" flex={1}>
        {host} is switched off. Nothing runs on it.
      </Text>
      <Button variant="default" onClick={() => act("host.power", { host, on: true })}>
        Switch on
      </Button>
    </Group>
  );
}
