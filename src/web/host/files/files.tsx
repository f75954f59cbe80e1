/**
 * Desktop, Files: the files of this host in a list; text is edited, anything else is looked at or saved. What is typed is
 * kept until it is saved or discarded, whatever else is opened meanwhile (drafts.ts).
 */

import { ActionIcon, Button, FileButton, Group, Text, Tooltip, UnstyledButton } from "@mantine/core";
import { IconFilePlus, IconFileText, IconRefresh, IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import type { PanelProps } from "../../panels/panel.ts";
import { formatOctets } from "../../panels/parts/format.ts";
import { AskDialog, type Question } from "./ask-dialog.tsx";
import { FileView } from "./file-view.tsx";
import classes from "./files.module.css";
import { NameForm } from "./name-form.tsx";
import { type ShownFile, useFiles } from "./use-files.ts";

export default function Files({ host }: PanelProps) {
  const { files, keep, again, put, rename, remove } = useFiles(host);
  const [open, setOpen] = useState<string>();
  const [question, ask] = useState<Question>();
  const taken = files.map(({ name }) => name);
  const current = files.find(({ name }) => name === open);
  const close = (): void => setOpen(undefined);
  const begin = (name: string): void => {
    keep(name, "");
    setOpen(name);
  };
  const upload = (file: File | null): void => {
    if (file === null) return;
    const onYes = async (): Promise<void> => {
      if (await put(file)) setOpen(file.name);
    };
    const { name } = file;
    const text = "A file of this name is here. What it holds now is replaced.";
    if (!taken.includes(name)) onYes();
    else ask({ title: `Replace ${name}?`, text, act: "Replace", onYes });
  };
  return (
    <div className={classes.files} data-open={open !== undefined || undefined}>
      <div className={classes.list}>
        <Group className={classes.bar} gap={4} wrap="nowrap">
          <NameForm taken={taken} act="Begin" onName={begin}>
            <Button variant="default" size="compact-sm" leftSection={<IconFilePlus size={14} />}>
              New
            </Button>
          </NameForm>
          <Upload onFile={upload} />
          <Tooltip label="Look again">
            <ActionIcon ml="auto" aria-label="Look at the files again" onClick={again}>
              <IconRefresh size={15} />
            </ActionIcon>
          </Tooltip>
        </Group>
        <Names host={host} files={files} current={open} onOpen={setOpen} />
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
            key={open}
            {...{ host, taken, ask }}
            file={current ?? { name: open, octets: undefined, draft: undefined }}
            onDraft={(text) => keep(open, text)}
            onSaved={again}
            onRename={async (to) => (await rename(open, to)) && setOpen(to)}
            onRemove={async () => (await remove(open)) && close()}
            onClose={close}
          />
        )}
      </div>
      <AskDialog question={question} onClose={() => ask(undefined)} />
    </div>
  );
}

function Upload({ onFile }: { readonly onFile: (file: File | null) => void }) {
  return (
    <FileButton onChange={onFile} inputProps={{ "aria-label": "File to put here" }}>
      {(props) => (
        <Button {...props} variant="default" size="compact-sm" leftSection={<IconUpload size={14} />}>
          Put here
        </Button>
      )}
    </FileButton>
  );
}

interface NamesProps {
  readonly host: string;
  readonly files: readonly ShownFile[];
  readonly current: string | undefined;
  readonly onOpen: (name: string) => void;
}

function Names({ host, files, current, onOpen }: NamesProps) {
  return (
    <ul className={classes.names} aria-label={`Files of ${host}`}>
      {files.map(({ name, octets, draft }) => (
        <li key={name}>
          <UnstyledButton
            className={classes.name}
            data-current={name === current || undefined}
            onClick={() => onOpen(name)}
          >
            <IconFileText size={15} stroke={1.7} aria-hidden />
            <span className={classes.nameText}>{name}</span>
            <Text span size="xs" c="dimmed">
              {[draft !== undefined && "not saved", octets !== undefined && formatOctets(octets)]
                .filter(Boolean)
                .join(", ")}
            </Text>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
