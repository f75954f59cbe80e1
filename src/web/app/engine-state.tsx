/** Where the engine is and whether it answers; for a server also the ways in for programs of this machine. */

import { Code, CopyButton, Popover, Stack, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { useConnection, useNetwork } from "../engine/hooks.ts";
import classes from "./engine-state.module.css";

export function EngineState() {
  const connection = useConnection();
  const network = useNetwork();
  const waysIn = network?.waysIn ?? [];
  const text =
    connection.state === "open"
      ? connection.place === "server"
        ? "hamlet up"
        : "in this page"
      : connection.state === "connecting"
        ? "connecting"
        : "no engine";
  return (
    <Popover width={380} position="bottom-end" withArrow shadow="md" trapFocus>
      <Popover.Target>
        <UnstyledButton
          className={classes.state}
          data-state={connection.state}
          aria-label={`Engine: ${text}`}
        >
          <i aria-hidden />
          <span>{text}</span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Text size="sm" fw={600}>
            {connection.state === "open" && connection.place === "worker"
              ? "The network runs in this page"
              : "The network runs in hamlet up"}
          </Text>
          <Text size="sm" c="dimmed">
            {connection.state === "open" && connection.place === "worker"
              ? "Nothing leaves this browser. It ends when the page is closed."
              : "Everybody who opens this page sees the same network."}
          </Text>
          {waysIn.length > 0 && (
            <Text size="sm" fw={600}>
              Ways in for programs of this machine
            </Text>
          )}
          {waysIn.map((way) => (
            <div key={way.local}>
              <Text size="sm">
                <span className="mono">{way.local}</span> leads to {way.leadsTo}
              </Text>
              <CopyButton value={way.example}>
                {({ copied, copy }) => (
                  <UnstyledButton onClick={copy}>
                    {!copied && <VisuallyHidden>Copy: </VisuallyHidden>}
                    <Code>{copied ? "copied" : way.example}</Code>
                  </UnstyledButton>
                )}
              </CopyButton>
            </div>
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
