/** Installs another service, with what it is configured with by itself. */

import { Button, Menu, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useAct } from "../../app/act.ts";
import { useRequest } from "../../engine/hooks.ts";
import classes from "./services-tab.module.css";

interface Props {
  readonly host: string;
  readonly installed: readonly string[];
  readonly onInstalled: (service: string) => void;
}

export function InstallMenu({ host, installed, onInstalled }: Props) {
  const act = useAct();
  const { data: kinds = [] } = useRequest("service.kinds", {});
  const others = kinds.filter(({ name }) => !installed.includes(name));
  const install = async (service: string): Promise<void> => {
    const done = await act("service.install", { host, service });
    if (done !== undefined) onInstalled(service);
  };
  if (others.length === 0) return null;
  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <Button
          variant="subtle"
          size="compact-sm"
          className={classes.install}
          leftSection={<IconPlus size={14} />}
        >
          Install a service
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.kinds ?? ""}>
        {others.map(({ name, title, summary }) => (
          <Menu.Item key={name} onClick={() => install(name)}>
            <Text size="sm" fw={600}>
              {title}
            </Text>
            <Text size="xs" c="dimmed">
              {summary}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
