/** What is being fetched, or what came. */

import { Group, Loader, Switch, Text } from "@mantine/core";
import type { BrowserView, PageView } from "../../../engine/panels/browser/view.ts";
import { formatOctets } from "../parts/format.ts";
import { PausedNote } from "../parts/paused-note.tsx";
import classes from "./browser.module.css";

interface Props {
  readonly view: BrowserView;
  readonly page: PageView | undefined;
  readonly sheet: "page" | "fields";
  readonly onSheet: (sheet: "page" | "fields") => void;
}

export function StatusBar({ view, page, sheet, onSheet }: Props) {
  const { loading } = view;
  const isThere = page !== undefined && page !== null && page.status > 0;
  if (loading === undefined && !isThere) return null;
  return (
    <Group className={classes.status} gap={8} wrap="nowrap" role="status">
      {loading !== undefined && (
        <>
          <Loader size={12} aria-hidden />
          <Text size="xs" truncate>
            Waiting for {loading}
          </Text>
          <PausedNote />
        </>
      )}
      {loading === undefined && isThere && (
        <>
          <Text
            size="xs"
            className="mono"
            c={page.status >= 400 ? "var(--mantine-color-error)" : "var(--mantine-color-text)"}
          >
            {page.status} {page.reason}
          </Text>
          <Text size="xs" c="dimmed">
            {page.type}, {formatOctets(page.octets)}
          </Text>
          <Switch
            ml="auto"
            size="xs"
            label={<Text size="xs">Header</Text>}
            checked={sheet === "fields"}
            onChange={(event) => onSheet(event.currentTarget.checked ? "fields" : "page")}
          />
        </>
      )}
    </Group>
  );
}
