/** Before there is a page: the web servers of this network. */

import { Button, Stack, Text } from "@mantine/core";
import { IconServer } from "@tabler/icons-react";
import type { NodeView } from "../../../engine/protocol/index.ts";
import { useNetwork } from "../../engine/hooks.ts";
import classes from "./browser.module.css";

export function StartPage({ onGo }: { readonly onGo: (url: string) => void }) {
  const servers = useNetwork()?.nodes.filter(servesPages) ?? [];
  return (
    <Stack className={classes.start} gap="xs">
      <Text size="sm" c="dimmed">
        {servers.length === 0
          ? "No host of this network serves web pages. Install the service http on one, then type its address above."
          : "Web servers of this network:"}
      </Text>
      {servers.map((node) => {
        const url = `http://${hostOf(node)}/`;
        return (
          <Button
            key={node.name}
            variant="default"
            justify="flex-start"
            leftSection={<IconServer size={15} aria-hidden />}
            onClick={() => onGo(url)}
          >
            {url}
            {node.description && (
              <Text span size="xs" c="dimmed" ml={10} truncate>
                {node.description}
              </Text>
            )}
          </Button>
        );
      })}
    </Stack>
  );
}

function servesPages({ services }: NodeView): boolean {
  return services.some(({ name, running }) => running && WEB_SERVICES.includes(name));
}

/** Its name where that looks like one in DNS, else its address. */
function hostOf({ name, interfaces }: NodeView): string {
  if (name.includes(".")) return name;
  const address = interfaces[0]?.addresses[0]?.split("/")[0] ?? name;
  return address.includes(":") ? `[${address}]` : address;
}

const WEB_SERVICES = ["http", "web", "webmail"];
