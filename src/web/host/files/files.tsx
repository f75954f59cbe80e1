/** Desktop, Files: the files of this host in a list; text is edited, anything else is looked at or saved. */

import { ActionIcon, Button, FileButton, Group, Text, Tooltip, UnstyledButton } from "@mantine/core";
import { IconFilePlus, IconFileText, IconRefresh, IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import type { FileEntry } from "../../../engine/protocol/index.ts";
import { useAct } from "../../app/act.ts";
import { useRequest } from "../../engine/hooks.ts";
import type { PanelProps } from "../../panels/panel.ts";
import { formatOctets } from "../../panels/parts/format.ts";
import { base64OfFile } from "../../panels/parts/octets.ts";
import { FileView } from "./file-view.tsx";
import classes from "./files.module.css";
import { NewFile } from "./new-file.tsx";

export default function Files({ host }: PanelProps) {
  const act = useAct();
  const { data: files = [], again } = useRequest("file.list", { host });
  const [open, setOpen] = useState<{ readonly name: string; readonly isNew: boolean }>();
  const upload = async (file: File | null): Promise<void> => {
    if (file === null) return;
    await act("file.write", { host, name: file.name, content: await base64OfFile(file) });
    again();
    setOpen({ name: file.name, isNew: false });
  };
  const remove = async (name: string): Promise<void> => {
    await act("file.remove", { host, name });
    setOpen(undefined);
    again();
  };
  return (
    <div className={classes.files} data-open={open !== undefined || undefined}>
      <div className={classes.list}>
        <Group className={classes.bar} gap={4} wrap="nowrap">
          <NewFile taken={files.map(({ name }) => name)} onName={(name) => setOpen({ name, isNew: true })}>
            <Button variant="default" size="compact-sm" leftSection={<IconFilePlus size={14} />}>
              New
            </Button>
          </NewFile>
          <FileButton onChange={upload} inputProps={{ "aria-label": "File to put here" }}>
            {(props) => (
              <Button {...props} variant="default" size="compact-sm" leftSection={<IconUpload size={14} />}>
                Put here
              </Button>
            )}
          </FileButton>
          <Tooltip label="Look again">
            <ActionIcon ml="auto" aria-label="Look at the files again" onClick={again}>
              <IconRefresh size={15} />
            </ActionIcon>
          </Tooltip>
        </Group>
        <Names
          host={host}
          files={files}
          current={open?.name}
          onOpen={(name) => setOpen({ name, isNew: false })}
        />
        {files.length === 0 && (
          <Text size="sm" c="dimmed" p="md">
            No files yet. Commands such as fetch save theirs here.
          </Text>
        )}
      </div>
      <div className={classes.pane}>
        {open === undefined ? (
          <Text size="sm" c="dimmed" m="auto">
            Choose a file.
          </Text>
        ) : (
          <FileView
            key={`${open.name} ${open.isNew}`}
            host={host}
            {...open}
            onSaved={again}
            onRemove={() => remove(open.name)}
            onClose={() => setOpen(undefined)}
          />
        )}
      </div>
    </div>
  );
}

interface NamesProps {
  readonly host: string;
  readonly files: readonly FileEntry[];
  readonly current: string | undefined;
  readonly onOpen: (name: string) => void;
}

function Names({ host, files, current, onOpen }: NamesProps) {
  return (
    <ul className={classes.names} aria-label={`Files of ${host}`}>
      {files.map(({ name, octets }) => (
        <li key={name}>
          <UnstyledButton
            className={classes.name}
            data-current={name === current || undefined}
            onClick={() => onOpen(name)}
          >
            <IconFileText size={15} stroke={1.7} aria-hidden />
            <span className={classes.nameText}>{name}</span>
            <Text span size="xs" c="dimmed">
              {formatOctets(octets)}
            </Text>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
