/** Says when there is no engine, and why, and what happens next. */

import { Button, Center, Loader, Stack, Text } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useConnection, useEngine, useNetwork } from "../engine/hooks.ts";
import classes from "./connection-banner.module.css";

export function ConnectionBanner() {
  const connection = useConnection();
  const engine = useEngine();
  const known = useNetwork() !== undefined;
  if (connection.state === "open") return null;
  if (connection.state === "connecting") {
    if (known) return null;
    return (
      <Center flex={1}>
        <Stack align="center" gap="xs">
          <Loader size="sm" />
          <Text size="sm" c="dimmed" role="status">
            Starting the network…
          </Text>
        </Stack>
      </Center>
    );
  }
  const lost = connection.state === "lost";
  return (
    <div className={classes.banner} role="alert">
      <IconPlugConnectedX size={18} aria-hidden />
      <span>
        <strong>{lost ? "The engine is out of reach." : "This console cannot work with its engine."}</strong>{" "}
        {connection.reason} {lost && "What you see is the last that was heard; it is tried again and again."}
      </span>
      <Button variant="default" onClick={() => (lost ? engine.connect() : location.reload())}>
        {lost ? "Try now" : "Reload the page"}
      </Button>
    </div>
  );
}
